"""Who may propose and answer, when everybody has agreed, and when a therapist is not there."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from sessions.therapists import rules
from sessions.therapists.kinds import Absence, Answer, Party
from sessions.therapists.rules import Given, Who

ADA, BEN, LEAD, OFFICE = 1, 2, 3, 4
TODAY = date(2026, 11, 24)
P, A = Party, Answer
ada = Who(ADA, True, clinician=True)
ben = Who(BEN, True, clinician=True)
lead = Who(LEAD, True, clinician=True, lead=True, registered=True)
ada_as_lead = replace(lead, staff_id=ADA)
office = Who(OFFICE, True, administrator=True)


def agreed(party: Party, by: int = LEAD) -> Given:
    return Given(party, A.AGREES, by)


EVERYBODY = [agreed(P.THERAPIST, ADA), agreed(P.LEAD), agreed(P.HIM, ADA)]


@pytest.mark.parametrize(
    ("given", "complete", "waits"),
    [
        ([], False, "his therapist, a clinical lead and him"),
        (EVERYBODY[:1], False, "a clinical lead and him"),
        (EVERYBODY[:2], False, "him"),
        (EVERYBODY[1:], False, "his therapist"),
        ([EVERYBODY[0], EVERYBODY[2]], False, "a clinical lead"),
        (EVERYBODY, True, ""),
        ([Given(P.THERAPIST, A.NOT_THERE, LEAD), *EVERYBODY[1:]], True, ""),
        ([Given(P.LEAD, A.NOT_THERE, LEAD), EVERYBODY[0], EVERYBODY[2]], False, ""),
        ([Given(P.HIM, A.NOT_THERE, LEAD), *EVERYBODY[:2]], False, ""),
        ([Given(P.HIM, A.REFUSES, ADA), *EVERYBODY[:2]], False, ""),
        ([Given(P.THERAPIST, A.REFUSES, ADA), *EVERYBODY[1:]], False, ""),
    ],
)
def test_everybody_has_to_agree(given: list[Given], complete: bool, waits: str) -> None:
    assert rules.everybody_agreed(given) is complete
    left = rules.waits_for(given)
    assert (rules.waits_words(left) if left else "") == waits


@over(st.lists(st.tuples(st.sampled_from(Party), st.sampled_from(Answer)), max_size=6))
def test_nothing_less_than_three_agreements_changes_a_therapist(
    said: list[tuple[Party, Answer]],
) -> None:
    given = [Given(party, answer, n) for n, (party, answer) in enumerate(said)]
    if rules.everybody_agreed(given):
        assert {(P.LEAD, A.AGREES), (P.HIM, A.AGREES)} <= set(said)
        assert {(P.THERAPIST, A.AGREES), (P.THERAPIST, A.NOT_THERE)} & set(said)


@pytest.mark.parametrize(
    ("who", "more", "wrong"),
    [
        (ada, {}, ()),
        (lead, {}, ()),
        (office, {}, ()),
        (ben, {}, (rules.PROPOSERS,)),
        (replace(lead, of_trust=False), {}, (rules.PROPOSERS,)),
        (replace(ada, clinician=False), {}, (rules.PROPOSERS,)),
        (lead, {"therapist_id": None}, (rules.NOBODY,)),
        (lead, {"held": False}, (rules.NOT_HELD,)),
        (lead, {"is_open": True}, (rules.OPEN,)),
        (lead, {"to_id": ADA}, (rules.SAME,)),
        (lead, {"starts_on": TODAY - timedelta(days=1)}, (rules.PAST,)),
        (lead, {"starts_on": TODAY + timedelta(days=180)}, ()),
        (lead, {"starts_on": TODAY + timedelta(days=181)}, (rules.TOO_FAR,)),
        (ben, {"held": False, "to_id": ADA}, (rules.PROPOSERS, rules.NOT_HELD, rules.SAME)),
    ],
)
def test_who_proposes_what(who: Who, more: dict[str, Any], wrong: tuple[str, ...]) -> None:
    said: dict[str, Any] = {
        "therapist_id": ADA,
        "to_id": BEN,
        "held": True,
        "is_open": False,
        "starts_on": TODAY,
        "today": TODAY,
    }
    assert rules.cannot_propose(who, **{**said, **more}) == wrong


@pytest.mark.parametrize(
    ("party", "who", "given", "other_leads", "wrong"),
    [
        (P.THERAPIST, ada, [], True, ()),
        (P.THERAPIST, ben, [], True, (rules.NOT_THERAPIST,)),
        (P.THERAPIST, lead, [], True, (rules.NOT_THERAPIST,)),
        (P.THERAPIST, replace(ada, clinician=False), [], True, (rules.NOT_THERAPIST,)),
        (P.THERAPIST, ada, [agreed(P.THERAPIST)], True, (rules.ANSWERED,)),
        (P.LEAD, lead, [], True, ()),
        (P.LEAD, ada, [], True, (rules.NOT_LEAD,)),
        (P.LEAD, replace(lead, registered=False), [], True, (rules.NOT_LEAD,)),
        (P.LEAD, replace(lead, of_trust=False), [], True, (rules.NOT_LEAD,)),
        (P.LEAD, ada_as_lead, [], True, (rules.SECOND_LEAD,)),
        (P.LEAD, ada_as_lead, [agreed(P.THERAPIST, ADA)], True, (rules.SECOND_LEAD,)),
        (P.LEAD, ada_as_lead, [agreed(P.THERAPIST, ADA)], False, ()),
        (P.HIM, ada, [], True, ()),
        (P.HIM, ben, [], True, ()),
        (P.HIM, office, [], True, (rules.NO_CLINICIAN,)),
        (P.HIM, replace(ben, of_trust=False), [], True, (rules.NO_CLINICIAN,)),
        (P.HIM, ben, [Given(P.HIM, A.REFUSES, ADA)], True, (rules.ANSWERED,)),
    ],
)
def test_who_answers(
    party: Party, who: Who, given: list[Given], other_leads: bool, wrong: tuple[str, ...]
) -> None:
    said = {"therapist_id": ADA, "given": given, "other_leads": other_leads}
    assert rules.cannot_answer(party, who, **said) == wrong  # type: ignore[arg-type]


def test_only_a_sole_lead_answers_in_both_roles() -> None:
    assert rules.in_both_roles(P.LEAD, ADA, ADA)
    assert not rules.in_both_roles(P.LEAD, LEAD, ADA)
    assert not rules.in_both_roles(P.THERAPIST, ADA, ADA)


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("left", "shut_out", "leave", "found"),
    [
        (False, False, [], None),
        (True, False, [], Absence.LEFT),
        (True, True, [], Absence.LEFT),
        (False, True, [], Absence.SHUT_OUT),
        (False, False, [(TODAY, TODAY + 27 * DAY)], Absence.LONG_LEAVE),
        (False, False, [(TODAY, TODAY + 26 * DAY)], None),
        (False, False, [(TODAY + DAY, TODAY + 60 * DAY)], None),
        (False, False, [(TODAY - 60 * DAY, TODAY - DAY)], None),
        (False, False, [(TODAY - 27 * DAY, TODAY)], Absence.LONG_LEAVE),
        # Two weeks, a weekend, two weeks and two days: one stretch of 32 days.
        (
            False,
            False,
            [(TODAY + 16 * DAY, TODAY + 31 * DAY), (TODAY, TODAY + 13 * DAY)],
            Absence.LONG_LEAVE,
        ),
        (False, False, [(TODAY, TODAY + 13 * DAY), (TODAY + 17 * DAY, TODAY + 40 * DAY)], None),
    ],
)
def test_when_a_therapist_cannot_be_asked(
    left: bool, shut_out: bool, leave: list[tuple[date, date]], found: Absence | None
) -> None:
    said = rules.absence_of(left=left, shut_out=shut_out, leave=leave, today=TODAY, long_days=28)
    assert said is found


@pytest.mark.parametrize(
    ("who", "absence", "given", "wrong"),
    [
        (lead, Absence.LEFT, [], ()),
        (office, Absence.LONG_LEAVE, [], ()),
        (ben, Absence.LEFT, [], (rules.WHO_NOTES,)),
        (replace(office, of_trust=False), Absence.LEFT, [], (rules.WHO_NOTES,)),
        (lead, None, [], (rules.THERE,)),
        (lead, Absence.LEFT, [agreed(P.THERAPIST, ADA)], (rules.ANSWERED,)),
    ],
)
def test_who_records_that_a_therapist_is_not_there(
    who: Who, absence: Absence | None, given: list[Given], wrong: tuple[str, ...]
) -> None:
    assert rules.cannot_note_absence(who, absence, given) == wrong


@pytest.mark.parametrize(
    ("who", "wrong"),
    [(office, ()), (lead, ()), (ada, (rules.WITHDRAWERS,)), (ben, (rules.WITHDRAWERS,))],
)
def test_who_withdraws(who: Who, wrong: tuple[str, ...]) -> None:
    assert rules.cannot_withdraw(who, OFFICE) == wrong


@pytest.mark.parametrize(
    ("asked_on", "wrong"),
    [
        (TODAY - DAY, rules.EARLY),
        (TODAY, ""),
        (TODAY + 2 * DAY, ""),
        (TODAY + 3 * DAY, rules.LATE),
    ],
)
def test_he_is_asked_after_it_was_proposed(asked_on: date, wrong: str) -> None:
    assert rules.wrong_day(asked_on, TODAY, TODAY + 2 * DAY) == wrong
