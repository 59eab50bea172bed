"""News of Today: notices said once for everybody they concern, who is named as the viewer may."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mhtr.core import formats
from mhtr.core.access import PROBATION_ROLES, Viewer
from mhtr.overview import notices
from mhtr.overview.links import case_href, page_href
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
    groups: dict[str, list[Any]] = {}
    for line in found[:READ_AT_ONCE]:
        groups.setdefault(line.text, []).append(line)
    made = [_news(viewer, group) for group in list(groups.values())[:SHOWN]]
    return made, len(groups) > SHOWN or len(found) > READ_AT_ONCE


def _news(viewer: Viewer, group: Sequence[Any]) -> News:
    about: dict[int, About] = {}
    for line in group:
        if line.case_id is not None and line.case_id not in about:
            href = page_href(viewer, line.endpoint, line.subject_ref) or case_href(line.case_ref)
            name = f"{line.given_name} {line.family_name}".strip()
            about[line.case_id] = About(name, _number(viewer, line), href)
            shows("case", line.case_id)
            shows("person", line.person_id)
    newest = group[0]
    href = page_href(viewer, newest.endpoint, newest.subject_ref) if len(group) == 1 else ""
    refs = tuple(line.ref for line in group)
    return News(newest.text, newest.created_at, refs, tuple(about.values()), href)


def _number(viewer: Viewer, line: Any) -> str:
    """The CRN for probation, the date of birth for everybody else."""
    if viewer.has(*PROBATION_ROLES):
        return f"CRN {line.crn}" if line.crn else ""
    return f"born {formats.day(line.born)}" if line.born else ""
