"""What is on record of how he was told of his sessions, through a case the viewer may see."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from mhtr.compliance.contact_rules import WAY_WORDS
from mhtr.compliance.models import SessionNotice
from mhtr.compliance.notices import CAME_WORDS, NOTICE_WORDS, Given, notice_of
from mhtr.compliance.standing.facts import Notice
from mhtr.core import formats
from mhtr.core.database import db
from mhtr.core.transaction import once_a_page

_OF_CASE = (
    select(SessionNotice)
    .where(SessionNotice.case_id == bindparam("case"))
    .order_by(SessionNotice.told_at, SessionNotice.id)
)
_OF_CASES = (
    select(SessionNotice)
    .where(SessionNotice.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(SessionNotice.told_at, SessionNotice.id)
)


@dataclass(frozen=True)
class HowTold:
    """What is on record of one session."""

    notice: Notice
    rows: tuple[SessionNotice, ...]
    """What counts, the first one first."""

    @property
    def words(self) -> str:
        """Whether it is proven, in words; nothing at all said of it is its own answer."""
        return NOTICE_WORDS[self.notice] if self.rows else "Nobody recorded that he was told"

    @property
    def lines(self) -> tuple[str, ...]:
        """Each time he was told, in words that probation reads."""
        return tuple(in_words(row) for row in self.rows)


def notices_of(case_id: int) -> Sequence[SessionNotice]:
    """Every time he was told of a session, what was taken back among them, the first one first."""
    key = ("session notices", case_id)
    return once_a_page(key, lambda: db.session.scalars(_OF_CASE, {"case": case_id}).all())


def notices_of_all(case_ids: Collection[int]) -> Sequence[SessionNotice]:
    """The same of several cases; nothing is asked where there are none."""
    return db.session.scalars(_OF_CASES, {"cases": list(case_ids)}).all() if case_ids else ()


def how_told(
    rows: Sequence[SessionNotice], wanted: Mapping[uuid.UUID, datetime]
) -> Mapping[uuid.UUID, HowTold]:
    """What is on record of each of these sessions.

    Args:
        wanted: by session, when it begins.
    """
    counting: dict[uuid.UUID, list[SessionNotice]] = defaultdict(list)
    for row in rows:
        if row.taken_back_at is None and row.starts_at == wanted.get(row.subject):
            counting[row.subject].append(row)
    return {
        subject: HowTold(
            notice_of(map(_given, counting[subject]), starts_at), tuple(counting[subject])
        )
        for subject, starts_at in wanted.items()
    }


def in_words(row: SessionNotice) -> str:
    """One time he was told, in a line."""
    said = CAME_WORDS[row.came]
    parts = [
        f"{WAY_WORDS[row.way]}, {formats.short_moment(row.told_at)}: {said[0].lower()}{said[1:]}"
    ]
    if not row.usable:
        parts.append("not in a form he can use")
    if row.note:
        parts.append(row.note)
    return ". ".join(part[0].upper() + part[1:] for part in parts)


def _given(row: SessionNotice) -> Given:
    return Given(row.told_at, row.starts_at, row.came, row.usable)
