"""Men given to another officer, many at once: all or none, and what follows for each."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance import decision_service
from mhtr.compliance.attendance import Happened
from mhtr.compliance.decision_queries import decisions_on
from mhtr.compliance.decision_service import Seen
from mhtr.core import clock
from mhtr.core.access import Exclusion, Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.orders.models import ProbationContact
from mhtr.orders.order_tasks import CONTACT
from mhtr.orders.queries import contact_of, contacts_of
from mhtr.orders.reassign_service import Asked, NotAll, reassign
from tests.compliance.test_decisions import EXCUSED
from tests.makers import make_staff
from tests.orders.makers import order_of
from tests.orders.test_cover import colleague, plan, sees
from tests.probation.test_people import another
from tests.sessions.seen import Treated, tell, treated
from tests.suitability.requesting import told

BECAUSE = "He has too many men"


def asked(*men: Treated) -> list[Asked]:
    found = []
    for man in men:
        kept = contact_of(man.world.case.id)
        found.append(Asked(man.world.case.id, kept.id if kept else 0))
    return found


def give(men: list[Asked], to: Staff, by: Staff, why: str = BECAUSE) -> list[ProbationContact]:
    to_id, by_id = to.id, by.id
    with writing():
        return reassign(men=men, to_id=to_id, why=why, by=by_id)


def officer_of(man: Treated) -> int | None:
    kept = contact_of(man.world.case.id)
    return kept.staff_id if kept else None


def two() -> tuple[Treated, Treated, Staff]:
    man = treated()
    return man, another(man), colleague(man)


def test_each_is_the_new_officers_at_once_and_the_old_one_loses_him(either_app: Flask) -> None:
    man, abel, cleo = two()
    give(asked(man, abel), cleo, man.world.senior)
    for one in (man, abel):
        assert sees(cleo, one) and not sees(man.world.officer, one)
        assert sees(man.world.senior, one)
        now, before = contacts_of(one.world.case.id)
        assert (now.why, now.by_id, before.why) == (BECAUSE, man.world.senior.id, None)
        assert before.ended_at is not None
    assert CONTACT in told(man.therapist)
    assert [text for text in told(cleo) if text.startswith("2 men")]
    assert [text for text in told(man.world.officer) if text.startswith("2 men of yours")]
    assert len(told(cleo)) == 1


def test_where_one_cannot_be_given_nobody_is_and_each_is_named(either_app: Flask) -> None:
    man, abel, cleo = two()
    cleo_id, abel_id = cleo.id, abel.world.case.id
    with writing():
        db.session.add(
            Exclusion(
                case_id=abel_id,
                principal_id=db.session.get_one(Staff, cleo_id).principal_id,
                because="Family",
                starts_at=clock.now(),
            )
        )
    with pytest.raises(NotAll) as found:
        give(asked(man, abel), cleo, man.world.senior)
    assert [one.case_id for one in found.value.faults] == [abel_id]
    assert officer_of(man) == officer_of(abel) == man.world.officer.id
    give(asked(man), cleo, man.world.senior)
    assert officer_of(man) == cleo.id


def test_two_seniors_at_once_leave_one_and_the_second_is_told(either_app: Flask) -> None:
    man, abel, cleo = two()
    other = colleague(man)
    both = asked(man, abel)
    give(asked(abel), other, man.world.senior)
    with pytest.raises(NotAll) as found:
        give(both, cleo, man.world.senior)
    assert [one.case_id for one in found.value.faults] == [abel.world.case.id]
    assert "meanwhile" in found.value.faults[0].words
    assert (officer_of(abel), officer_of(man)) == (other.id, man.world.officer.id)


def test_who_lost_him_meanwhile_decides_nothing_any_more(either_app: Flask) -> None:
    man, _, cleo = two()
    order_of(man.world)
    tell(man.place, man.therapist, Happened.DID_NOT_COME)
    give(asked(man), cleo, man.world.senior)
    case_id, subject, by = man.world.case.id, man.place.ref, man.world.officer.id
    with pytest.raises(NotFound), writing():
        decision_service.decide(
            case_id=case_id, subject=subject, decision=EXCUSED, seen=Seen(1, 0), by=by
        )
    assert decisions_on(subject) == []


def test_cover_follows_the_new_officer(app: Flask) -> None:
    man, _, cleo = two()
    covers = colleague(man)
    plan(man, covers)
    give(asked(man), cleo, man.world.senior)
    assert not sees(covers, man)


@pytest.mark.parametrize("who", ["officer", "colleague", "therapist", "senior elsewhere"])
def test_only_a_senior_of_the_unit_gives_men_away(app: Flask, who: str) -> None:
    man, _, cleo = two()
    by = {
        "officer": man.world.officer,
        "colleague": cleo,
        "therapist": man.therapist,
        "senior elsewhere": make_staff(Role.SENIOR_PROBATION),
    }[who]
    with pytest.raises(Refused):
        give(asked(man), cleo, by)
    assert officer_of(man) == man.world.officer.id


def test_a_senior_elsewhere_takes_no_man_of_another_unit(app: Flask) -> None:
    man, _, _ = two()
    senior = make_staff(Role.SENIOR_PROBATION)
    own = make_staff(Role.PROBATION, organisation=senior.organisation)
    with pytest.raises(NotAll):
        give(asked(man), own, senior)


@pytest.mark.parametrize(
    ("field", "change"),
    [("why", "no reason"), ("men", "nobody"), ("men", "twice"), ("to", "other unit")],
)
def test_what_is_missing_is_said(app: Flask, field: str, change: str) -> None:
    man, _, cleo = two()
    men = {"nobody": [], "twice": asked(man, man)}.get(change, asked(man))
    to = make_staff(Role.PROBATION) if change == "other unit" else cleo
    with pytest.raises(CannotBe) as found:
        give(men, to, man.world.senior, why=" " if change == "no reason" else BECAUSE)
    assert [name for name, _ in found.value.problems] == [field]


def test_a_restricted_record_stays_where_it_is(app: Flask) -> None:
    man, _, cleo = two()
    case_id = man.world.case.id
    with writing():
        db.session.get_one(Case, case_id).restricted = True
    with pytest.raises(NotAll):
        give(asked(man), cleo, man.world.senior)


def test_forty_men_are_given_in_one_go(app: Flask) -> None:
    man = treated()
    men = [man, *(another(man, f"Abel{number}") for number in range(39))]
    cleo = colleague(man)
    assert len(give(asked(*men), cleo, man.world.senior)) == 40
    held = select(ProbationContact.staff_id).where(ProbationContact.ended_at.is_(None))
    assert set(db.session.scalars(held)) == {cleo.id}
    assert len(told(cleo)) == 1
