"""What the pages of letters say, in words."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.contact_rules import WAY_WORDS
from mhtr.core.database import db
from mhtr.discharge import queries
from mhtr.discharge.building import waits_for_lead
from mhtr.discharge.copy_service import stands_against
from mhtr.discharge.letter_content import Facts, fact_rows
from mhtr.discharge.letter_kinds import LetterKind, shape_of
from mhtr.discharge.letter_service import begun_already
from mhtr.discharge.models import LaterPlan, LetterCopy, LetterVersion
from mhtr.discharge.owed import Standing, letters_now
from mhtr.discharge.rules import SENT_WORDS, STANCE_WORDS, TO_WORDS, Agreed, To
from mhtr.discharge.treatment_facts import has_ended
from sessions.courses.models import Course


@dataclass(frozen=True)
class PlanLine:
    """A version of his plan."""

    ref: uuid.UUID
    number: int
    at: datetime
    by: str
    stance: str
    dissent: str


@dataclass(frozen=True)
class VersionLine:
    """A version of a letter that was signed."""

    ref: uuid.UUID
    number: int
    at: datetime
    by: str
    content_hash: str
    counts: bool


@dataclass(frozen=True)
class CopyLine:
    """A copy that was given or sent."""

    ref: uuid.UUID
    number: int
    """Of the version."""
    whom: str
    how: str
    on: date
    by: str
    exception: str
    """Why his GP was told without his agreement, and who approved it."""
    taken_back: bool


@dataclass(frozen=True)
class ToSend:
    """Somebody who can have the version that counts, or why he cannot."""

    to: To
    whom: str
    has: int
    """The number of an earlier version that he has; 0: none."""
    owed: bool
    against: tuple[str, ...]


@dataclass(frozen=True)
class LetterLine:
    """A letter with its versions and its copies."""

    ref: uuid.UUID
    name: str
    draft: str
    waits: str
    """Whose signature a lead's is to follow."""
    versions: tuple[VersionLine, ...]
    copies: tuple[CopyLine, ...]
    to_send: tuple[ToSend, ...]
    changed: bool
    """What is on record of his treatment is not what the version that counts says."""

    @property
    def counts(self) -> VersionLine | None:
        """The version that counts."""
        return self.versions[0] if self.versions else None


@dataclass(frozen=True)
class Begins:
    """A kind of letter that can be begun."""

    kind: LetterKind
    name: str
    about: str


def plan_line(row: LaterPlan) -> PlanLine:
    """A version of his plan in words."""
    how = f" ({WAY_WORDS[row.way].lower()})" if row.way is not None else ""
    return PlanLine(
        row.ref,
        row.number,
        row.created_at,
        _name(row.by_id),
        STANCE_WORDS[row.stance] + how,
        row.dissent or "",
    )


def letter_lines(case: Case, facts: Facts | None) -> list[LetterLine]:
    """Every letter of which something was signed or is being written, the newest first."""
    found = letters_now(case)
    return [
        _line(case, one, facts)
        for one in reversed(found)
        if one.versions or one.letter.drafted_at is not None
    ]


def _line(case: Case, one: Standing, facts: Facts | None) -> LetterLine:
    row, numbers = one.letter, {v.id: v.number for v in one.versions}
    draft = ""
    if row.drafted_at is not None:
        draft = f"Version {len(one.versions) + 1}, last written by {_name(row.drafted_by)}"
    waits = _name(row.first_by) if row.first_by and waits_for_lead(case, row) else ""
    return LetterLine(
        ref=row.ref,
        name=shape_of(row.kind).name,
        draft=draft,
        waits=waits,
        versions=tuple(_version(v, counts=v is one.versions[-1]) for v in reversed(one.versions)),
        copies=tuple(_copy(c, numbers[c.version_id]) for c in one.copies),
        to_send=_to_send(case, one),
        changed=bool(one.versions) and facts is not None and _changed(one, facts),
    )


def _changed(one: Standing, facts: Facts) -> bool:
    said = tuple((label, words) for label, words in one.versions[-1].content["facts"])
    return said != fact_rows(one.letter.kind, facts)


def _version(row: LetterVersion, *, counts: bool) -> VersionLine:
    by = _name(row.signed_by)
    if row.countersigned_by is not None:
        by = f"{by} and {_name(row.countersigned_by)}"
    return VersionLine(row.ref, row.number, row.created_at, by, row.content_hash, counts)


def _copy(row: LetterCopy, number: int) -> CopyLine:
    exception = ""
    if row.exception_why is not None:
        exception = f"{row.exception_why} (approved by {_name(row.approver_id)})"
    return CopyLine(
        ref=row.ref,
        number=number,
        whom=f"{TO_WORDS[row.whom]}, {row.gp_name}" if row.gp_name else TO_WORDS[row.whom],
        how=SENT_WORDS[row.sent],
        on=row.on,
        by=_name(row.by_id),
        exception=exception,
        taken_back=row.taken_back_at is not None,
    )


def _to_send(case: Case, one: Standing) -> tuple[ToSend, ...]:
    if not one.versions:
        return ()
    earlier = dict(one.outdated)
    newest = one.versions[-1].id
    had = {
        copy.whom for copy in one.copies if copy.version_id == newest and copy.taken_back_at is None
    }
    return tuple(
        ToSend(
            to,
            TO_WORDS[to],
            earlier.get(to, 0),
            to in one.owed,
            stands_against(case, one.letter, to),
        )
        for to in To
        if to not in had
    )


def may_begin(case_id: int) -> list[Begins]:
    """The kinds of letter of which none is there that could be gone on with."""
    return [
        Begins(kind, shape_of(kind).name, shape_of(kind).about)
        for kind in LetterKind
        if not begun_already(case_id, kind)
    ]


def lacks_summary(case_id: int, course: Course) -> bool:
    """Whether his treatment has ended and no discharge summary was signed."""
    signed = {one.letter_id for one in queries.versions_of(case_id)}
    rows = queries.letters_of(case_id)
    has = any(one.kind is LetterKind.SUMMARY and one.id in signed for one in rows)
    return not has and has_ended(course)


def is_exception(case: Case, kind: LetterKind, to: To) -> bool:
    """Whether a copy to his GP would go without his agreement."""
    gp = queries.gp_of(case)
    return to is To.GP and shape_of(kind).exception and gp.agreed is not Agreed.YES


def _name(staff_id: int | None) -> str:
    return db.session.get_one(Staff, staff_id).name if staff_id is not None else ""
