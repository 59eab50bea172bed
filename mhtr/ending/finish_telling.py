"""Probation hears the same day that planned sessions are finished, and if that was not so.

An officer who signs in, and whoever covers for him, gets a notice; a unit of which nobody signs in
a mail without a name; where neither can be, somebody is asked to tell them another way.
"""

from mhtr.cases.models import Case
from mhtr.core.transaction import must_be_writing
from mhtr.ending.finish_rules import Why
from mhtr.ending.models import SessionsFinished
from mhtr.orders import telling, unit_news
from mhtr.orders.news_kinds import News

READ_THERE = "probation.treatment_end"
FINISHED = "The planned sessions of a man of yours are finished."
OTHERWISE = "How, or since when, the planned sessions of a man of yours are finished was put right."
NO_LONGER = {
    Why.PUT_RIGHT: "That the planned sessions of a man of yours are finished was a mistake.",
    Why.MORE_PLANNED: "Further sessions are planned for a man of yours.",
}


def tell(case: Case, row: SessionsFinished, *, again: bool, by: int | None) -> None:
    """Let probation know of it, once for each row.

    Args:
        again: it was said before that they are finished, and not taken back.
    """
    must_be_writing()
    finished = OTHERWISE if again else FINISHED
    text = finished if row.why is None else NO_LONGER[row.why]
    telling.tell_officers(case, key=notice_key(row), text=text, endpoint=READ_THERE)
    if row.why is None:
        unit_news.tell_unit(case, News.FINISHED, by=by, about=str(row.id))
    else:
        unit_news.tell_that_it_is_not_so(case, by=by, about=str(row.id))


def notice_key(row: SessionsFinished) -> str:
    """Which notice in the program tells of it."""
    return f"finished:{row.id}"
