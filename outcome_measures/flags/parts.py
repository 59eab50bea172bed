"""What is due and the flags of a case, as parts of its measures page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from mhtr.cases.models import Case
from mhtr.core.access import Viewer
from mhtr.web.reads import shows
from outcome_measures.blueprint import bp
from outcome_measures.flags.due import session_in
from outcome_measures.flags.due_lines import DueLine, due_of
from outcome_measures.flags.queries import state_of
from outcome_measures.flags.reading import FlagRow, FlagState, flags_of_case
from outcome_measures.page_parts import (
    Part,
    Place,
    add_part,
    contacts_key,
    lines_key,
    read_once,
)
from outcome_measures.reading.lines import lines_of
from outcome_measures.reading.queries import contacts_of

READ = "flags_and_due_read"
DUE_SHOWN = 6
"""Lines of what is due; older gaps are in the table of scores."""


@dataclass(frozen=True)
class _Read:
    """What the parts of one page are made from, read once for all of them."""

    case_id: int
    flags: list[FlagRow]
    lines: tuple[DueLine, ...]

    @property
    def waiting(self) -> int:
        return sum(row.state is FlagState.WAITING for row in self.flags)


@bp.before_request
def fresh() -> None:
    """Nothing read for one page is kept for the next."""
    g.pop(READ, None)


def _read(case: Case) -> _Read:
    held: _Read | None = g.get(READ)
    if held is None or held.case_id != case.id:
        state = state_of(
            case.id,
            read_once(lines_key(case.id), lambda: lines_of(case.id)),
            read_once(contacts_key(case.id), lambda: contacts_of(case.id)),
        )
        held = _Read(case.id, flags_of_case(case.id), due_of(case, state))
        shows("measure_flag", *(row.id for row in held.flags))
        setattr(g, READ, held)
    return held


def waiting_part(_viewer: Viewer, case: Case) -> Mapping[str, Any]:
    """How many flags wait, to be seen before the charts."""
    return {"waiting": _read(case).waiting}


def flags_part(_viewer: Viewer, case: Case) -> Mapping[str, Any]:
    """The flags of a case with their responses."""
    read = _read(case)
    return {"flags": read.flags, "waiting": read.waiting, "past": len(read.flags) - read.waiting}


def due_part(_viewer: Viewer, case: Case) -> Mapping[str, Any]:
    """What was not asked where it should have been, each with the page where it is recorded."""
    lines = _read(case).lines
    return {
        "lines": [(line, _href(case, line)) for line in lines[:DUE_SHOWN]],
        "more": max(0, len(lines) - DUE_SHOWN),
    }


def _href(case: Case, line: DueLine) -> str:
    return contact_href(case.ref, line.contact_ref) if line.contact_ref else ""


def contact_href(case_ref: object, contact_ref: object) -> str:
    """The page of a contact, where its measures are recorded; or, of none, where it is itself."""
    if not contact_ref:
        return url_for("measures.contact_new", case_ref=case_ref)
    unrecorded = session_in(str(contact_ref))
    if unrecorded is not None:
        day, number = unrecorded
        return url_for("measures.contact_new", case_ref=case_ref, day=day, session=number)
    return url_for("measures.contact", case_ref=case_ref, contact_ref=contact_ref)


add_part(Part("outcome_measures/flags_waiting.html", waiting_part, Place.ABOVE))
add_part(Part("outcome_measures/due_of_case.html", due_part, order=10))
add_part(Part("outcome_measures/flags_of_case.html", flags_part, order=20))
