"""Rows about flags of scores that wait for a response."""

from dataclasses import dataclass

from flask import url_for

from mhtr.core import clock, formats
from mhtr.core.access import Viewer
from mhtr.overview.rows import Row, happened
from mhtr.overview.task_lists import note_shown
from mhtr.web.reads import shows
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags import lists as flag_lists
from outcome_measures.flags.reading import FlagRow

ELSEWHERE = frozenset({FlagKind.RISK, FlagKind.CROSSED})
"""Not on Today: a sign of risk has its own review there, and good news can wait for the list."""
SORTS = {"age": "raised", "name": "name"}


@dataclass(frozen=True)
class WantedFlags:
    """Which rows a list shows.

    `own`: only of men whom the viewer assesses or has met. `whole`: flags of every kind with their
    reasons, for the full list.
    """

    own: bool
    whole: bool = False
    sort: str = ""


def flag_rows(viewer: Viewer, wanted: WantedFlags, *, limit: int, offset: int = 0) -> list[Row]:
    """Flags that wait for a response, the longest waiting first unless sorted otherwise."""
    key = wanted.sort or "age"
    down = "-" if key.startswith("-") else ""
    asked = flag_lists.Asked(
        own=wanted.own,
        left_out=frozenset() if wanted.whole else ELSEWHERE,
        sort=down + SORTS[key.removeprefix("-")],
    )
    found = flag_lists.flags_in_scope(viewer, asked, limit=limit, offset=offset)
    rows = [_flag(flag, wanted.whole) for flag in found]
    note_shown(rows)
    shows("measure_flag", *(flag.id for flag in found))
    return rows


def _flag(flag: FlagRow, whole: bool) -> Row:
    return Row(
        ref=flag.ref,
        what=flag.title,
        href=url_for("measures.flag", case_ref=flag.case_ref, measure_flag_ref=flag.ref),
        action="Respond",
        who=flag.who,
        born=flag.born,
        report=flag.report,
        owner=flag.assessor or "Nobody yet",
        since=flag.raised_at,
        age=formats.ago(flag.raised_at, clock.now()),
        facts=(happened("Raised", flag.raised_at),),
        said=(flag.title, flag.reason) if whole else (),
        case_id=flag.case_id,
        person_id=flag.person_id,
    )
