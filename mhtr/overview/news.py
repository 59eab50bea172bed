"""News of Today: notices said once for everybody they concern, who is named as the viewer may."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from mhtr.cases.models import Case
from mhtr.core import formats
from mhtr.core.access import PROBATION_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.scope import visible
from mhtr.overview import notices
from mhtr.overview.links import case_href, page_href
from mhtr.people.models import IdentifierKind, Person
from mhtr.tasks.models import Notice
from mhtr.web.reads import shows

SHOWN = 5
READ_AT_ONCE = 50


@dataclass(frozen=True)
class About:
    """A man whom a piece of news concerns, with what tells him from a namesake."""

    name: str
    number: str
    href: str


@dataclass(frozen=True)
class News:
    """One thing that happened, to one man or to several.

    `refs` are the notices it is made of, the newest first; `href` is for news about nobody.
    """

    text: str
    at: datetime
    refs: tuple[uuid.UUID, ...]
    about: tuple[About, ...]
    href: str


def unread_news(viewer: Viewer) -> tuple[list[News], bool]:
    """What nobody has marked as read, the newest first, and whether there is more of it."""
    found = notices.unread(viewer, limit=READ_AT_ONCE + 1)
    rows = found[:READ_AT_ONCE]
    men = _men(viewer, {row.case_id for row in rows if row.case_id is not None})
    groups: dict[str, list[Notice]] = {}
    for row in rows:
        groups.setdefault(row.text, []).append(row)
    made = [_news(viewer, group, men) for group in list(groups.values())[:SHOWN]]
    return made, len(groups) > SHOWN or len(found) > READ_AT_ONCE


def _news(viewer: Viewer, group: list[Notice], men: dict[int, Case]) -> News:
    about: dict[int, About] = {}
    for row in group:
        case = men.get(row.case_id or 0)
        if case is not None and case.id not in about:
            href = page_href(viewer, row.endpoint, row.subject_ref) or case_href(case.ref)
            about[case.id] = About(case.person.name, _number(viewer, case.person), href)
            shows("case", case.id)
            shows("person", case.person_id)
    newest = group[0]
    href = page_href(viewer, newest.endpoint, newest.subject_ref) if len(group) == 1 else ""
    refs = tuple(row.ref for row in group)
    return News(newest.text, newest.created_at, refs, tuple(about.values()), href)


def _men(viewer: Viewer, case_ids: Iterable[int]) -> dict[int, Case]:
    """The cases he may see: a notice of his own outlives his access to the man."""
    ids = sorted(case_ids)
    if not ids:
        return {}
    rows = db.session.scalars(
        select(Case)
        .options(selectinload(Case.person).selectinload(Person.identifiers))
        .where(Case.id.in_(ids), visible(viewer, Case.id, Case.restricted, *Purpose))
    )
    return {case.id: case for case in rows.unique()}


def _number(viewer: Viewer, person: Person) -> str:
    """The CRN for probation, the date of birth for everybody else."""
    if not viewer.has(*PROBATION_ROLES):
        return f"born {formats.day(person.born)}" if person.born else ""
    held = {row.kind: row.value for row in person.identifiers}
    return f"CRN {held[IdentifierKind.CRN]}" if IdentifierKind.CRN in held else ""
