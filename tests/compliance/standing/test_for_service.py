"""What who treats him may know of where an order stands: what was issued of his sessions, alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.compliance.attendance import NEVER_HIS, Happened
from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.counting import NOT_PROVEN
from mhtr.compliance.standing.facts import EndedBy, Opinion, Outcome
from mhtr.compliance.standing.for_service import (
    SPEAKS_OF,
    ForService,
    for_service,
    mattered_to_service,
)
from mhtr.compliance.standing.for_service import Stands as S
from mhtr.compliance.standing.readings import (
    CommunityAnniversary,
    HisCancellation,
    Readings,
    SuspendedWindow,
    WarningOfOverturned,
)
from mhtr.compliance.standing.service_words import (
    COLOURS,
    MEANS,
    NOTHING_ISSUED,
    STANDS_WORDS,
    court_words,
    missed_words,
    must_be_referred,
)
from tests.compliance.standing.facts_made import (
    CO,
    SSO,
    court,
    day,
    decided,
    ended,
    failed,
    laid,
    miss,
    no,
    refer,
    session,
    terms,
    warn,
    withdraw,
    yes,
)
from tests.compliance.standing.test_invariants import days, histories, orders, readings, warned


@dataclass(frozen=True)
class Case:
    """What is on record by a day, and what the service reads of it."""

    name: str
    facts: tuple[f.Fact, ...]
    on: str
    stands: S
    says: tuple[str, ...] = ()
    """What is said of the sessions, the latest first."""
    court: tuple[str, ...] = ()
    order: f.Order = CO
    readings: Readings = Readings()


MISS = miss("a", "2026-06-01")
WARNED: tuple[f.Fact, ...] = (
    *failed("a", "2026-06-01", "2026-06-10"),
    warn("w", "2026-06-12", "a"),
)
SAID = "Probation warned him because of it on 12 June 2026."
COUNTS = f"{SAID} It counts until the end of 11 June 2027."
AT_COURT: tuple[f.Fact, ...] = (
    *WARNED,
    *failed("b", "2026-08-01", "2026-08-10"),
    refer("2026-08-11", "b"),
    laid("2026-08-20", "b"),
)
BEGAN = "Probation took it to court: an information was laid."

CASES = (
    Case("nothing missed", (session("a", "2026-06-01", Happened.SEEN),), "2026-06-02", S.IN_FORCE),
    Case("before the first period", (), "2026-03-31", S.NOT_BEGUN),
    Case("missed, undecided", (MISS,), "2026-06-02", S.IN_FORCE, (NOTHING_ISSUED,)),
    Case(
        "missed and accepted: it is not said",
        (MISS, yes("a", "2026-06-08")),
        "2026-06-09",
        S.IN_FORCE,
        (NOTHING_ISSUED,),
    ),
    Case(
        "missed and not accepted: it is not said",
        failed("a", "2026-06-01", "2026-06-08"),
        "2026-06-09",
        S.IN_FORCE,
        (NOTHING_ISSUED,),
    ),
    Case(
        "more evidence wanted: it is not said",
        (MISS, decided("a", "2026-06-08", Opinion.MORE_WANTED, until="2026-06-20")),
        "2026-06-09",
        S.IN_FORCE,
        (NOTHING_ISSUED,),
    ),
    Case(
        "referred, and no information laid: it is not said",
        (*failed("a", "2026-06-01", "2026-06-08"), refer("2026-06-09", "a")),
        "2026-06-10",
        S.IN_FORCE,
        (NOTHING_ISSUED,),
    ),
    Case(
        "not pursued after a referral: it is not said",
        (
            *failed("a", "2026-06-01", "2026-06-08"),
            refer("2026-06-09", "a"),
            court("2026-06-12", Outcome.NOT_PURSUED),
        ),
        "2026-06-13",
        S.IN_FORCE,
        (NOTHING_ISSUED,),
    ),
    Case(
        "a voluntary session and what was not his doing are not listed",
        (
            session("a", "2026-06-01", Happened.DID_NOT_COME, required=False),
            *(
                session(f"x{n}", "2026-06-02", one, described=True)
                for n, one in enumerate(NEVER_HIS)
            ),
        ),
        "2026-06-09",
        S.IN_FORCE,
    ),
    Case(
        "outside the period of the requirement it is not listed",
        (miss("a", "2027-06-01"),),
        "2027-06-02",
        S.IN_FORCE,
    ),
    Case(
        "not proven that he was told, whatever probation recorded of it",
        (
            miss("a", "2026-06-01", notice=f.Notice.NOT_PROVEN),
            no("a", "2026-06-08", notice_counts=True),
        ),
        "2026-06-09",
        S.IN_FORCE,
        (NOT_PROVEN,),
    ),
    Case("warned about it", WARNED, "2026-06-12", S.WARNED, (COUNTS,)),
    Case("the last day of a warning", WARNED, "2027-06-11", S.WARNED, (COUNTS,)),
    Case(
        "the anniversary of a warning",
        WARNED,
        "2027-06-12",
        S.IN_FORCE,
        (f"{SAID} It counted until the end of 11 June 2027.",),
    ),
    Case(
        "the anniversary, as a suspended sentence order says it",
        WARNED,
        "2027-06-12",
        S.WARNED,
        (f"{SAID} It counts until the end of 12 June 2027.",),
        order=SSO,
    ),
    Case(
        "the anniversary, by the other reading",
        WARNED,
        "2027-06-12",
        S.WARNED,
        (f"{SAID} It counts until the end of 12 June 2027.",),
        readings=Readings(community_anniversary=CommunityAnniversary.STILL_INSIDE),
    ),
    Case(
        "withdrawn",
        (*WARNED, withdraw("w", "2026-07-01")),
        "2026-07-02",
        S.IN_FORCE,
        (f"{SAID} It was withdrawn on 1 July 2026: it is as if it had never been given.",),
    ),
    Case(
        "lacks what it must say: it does not count, and why is probation's",
        (*failed("a", "2026-06-01", "2026-06-10"), warn("w", "2026-06-12", "a", complete=False)),
        "2026-06-13",
        S.IN_FORCE,
        (f"{SAID} As it is recorded it does not count.",),
    ),
    Case(
        "another requirement's warning is nothing to the service",
        (MISS, warn("w", "2026-06-12", requirement="Unpaid work")),
        "2026-06-13",
        S.IN_FORCE,
        (NOTHING_ISSUED,),
    ),
    Case(
        "nor is that a failure must be referred because of it",
        (
            warn("w", "2026-05-01", requirement="Curfew"),
            *failed("a", "2026-06-01", "2026-06-10"),
        ),
        "2026-06-13",
        S.IN_FORCE,
        (NOTHING_ISSUED,),
    ),
    Case(
        "one warning about a session and another requirement counts for the session",
        (
            *failed("a", "2026-06-01", "2026-06-10"),
            warn("w", "2026-06-12", "a", requirement="Unpaid work"),
        ),
        "2026-06-13",
        S.WARNED,
        (COUNTS,),
    ),
    Case(
        "what he did at a session, warned about",
        (
            session("a", "2026-06-01", Happened.SEEN, described=True),
            no("a", "2026-06-10"),
            warn("w", "2026-06-12", "a"),
        ),
        "2026-06-13",
        S.WARNED,
        (COUNTS,),
    ),
    Case(
        "an information laid because of a session",
        AT_COURT,
        "2026-08-21",
        S.COURT,
        (NOTHING_ISSUED, COUNTS),
        (BEGAN,),
    ),
    Case(
        "an information laid about something else",
        (*WARNED, laid("2026-08-20")),
        "2026-08-21",
        S.WARNED,
        (COUNTS,),
    ),
    Case(
        "an information laid about something else, while a failure was referred",
        (
            *WARNED,
            *failed("b", "2026-08-01", "2026-08-10"),
            refer("2026-08-11", "b"),
            laid("2026-08-20"),
        ),
        "2026-08-21",
        S.WARNED,
        (NOTHING_ISSUED, COUNTS),
    ),
    Case(
        "an information laid about a session of which nothing else was said",
        (*failed("a", "2026-06-01", "2026-06-10"), laid("2026-06-20", "a")),
        "2026-06-21",
        S.COURT,
        (NOTHING_ISSUED,),
        (BEGAN,),
    ),
    Case(
        "an information laid about something else, while no session was failed",
        (MISS, laid("2026-08-20"), court("2026-09-01", Outcome.CONTINUES)),
        "2026-09-02",
        S.IN_FORCE,
        (NOTHING_ISSUED,),
    ),
    Case(
        "the court decided, and the order goes on",
        (*AT_COURT, court("2026-09-10", Outcome.CONTINUES)),
        "2026-09-11",
        S.WARNED,
        (NOTHING_ISSUED, COUNTS),
        (
            BEGAN,
            "The court found it proved, and the order goes on: so does the treatment. If the court "
            "changed the order, the change stands under Orders.",
        ),
    ),
    Case(
        "not proved",
        (*AT_COURT, court("2026-09-10", Outcome.NOT_PROVED)),
        "2026-09-11",
        S.WARNED,
        (NOTHING_ISSUED, COUNTS),
        (BEGAN, "The court did not find it proved: the treatment goes on."),
    ),
    Case(
        "the order ended with it",
        (*AT_COURT, court("2026-09-10", Outcome.ENDS)),
        "2026-09-11",
        S.OVER,
        (NOTHING_ISSUED, COUNTS),
        (
            BEGAN,
            "The court found it proved, and the order ended with it: treatment is not required any "
            "more.",
        ),
    ),
    Case(
        "the order ended because of something else: only that it is over",
        (MISS, laid("2026-08-20"), court("2026-09-01", Outcome.ENDS)),
        "2026-09-02",
        S.OVER,
        (NOTHING_ISSUED,),
    ),
    Case("revoked", (ended("2026-09-01", EndedBy.REVOKED),), "2026-09-02", S.OVER),
    Case(
        "it waits for the court after the order's last day",
        AT_COURT,
        "2028-05-01",
        S.COURT,
        (NOTHING_ISSUED, SAID + " It counted until the end of 11 June 2027."),
        (BEGAN,),
    ),
    Case(
        "revoked while it was before the court",
        (*AT_COURT, ended("2026-09-01", EndedBy.REVOKED)),
        "2026-09-02",
        S.OVER,
        (NOTHING_ISSUED, COUNTS),
        (BEGAN,),
    ),
    Case("supervision is over", (), "2028-04-15", S.SUPERVISION_OVER, order=SSO),
    Case(
        "he cancelled, which is read as no failure",
        (session("a", "2026-06-01", Happened.HE_CANCELLED),),
        "2026-06-02",
        S.IN_FORCE,
        ("He cancelled it beforehand, which is read as no failure.",),
        readings=Readings(his_cancellation=HisCancellation.NEVER_COUNTS),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_the_service_reads(case: Case) -> None:
    found = for_service(case.order, [terms(case.order), *case.facts], day(case.on), case.readings)
    assert found.stands is case.stands
    said = tuple(words for one in found.missed for words in missed_words(one, found.on))
    assert said == case.says
    assert tuple(map(court_words, found.court)) == case.court


def test_what_the_law_asks_is_said_only_while_a_warning_counts() -> None:
    for order, source in ((CO, "Sch 10 para 6(2)"), (SSO, "Sch 16 para 6(2)")):
        found = for_service(order, [terms(order), *WARNED], day("2026-07-01"))
        said = must_be_referred(order, found)
        assert said is not None and source in said[1] and "June 2027" in said[0]
        other = warn("v", "2026-06-12", requirement="Unpaid work")
        found = for_service(order, [terms(order), MISS, other], day("2026-07-01"))
        assert must_be_referred(order, found) is None


def test_every_state_has_words() -> None:
    for table in (STANDS_WORDS, COLOURS, MEANS):
        assert set(table) == set(S)


KEPT = (f.TermsHeld, f.Session, f.Ended, f.Warned, f.WarningWithdrawn)
"""What the service may hear of while nothing is at court."""


def _told(order: f.Order, facts: Sequence[f.Fact], on: date, used: Readings) -> ForService:
    return for_service(order, [terms(order), *facts], on, used)


def _quiet(facts: Sequence[f.Fact]) -> list[f.Fact]:
    return [one for one in facts if not isinstance(one, f.InformationLaid | f.Concluded)]


def test_a_reading_that_turns_on_what_probation_thought_changes_nothing() -> None:
    warned = (*failed("a", "2026-06-01", "2026-06-10"), warn("w", "2026-06-12", "a"))
    used = Readings(warning_of_overturned=WarningOfOverturned.FALLS)
    found = _told(CO, [*warned, yes("a", "2026-07-01")], day("2026-07-02"), used)
    assert found.stands is S.WARNED
    assert found == _told(CO, warned, day("2026-07-02"), used)


@given(orders, histories, days, readings())
def test_probations_opinions_and_referrals_change_nothing(
    order: f.Order, facts: list[f.Fact], on: date, used: Readings
) -> None:
    quiet = _quiet(facts)
    issued = [one for one in quiet if isinstance(one, KEPT)]
    assert _told(order, quiet, on, used) == _told(order, issued, on, used)


@given(orders, histories, warned, days, readings())
def test_a_warning_of_another_requirement_changes_nothing(
    order: f.Order, facts: list[f.Fact], warning: f.Warned, on: date, used: Readings
) -> None:
    known = [one for one in facts if not isinstance(one, f.Warned) or one.about]
    other = replace(warning, key="other", about=frozenset(), requirement="Curfew")
    expected = _told(order, known, on, used)
    assert _told(order, [*known, other], on, used) == expected
    points = mattered_to_service(order, [terms(order), *known], on, used)
    assert mattered_to_service(order, [terms(order), *known, other], on, used) == points


@given(
    orders,
    histories,
    days,
    days,
    st.sampled_from(sorted(set(Outcome) - {Outcome.ENDS})),
    readings(),
)
def test_a_breach_of_another_requirement_at_court_changes_nothing(
    order: f.Order, facts: list[f.Fact], first: date, on: date, outcome: Outcome, used: Readings
) -> None:
    quiet = _quiet(facts)
    at_court: list[f.Fact] = [
        f.InformationLaid(on=first, number=90),
        f.Concluded(on=first, number=91, outcome=outcome),
    ]
    assert _told(order, [*quiet, *at_court], on, used) == _told(order, quiet, on, used)


@given(orders, histories, days, readings(), st.randoms(use_true_random=False))
def test_facts_may_arrive_in_any_order_and_more_than_once(
    order: f.Order, facts: list[f.Fact], on: date, used: Readings, chance: Any
) -> None:
    late = [*facts, *facts]
    chance.shuffle(late)
    assert _told(order, late, on, used) == _told(order, facts, on, used)


@given(orders, histories, days, readings())
def test_only_readings_of_days_and_of_its_own_records_are_spoken_of(
    order: f.Order, facts: list[f.Fact], on: date, used: Readings
) -> None:
    assert set(mattered_to_service(order, [terms(order), *facts], on, used)) <= set(SPEAKS_OF)


def test_which_reading_mattered_is_said_and_none_that_betrays_a_decision() -> None:
    facts: list[f.Fact] = [terms(SSO), *WARNED]
    assert mattered_to_service(SSO, facts, day("2027-06-12")) == ("suspended_window",)
    other = Readings(suspended_window=SuspendedWindow.DAY_BEFORE)
    assert for_service(SSO, facts, day("2027-06-12"), other).stands is S.IN_FORCE
    overturned: list[f.Fact] = [*facts, yes("a", "2026-07-01")]
    assert "warning_of_overturned" not in mattered_to_service(SSO, overturned, day("2026-07-02"))
