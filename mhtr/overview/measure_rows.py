"""Rows of men who lack measures at no contact that is on record: before, at and after treatment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any

from mhtr.core import clock, formats
from mhtr.overview import treatment_measures
from mhtr.overview.rows import Row, happened
from outcome_measures.flags.due import Schedule, session_in
from outcome_measures.flags.due_lines import DueLine
from outcome_measures.flags.parts import contact_href


@dataclass(frozen=True)
class Placed:
    """What lacks, with what it is sorted by, and how its row is made."""

    name: tuple[str, str]
    """Family name first."""
    day: tuple[bool, date]
    """Those with a day of their own first, then by how long they have waited."""
    about: tuple[int, str]
    """The case, and what lacks."""
    row: Callable[[], Row]


def without_session(
    men: Sequence[Any], asks: Mapping[str, Schedule], known: Sequence[Placed]
) -> list[Placed]:
    """Baselines and ends. `known`: what contacts lack, not to be told twice."""
    told = {one.about for one in known}
    return [
        Placed(
            man.sort_name,
            (True, man.state_since),
            (man.case_id, lacks.words),
            partial(_of_man, man, lacks),
        )
        for man, lines in (*treatment_measures.baselines(men, asks), *treatment_measures.ends(men))
        for lacks in lines
        if (man.case_id, lacks.words) not in told
    ]


def _of_man(man: Any, lacks: DueLine) -> Row:
    since = clock.from_london(datetime.combine(man.state_since, time(0)))
    recorded = bool(lacks.contact_ref) and session_in(lacks.contact_ref) is None
    return Row(
        ref=man.case_ref,
        what=lacks.words,
        href=contact_href(man.case_ref, lacks.contact_ref),
        action="Open" if recorded else "Record",
        who=f"{man.given_name} {man.family_name}".strip(),
        born=man.born,
        owner=man.assessor or "Nobody yet",
        since=since,
        age=formats.ago(since, clock.now()),
        facts=(happened("Ended", since) if lacks.contact_ref else _waiting(man.state_since),),
        case_id=man.case_id,
        person_id=man.person_id,
    )


def _waiting(since: date) -> str:
    days = (clock.today() - since).days
    return f"Waiting {days} day{'' if days == 1 else 's'}" if days else "Since today"
