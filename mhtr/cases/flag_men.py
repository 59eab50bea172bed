"""Is a man on record the one whom a "must not meet" names as somebody typed him?

It is asked where one trust has both for good: when he is referred, when his case moves there, when
his name changes, when two records become one, and when the warning is raised. Until somebody says
so both records show the warning, each in its own words. A no is remembered and not asked again
unless somebody takes it back.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from mhtr.cases import flag_owners, listeners
from mhtr.cases.link_queries import trusts_of
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.people import listeners as people_listeners
from mhtr.people.matching import PersonSketch, fits_name
from mhtr.people.models import Flag, FlagKind, FlagQuestion, MatchKey, Person
from mhtr.people.putting import name_of_line
from mhtr.people.queries import live_id, record_ids, sketch_of
from mhtr.people.same_man import records_of_man
from mhtr.people.search_keys import BEGINNING, search_keys
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import TaskKind, TaskState

YES, NO, WITHDRAWN = "yes", "no", "withdrawn"
TITLE = "Is a man on record the one he must not meet?"
_TYPED = (
    select(Flag)
    .where(
        Flag.kind == FlagKind.MUST_NOT_MEET,
        Flag.ended_at.is_(None),
        Flag.other_person_id.is_(None),
    )
    .order_by(Flag.id)
)


def look(person_id: int, *, by: int | None) -> None:
    """Compare a man with the names that warnings give, and the names on his own with other men."""
    must_be_writing()
    db.session.flush()
    person_id = live_id(person_id)
    own, trusts = record_ids(person_id), _trusts(person_id)
    sketches = _sketches(person_id)
    _withdraw_unfit(own, sketches, by)
    if not trusts:
        return
    for flag in db.session.scalars(_TYPED).all():
        if flag.person_id in own:
            look_for(flag, by=by)
        elif _fits(flag, sketches) and trusts & _trusts(live_id(flag.person_id)):
            _ask(flag, person_id, by)


def look_for(flag: Flag, *, by: int | None, not_these: Collection[int] = ()) -> None:
    """Ask about every man on record whom a warning may name.

    Args:
        not_these: of whom whoever raised it has said that they are others.
    """
    must_be_writing()
    if not flag.other_name or flag.other_person_id is not None:
        return
    for person_id in not_these:
        _answer(_question(flag, person_id), NO, by)
    his = live_id(flag.person_id)
    trusts = _trusts(his)
    for person_id in sorted(set(map(live_id, _with_such_a_name(flag))) - records_of_man(his)):
        if _fits(flag, _sketches(person_id)) and trusts & _trusts(person_id):
            _ask(flag, person_id, by)


def answer(*, question_id: int, same: bool, by: int) -> Flag:
    """Say whether he is the man. A yes puts the warning on both records; a no is remembered.

    Raises:
        Refused: it was answered meanwhile, the warning has ended, or both are one record by now.
    """
    must_be_writing()
    query = select(FlagQuestion).where(FlagQuestion.id == question_id)
    question = db.session.scalars(query.with_for_update(of=FlagQuestion)).one()
    flag = db.session.scalars(
        select(Flag).where(Flag.id == question.flag_id).with_for_update(of=Flag)
    ).one()
    if question.answered_at is not None or flag.ended_at is not None:
        raise Refused("Somebody has answered this meanwhile, or the warning has ended.")
    person_id = live_id(question.person_id)
    if same and person_id in records_of_man(flag.person_id):
        raise Refused("This is his own record.")
    _answer(question, YES if same else NO, by)
    if same:
        flag.other_person_id = person_id
        withdraw(flag, by=by)
    return flag


def take_back(*, question_id: int, by: int) -> None:
    """Somebody who said that he is another man is not sure any more: it is asked again.

    Raises:
        Refused: it was no "no", the warning has ended or names somebody, or both are one record.
    """
    must_be_writing()
    query = select(FlagQuestion).where(FlagQuestion.id == question_id)
    question = db.session.scalars(query.with_for_update(of=FlagQuestion)).one()
    flag = db.session.get_one(Flag, question.flag_id)
    person_id = live_id(question.person_id)
    known = flag.ended_at is not None or flag.other_person_id is not None
    if question.answer != NO or known or person_id == live_id(flag.person_id):
        raise Refused("This is not asked again: it was answered in another way since, or ended.")
    audit.record("people.flag_man_taken_back", by=by, flag=flag.id, person=person_id)
    _open(question, flag, person_id, by)


def withdraw(flag: Flag, *, by: int | None) -> None:
    """Ask no more about a warning: it has ended, or it is known who the man is."""
    for question in _waiting(FlagQuestion.flag_id == flag.id):
        _answer(question, WITHDRAWN, by)


def _ask(flag: Flag, person_id: int, by: int | None) -> None:
    asked = select(FlagQuestion).where(
        FlagQuestion.flag_id == flag.id, FlagQuestion.person_id.in_(record_ids(person_id))
    )
    if any(row.answer != WITHDRAWN for row in db.session.scalars(asked)):
        return
    _open(_question(flag, person_id), flag, person_id, by)


def _open(question: FlagQuestion, flag: Flag, person_id: int, by: int | None) -> None:
    question.answer = question.answered_at = question.answered_by = None
    staff, case = flag_owners.who_answers(flag, person_id)
    audit.record("people.flag_man_asked", by=by, case_id=case.id, flag=flag.id, person=person_id)
    key, due_at = flag_owners.question_key(question.id), _due()
    done = tasks.with_key(key, TaskState.DONE)
    if done is not None:
        tasks.take_up_again(done, due_at=due_at, by=by)
        tasks.hand_over(done, to_principal_id=staff.principal_id, to_staff_id=staff.id, by=by)
        return
    tasks.open_task(
        TaskKind.FLAG_MAN,
        key=key,
        title=TITLE,
        owner_principal_id=staff.principal_id,
        owner_staff_id=staff.id,
        due_at=due_at,
        by=by,
        case_id=case.id,
        endpoint="people.flags",
        subject_ref=case.ref,
    )


def _due() -> datetime:
    return end_of_day(working_calendar().add(clock.today(), 1))


def _question(flag: Flag, person_id: int) -> FlagQuestion:
    wanted = select(FlagQuestion).where(
        FlagQuestion.flag_id == flag.id, FlagQuestion.person_id == person_id
    )
    question = db.session.scalars(wanted).one_or_none()
    if question is None:
        question = FlagQuestion(flag_id=flag.id, person_id=person_id)
        db.session.add(question)
        db.session.flush()
    return question


def _answer(question: FlagQuestion, said: str, by: int | None) -> None:
    question.answer, question.answered_at, question.answered_by = said, clock.now(), by
    db.session.flush()
    task = flag_owners.question_task(question)
    if task is not None and said == WITHDRAWN:
        tasks.withdraw(task, by=by, because="people.flag_man")
    elif task is not None:
        tasks.finish(task, by=by)
    audit.record("people.flag_man_answered", by=by, flag=question.flag_id, answer=said)


def _withdraw_unfit(own: Sequence[int], sketches: list[PersonSketch], by: int | None) -> None:
    """What a name that was put right had raised; and what is about himself by now."""
    for question in _waiting(FlagQuestion.person_id.in_(own)):
        flag = db.session.get_one(Flag, question.flag_id)
        if flag.ended_at is not None or flag.person_id in own or not _fits(flag, sketches):
            _answer(question, WITHDRAWN, by)


def _waiting(whose: ColumnElement[bool]) -> Sequence[FlagQuestion]:
    query = select(FlagQuestion).where(FlagQuestion.answered_at.is_(None), whose)
    return db.session.scalars(query.order_by(FlagQuestion.id)).all()


def _fits(flag: Flag, sketches: list[PersonSketch]) -> bool:
    typed = name_of_line(flag.other_name or "")
    return any(fits_name(typed, sketch) for sketch in sketches)


def _with_such_a_name(flag: Flag) -> Sequence[int]:
    """Records with a word of a name that begins as one of the typed name."""
    keys = search_keys([name_of_line(flag.other_name or "")])
    shared = MatchKey.key.in_({key for key in keys if key.startswith(BEGINNING)} or keys)
    return db.session.scalars(select(MatchKey.person_id).where(shared).distinct()).all()


def _sketches(person_id: int) -> list[PersonSketch]:
    rows = db.session.scalars(select(Person).where(Person.id.in_(record_ids(person_id))))
    return [sketch_of(row) for row in rows]


def _trusts(person_id: int) -> set[int]:
    return {trust.id for trust in trusts_of(person_id)}


def _renamed(person_id: int, by: int | None) -> None:
    look(person_id, by=by)


def _moved(case_id: int, by: int | None) -> None:
    look(db.session.get_one(Case, case_id).person_id, by=by)


people_listeners.named_anew.append(_renamed)
listeners.case_moved.append(_moved)
