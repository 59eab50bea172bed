"""A course ends before its planned sessions were held: probation hears that it did, and no why.

If that was not so, and it goes on, it hears that too. What it means is for probation to say.
"""

from mhtr.cases import service as cases
from mhtr.core.transaction import must_be_writing
from mhtr.ending.queries import finished_now
from mhtr.orders import telling, unit_news
from mhtr.orders.news_kinds import News
from sessions.courses import listeners
from sessions.courses.kinds import CourseChangeKind, CourseEnd
from sessions.courses.models import Course
from sessions.courses.queries import changes_of

READ_THERE = "probation.treatment_end"
ENDED = "The course of a man of yours ended before all its planned sessions were held."
GOES_ON = "The course of a man of yours that was recorded as ended goes on."


def notice_key(course: Course) -> str:
    """Which notice tells of this end, or that it goes on: each change of a course is one."""
    return f"early_end:{course.id}:{course.version}"


def _changed(course: Course, kind: CourseChangeKind, by: int | None) -> None:
    """A course was changed: if it ended early, or goes on after that, probation is told once."""
    must_be_writing()
    if kind is CourseChangeKind.ENDED and course.ended_how is CourseEnd.EARLY:
        if finished_now(course) is None:
            _tell(course, ENDED, News.EARLY, by)
    elif kind is CourseChangeKind.REOPENED and _was_early(changes_of(course.id)[0].before):
        _tell(course, GOES_ON, News.NOT_EARLY, by)


def _was_early(before: object) -> bool:
    return isinstance(before, dict) and before.get("ended_how") == CourseEnd.EARLY.value


def _tell(course: Course, text: str, news: News, by: int | None) -> None:
    case = cases.lock(course.case_id)
    telling.tell_officers(case, key=notice_key(course), text=text, endpoint=READ_THERE)
    unit_news.tell_unit(case, news, by=by, about=f"{course.id}-{course.version}")


listeners.changed.append(_changed)
