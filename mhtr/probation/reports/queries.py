"""Compliance reports that left, read through the men in them whom the viewer supervises."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import hexdigits
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, exists, func, select, union
from sqlalchemy.orm import aliased, defer

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.scope import visible
from mhtr.messages.links import reference
from mhtr.probation.people_queries import Man
from mhtr.probation.reports.models import ComplianceRelease, ComplianceReleaseMan
from mhtr.probation.reports.reading import men_among
from mhtr.probation.reports.release_kinds import FORMAT_WORDS, TO_WORDS, WAY_WORDS
from mhtr.probation.reports.stored import Stored, content_hash, from_json
from mhtr.web.paging import SIZE, Page, page_from, page_number

_LATER = aliased(ComplianceRelease)
_MEN = (
    select(ComplianceReleaseMan.release_id, ComplianceReleaseMan.case_id)
    .where(ComplianceReleaseMan.release_id.in_(bindparam("releases", expanding=True)))
    .order_by(ComplianceReleaseMan.id)
)


@dataclass(frozen=True)
class Logged:
    """One line of the log. `about`: the man, or how many; `superseded`: a later version is there.

    `others`: how many in it the viewer does not supervise.
    """

    row: ComplianceRelease
    by: str
    about: str
    superseded: bool
    others: int = 0

    @property
    def to(self) -> str:
        """Who got it, in words."""
        return f"{TO_WORDS[self.row.to_kind]} {self.row.to_name}"

    @property
    def kind(self) -> str:
        """Its format."""
        return FORMAT_WORDS[self.row.format]

    @property
    def way(self) -> str:
        """What let it leave."""
        return WAY_WORDS[self.row.way]


@dataclass(frozen=True)
class Asked:
    """What the log is narrowed to; empty parts narrow nothing."""

    case_id: int | None = None
    to: str = ""


def _seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Somebody in it is supervised by the viewer now."""
    return exists(
        select(ComplianceReleaseMan.id)
        .join(Case, Case.id == ComplianceReleaseMan.case_id)
        .where(
            ComplianceReleaseMan.release_id == ComplianceRelease.id,
            visible(viewer, Case.id, Case.restricted, Purpose.SUPERVISION),
        )
    )


def _lines(asked: Asked) -> Select[ComplianceRelease, str, int]:
    query = (
        select(ComplianceRelease, Staff.name, _LATER.id)
        .join(Staff, Staff.id == ComplianceRelease.by_id)
        .outerjoin(_LATER, _LATER.replaces_id == ComplianceRelease.id)
        .options(defer(ComplianceRelease.file), defer(ComplianceRelease.content))
        .order_by(ComplianceRelease.id.desc())
    )
    if asked.case_id is not None:
        of_him = select(ComplianceReleaseMan.release_id).where(
            ComplianceReleaseMan.case_id == asked.case_id
        )
        query = query.where(ComplianceRelease.id.in_(of_him))
    if asked.to.strip():
        words = asked.to.strip().lower()
        query = query.where(func.lower(ComplianceRelease.to_name).contains(words, autoescape=True))
    return query


def _page(query: Select[ComplianceRelease, str, int]) -> tuple[int, Sequence[Any]]:
    number = page_number()
    return number, db.session.execute(query.limit(SIZE + 1).offset((number - 1) * SIZE)).all()


def log_of(viewer: Viewer, asked: Asked) -> Page[Logged]:
    """The page asked for of what left about men whom the viewer supervises, the newest first."""
    number, found = _page(_lines(asked).where(_seen_by(viewer)))
    held = _men_of([row.id for row, _, _ in found])
    everybody = {case_id for ids in held.values() for case_id in ids}
    men = {man.case_id: man for man in men_among(viewer, everybody)}
    lines = [_logged(row, by, later is not None, held[row.id], men) for row, by, later in found]
    return page_from(lines, number)


def log_of_all(asked: Asked) -> Page[Logged]:
    """The same of everything that left, without a name of a man: for oversight."""
    number, found = _page(_lines(asked))
    held = _men_of([row.id for row, _, _ in found])
    refs = _refs({one for ids in held.values() for one in ids})
    lines = []
    for row, by, later in found:
        about = f"{len(held[row.id])} men"
        if row.case_id is not None:
            about = f"Reference {reference(refs[row.case_id])}"
        lines.append(Logged(row, by, about, later is not None))
    return page_from(lines, number)


def _refs(case_ids: set[int]) -> Mapping[int, uuid.UUID]:
    found = db.session.execute(select(Case.id, Case.ref).where(Case.id.in_(case_ids)))
    return {line.id: line.ref for line in found}


