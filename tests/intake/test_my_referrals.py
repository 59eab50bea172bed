"""The referrer's own list: narrowed, sorted, in pages, printed."""

from collections.abc import Callable

import pytest
from flask import Flask

from mhtr.cases.facts import CaseState
from mhtr.core.access import Role
from mhtr.core.transaction import writing
from mhtr.intake import court_case, triage
from mhtr.intake.court_case import Ending
from mhtr.intake.referral_filter import STANDS_WORDS, STATES, Stands
from mhtr.intake.rules import DeclineReason
from tests.intake.house import House
from tests.makers import make_staff
from tests.pages import PageClient


def test_every_state_is_under_one_heading() -> None:
    placed = [state for states in STATES.values() for state in states]
    assert sorted(placed) == sorted(CaseState)
    assert set(STANDS_WORDS) == set(Stands) == set(STATES) | {Stands.PAUSED}


class Sent:
    """One referral of each of several kinds, by two practitioners of one team."""

    def __init__(self) -> None:
        self.house = House()
        colleague = make_staff(
            Role.LD_PRACTITIONER, organisation=self.house.practitioner.organisation
        )
        self.house.refer(given_name="Waiting")
        self.house.refer(given_name="Hurried", urgency="urgent")
        self.house.refer(by=colleague, given_name="Colleagues")
        self._then("Stopped", self._end(Ending.REMANDED))
        self._then("Finished", self._end(Ending.DISCONTINUED))
        self._then("Declined", self._decline)

    def _then(self, name: str, step: Callable[[int, int], None]) -> None:
        case = self.house.refer(given_name=name)
        case_id, version = case.id, case.version
        with writing():
            step(case_id, version)

    def _end(self, ending: Ending) -> Callable[[int, int], None]:
        by = self.house.lead.id
        return lambda case_id, version: court_case.end(
            case_id=case_id, version=version, ending=ending, by=by
        )

    def _decline(self, case_id: int, version: int) -> None:
        triage.decline(
            case_id=case_id,
            version=version,
            reason=DeclineReason.ALREADY_KNOWN,
            words="",
            by=self.house.lead.id,
        )


ALL = {"Waiting", "Hurried", "Colleagues", "Stopped", "Finished", "Declined"}


@pytest.fixture
def sent(app: Flask) -> Sent:
    return Sent()


def test_narrowed_by_whose_how_far_and_urgency(client: PageClient, sent: Sent) -> None:
    client.sign_in(sent.house.practitioner)

    def shown(query: str) -> set[str]:
        page = client.page(f"/referrals{query}")
        return {name for name in ALL if f"{name} Okafor" in page}

    assert shown("") == ALL
    assert shown("?whose=mine") == ALL - {"Colleagues"}
    assert shown("?stands=waiting") == {"Waiting", "Hurried", "Colleagues"}
    assert shown("?stands=paused") == {"Stopped"}
    assert shown("?stands=closed") == {"Finished", "Declined"}
    assert shown("?stands=decided") == set()
    assert shown("?urgent=yes") == {"Hurried"}
    assert shown("?stands=waiting&whose=mine&sort=name") == {"Waiting", "Hurried"}
    assert shown("?stands=nonsense") == ALL


def test_an_empty_choice_says_so_and_paper_says_what_it_was_narrowed_to(
    client: PageClient, sent: Sent
) -> None:
    client.sign_in(sent.house.practitioner)
    page = client.page("/referrals?stands=decided")
    assert "No referral fits" in page
    assert "Print this list" in page
    printed = client.page("/referrals?stands=paused&whose=mine")
    assert "Whose: Only mine; What became of it: Paused" in printed


def test_sorted_by_name(client: PageClient, sent: Sent) -> None:
    client.sign_in(sent.house.practitioner)
    page = client.page("/referrals?sort=name")
    assert page.index("Colleagues Okafor") < page.index("Hurried Okafor")
    assert page.index("Hurried Okafor") < page.index("Waiting Okafor")
