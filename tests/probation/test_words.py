"""Probation tells the service, which receives it and acts on it: who may, and what follows."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.transaction import writing
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.models import Flag, FlagKind, Person
from mhtr.people.rules import Accepts
from mhtr.people.sections import Section
from mhtr.people.values import mark, values_of
from mhtr.probation import word_acts, word_service, word_tasks
from mhtr.probation.word_acts import Warn
from mhtr.probation.word_models import ProbationWord
from mhtr.probation.word_queries import Word, word_of, words_of
from mhtr.probation.word_rules import Said, Source, State, Subject
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice, Task, TaskKind
from sessions.availability.kinds import CannotReason, SiteKind
from sessions.availability.models import PlaceBarred, Site, TimeHeCannot
from tests.compliance.test_decisions import under_order
from tests.makers import make_staff
from tests.sessions.seen import Treated
from tests.suitability.browsing import as_

K = TaskKind


def said(subject: Subject, *, urgent: bool = False) -> Said:
    words = Said(
        subject,
        Source.COURT,
        urgent,
        fact="Kyle Brandt",
        why="A condition of the court",
        postcode="N1 9GU" if subject is Subject.ADDRESS else "",
    )
    if subject is not Subject.REQUIREMENT:
        return words
    today = clock.today()
    return replace(words, weekday=2, starts=time(9), ends=time(16), first_day=today)


LONG = ("As probation wrote it. " * 50).strip()


def told(
    man: Treated,
    subject: Subject,
    *,
    urgent: bool = False,
    why: str = "A condition of the court",
    by: Staff | None = None,
) -> Word:
    case_id, who = man.case.id, (by or man.world.officer).id
    words = replace(said(subject, urgent=urgent), why=why)
    with writing():
        row = word_service.tell(case_id=case_id, said=words, by=who)
    return find(man, row)


def find(man: Treated, row: ProbationWord) -> Word:
    found = word_of(man.case.id, row.ref)
    assert found is not None
    return found


def task_of(man: Treated) -> Task:
    (task,) = tasks.open_tasks(man.case.id, *word_tasks.KINDS)
    return task


def notices(staff: Staff) -> list[str]:
    return list(
        db.session.scalars(select(Notice.text).where(Notice.principal_id == staff.principal_id))
    )


def receive(man: Treated, word: Word, by: Staff) -> None:
    case_id, ref, who = man.case.id, word.row.ref, by.id
    with writing():
        word_service.receive(case_id=case_id, ref=ref, by=who)


def warned(man: Treated, word: Word, by: Staff, reason: str = "Mine") -> None:
    case_id, ref, who = man.case.id, word.row.ref, by.id
    review = clock.today() + timedelta(days=30)
    warn = Warn("Kyle Brandt", reason, man.therapist.id, review)
    with writing():
        word_acts.warn(case_id=case_id, ref=ref, said=warn, by=who)


@pytest.mark.parametrize("subject", [*Subject])
def test_somebody_by_name_has_a_task_before_it_is_acknowledged(
    either_app: Flask, subject: Subject
) -> None:
    man = under_order()
    word = told(man, subject)
    task = task_of(man)
    clinical = subject in (Subject.RISK, Subject.STAFF_SAFETY)
    assert task.kind is (K.WORD_CLINICAL if clinical else K.WORD_OFFICE)
    owner = db.session.get_one(Staff, task.owner_staff_id)
    assert ({row.role for row in owner.roles} == {Role.ADMINISTRATOR}) is not clinical
    assert word.state is State.WAITS and task.title.islower() is False
    for personal in ("Kyle", "condition of the court"):
        assert personal not in task.title


def test_only_who_supervises_him_tells(either_app: Flask) -> None:
    man = under_order()
    stranger = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    with pytest.raises(NotFound):
        told(man, Subject.RISK, by=stranger)
    for staff in (man.therapist, man.world.office):
        with pytest.raises(Refused, match=word_service.PROBATION_ONLY):
            told(man, Subject.RISK, by=staff)
    assert not words_of(man.case.id)


def test_what_is_missing_is_refused_beside_its_field(app: Flask) -> None:
    man = under_order()
    case_id, by = man.case.id, man.world.officer.id
    empty = Said(Subject.NO_CONTACT, Source.COURT, False)
    with writing(), pytest.raises(CannotBe) as wrong:
        word_service.tell(case_id=case_id, said=empty, by=by)
    assert [field for field, _ in wrong.value.problems] == ["fact"]


def test_received_once_and_probation_hears_that_and_no_more(either_app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.RISK, urgent=True)
    for _ in range(2):
        receive(man, word, man.therapist)
    now = find(man, word.row)
    assert now.state is State.RECEIVED and [one.by for one in now.steps] == [man.therapist.name]
    assert task_of(man).acknowledged_by == man.therapist.id
    heard = notices(man.world.officer)
    assert heard.count(word_tasks.RECEIVED) == 1
    assert not any("condition" in text or "Kyle" in text for text in heard)


def test_an_administrator_sees_to_no_risk(either_app: Flask) -> None:
    man = under_order()
    for subject in (Subject.RISK, Subject.STAFF_SAFETY):
        word = told(man, subject)
        for do in (receive, warned):
            with pytest.raises(Refused, match=word_service.CLINICIANS_ONLY):
                do(man, word, man.world.office)
    with pytest.raises(Refused, match=word_service.SERVICE_ONLY):
        receive(man, word, man.world.officer)


def test_a_warning_is_made_of_it_with_its_words(either_app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.STAFF_SAFETY)
    warned(man, word, man.therapist, reason="He threatened an officer")
    flag = db.session.scalars(select(Flag)).one()
    assert (flag.kind, flag.reason) == (FlagKind.STAFF_SAFETY, "He threatened an officer")
    now = find(man, word.row)
    assert now.state is State.CHANGED and now.steps[-1].row.what == "warning"
    assert not tasks.open_tasks(man.case.id, *word_tasks.KINDS)
    assert word_tasks.DONE in notices(man.world.officer)
    with pytest.raises(Stale):
        warned(man, word, man.therapist)
    assert len(db.session.scalars(select(Flag)).all()) == 1


def test_an_administrator_keeps_two_people_apart_and_never_reads_why(either_app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.NO_CONTACT)
    warned(man, word, man.world.office, reason="What an administrator may not write")
    flag = db.session.scalars(select(Flag)).one()
    assert (flag.kind, flag.other_name) == (FlagKind.MUST_NOT_MEET, "Kyle Brandt")
    assert flag.reason == "A condition of the court"  # probation's own, for clinicians


def test_who_cannot_see_him_looks_after_no_warning(either_app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.RISK)
    other = make_staff(Role.ASSESSOR, hcpc=None)
    case_id, ref, by, owner = man.case.id, word.row.ref, man.therapist.id, other.id
    review = clock.today() + timedelta(days=30)
    with pytest.raises(Refused), writing():
        word_acts.warn(case_id=case_id, ref=ref, said=Warn("a", "b", owner, review), by=by)
    assert find(man, word.row).state is State.WAITS


def test_times_of_another_requirement_are_kept_free(either_app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.REQUIREMENT)
    case_id, ref, by = man.case.id, word.row.ref, man.world.office.id
    with writing():
        word_acts.block(
            case_id=case_id, ref=ref, reason=CannotReason.UNPAID_WORK, accepted=(), by=by
        )
    row = db.session.scalars(select(TimeHeCannot)).one()
    assert (row.weekday, row.starts, row.ends) == (2, time(9), time(16))
    assert row.reason is CannotReason.UNPAID_WORK
    assert find(man, word.row).steps[-1].row.what == "time"


def test_a_place_is_barred_with_all_of_the_reason_whoever_bars_it(
    either_app: Flask,
) -> None:
    man = under_order()
    word = told(man, Subject.KEEP_AWAY)
    trust = man.world.office.organisation_id
    with writing():
        site = Site(organisation_id=trust, name="North clinic", kind=SiteKind.CLINIC, address="1 A")
        db.session.add(site)
    case_id, ref, by, site_id = man.case.id, word.row.ref, man.world.office.id, site.id
    therapist = man.therapist.id
    with writing():
        word_acts.bar(case_id=case_id, ref=ref, site_id=site_id, accepted=(), by=by)
    row = db.session.scalars(select(PlaceBarred)).one()
    assert (row.site_id, row.reason) == (site_id, word.row.why) and word.row.why
    page = as_(either_app, man.world.office).page(f"/cases/{man.case.ref}/when-he-can-come")
    assert "North clinic" in page and word.row.why not in page
    ref = told(man, Subject.KEEP_AWAY, why=LONG).row.ref
    with writing():
        db.session.delete(row)
    with writing():
        word_acts.bar(case_id=case_id, ref=ref, site_id=site_id, accepted=(), by=therapist)
    assert db.session.scalars(select(PlaceBarred)).one().reason == LONG  # all of it


def moves(man: Treated, word: Word, seen: str) -> None:
    case_id, ref, by = man.case.id, word.row.ref, man.world.office.id
    with writing():
        word_acts.move_house(
            case_id=case_id, ref=ref, address="9 Fictional Road\nLondon", postcode="N1 9GU",
            seen=seen, settings=Accepts(NhsNumberRange.TEST), by=by,
        )  # fmt: skip


def test_his_address_is_changed_and_two_at_once_are_noticed(either_app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.ADDRESS)
    person_id = man.case.person_id
    with pytest.raises(Stale):
        moves(man, word, "an old mark")
    assert find(man, word.row).state is State.WAITS  # nothing of it is saved
    db.session.rollback()
    moves(man, word, mark(values_of(db.session.get_one(Person, person_id), Section.ADDRESS)))
    person = db.session.get_one(Person, person_id)
    assert person.address and "9 Fictional Road" in person.address
    assert find(man, word.row).state is State.CHANGED


def test_nothing_to_change_asks_why(either_app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.ADDRESS)
    case_id, ref, by = man.case.id, word.row.ref, man.world.office.id
    with pytest.raises(CannotBe, match="Say why"), writing():
        word_service.nothing(case_id=case_id, ref=ref, why=" ", by=by)
    with writing():
        word_service.nothing(case_id=case_id, ref=ref, why="It is on record", by=by)
    assert find(man, word.row).state is State.NOTHING
    with pytest.raises(Stale), writing():
        word_service.nothing(case_id=case_id, ref=ref, why="Again", by=by)


def test_said_anew_the_earlier_holds_no_more(either_app: Flask) -> None:
    man = under_order()
    before = told(man, Subject.NO_CONTACT)
    case_id, ref, by = man.case.id, before.row.ref, man.world.officer.id
    with writing():
        word_service.tell(case_id=case_id, said=said(Subject.NO_CONTACT), by=by, replaces=ref)
    new, old = words_of(case_id)
    assert (old.state, new.state) == (State.REPLACED, State.WAITS)
    assert new.row.replaces_id == old.row.id
    assert task_of(man).subject_ref == str(new.row.ref)
    with pytest.raises(Refused), writing():
        word_service.tell(case_id=case_id, said=said(Subject.NO_CONTACT), by=by, replaces=ref)


def back(man: Treated, word: Word, why: str = "Another man") -> None:
    case_id, ref, by = man.case.id, word.row.ref, man.world.officer.id
    with writing():
        word_service.withdraw(case_id=case_id, ref=ref, why=why, by=by)


def test_taken_back_before_it_was_acted_on_nothing_is_to_do(either_app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.RISK)
    with pytest.raises(CannotBe):
        back(man, word, " ")
    back(man, word)
    assert find(man, word.row).state is State.WITHDRAWN
    assert not tasks.open_tasks(man.case.id, *word_tasks.KINDS)
    with pytest.raises(Stale):
        warned(man, word, man.therapist)
    with pytest.raises(Refused):
        back(man, word)


def test_taken_back_after_it_was_acted_on_somebody_looks_at_that(either_app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.RISK)
    warned(man, word, man.therapist)
    back(man, word)
    assert "took back" in task_of(man).title
    case_id, ref, by = man.case.id, word.row.ref, man.therapist.id
    with writing():
        word_service.looked(case_id=case_id, ref=ref, by=by)
    assert not tasks.open_tasks(case_id, *word_tasks.KINDS)
    with pytest.raises(NotFound), writing():
        word_service.looked(case_id=case_id, ref=ref, by=by)


def test_what_is_urgent_is_passed_on_until_somebody_received_it(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = under_order()
    word = told(man, Subject.NO_CONTACT, urgent=True)
    quiet = told(man, Subject.ADDRESS)
    first = {task.subject_ref: task.owner_staff_id for task in tasks.open_tasks(man.case.id)}
    with writing():
        assert word_tasks.escalate(clock.now()) == 0
    set_clock.advance(minutes=90)
    with writing():
        assert word_tasks.escalate(clock.now()) == 1
        assert word_tasks.escalate(clock.now()) == 0
    held = {task.subject_ref: task.owner_staff_id for task in tasks.open_tasks(man.case.id)}
    assert held[str(quiet.row.ref)] == first[str(quiet.row.ref)]
    to = db.session.get_one(Staff, held[str(word.row.ref)])
    assert to.id != first[str(word.row.ref)] and word_tasks.PASSED_ON in notices(to)
    receive(man, word, to)
    set_clock.advance(minutes=90)
    with writing():
        assert word_tasks.escalate(clock.now()) == 0
