"""Contacts on the measures page of a case: recording one above the charts, all of them below."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mhtr.cases.models import Case
from mhtr.core.access import Viewer
from outcome_measures.contact_rules import Course, may_record
from outcome_measures.models import MeasureContact, OccasionState
from outcome_measures.page_parts import (
    Part,
    Place,
    add_part,
    contacts_key,
    lines_key,
    read_once,
)
from outcome_measures.reading.lines import Line, lines_of
from outcome_measures.reading.queries import ContactLine, contacts_of
from outcome_measures.time_points import contact_name


@dataclass(frozen=True)
class Shown:
    """One contact as the measures page shows it."""

    contact: MeasureContact
    name: str
    by: str
    asked: str
    unfinished: str
    """The measures whose form is still open."""


def _begin(_viewer: Viewer, case: Case) -> Mapping[str, Any]:
    lines = [shown for shown in _all(case) if shown.contact.closed_at is None]
    return {"open": lines, "refused": _refused(case)}


def _list(_viewer: Viewer, case: Case) -> Mapping[str, Any]:
    return {"lines": _all(case), "refused": _refused(case)}


def _all(case: Case) -> list[Shown]:
    contacts = read_once(contacts_key(case.id), lambda: contacts_of(case.id))
    asked: dict[int | None, list[Line]] = defaultdict(list)
    for line in read_once(lines_key(case.id), lambda: lines_of(case.id)):
        asked[line.contact_id].append(line)
    return [_shown(contact, asked[contact.contact.id]) for contact in contacts]


def _refused(case: Case) -> tuple[str, ...]:
    # Whether at all depends on nothing but the state, which the case carries.
    return may_record(Course(case.state, None))


def _shown(line: ContactLine, forms: Sequence[Line]) -> Shown:
    return Shown(
        line.contact,
        contact_name(line.contact.point, line.contact.session_number),
        line.by,
        ", ".join(form.instrument.name for form in forms),
        " and ".join(form.instrument.name for form in forms if form.state is OccasionState.OPEN),
    )


add_part(Part("outcome_measures/contacts_begin.html", _begin, Place.ABOVE, order=-10))
add_part(Part("outcome_measures/contacts_list.html", _list, Place.BELOW, order=50))
