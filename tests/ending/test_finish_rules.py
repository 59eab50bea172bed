"""When planned sessions are finished, and who reports on treatment: tables."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.ending.finish_rules import (
    Finished,
    Further,
    FurtherAnswer,
    How,
    Planned,
    finished,
    further_objections,
    still_runs,
)
from mhtr.ending.practitioner_rules import (
    NO_NUMBER,
    Basis,
    Directs,
    Signer,
    against,
    basis_of,
    who_treats,
)
from mhtr.orders.directing import Practitioner
from mhtr.orders.terms import OrderKind, Period, Terms, Treatment
from mhtr.suitability.countersigning import CountersignPolicy

D1, D2, D3 = date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)
TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("sessions", "closed_on", "expected"),
    [
        ((Planned(1, True, D1), Planned(2, True, D2)), None, Finished(D2, How.HELD)),
        ((Planned(1, True, D2), Planned(2, True, D1)), None, Finished(D2, How.HELD)),
        ((Planned(1, True, D1), Planned(2, True)), None, None),
        ((Planned(1, True, D1), Planned(2, False)), None, Finished(D1, How.HELD)),
        ((Planned(1, True, D1), Planned(2, False, D3)), None, Finished(D1, How.HELD)),
        ((Planned(1, False, D1),), None, None),
        ((), None, None),
        # Missed, and caught up on; and caught up on twice.
        ((Planned(1, True), Planned(2, True, D2, repeats=1)), None, Finished(D2, How.HELD)),
        ((Planned(1, True), Planned(2, True, None, repeats=1)), None, None),
        (
            (Planned(1, True), Planned(2, True, None, 1), Planned(3, True, D3, 2)),
            None,
            Finished(D3, How.HELD),
        ),
        # Held, and to be gone through once more.
        ((Planned(1, True, D1), Planned(2, True, None, repeats=1)), None, None),
        # What it catches up on was left out.
        ((Planned(2, True, D2, repeats=1),), None, Finished(D2, How.HELD)),
        # Closed as finished.
        ((Planned(1, True, D1), Planned(2, True)), D3, Finished(D3, How.CLOSED)),
        ((Planned(1, True, D1),), D3, Finished(D1, How.HELD)),
        ((), D3, Finished(D3, How.CLOSED)),
    ],
)
def test_when_they_are_finished(
    sessions: tuple[Planned, ...], closed_on: date | None, expected: Finished | None
) -> None:
    assert finished(sessions, closed_on=closed_on) == expected


SESSIONS = st.lists(
    st.builds(
        Planned,
        key=st.integers(1, 6),
        required=st.booleans(),
        held_on=st.none() | st.dates(D1, D3),
        repeats=st.none() | st.integers(1, 6),
    ),
    unique_by=lambda one: one.key,
)


@given(SESSIONS)
def test_a_voluntary_session_changes_nothing(sessions: list[Planned]) -> None:
    more = [*sessions, Planned(99, False, D3)]
    assert finished(more) == finished(sessions)


@given(SESSIONS)
def test_one_more_to_hold_and_they_are_not_finished(sessions: list[Planned]) -> None:
    assert finished([*sessions, Planned(99, True)]) is None


@pytest.mark.parametrize(
    ("last", "runs"),
    [((), False), ((TODAY,), True), ((TODAY - timedelta(days=1),), False), ((D1, TODAY), True)],
)
def test_the_requirement_runs_on_its_last_day(last: tuple[date, ...], runs: bool) -> None:
    assert still_runs(last, TODAY) is runs


A = FurtherAnswer


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Further(A.NEEDED), "why"),
        (Further(A.NEEDED, " "), "why"),
        (Further(A.NEEDED, "He relapsed"), ""),
        (Further(A.NOT_NEEDED), ""),
        (Further(A.REPORTED), "reported_on"),
        (Further(A.REPORTED, reported_on=TODAY + timedelta(days=1)), "reported_on"),
        (Further(A.REPORTED, reported_on=TODAY), ""),
    ],
)
def test_what_an_answer_needs(said: Further, field: str) -> None:
    assert [name for name, _ in further_objections(said, today=TODAY)] == ([field] if field else [])


AMARA = Practitioner("Dr Amara Lindqvist", "PYL000456")
HANNAH = Practitioner("Dr Hannah Sorensen", "PYL000123")
DOCTOR = Practitioner("Dr Kofi Annan-Reed", "7012345")
P, I = Treatment.PRACTITIONER, Treatment.INSTITUTION  # noqa: E741
POLICY = CountersignPolicy()


def terms(*periods: Period) -> Terms:
    return Terms(OrderKind.COMMUNITY, D1, D1, periods, ends_on=date(2027, 11, 1))


def period(who: Practitioner, starts: date = D1, ends: date = date(2027, 5, 1)) -> Period:
    return Period(starts, ends, P, who.name, who.registration)


NAMED = terms(period(AMARA))
CLINIC = terms(Period(D1, date(2027, 5, 1), I, "North Clinic"))
IN_TURN = terms(period(AMARA, D1, D2), period(HANNAH, D3))
LEFT = [Directs(AMARA, HANNAH, D3)]


@pytest.mark.parametrize(
    ("said", "changes", "on", "who", "basis"),
    [
        (NAMED, [], TODAY, AMARA, Basis.NAMED),
        (NAMED, [], TODAY, HANNAH, None),
        (NAMED, LEFT, TODAY, HANNAH, Basis.DIRECTS),
        (NAMED, LEFT, TODAY, AMARA, Basis.NAMED),
        (NAMED, LEFT, D2, HANNAH, None),
        (NAMED, [Directs(AMARA, None, D2)], TODAY, HANNAH, None),
        (NAMED, [Directs(DOCTOR, HANNAH, D2)], TODAY, HANNAH, None),
        (CLINIC, [], TODAY, HANNAH, Basis.INSTITUTION),
        (IN_TURN, [], D1, AMARA, Basis.NAMED),
        (IN_TURN, [], D1, HANNAH, None),
        (IN_TURN, [], TODAY, HANNAH, Basis.NAMED),
        (IN_TURN, [], TODAY, AMARA, None),
        # Between two periods, before the first, after the last.
        (IN_TURN, [], date(2026, 11, 12), AMARA, Basis.NAMED),
        (NAMED, [], date(2026, 10, 1), AMARA, Basis.NAMED),
        (NAMED, [], date(2027, 6, 1), AMARA, Basis.NAMED),
    ],
)
def test_who_reports_and_on_what(
    said: Terms, changes: list[Directs], on: date, who: Practitioner, basis: Basis | None
) -> None:
    assert basis_of(Signer(who.registration, TODAY), who_treats(said, changes, on)) is basis


def test_without_a_registration_nobody_reports() -> None:
    for said in (NAMED, CLINIC):
        found = who_treats(said, [], TODAY)
        assert basis_of(Signer(" ", TODAY), found) is None
        assert against(Signer("", TODAY), found, TODAY, POLICY) == (NO_NUMBER,)


def test_an_order_that_names_somebody_without_a_number_is_nobodys_to_report_on() -> None:
    found = who_treats(terms(period(Practitioner("Dr Amara Lindqvist"))), [], TODAY)
    assert basis_of(Signer(AMARA.registration, TODAY), found) is None
    assert "Dr Amara Lindqvist" in against(Signer("PYL000456", TODAY), found, TODAY, POLICY)[0]


def test_the_register_must_have_been_asked_lately() -> None:
    found = who_treats(NAMED, [], TODAY)
    signer = Signer(AMARA.registration, TODAY - timedelta(days=366))
    assert "too long ago" in against(signer, found, TODAY, POLICY)[0]
    assert not against(Signer("pyl 000456", TODAY), found, TODAY, POLICY)


def test_the_order_names_an_institution() -> None:
    assert "who directs" in who_treats(CLINIC, [], TODAY).words
