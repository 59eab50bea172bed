"""What the worklists may be sorted by: named keys only, each a total order either way round."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import case

from mhtr.cases.models import Case
from mhtr.core.codes import lists
from mhtr.people.models import Person
from mhtr.tasks.models import Task


@dataclass(frozen=True)
class Sort:
    """Columns in their order; `gaps`: rows without a value come last, either way round."""

    columns: tuple[Any, ...]
    gaps: bool = False


@cache
def _court_rank() -> Any:
    """Courts by name: the table holds their codes."""
    courts = sorted(lists.load("courts").entries, key=lambda entry: entry.label)
    places = {entry.code: place for place, entry in enumerate(courts)}
    return case(places, value=Case.court_code, else_=len(places))


_NAME = (Person.sort_name,)


@cache
def task_sorts() -> Mapping[str, Sort]:
    """Of lists of tasks. A task without a case has no name, hearing or court."""
    return MappingProxyType(
        {
            "due": Sort((Task.due_at,)),
            "age": Sort((Task.created_at,)),
            "hearing": Sort((Case.hearing_on,), gaps=True),
            "name": Sort(_NAME, gaps=True),
            "court": Sort((_court_rank(),)),
        }
    )


@cache
def case_sorts() -> Mapping[str, Sort]:
    """Of lists of cases; `due` is the hearing where the hearing is what is due."""
    return MappingProxyType(
        {
            "due": Sort((Case.hearing_on,)),
            "age": Sort((Case.opened_at,)),
            "hearing": Sort((Case.hearing_on,), gaps=True),
            "name": Sort(_NAME),
            "court": Sort((_court_rank(),)),
        }
    )


def ordered(sort: Sort, tie: Any, *, descending: bool) -> tuple[Any, ...]:
    """What to order a query by."""
    made: list[Any] = []
    for column in sort.columns:
        if sort.gaps:
            made.append(column.is_(None))
        made.append(column.desc() if descending else column)
    return (*made, tie.desc() if descending else tie)
