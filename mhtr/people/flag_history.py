"""What was said of a warning before: each time it was looked at, or given to somebody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import formats
from mhtr.core.database import db
from mhtr.people.models import Flag, FlagKind, FlagQuestion, PersonChange
from mhtr.people.queries import record_ids

FLAG_WORDS = {
    FlagKind.RISK: "Risk",
    FlagKind.STAFF_SAFETY: "Staff safety",
    FlagKind.MUST_NOT_MEET: "Must not meet",
    FlagKind.SAFEGUARDING: "Safeguarding",
}
HISTORY = "flags"
"""Section of the history in which changes of flags are kept."""
OWNER = "owner"


@dataclass(frozen=True)
class Looked:
    """One change of a warning: what stood there before, why it changed, and who changed it."""

    at: datetime
    by: str
    review: str
    owner: str
    """Who looked after it until then; empty where that stayed."""
    reason: str


def keep(flag: Flag, reason: str, by: int | None, *, owner: str = "") -> None:
    """Keep how a warning stood before it is changed. `owner`: who had it, where that changes."""
    before = {"flag": _words(flag), "review": formats.day(flag.review_on), "ref": str(flag.ref)}
    if owner:
        before[OWNER] = owner
    db.session.add(
        PersonChange(
            person_id=flag.person_id, by_id=by, section=HISTORY, reason=reason, before=before
        )
    )


def history_of(flag: Flag) -> list[Looked]:
    """Every change of a warning, the newest first. For clinicians."""
    rows = db.session.execute(
        select(PersonChange, Staff.name)
        .outerjoin(Staff, Staff.id == PersonChange.by_id)
        .where(
            PersonChange.person_id.in_(record_ids(flag.person_id)),
            PersonChange.section == HISTORY,
        )
        .order_by(PersonChange.id.desc())
    ).all()
    return [
        Looked(
            row.created_at,
            name or "The program",
            str(row.before.get("review", "")),
            str(row.before.get(OWNER, "")),
            row.reason or "",
        )
        for row, name in rows
        if row.before.get("ref", str(flag.ref)) == str(flag.ref)
        and row.before.get("flag") == _words(flag)
    ]


def _words(flag: Flag) -> str:
    return f"{FLAG_WORDS[flag.kind]}: {flag.fact}".strip(": ")


def asked_about(rows: Iterable[Flag]) -> set[int]:
    """Those of these that name somebody of whom it is asked whether a man on record is he."""
    typed = [row.id for row in rows if row.other_name and row.other_person_id is None]
    asked = select(FlagQuestion.flag_id).where(
        FlagQuestion.flag_id.in_(typed), FlagQuestion.answered_at.is_(None)
    )
    return set(db.session.scalars(asked)) if typed else set()


def staff_names(rows: Iterable[Flag]) -> dict[int, str]:
    """Names of those who made, have or ended these warnings, by their ids."""
    ids = {i for row in rows for i in (row.owner_staff_id, row.made_by, row.ended_by) if i}
    if not ids:
        return {}
    found = db.session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    return {row.id: row.name for row in found}
