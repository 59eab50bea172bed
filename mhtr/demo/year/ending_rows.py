"""What is written when the planned sessions of a man are finished, and answered about.

As `ending.finish_service.follow` and `ending.question_service.answer` write it; see `writer`.
"""

from datetime import datetime

from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.core import clock
from mhtr.demo.year.attendance_rows import finish
from mhtr.demo.year.person import Held, Person
from mhtr.demo.year.rows import Rows
from mhtr.discharge.follow import NOT_WANTED, WRITE, WRITE_WITHIN
from mhtr.discharge.follow import PAGE as LETTERS
from mhtr.ending.early_end import ENDED
from mhtr.ending.finish_rules import FurtherAnswer, How
from mhtr.ending.finish_service import ANSWER_WITHIN, PAGE, TITLE
from mhtr.ending.finish_telling import FINISHED, READ_THERE
from mhtr.ending.models import FurtherTreatment, SessionsFinished
from mhtr.ending.practitioner_rules import Basis
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState


def follow(rows: Rows, man: Person, at: datetime, held: Held) -> None:
    """A session was recorded: nothing here makes one that was held into one that was not."""
    if held.records[-1]["happened"] not in TOOK_PLACE or not held.place["required"]:
        return
    part: int | None = held.part["id"]
    repeats = {one["id"]: one["repeats_id"] for one in man.parts}
    while part is not None and part not in man.done:
        man.done[part] = held.records[-1]["on"]
        part = repeats.get(part)
    required = [one["id"] for one in man.parts if one["required"]]
    if man.finished is None and all(key in man.done for key in required):
        _finished(rows, man, at)


def _finished(rows: Rows, man: Person, at: datetime) -> None:
    made = man.finished = rows.add(
        SessionsFinished,
        case_id=man.case_id,
        course_id=man.course_id,
        number=1,
        how=How.HELD,
        on=max(man.done.values()),
        why=None,
        by_id=man.by,
        created_at=at,
    )
    rows.note(at, "ending.sessions_finished", by=man.by, case_id=man.case_id, finished=made["id"])
    if man.officer is not None:
        rows.add(
            Notice,
            principal_id=man.officer[1],
            key=f"finished:{made['id']}",
            text=FINISHED,
            case_id=man.case_id,
            endpoint=READ_THERE,
            subject_ref=str(man.case_ref),
            created_at=at,
        )
    _to_write(rows, man, at)
    if man.within[1] >= at.astimezone(clock.LONDON).date() and man.author is not None:
        _asked(rows, man, at, made["id"], man.author)


def _asked(rows: Rows, man: Person, at: datetime, finished: int, author: tuple[int, int]) -> None:
    today = at.astimezone(clock.LONDON).date()
    key = f"{TaskKind.FURTHER_TREATMENT.value}:{finished}"
    man.tasks[key] = rows.add(
        Task,
        kind=TaskKind.FURTHER_TREATMENT,
        key=key,
        title=TITLE,
        owner_principal_id=author[1],
        owner_staff_id=author[0],
        owner_since=at,
        due_at=end_of_day(working_calendar().add(today, ANSWER_WITHIN)),
        case_id=man.case_id,
        endpoint=PAGE,
        subject_ref=str(man.case_ref),
        created_at=at,
    )
    said = {"kind": TaskKind.FURTHER_TREATMENT.value, "task": man.tasks[key]["id"]}
    rows.note(at, "tasks.opened", by=man.by, case_id=man.case_id, **said)


def _to_write(rows: Rows, man: Person, at: datetime) -> None:
    """As `discharge.follow`: his therapist is asked for the summary, once."""
    key = _summary(man)
    if key in man.tasks or not man.begun:
        return
    man.tasks[key] = rows.add(
        Task,
        kind=TaskKind.LETTER,
        key=key,
        title=WRITE,
        owner_principal_id=man.principal,
        owner_staff_id=man.by,
        owner_since=at,
        due_at=end_of_day(working_calendar().add(at.astimezone(clock.LONDON).date(), WRITE_WITHIN)),
        case_id=man.case_id,
        endpoint=LETTERS,
        subject_ref=str(man.case_ref),
        created_at=at,
    )
    said = {"kind": TaskKind.LETTER.value, "task": man.tasks[key]["id"]}
    rows.note(at, "tasks.opened", by=man.by, case_id=man.case_id, **said)


def discharged(rows: Rows, man: Person, at: datetime) -> None:
    """No summary is asked for any more."""
    task = man.tasks.get(_summary(man))
    if task is None:
        return
    task |= {"state": TaskState.WITHDRAWN, "finished_at": at, "finished_by": man.by}
    said = {"task": task["id"], "because": NOT_WANTED}
    rows.note(at, "tasks.withdrawn", by=man.by, case_id=man.case_id, **said)


def _summary(man: Person) -> str:
    return f"{TaskKind.LETTER.value}:{man.case_id}:summary"


def ended_early(rows: Rows, man: Person, at: datetime) -> None:
    """His officer is told that his course ended before its planned sessions were held."""
    _to_write(rows, man, at)
    if man.officer is not None and man.finished is None:
        rows.add(
            Notice,
            principal_id=man.officer[1],
            key=f"early_end:{man.course_id}:{man.version}",
            text=ENDED,
            case_id=man.case_id,
            endpoint=READ_THERE,
            subject_ref=str(man.case_ref),
            created_at=at,
        )


def is_asked(man: Person) -> bool:
    """Whether it waits to be said that no further treatment is required."""
    task = man.tasks.get(_key(man))
    return task is not None and task["state"] is TaskState.OPEN


def answer(rows: Rows, man: Person, at: datetime) -> None:
    """Whom the order names gave the written report outside the program."""
    if man.finished is None or man.author is None:
        raise ValueError("nothing is asked of him")
    made = rows.add(
        FurtherTreatment,
        case_id=man.case_id,
        finished_id=man.finished["id"],
        number=1,
        answer=FurtherAnswer.REPORTED,
        why=None,
        reported_on=at.astimezone(clock.LONDON).date(),
        basis=Basis.NAMED,
        registration=man.registration,
        by_id=man.author[0],
        created_at=at,
    )
    by = man.author[0]
    rows.note(at, "ending.further_answered", by=by, case_id=man.case_id, further=made["id"])
    finish(rows, man, at, man.tasks[_key(man)], by=by)


def _key(man: Person) -> str:
    return f"{TaskKind.FURTHER_TREATMENT.value}:{man.finished['id'] if man.finished else 0}"
