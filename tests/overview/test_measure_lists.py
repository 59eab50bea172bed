"""Measures to record and flags that wait, on Today and in their full lists."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import clock, policy
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.flags import service as flag_service
from outcome_measures.models import MeasureContact
from outcome_measures.policy import WHEN
from outcome_measures.signing import service as signing
from tests.makers import make_staff
from tests.outcome_measures.courses import close, flags_of, make_contact, make_course, score_at
from tests.outcome_measures.occasions import asked
from tests.outcome_measures.treatment import sentence
from tests.overview.things import give
from tests.pages import PageClient
from tests.suitability.journey import People, allocated, taken_on


@pytest.fixture
def people(app: Flask) -> People:
    return allocated()


def block(page: str, key: str) -> str:
    """The text of one block of Today; empty where it is not there."""
    found = re.search(rf'aria-labelledby="block-{key}".*?</section>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else ""


def test_a_session_today_is_due_until_both_measures_are_recorded(
    client: PageClient, people: People
) -> None:
    contact = make_contact(people.case, people.assessor, clock.today(), 1, closed=False)
    client.sign_in(people.assessor)
    said = block(client.page("/today"), "measures")
    assert "Marlon Ekwueme" in said
    assert "PHQ-9 and GAD-7 due now: baseline, session 1" in said
    assert "Due today" in said
    score_at(contact, "phq9", 12, by=people.assessor)
    assert "GAD-7 due now" in block(client.page("/today"), "measures")
    score_at(contact, "gad7", 5, by=people.assessor)
    assert block(client.page("/today"), "measures") == ""


def test_it_is_overdue_the_next_day_and_missing_from_the_list_once_closed(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    contact = make_contact(people.case, people.assessor, clock.today(), 2, closed=False)
    set_clock.advance(days=1)
    client.sign_in(people.assessor)
    page = client.page("/today")
    assert "1 working day overdue" in block(page, "measures")
    assert "PHQ-9 and GAD-7 overdue: session 2" in client.page("/worklists/measures")
    close(contact, people.assessor)
    assert block(client.page("/today"), "measures") == ""
    assert "PHQ-9 and GAD-7 missing: session 2" in client.page("/worklists/measures")
    set_clock.advance(days=15)
    client.sign_in(people.assessor)
    page = client.page("/worklists/measures")
    assert "PHQ-9 and GAD-7 missing: session 2" in page, "until somebody has responded"
    assert "until somebody responds to the flag" in " ".join(page.split())
    for flag in flags_of(people.case.id):
        with writing():
            flag_service.respond(
                flag_id=flag.id, response="He left early", in_supervision=False, by=people.lead.id
            )
    assert "No measure is waiting" in client.page("/worklists/measures")


def test_what_is_not_asked_at_each_session_is_not_due(client: PageClient, people: People) -> None:
    with writing():
        policy.set_value(
            WHEN["gad7"].key, "start_and_end", valid_from=clock.today(), reason="Agreed",
            by=people.lead.id,
        )  # fmt: skip
    make_contact(people.case, people.assessor, clock.today(), 2, closed=False)
    client.sign_in(people.assessor)
    assert "PHQ-9 due now: session 2" in block(client.page("/today"), "measures")


def sign(people: People, rule: str = "wording") -> None:
    with writing():
        signing.sign(instrument="itq", rule=rule, source_read="The paper", by=people.lead.id)


def test_what_waits_for_a_signature_is_due_from_the_day_it_is_signed(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    with writing():
        policy.set_value(
            WHEN["itq"].key, "each_session", valid_from=clock.today(), reason="Agreed",
            by=people.lead.id,
        )  # fmt: skip
    pages = ("/today", "/worklists/measures", f"/cases/{people.case.ref}/measures")

    def said() -> list[bool]:
        client.sign_in(people.assessor)
        return ["ITQ" in client.page(page) for page in pages]

    awaiting(people)
    assert said() == [False] * 3, "no baseline of it"
    make_contact(people.case, people.assessor, clock.today(), 1, closed=False)
    assert said() == [False] * 3, "nor at the session"
    set_clock.advance(days=1)
    assert said() == [False] * 3, "nor overdue"
    sign(people)
    assert said() == [False] * 3, "that session could not ask it"
    set_clock.advance(days=1)
    second = make_contact(people.case, people.assessor, clock.today(), 2, closed=False)
    assert said() == [True] * 3
    assert "PHQ-9, GAD-7 and ITQ due now: session 2" in client.page(pages[0])
    with writing():
        signing.withdraw(instrument="itq", rule="wording", by=people.lead.id)
    assert said() == [False] * 3, "the signature is withdrawn"
    set_clock.advance(days=1)
    close(second, people.assessor)
    assert said() == [False] * 3
    sign(people)
    make_contact(people.case, people.assessor, clock.today(), 3, closed=False)
    assert said() == [True] * 3
    assert "ITQ missing: session 2" not in client.page(pages[1]), "withdrawn on that day"


def test_what_was_due_on_its_day_can_be_recorded_though_it_is_not_asked_any_more(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    contact = make_contact(people.case, people.assessor, clock.today(), 1, closed=False)
    set_clock.advance(days=1)
    with writing():
        policy.set_value(
            WHEN["gad7"].key, "never", valid_from=clock.today(), reason="Agreed", by=people.lead.id
        )
    client.sign_in(people.assessor)
    measures = f"/cases/{people.case.ref}/measures"
    page = client.page("/worklists/measures")
    assert "PHQ-9 and GAD-7 overdue: baseline, session 1" in page
    page = client.page(f"{measures}/contacts/{contact.ref}")
    assert re.search(r'name="instruments"[^>]*value="gad7"|value="gad7"[^>]*name="instr', page)


def awaiting(people: People) -> None:
    """Sentenced with the requirement, and no session yet."""
    sentence(people, on=clock.today())


def test_a_baseline_is_due_from_sentence_until_it_is_recorded(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    client.sign_in(people.assessor)
    assert block(client.page("/today"), "measures") == ""
    awaiting(people)
    words = "PHQ-9 and GAD-7 due now: baseline, before or at the first session"
    new = f"/cases/{people.case.ref}/measures/contacts/new"
    page = client.page("/today")
    assert words in block(page, "measures") and "Marlon Ekwueme" in block(page, "measures")
    assert f'class="app-do" href="{new}"' in page
    page = client.page("/worklists/measures")
    assert words in page and f'href="{new}"' in page
    assert words in client.page(f"/cases/{people.case.ref}/measures"), "as his own page says"
    asked(people.case, people.assessor, "phq9", clock.today(), 12)
    page = block(client.page("/today"), "measures")
    assert "GAD-7 due now: baseline" in page and "PHQ-9" not in page
    set_clock.advance(days=1)
    client.sign_in(people.assessor)
    asked(people.case, people.assessor, "gad7", clock.today(), None)
    assert "GAD-7 due now: baseline" in block(client.page("/today"), "measures"), "not complete"
    set_clock.advance(days=1)
    client.sign_in(people.assessor)
    asked(people.case, people.assessor, "gad7", clock.today(), 4)
    assert block(client.page("/today"), "measures") == ""


def test_a_baseline_is_told_once_and_not_after_the_first_session(
    client: PageClient, people: People
) -> None:
    awaiting(people)
    make_contact(people.case, people.assessor, clock.today(), 1, closed=False)
    page = block(client.sign_in(people.assessor).page("/today"), "measures")
    assert page.count("Marlon Ekwueme") == 2, "one row: the name, and again in its link"
    assert "baseline, session 1" in page and "before or at" not in page


def test_an_imported_session_is_a_session(client: PageClient, people: People) -> None:
    awaiting(people)
    asked(people.case, people.assessor, "phq9", clock.today(), 12, session=1, historic=True)
    assert block(client.sign_in(people.assessor).page("/today"), "measures") == ""


def test_baselines_are_those_of_ones_own_men_and_go_no_further_than_the_scope(
    client: PageClient, people: People
) -> None:
    awaiting(people)
    colleague = make_staff(Role.ASSESSOR, organisation=people.assessor.organisation)
    give(people.case.id, Purpose.CLINICAL, colleague)
    assert block(client.sign_in(colleague).page("/today"), "measures") == ""
    assert "Ekwueme" not in client.page("/worklists/measures")
    assert "Marlon Ekwueme" in client.page("/worklists/measures?owner=team")
    stranger = make_staff(Role.CLINICAL_LEAD)
    client.sign_in(stranger)
    for path in ("/today", "/worklists/measures", "/worklists/measures?owner=team"):
        assert "Ekwueme" not in client.page(path)


def test_a_treatment_that_ended_without_is_missing_for_two_weeks(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    sentence(people, on=clock.today() - timedelta(days=60))
    contact = make_contact(people.case, people.assessor, clock.today() - timedelta(days=30), 1)
    score_at(contact, "phq9", 12, by=people.assessor)
    with writing():
        case = db.session.get_one(Case, people.case.id)
        case.state, case.state_since = CaseState.ENDED, clock.today()
        row = db.session.get_one(MeasureContact, contact.id)
        row.closed_at = clock.now() - timedelta(days=30)
    client.sign_in(people.assessor)
    said = "GAD-7 missing: "
    assert said not in client.page("/today"), "nothing can be done about it today"
    assert f"{said}baseline, session 1" in client.page("/worklists/measures")
    asked(people.case, people.assessor, "gad7", contact.held_on, None, session=1)
    page = client.page("/worklists/measures")
    assert f"{said}end of treatment, session 1" in page and page.count(said) == 1
    set_clock.advance(days=15)
    assert said not in client.sign_in(people.assessor).page("/worklists/measures")


def test_flags_wait_on_the_assessors_today_and_on_the_leads_one_click_from_the_response(
    client: PageClient, people: People
) -> None:
    make_course(people.case, people.assessor, [10, 16], [5, 5])
    (flag,) = flags_of(people.case.id)
    href = f"/cases/{people.case.ref}/measures/flags/{flag.ref}"
    colleague = make_staff(Role.ASSESSOR, organisation=people.assessor.organisation)
    for viewer in (people.assessor, people.lead):
        page = client.sign_in(viewer).page("/today")
        assert "Marlon Ekwueme" in block(page, "score_flags")
        assert "Score up: PHQ-9" in block(page, "score_flags")
        assert page.count(f'class="app-do" href="{href}"') == 1
    assert block(client.sign_in(colleague).page("/today"), "score_flags") == ""
    assert "PHQ-9 score changed" not in client.page("/worklists/flags")
    assert "PHQ-9 score changed" in client.page("/worklists/flags?owner=team")


def test_whoever_met_him_has_the_flags_too(client: PageClient, people: People) -> None:
    colleague = make_staff(Role.ASSESSOR, organisation=people.assessor.organisation)
    make_course(people.case, colleague, [10, 16], [5, 5])
    assert "Ekwueme" in block(client.sign_in(colleague).page("/today"), "score_flags")


def test_signs_of_risk_and_good_news_are_in_the_full_list_only(
    client: PageClient, people: People
) -> None:
    make_course(people.case, people.assessor, [10, 9], [7, 7], item_9=[0, 1])
    client.sign_in(people.assessor)
    page = client.page("/today")
    assert block(page, "score_flags") == ""
    assert block(page, "risk") != ""
    full = client.page("/worklists/flags")
    assert "Question 9 of PHQ-9 (harm to himself) was answered 1" in full
    assert "Below the cut-offs" in full


def test_lists_are_sorted_by_name_and_age(client: PageClient, people: People) -> None:
    first, second = people.case, taken_on(people.assessor, "Idris", "Aziz")
    for case in (first, second):
        make_contact(
            case, people.assessor, clock.today() - timedelta(days=40 + case.id), 2, closed=False
        )
        make_course(case, people.assessor, [10, 16], [5, 5])
    client.sign_in(people.assessor)
    for name in ("flags", "measures"):
        page = client.page(f"/worklists/{name}?sort=name")
        assert page.index("Idris Aziz") < page.index("Marlon Ekwueme")
        page = client.page(f"/worklists/{name}?sort=-name")
        assert page.index("Idris Aziz") > page.index("Marlon Ekwueme")


@pytest.mark.parametrize("role", sorted(set(Role) - CLINICAL_ROLES))
def test_nobody_else_hears_of_measures(client: PageClient, people: People, role: Role) -> None:
    make_course(people.case, people.assessor, [10, 16], [5, 5])
    client.sign_in(make_staff(role))
    page = client.page("/today")
    assert "Scores to look at" not in page and "Measures to record" not in page
    assert client.get("/worklists/flags").status_code == 404
    assert client.get("/worklists/measures").status_code == 404
