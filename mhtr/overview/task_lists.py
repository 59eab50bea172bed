"""Open tasks as rows: read by an index, in the viewer's scope, one query a list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from mhtr.cases.facts import CaseState
from mhtr.cases.flag_owners import names_asked
from mhtr.cases.report_due import Countdowns
from mhtr.cases.standing_words import outside_state, state_colour, state_text
from mhtr.core import clock, formats
from mhtr.core.access import Viewer
from mhtr.core.due import Left, left_until
from mhtr.core.working_days import WorkingCalendar
from mhtr.overview.answers import answers_of
from mhtr.overview.kinds import ACTION_WORDS
from mhtr.overview.links import task_href
from mhtr.overview.rows import Row, court_name
from mhtr.overview.task_statements import Wanted, find_tasks
from mhtr.suitability.countersign_queries import whose_instead
from mhtr.tasks.models import TaskKind
from mhtr.web.reads import shows


def task_rows(
    viewer: Viewer, wanted: Wanted, calendar: WorkingCalendar, *, limit: int, offset: int = 0
) -> list[Row]:
    """The rows of a list, by due time. Their reading is audited."""
    return _rows(viewer, find_tasks(viewer, wanted, limit=limit, offset=offset), calendar)


def first_rows(
    viewer: Viewer,
    wanted: Sequence[Wanted],
    calendar: WorkingCalendar,
    needed: Callable[[Sequence[Any]], Sequence[Any]],
) -> list[Row]:
    """The first rows of several lists, `each` of every kind, in one statement, by due time.

    What two of them want comes once. The reading of those that are `needed` is audited; no more
    is read of the others.
    """
    limit = sum(part.each * len(part.kinds) for part in wanted)
    return _rows(viewer, needed(find_tasks(viewer, *wanted, limit=limit)), calendar)


def _rows(viewer: Viewer, found: Sequence[Any], calendar: WorkingCalendar) -> list[Row]:
    keys = [line.key for line in found if line.clinical and line.kind is TaskKind.RISK_REVIEW]
    said = answers_of(viewer, keys)
    now, countdowns = clock.now(), Countdowns(calendar)
    others, named = _not_to_sign(viewer, found), names_asked(_asking(found))
    rows = []
    for line in found:
        answers = said.get(line.key)
        left = left_until(line.due_at, now, calendar)
        row = _row(viewer, line, answers.lines if answers else (), left, countdowns)
        row = _for_another(row, others.get(line.case_id, ""))
        rows.append(_naming(row, named.get(line.key, "")))
    note_shown(rows)
    return rows


def _asking(found: Sequence[Any]) -> list[str]:
    return [line.key for line in found if line.clinical and line.kind is TaskKind.FLAG_MAN]


def _naming(row: Row, name: str) -> Row:
    """One man's record may name several: which of them a question is about, in nobody's title."""
    return replace(row, what=f"{row.what} “{name}”") if name else row


def _not_to_sign(viewer: Viewer, found: Sequence[Any]) -> dict[int, str]:
    waiting = [line.case_id for line in found if line.kind is TaskKind.COUNTERSIGN]
    return whose_instead(viewer.staff_id, waiting)


def _for_another(row: Row, whose: str) -> Row:
    """A report that he may read and somebody else can sign says so."""
    if not whose or row.kind is not TaskKind.COUNTERSIGN:
        return row
    return replace(row, not_yours=whose, action="Read")


def note_shown(rows: Iterable[Row]) -> None:
    """Note for the audit which cases and people a page names."""
    named = [row for row in rows if row.case_id is not None and row.person_id is not None]
    if named:
        shows("case", *(row.case_id for row in named if row.case_id is not None))
        shows("person", *(row.person_id for row in named if row.person_id is not None))


def _row(
    viewer: Viewer, line: Any, said: tuple[str, ...], left: Left, countdowns: Countdowns
) -> Row:
    state = _state(line)
    countdown = line.case_id is not None and line.kind is not TaskKind.REPORT_DUE
    return Row(
        ref=line.ref,
        what=line.title,
        href=task_href(
            viewer,
            kind=line.kind,
            task_ref=line.ref,
            endpoint=line.endpoint,
            subject_ref=line.subject_ref,
            case_ref=line.case_ref,
            progress=line.progress,
        ),
        action=ACTION_WORDS[line.kind],
        who=f"{line.given_name} {line.family_name}".strip() if line.person_id else "",
        born=line.born,
        left=left,
        due=line.due_at,
        owner=line.owner or "Team",
        since=line.created_at,
        age=formats.ago(line.created_at, clock.now()),
        court=court_name(line.court_code or ""),
        state=state_text(state) if state else "",
        state_colour=state_colour(state) if state else "grey",
        hearing_on=line.hearing_on,
        urgent=bool(line.urgent),
        facts=("Seen",) if line.acknowledged_at else (),
        said=said,
        report=countdowns.of(line) if countdown else None,
        case_id=line.case_id,
        person_id=line.person_id,
        kind=line.kind,
        owner_principal=line.owner_principal_id,
    )


def _state(line: Any) -> CaseState | None:
    """No recommendation before release for those who see no clinical record of him."""
    state: CaseState | None = line.state
    return state if state is None or line.clinical else outside_state(state)
