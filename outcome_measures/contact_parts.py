"""Contacts on the measures page of a case: recording one above the charts, all of them below."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mhtr.cases.models import Case
from mhtr.core.access import Viewer
from outcome_measures import contact_queries as queries
from outcome_measures.contact_forms import MODE_WORDS
from outcome_measures.contact_queries import ContactLine
from outcome_measures.contact_rules import Course, may_record
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureContact, OccasionState
from outcome_measures.page_parts import Part, Place, add_part, read_once


@dataclass(frozen=True)
class Shown:
    """One contact as the measures page shows it."""

    contact: MeasureContact
    name: str
    by: str
    mode: str
    asked: str
    unfinished: str
    """The measures whose form is still open."""


def name_of(contact: MeasureContact) -> str:
    """What a contact is called."""
    if contact.session_number is not None:
        return f"Session {contact.session_number}"
    return contact.point.words.capitalize()


def _begin(_viewer: Viewer, case: Case) -> Mapping[str, Any]:
    every = _contacts(case)
    if len(every) == queries.MOST:
        every = queries.contacts_of(case.id, still_open=True)
    lines = [_shown(line) for line in every if line.contact.closed_at is None]
    return {"open": lines, "refused": _refused(case)}


def _list(_viewer: Viewer, case: Case) -> Mapping[str, Any]:
    return {"lines": [_shown(line) for line in _contacts(case)], "refused": _refused(case)}


def _contacts(case: Case) -> tuple[ContactLine, ...]:
    return read_once(("contacts", case.id), lambda: queries.contacts_of(case.id))


def _refused(case: Case) -> tuple[str, ...]:
    # Whether at all depends on nothing but the state, which the case carries.
    return may_record(Course(case.state, None))


def _shown(line: ContactLine) -> Shown:
    left = [form for form in line.forms if form.state is OccasionState.OPEN]
    return Shown(
        line.contact,
        name_of(line.contact),
        line.by,
        MODE_WORDS[line.contact.mode.value],
        ", ".join(recorded(form.instrument).name for form in line.forms),
        " and ".join(recorded(form.instrument).name for form in left),
    )


add_part(Part("outcome_measures/contacts_begin.html", _begin, Place.ABOVE, order=-10))
add_part(Part("outcome_measures/contacts_list.html", _list, Place.BELOW, order=50))
