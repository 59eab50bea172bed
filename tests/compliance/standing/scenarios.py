"""Dated scenarios of the law, each with the provision it is written from.

`Sch 10` is that of the Sentencing Act 2020 for a community order, `Sch 16` that for a suspended
sentence order; where a scenario holds for both, both are named and it runs for each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mhtr.compliance.attendance import Happened as H
from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.facts import EndedBy, Notice, Opinion, Outcome
from mhtr.compliance.standing.fold import State as S
from mhtr.compliance.standing.readings import (
    AfterProved,
    AfterSupervision,
    CommunityAnniversary,
    DutyOfOverturned,
    EarlyEndDay,
    HisCancellation,
    OralWarning,
    OtherWording,
    ProceedingsFrom,
    Readings,
    SuspendedWindow,
    TestedWhen,
    Unanswered,
    WarningDay,
    WarningOfOverturned,
)
from mhtr.orders.terms import OrderKind
from tests.compliance.standing.facts_made import (
    CO,
    SSO,
    at,
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

BOTH = (CO, SSO)
PARA_6 = "Sch 10 para 6; Sch 16 para 6"
PARA_6_1 = "Sch 10 para 6(1); Sch 16 para 6(1)"
PARA_6_2 = "Sch 10 para 6(2); Sch 16 para 6(2)"
PARA_6_3 = "Sch 10 para 6(3); Sch 16 para 6(3)"
PARA_6_4 = "Sch 10 para 6(4); Sch 16 para 6(4)"
PARA_7 = "Sch 10 para 7; Sch 16 para 7"
IN_FORCE = "Sch 10 paras 8, 10(10), 11(7); Sch 16 Part 2"
COURT = "Sch 10 paras 10, 11; Sch 16 paras 13, 14"
PERIOD = "Sch 9 para 16(1)"
EARLY = "Sentencing Act 2026 ss.38, 39"


@dataclass(frozen=True)
class Scenario:
    """What happened, and where the order stands on a day."""

    name: str
    law: str
    facts: tuple[f.Fact, ...]
    on: str
    state: S
    wait: tuple[str, ...] = ()
    live: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    orders: tuple[f.Order, ...] = BOTH
    readings: Readings = Readings()
    own_terms: bool = False
    """The facts say what the order says; otherwise it runs for two years, treatment for one."""

    def all_facts(self, order: f.Order) -> tuple[f.Fact, ...]:
        return self.facts if self.own_terms else (terms(order), *self.facts)


def case(name: str, law: str, on: str, state: S, *facts: f.Fact, **more: Any) -> Scenario:
    return Scenario(name, law, facts, on, state, **more)


ONE = failed("a", "2026-06-01", "2026-06-10")
TWO = failed("b", "2026-08-03", "2026-08-12")
FIRST = warn("w", "2026-06-11", "a")
RAR = warn("o", "2026-06-11", requirement="Rehabilitation activity")


def plain() -> Iterator[Scenario]:
    """Nothing against him, and what waits for a decision."""
    yield case("before the requirement begins", PERIOD, "2026-03-31", S.NOT_BEGUN)
    yield case("nothing happened", PERIOD, "2026-05-01", S.IN_FORCE)
    yield case("he came", PERIOD, "2026-06-02", S.IN_FORCE, session("a", "2026-06-01", H.SEEN))
    yield case(
        "he came late and was seen", PERIOD, "2026-06-02", S.IN_FORCE,
        session("a", "2026-06-01", H.SEEN_LATE),
    )  # fmt: skip
    for happened in (H.DID_NOT_COME, H.TOO_LATE, H.HE_CANCELLED):
        yield case(
            f"{happened.value}: probation decides", PARA_6_1, "2026-06-02", S.TO_DECIDE,
            session("a", "2026-06-01", happened), wait=("a",),
        )  # fmt: skip
    for happened in (H.NOT_SEEN_BY_US, H.WE_CANCELLED, H.OTHERS_CANCELLED):
        yield case(
            f"{happened.value}: never his", PARA_6_1, "2026-06-02", S.IN_FORCE,
            session("a", "2026-06-01", happened),
        )  # fmt: skip
        yield case(
            f"{happened.value}: not even by a decision", PARA_6_1, "2026-06-12", S.IN_FORCE,
            session("a", "2026-06-01", happened), no("a", "2026-06-10"),
        )  # fmt: skip
    yield case(
        "a voluntary session missed", PERIOD, "2026-06-02", S.IN_FORCE,
        miss("a", "2026-06-01", required=False),
    )  # fmt: skip
    yield case(
        "a voluntary session, decided on by mistake", PERIOD, "2026-06-12", S.IN_FORCE,
        miss("a", "2026-06-01", required=False), no("a", "2026-06-10"),
    )  # fmt: skip
    yield case(
        "nothing is recorded of a session yet", PARA_6_1, "2026-06-02", S.IN_FORCE,
        session("a", "2026-06-01", None),
    )  # fmt: skip
    yield case(
        "before the day of the session", PARA_6_1, "2026-05-31", S.IN_FORCE,
        miss("a", "2026-06-01"),
    )  # fmt: skip
    yield case(
        "on the first day of the period", PERIOD, "2026-04-01", S.TO_DECIDE,
        miss("a", "2026-04-01"), wait=("a",),
    )  # fmt: skip
    yield case(
        "on the last day of the period", PERIOD, "2027-03-31", S.TO_DECIDE,
        miss("a", "2027-03-31"), wait=("a",),
    )  # fmt: skip
    yield case(
        "the day after the period", PERIOD, "2027-04-02", S.IN_FORCE, miss("a", "2027-04-01")
    )
    yield case("before the order", PERIOD, "2026-04-02", S.IN_FORCE, miss("a", "2026-03-30"))
    yield case(
        "he is not willing any more: nothing follows by itself", PARA_6_1, "2026-06-02",
        S.IN_FORCE, f.Unwilling(on=day("2026-06-01")),
    )  # fmt: skip
    yield case(
        "behaviour described at a session he came to is probation's to take up", PARA_6_1,
        "2026-06-02", S.IN_FORCE, session("a", "2026-06-01", H.SEEN, described=True),
    )  # fmt: skip
    yield case(
        "behaviour described, and called a failure by probation", PARA_6_3, "2026-06-12",
        S.TO_ACT, session("a", "2026-06-01", H.SEEN, described=True), no("a", "2026-06-10"),
        act=("a",),
    )  # fmt: skip
    yield case(
        "a session he came to with nothing described cannot be a failure", PARA_6_1,
        "2026-06-12", S.IN_FORCE, session("a", "2026-06-01", H.SEEN), no("a", "2026-06-10"),
    )  # fmt: skip


def notices() -> Iterator[Scenario]:
    """How he was told."""
    for notice in (Notice.NOT_PROVEN, Notice.NOT_USABLE):
        yield case(
            f"{notice.value}: does not count", PARA_6_1, "2026-06-02", S.IN_FORCE,
            miss("a", "2026-06-01", notice=notice),
        )  # fmt: skip
        yield case(
            f"{notice.value}: not by a decision that says nothing of it", PARA_6_1,
            "2026-06-12", S.IN_FORCE, miss("a", "2026-06-01", notice=notice),
            no("a", "2026-06-10"),
        )  # fmt: skip
        yield case(
            f"{notice.value}: counts once probation recorded why", PARA_6_3, "2026-06-12",
            S.TO_ACT, miss("a", "2026-06-01", notice=notice),
            no("a", "2026-06-10", notice_counts=True), act=("a",),
        )  # fmt: skip


def decisions() -> Iterator[Scenario]:
    """Accepted, not accepted, more evidence; overturned and late."""
    yield case("accepted", PARA_6_1, "2026-06-12", S.IN_FORCE,
               miss("a", "2026-06-01"), yes("a", "2026-06-10"))  # fmt: skip
    yield case("not accepted: to warn or to refer", PARA_6_3, "2026-06-12", S.TO_ACT, *ONE,
               act=("a",))  # fmt: skip
    yield case("the day before it is decided", PARA_6_1, "2026-06-09", S.TO_DECIDE, *ONE,
               wait=("a",))  # fmt: skip
    yield case(
        "more evidence is wanted", PARA_6_1, "2026-06-12", S.TO_DECIDE, miss("a", "2026-06-01"),
        decided("a", "2026-06-10", Opinion.MORE_WANTED, until="2026-06-17"), wait=("a",),
    )  # fmt: skip
    yield case(
        "more evidence came and was accepted", PARA_6_1, "2026-06-18", S.IN_FORCE,
        miss("a", "2026-06-01"), decided("a", "2026-06-10", Opinion.MORE_WANTED),
        yes("a", "2026-06-18"),
    )  # fmt: skip
    yield case(
        "late evidence reopens it", PARA_6_1, "2026-06-20", S.TO_DECIDE, *ONE,
        decided("a", "2026-06-20", Opinion.TAKEN_BACK), wait=("a",),
    )  # fmt: skip
    yield case(
        "overturned: accepted after all", PARA_6_1, "2026-06-20", S.IN_FORCE, *ONE,
        yes("a", "2026-06-20"),
    )  # fmt: skip
    yield case(
        "accepted, then not accepted", PARA_6_3, "2026-06-20", S.TO_ACT,
        miss("a", "2026-06-01"), yes("a", "2026-06-10"), no("a", "2026-06-20"), act=("a",),
    )  # fmt: skip
    yield case(
        "two decisions of one day: the later by the clock", PARA_6_1, "2026-06-20", S.IN_FORCE,
        miss("a", "2026-06-01"), yes("a", "2026-06-10", at=at(15)), no("a", "2026-06-10", at=at(9)),
    )  # fmt: skip
    yield case(
        "two decisions of one day: the later by its number", PARA_6_3, "2026-06-20", S.TO_ACT,
        miss("a", "2026-06-01"), yes("a", "2026-06-10", number=1), no("a", "2026-06-10", number=2),
        act=("a",),
    )  # fmt: skip
    yield case(
        "no action is recorded", PARA_6_3, "2026-06-20", S.IN_FORCE, *ONE,
        f.NoAction(session="a", on=day("2026-06-11")),
    )  # fmt: skip
    yield case(
        "two missed, one decided", PARA_6_3, "2026-08-05", S.TO_ACT, *ONE,
        miss("b", "2026-08-03"), act=("a",), wait=("b",),
    )  # fmt: skip
    yield case(
        "attendance put right: he was there", PARA_6_1, "2026-06-20", S.IN_FORCE,
        miss("a", "2026-06-01", number=1), session("a", "2026-06-01", H.SEEN, number=2),
        no("a", "2026-06-10"),
    )  # fmt: skip
    yield case(
        "attendance put right: he was not there", PARA_6_1, "2026-06-20", S.TO_DECIDE,
        session("a", "2026-06-01", H.SEEN, number=1), miss("a", "2026-06-01", number=2),
        wait=("a",),
    )  # fmt: skip


def warnings() -> Iterator[Scenario]:
    """A warning, and a second failure."""
    yield case("warned", PARA_6_3, "2026-06-12", S.WARNED, *ONE, FIRST, live=("w",))
    yield case("on the day of the warning", PARA_6_4, "2026-06-11", S.WARNED, *ONE, FIRST,
               live=("w",))  # fmt: skip
    yield case("its own failure is not bound by it", PARA_6_2, "2026-06-30", S.WARNED,
               *ONE, FIRST, live=("w",))  # fmt: skip
    yield case(
        "a second failure: must refer", PARA_6_2, "2026-08-13", S.MUST_REFER, *ONE, FIRST, *TWO,
        live=("w",), must=("b",),
    )  # fmt: skip
    yield case(
        "a second miss that waits binds nobody", PARA_6_1, "2026-08-05", S.TO_DECIDE, *ONE,
        FIRST, miss("b", "2026-08-03"), live=("w",), wait=("b",),
    )  # fmt: skip
    yield case(
        "a second miss that is accepted binds nobody", PARA_6_1, "2026-08-13", S.WARNED, *ONE,
        FIRST, miss("b", "2026-08-03"), yes("b", "2026-08-12"), live=("w",),
    )  # fmt: skip
    yield case(
        "a warning for any requirement of the order binds", PARA_6_2, "2026-08-13",
        S.MUST_REFER, RAR, *TWO, live=("o",), must=("b",),
    )  # fmt: skip
    yield case(
        "a second warning in place of the referral does not discharge it", PARA_6_2,
        "2026-08-14", S.MUST_REFER, *ONE, FIRST, *TWO, warn("x", "2026-08-13", "b"),
        live=("w", "x"), must=("b",),
    )  # fmt: skip
    yield case(
        "one warning about two failures binds neither", PARA_6_2, "2026-08-14", S.WARNED,
        miss("a", "2026-08-01"), no("a", "2026-08-10"), *TWO, warn("w", "2026-08-13", "a", "b"),
        live=("w",),
    )  # fmt: skip
    yield case(
        "withdrawn", PARA_6, "2026-08-13", S.TO_ACT, *ONE, FIRST, withdraw("w", "2026-07-01"),
        *TWO, act=("a", "b"),
    )  # fmt: skip
    yield case(
        "withdrawn after the duty arose: the duty falls with it", PARA_6_2, "2026-09-01",
        S.TO_ACT, RAR, *TWO, withdraw("o", "2026-08-20"), act=("b",),
    )  # fmt: skip
    yield case(
        "before it is withdrawn it binds", PARA_6_2, "2026-08-19", S.MUST_REFER, RAR, *TWO,
        withdraw("o", "2026-08-20"), live=("o",), must=("b",),
    )  # fmt: skip
    yield case(
        "a warning that does not say all it must is none", PARA_6_4, "2026-08-13", S.TO_ACT,
        warn("o", "2026-06-11", requirement="Unpaid work", complete=False), *TWO, act=("b",),
    )  # fmt: skip
    yield case(
        "he is still to be warned where the warning does not say all it must", PARA_6_4,
        "2026-06-12", S.TO_ACT, *ONE, warn("w", "2026-06-11", "a", complete=False), act=("a",),
    )  # fmt: skip
    yield case(
        "warned before this order says nothing", PARA_6_2, "2027-07-01", S.IN_FORCE,
        warn("o", "2026-06-11", requirement="Curfew"),
    )  # fmt: skip
    yield case(
        "warning and opinion of one day, no times: the warning follows", PARA_6_2, "2026-08-13",
        S.TO_ACT, warn("o", "2026-08-12", requirement="Curfew"), *TWO, live=("o",), act=("b",),
    )  # fmt: skip
    yield case(
        "warned in the morning, decided in the afternoon", PARA_6_2, "2026-08-13", S.MUST_REFER,
        warn("o", "2026-08-12", requirement="Curfew", at=at(9)), miss("b", "2026-08-03"),
        no("b", "2026-08-12", at=at(15)), live=("o",), must=("b",),
    )  # fmt: skip
    yield case(
        "decided in the morning, warned in the afternoon", PARA_6_2, "2026-08-13", S.TO_ACT,
        warn("o", "2026-08-12", requirement="Curfew", at=at(15)), miss("b", "2026-08-03"),
        no("b", "2026-08-12", at=at(9)), live=("o",), act=("b",),
    )  # fmt: skip
    yield case(
        "a failure before the warning, decided after it (literal)", PARA_6_1, "2026-06-20",
        S.MUST_REFER, *ONE, FIRST, miss("b", "2026-06-03"), no("b", "2026-06-18"),
        live=("w",), must=("b",),
    )  # fmt: skip
    yield case(
        "a failure inside, decided after it lapsed (literal)", PARA_6_1, "2027-06-20", S.TO_ACT,
        RAR, miss("b", "2027-03-01"), no("b", "2027-06-15"), act=("b",),
    )  # fmt: skip


def windows() -> Iterator[Scenario]:
    """The twelve months, day by day."""
    rows = (
        # warned on, decided on, binds in a community order, in a suspended sentence order
        ("2026-05-12", "2027-05-10", True, True),
        ("2026-05-12", "2027-05-11", True, True),
        ("2026-05-12", "2027-05-12", False, True),
        ("2026-05-12", "2027-05-13", False, False),
        ("2026-12-31", "2027-12-30", True, True),
        ("2026-12-31", "2027-12-31", False, True),
        ("2026-12-31", "2028-01-01", False, False),
        ("2027-02-28", "2028-02-27", True, True),
        ("2027-02-28", "2028-02-28", False, True),
        ("2027-02-28", "2028-02-29", False, False),
        ("2027-03-01", "2028-02-29", True, True),
        ("2027-03-01", "2028-03-01", False, True),
    )
    for warned_on, decided_on, community, suspended in rows:
        yield from _window(warned_on, decided_on, CO, community)
        yield from _window(warned_on, decided_on, SSO, suspended)
    for order, binds in ((CO, "2029-02-28"), (SSO, "2029-02-28")):
        yield from _window("2028-02-29", binds, order, True, end="2029-03-31")
        yield from _window("2028-02-29", "2029-03-01", order, False, end="2029-03-31")


def _window(
    warned_on: str, decided_on: str, order: f.Order, binds: bool, end: str = "2028-03-31"
) -> Iterator[Scenario]:
    own = terms(order, last=end, end=end)
    law = "Sch 10 para 6(2), (4)(c)" if order is CO else "Sch 16 para 6(2), (4)(c)"
    yield case(
        f"warned {warned_on}, decided {decided_on}", law, decided_on,
        S.MUST_REFER if binds else S.TO_ACT,
        own, warn("o", warned_on, requirement="Curfew"),
        miss("b", decided_on), no("b", decided_on),
        live=("o",) if binds else (), must=("b",) if binds else (), act=() if binds else ("b",),
        orders=(order,), own_terms=True,
    )  # fmt: skip


def proceedings() -> Iterator[Scenario]:
    """Referred, laid, heard."""
    second = (*ONE, FIRST, *TWO)
    yield case("referred on the first failure", PARA_6_3, "2026-06-12", S.REFERRED, *ONE,
               refer("2026-06-11", "a"))  # fmt: skip
    yield case("referred on the second", PARA_7, "2026-08-14", S.REFERRED, *second,
               refer("2026-08-13", "b"), live=("w",))  # fmt: skip
    yield case("the enforcement officer does not go on", PARA_7, "2026-09-01", S.WARNED,
               *second, refer("2026-08-13", "b"), court("2026-08-30", Outcome.NOT_PURSUED),
               live=("w",))  # fmt: skip
    yield case("an information is laid", PARA_7, "2026-09-01", S.PROCEEDINGS, *second,
               refer("2026-08-13", "b"), laid("2026-08-28"), live=("w",))  # fmt: skip
    for outcome in (Outcome.NOT_PROVED, Outcome.WITHDRAWN, Outcome.CONTINUES):
        yield case(f"{outcome.value}: the order goes on", COURT, "2026-10-02", S.WARNED,
                   *second, refer("2026-08-13", "b"), laid("2026-08-28"),
                   court("2026-10-01", outcome), live=("w",))  # fmt: skip
    yield case("proved, and the order ends", COURT, "2026-10-02", S.OVER, *second,
               refer("2026-08-13", "b"), laid("2026-08-28"),
               court("2026-10-01", Outcome.ENDS))  # fmt: skip
    yield case(
        "a failure after a proved breach is bound by the warning before it (literal)", COURT,
        "2026-12-01", S.MUST_REFER, *second, refer("2026-08-13", "b"), laid("2026-08-28"),
        court("2026-10-01", Outcome.CONTINUES), *failed("c", "2026-11-02", "2026-11-20"),
        live=("w",), must=("c",),
    )  # fmt: skip
    yield case(
        "begun in time, it outlasts the order", IN_FORCE, "2028-05-01", S.PROCEEDINGS,
        *failed("z", "2027-03-30", "2027-04-08"), refer("2027-04-09", "z"), laid("2028-03-30"),
    )  # fmt: skip
    yield case(
        "laid on the last day", IN_FORCE, "2028-05-01", S.PROCEEDINGS,
        *failed("z", "2027-03-30", "2027-04-08"), refer("2027-04-09", "z"), laid("2028-03-31"),
    )  # fmt: skip
    yield case(
        "laid after the order: it is over", IN_FORCE, "2028-05-01", S.OVER,
        *failed("z", "2027-03-30", "2027-04-08"), refer("2027-04-09", "z"), laid("2028-04-01"),
        orders=(CO,),
    )  # fmt: skip
    yield case(
        "laid after the supervision: it is over", IN_FORCE, "2028-05-01", S.SUPERVISION_OVER,
        *failed("z", "2027-03-30", "2027-04-08"), refer("2027-04-09", "z"), laid("2028-04-01"),
        orders=(SSO,),
    )  # fmt: skip
    yield case(
        "decided and overturned while it is before the court: probation's to take back", PARA_7,
        "2026-09-05", S.PROCEEDINGS, *second, refer("2026-08-13", "b"), laid("2026-08-28"),
        yes("b", "2026-09-02"), live=("w",),
    )  # fmt: skip
    yield case(
        "a third failure while the second is before the court", PARA_6_2, "2026-09-20",
        S.PROCEEDINGS, *second, refer("2026-08-13", "b"), laid("2026-08-28"),
        *failed("c", "2026-09-07", "2026-09-15"), live=("w",), must=("c",),
    )  # fmt: skip


def ends() -> Iterator[Scenario]:
    """The end of an order, and changes of it."""
    yield case("the last day of the order", IN_FORCE, "2028-03-31", S.IN_FORCE)
    yield case("the day after a community order", IN_FORCE, "2028-04-01", S.OVER, orders=(CO,))
    yield case("after supervision the sentence is still suspended", IN_FORCE, "2028-04-01",
               S.SUPERVISION_OVER, orders=(SSO,))  # fmt: skip
    yield case("the last day of the operational period", IN_FORCE, "2029-03-31",
               S.SUPERVISION_OVER, orders=(SSO,))  # fmt: skip
    yield case("after the operational period", IN_FORCE, "2029-04-01", S.OVER, orders=(SSO,))
    yield case("after the end nothing must be referred", IN_FORCE, "2028-04-01", S.OVER,
               *failed("a", "2027-03-01", "2027-03-10"), warn("w", "2027-03-11", "a"),
               *failed("b", "2027-03-20", "2027-03-28"), orders=(CO,))  # fmt: skip
    yield case("a miss that still waits when the order is over", IN_FORCE, "2028-04-01", S.OVER,
               miss("a", "2027-03-30"), wait=("a",), orders=(CO,))  # fmt: skip
    yield case("ended early: over that day", EARLY, "2026-09-01", S.OVER,
               ended("2026-09-01", EndedBy.EARLY))  # fmt: skip
    yield case("the day before it ends early", EARLY, "2026-08-31", S.IN_FORCE,
               ended("2026-09-01", EndedBy.EARLY))  # fmt: skip
    yield case("missed on the day it ends early", EARLY, "2026-09-02", S.OVER,
               miss("a", "2026-09-01"), ended("2026-09-01", EndedBy.EARLY))  # fmt: skip
    yield case("revoked", COURT, "2026-09-01", S.OVER, ended("2026-09-01", EndedBy.REVOKED))
    yield case("he died", IN_FORCE, "2026-09-01", S.OVER, *ONE, FIRST, *TWO,
               ended("2026-08-20", EndedBy.DIED))  # fmt: skip
    for order in BOTH:
        yield case("the court lengthened the requirement", PERIOD, "2027-05-02", S.TO_DECIDE,
                   terms(order), terms(order, on="2027-03-01", last="2027-06-30"),
                   miss("a", "2027-05-01"), wait=("a",), orders=(order,),
                   own_terms=True)  # fmt: skip
        yield case("the court shortened it", PERIOD, "2026-11-02", S.IN_FORCE,
                   terms(order), terms(order, on="2026-09-15", last="2026-10-31"),
                   miss("a", "2026-11-01"), orders=(order,), own_terms=True)  # fmt: skip
        yield case("missed before it was shortened", PERIOD, "2026-11-02", S.TO_DECIDE,
                   terms(order), terms(order, on="2026-09-15", last="2026-08-31"),
                   miss("a", "2026-09-10"), wait=("a",), orders=(order,),
                   own_terms=True)  # fmt: skip
    yield case("a community order extended past its end", "Sch 10 para 20", "2028-05-01",
               S.IN_FORCE, terms(CO), terms(CO, on="2028-03-01", end="2028-09-30"),
               orders=(CO,), own_terms=True)  # fmt: skip
    yield case("a breach proved, the supervision extended", "Sch 16 para 13(1)(d)",
               "2028-05-01", S.IN_FORCE, terms(SSO),
               terms(SSO, on="2027-02-01", end="2028-09-30"),
               court("2027-02-01", Outcome.CONTINUES), orders=(SSO,), own_terms=True)  # fmt: skip


def switched() -> Iterator[Scenario]:
    """Each reading where it bites: the other way."""
    rar = warn("o", "2026-05-12", requirement="Curfew")
    anniversary = (rar, miss("b", "2027-03-01"), no("b", "2027-05-12"))
    yield case("SSO: the day before", "Sch 16 para 6(4)(c)", "2027-05-12", S.TO_ACT,
               *anniversary, act=("b",), orders=(SSO,),
               readings=Readings(suspended_window=SuspendedWindow.DAY_BEFORE))  # fmt: skip
    yield case("CO: still inside on the anniversary", "Sch 10 para 6(2)", "2027-05-12",
               S.MUST_REFER, *anniversary, live=("o",), must=("b",), orders=(CO,),
               readings=Readings(
                   community_anniversary=CommunityAnniversary.STILL_INSIDE))  # fmt: skip
    failure = Readings(tested_when=TestedWhen.FAILURE)
    yield case("tested on the failure: before the warning", PARA_6_2, "2026-06-20", S.TO_ACT,
               *ONE, FIRST, miss("b", "2026-06-03"), no("b", "2026-06-18"), live=("w",),
               act=("b",), readings=failure)  # fmt: skip
    yield case("tested on the failure: decided after it lapsed", PARA_6_2, "2027-06-20",
               S.MUST_REFER, RAR, miss("b", "2027-03-01"), no("b", "2027-06-15"), must=("b",),
               readings=failure)  # fmt: skip
    overturned = (*ONE, FIRST, yes("a", "2026-07-01"), *TWO)
    yield case("the warning of an overturned decision stays", PARA_6, "2026-08-13",
               S.MUST_REFER, *overturned, live=("w",), must=("b",))  # fmt: skip
    yield case("it falls with it", PARA_6, "2026-08-13", S.TO_ACT, *overturned, act=("b",),
               readings=Readings(warning_of_overturned=WarningOfOverturned.FALLS))  # fmt: skip
    taken_back = (*ONE, FIRST, *TWO, yes("b", "2026-09-01"))
    yield case("the duty falls with the decision", PARA_6_2, "2026-09-02", S.WARNED,
               *taken_back, live=("w",))  # fmt: skip
    yield case("the duty survives the decision", PARA_6_2, "2026-09-02", S.MUST_REFER,
               *taken_back, live=("w",), must=("b",),
               readings=Readings(duty_of_overturned=DutyOfOverturned.SURVIVES))  # fmt: skip
    yield case("counts restart after a proved breach", COURT, "2026-12-01", S.TO_ACT,
               *ONE, FIRST, *TWO, refer("2026-08-13", "b"), laid("2026-08-28"),
               court("2026-10-01", Outcome.CONTINUES), *failed("c", "2026-11-02", "2026-11-20"),
               act=("c",), readings=Readings(after_proved=AfterProved.RESTART))  # fmt: skip
    posted = warn("o", "2026-06-11", requirement="Curfew", posted_on="2026-06-09",
                  delivered_on="2026-06-15")  # fmt: skip
    between = (posted, miss("b", "2026-06-01"), no("b", "2026-06-10"))
    after = (posted, miss("b", "2026-06-01"), no("b", "2026-06-13"))
    yield case("decided between posting and record: recorded", PARA_6_2, "2026-06-20", S.TO_ACT,
               *between, live=("o",), act=("b",))  # fmt: skip
    yield case("decided between posting and record: posted", PARA_6_2, "2026-06-20",
               S.MUST_REFER, *between, live=("o",), must=("b",),
               readings=Readings(warning_day=WarningDay.POSTED))  # fmt: skip
    yield case("decided between record and delivery: recorded", PARA_6_2, "2026-06-20",
               S.MUST_REFER, *after, live=("o",), must=("b",))  # fmt: skip
    yield case("decided between record and delivery: delivered", PARA_6_2, "2026-06-20",
               S.TO_ACT, *after, live=("o",), act=("b",),
               readings=Readings(warning_day=WarningDay.DELIVERED))  # fmt: skip
    oral = (warn("o", "2026-06-11", requirement="Curfew", oral=True), *TWO)
    yield case("by word of mouth: counts", PARA_6_4, "2026-08-13", S.MUST_REFER, *oral,
               live=("o",), must=("b",))  # fmt: skip
    yield case("by word of mouth: does not", PARA_6_4, "2026-08-13", S.TO_ACT, *oral, act=("b",),
               readings=Readings(oral_warning=OralWarning.DOES_NOT))  # fmt: skip
    for order, other in ((CO, OrderKind.SUSPENDED), (SSO, OrderKind.COMMUNITY)):
        worded = (warn("o", "2026-06-11", requirement="Curfew", worded_as=other), *TWO)
        yield case("worded for the other order: counts", PARA_6_4, "2026-08-13", S.MUST_REFER,
                   *worded, live=("o",), must=("b",), orders=(order,))  # fmt: skip
        yield case("worded for the other order: does not", PARA_6_4, "2026-08-13", S.TO_ACT,
                   *worded, act=("b",), orders=(order,),
                   readings=Readings(other_wording=OtherWording.DOES_NOT))  # fmt: skip
    yield case("his cancellation never counts", PARA_6_1, "2026-06-12", S.IN_FORCE,
               session("a", "2026-06-01", H.HE_CANCELLED), no("a", "2026-06-10"),
               readings=Readings(his_cancellation=HisCancellation.NEVER_COUNTS))  # fmt: skip
    called = (miss("a", "2026-06-01"), decided("a", "2026-06-10", Opinion.UNACCEPTABLE))
    yield case("unacceptable, excuse unanswered: does not count", PARA_6_1, "2026-06-12",
               S.TO_DECIDE, *called, wait=("a",))  # fmt: skip
    yield case("unacceptable, excuse unanswered: counts", PARA_6_1, "2026-06-12", S.TO_ACT,
               *called, act=("a",), readings=Readings(unanswered=Unanswered.COUNTS))  # fmt: skip
    yield case("proceedings from the referral", PARA_7, "2026-06-12", S.PROCEEDINGS, *ONE,
               refer("2026-06-11", "a"),
               readings=Readings(proceedings_from=ProceedingsFrom.REFERRAL))  # fmt: skip
    yield case("SSO after its supervision is called over", IN_FORCE, "2028-04-01", S.OVER,
               orders=(SSO,),
               readings=Readings(after_supervision=AfterSupervision.OVER))  # fmt: skip
    yield case("in force on the day it ends early", EARLY, "2026-09-01", S.TO_DECIDE,
               miss("a", "2026-09-01"), ended("2026-09-01", EndedBy.EARLY), wait=("a",),
               readings=Readings(early_end_day=EarlyEndDay.IN_FORCE))  # fmt: skip


PARTS = (plain, notices, decisions, warnings, windows, proceedings, ends, switched)
SCENARIOS = [(one, order) for part in PARTS for one in part() for order in one.orders]