def case_called(words: str) -> int | None:
    """The case of a reference as mails and the log give it; None where there is none."""
    said = "".join(words.split()).lower()[:12]
    if len(said) < 12 or not set(said) <= set(hexdigits):
        return None
    # What begins so lies between two uuids: both engines keep them in the order of their text.
    first, last = (uuid.UUID(said + end * 20) for end in "0f")
    query = (
        select(Case.id)
        .where(
            Case.ref.between(first, last),
            exists(select(ComplianceReleaseMan.id).where(ComplianceReleaseMan.case_id == Case.id)),
        )
        .order_by(Case.id)
    )
    return db.session.scalars(query.limit(1)).first()


def _men_of(release_ids: Sequence[int]) -> dict[int, list[int]]:
    held: dict[int, list[int]] = {one: [] for one in release_ids}
    if release_ids:
        for release_id, case_id in db.session.execute(_MEN, {"releases": list(release_ids)}):
            held[release_id].append(case_id)
    return held


def _logged(
    row: ComplianceRelease,
    by: str,
    superseded: bool,
    ids: Sequence[int],
    men: Mapping[int, Man],
) -> Logged:
    his = [men[one] for one in ids if one in men]
    if row.case_id is not None:
        about = his[0].name
    else:
        about = f"{len(ids)} men" if len(ids) != 1 else "1 man"
    return Logged(row, by, about, superseded, len(ids) - len(his))


@dataclass(frozen=True)
class Released:
    """One release with all that its page shows.

    Args:
        men: those in it whom the viewer supervises now.
        content: what it said; None where it does not match its fingerprint.
        versions: every version of the same report, the newest first.
    """

    row: ComplianceRelease
    by: str
    men: Sequence[Man]
    content: Stored | None
    versions: Sequence[Logged]

    @property
    def whole(self) -> bool:
        """Whether the viewer supervises everybody in it, and so may open it."""
        return len(self.men) == len(_men_of([self.row.id])[self.row.id])

    @property
    def newest(self) -> bool:
        """Whether no later version took its place."""
        return self.versions[0].row.id == self.row.id


def find_release(viewer: Viewer, ref: uuid.UUID) -> Released:
    """A release in which is somebody whom the viewer supervises.

    Raises:
        NotFound: no such release, or not this viewer's.
    """
    query = (
        select(ComplianceRelease, Staff.name)
        .join(Staff, Staff.id == ComplianceRelease.by_id)
        .where(ComplianceRelease.ref == ref, _seen_by(viewer))
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    row, by = found
    men = men_among(viewer, _men_of([row.id])[row.id])
    return Released(row, by, men, verified(row), _versions(row, viewer))


def _versions(row: ComplianceRelease, viewer: Viewer) -> list[Logged]:
    """Every version of a report, the newest first. Each is about the same men: of one scope."""
    found = db.session.execute(
        _lines(Asked()).where(ComplianceRelease.id.in_(_chain(row.id)))
    ).all()
    held = _men_of([one.id for one, _, _ in found])
    men = {man.case_id: man for man in men_among(viewer, held[row.id])}
    return [_logged(one, by, later is not None, held[one.id], men) for one, by, later in found]


def _chain(release_id: int) -> CompoundSelect[int]:
    """The numbers of one release and of every version before and after it."""
    each = aliased(ComplianceRelease)
    start = select(each.id, each.replaces_id).where(each.id == release_id)
    before, after = start.cte("before", recursive=True), start.cte("after", recursive=True)
    earlier = select(each.id, each.replaces_id).join(before, each.id == before.c.replaces_id)
    later = select(each.id, each.replaces_id).join(after, each.replaces_id == after.c.id)
    both = (before.union_all(earlier), after.union_all(later))
    return union(*(select(one.c.id) for one in both))


def verified(row: ComplianceRelease) -> Stored | None:
    """What a release said, where that is what was kept; None where it is not."""
    try:
        if content_hash(row.content) != row.content_hash:
            return None
        return from_json(row.content)
    except (KeyError, TypeError, ValueError):
        return None


def is_file_intact(row: ComplianceRelease) -> bool:
    """Whether the file of a release is the one that left."""
    return hashlib.sha256(row.file).hexdigest() == row.file_hash


def issue_words(replaced: ComplianceRelease) -> str:
    """What a later version says of itself."""
    on = replaced.created_at.astimezone(clock.LONDON).date()
    return (
        f"Version {replaced.number + 1}. It takes the place of version {replaced.number}, "
        f"released on {on.day} {on:%B %Y}"
    )
