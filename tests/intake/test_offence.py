"""The rule about the offence stands at every free text, and changes with the stage of the case."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, StageOfCase
from mhtr.cases.models import Case
from mhtr.cases.offence import AFTER, BEFORE, RULE_BEFORE, offence_words
from mhtr.core.access import Role
from mhtr.intake.api_description import describe
from tests.intake import journey
from tests.intake.house import House
from tests.intake.referral_files import GOOD, HEAD, upload
from tests.makers import make_staff
from tests.pages import PageClient


@pytest.mark.parametrize("stage", [None, *StageOfCase])
def test_only_a_plea_or_a_finding_changes_the_rule(stage: StageOfCase | None) -> None:
    assert offence_words(stage) == (AFTER if stage in AFTER_PLEA_OR_FINDING else BEFORE)


PAGES: dict[str, tuple[int, Callable[[House], object]]] = {
    "/cases/{ref}/referral/needs": (2, lambda house: house.practitioner),
    "/cases/{ref}/referral/place": (1, lambda house: house.practitioner),
    "/cases/{ref}/triage": (2, lambda house: house.lead),
    "/cases/{ref}/onward": (1, lambda house: house.lead),
    "/cases/{ref}/flags/new": (2, lambda house: house.lead),
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("stage", "words", "other"), [("charged", BEFORE, AFTER), ("guilty_plea", AFTER, BEFORE)]
)
def test_every_free_text_of_a_case_says_it(
    client: PageClient, path: str, stage: str, words: str, other: str
) -> None:
    house = House()
    case: Case = house.refer(stage=stage)
    times, who = PAGES[path]
    client.sign_in(who(house))  # type: ignore[arg-type]
    page = client.page(path.format(ref=case.ref))
    assert page.count(words) == times
    assert other not in page


def test_the_form_says_it_by_the_stage_given_in_it(client: PageClient) -> None:
    client.sign_in(make_staff(Role.LD_PRACTITIONER))
    draft = journey.begin(client)
    assert BEFORE in client.page(f"{draft}/needs")
    journey.save(client, draft, "place")
    assert AFTER in client.page(f"{draft}/needs")


def test_the_file_says_it_and_counts_notes_without_a_plea(client: PageClient) -> None:
    client.sign_in(make_staff(Role.LD_PRACTITIONER))
    page = client.page("/referrals/import")
    assert RULE_BEFORE[1:] in page and AFTER[1:] in page
    assert HEAD.endswith("notes")
    preview = client.page(upload(client, GOOD, GOOD.replace("LD-1", "LD-2") + "Sleeps badly"))
    assert "1 of the good rows has notes and no plea" in preview
    key = str(uuid.uuid4())
    assert "and no plea" not in client.page(upload(client, GOOD, key=key))


def test_the_api_says_both() -> None:
    text = str(describe("https://mhtr.example"))
    assert RULE_BEFORE in text and AFTER in text


@pytest.mark.parametrize("first", ["guilty_plea", "charged"])
def test_notes_without_a_plea_are_asked_about_before_sending(
    client: PageClient, house: House, first: str
) -> None:
    """Typed after a plea, and the stage put back since: the check page says what the file says."""
    client.sign_in(house.practitioner)
    draft = journey.begin(client)
    for step in journey.PAGES:
        typed: dict[str, Any] = {"stage": first} if step == "place" else {}
        typed |= {"notes": "Sleeps badly"} if step == "needs" else {}
        assert journey.save(client, draft, step, **typed).status_code == 303
    asked = "There are notes, and no plea or finding."
    assert (asked in client.page(f"{draft}/check")) == (first == "charged")
    assert journey.save(client, draft, "place", version=1, stage="charged").status_code == 303
    page = client.page(f"{draft}/check")
    assert asked in page and RULE_BEFORE in page
    assert journey.save(client, draft, "place", version=2, stage="").status_code == 303
    assert asked in client.page(f"{draft}/check")
    assert journey.save(client, draft, "needs", version=1).status_code == 303
    assert asked not in client.page(f"{draft}/check")
