"""Warnings on a record: the fact for everybody concerned, the reason for clinicians only."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import bindparam, or_, select

from mhtr.accounts.models import Staff
from mhtr.core import audit, clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.people import flag_history
from mhtr.people.flag_history import FLAG_WORDS
from mhtr.people.models import Flag, FlagKind, FlagQuestion, Person
from mhtr.people.queries import live_id, record_ids
from mhtr.people.same_man import records_of_man
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind

_INSIDE = frozenset({Purpose.CLINICAL, Purpose.ADMINISTRATION, Purpose.LINK_WORK})
_REVIEW_HOUR = time(9)
_UNSURE = {
    False: " (a man of such a name is on record: not confirmed that it is he)",
    True: " (may be this man: to be confirmed)",
}
"""By whether it is read on the record of the man asked about (its own record is another man's)."""


@dataclass(frozen=True)
class FlagShown:
    """A flag as one viewer may see it. `reason` and `ended_reason` are empty but for clinicians."""

    ref: uuid.UUID
    kind: FlagKind
    label: str
    fact: str
    reason: str
    owner: str
    review_on: date
    overdue: bool
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    ended_by: str
    ended_reason: str
    mirrored: bool
    """It is kept on the other man's record, and is changed there."""
    elsewhere: bool = False
    """It is kept on his record in another trust: its fact is shown, its reason is theirs."""


def kinds_seen(purposes: Iterable[Purpose]) -> frozenset[FlagKind]:
    """Kinds whose fact somebody acting for these purposes may know. Probation sees none."""
    held = frozenset(purposes)
    if held & _INSIDE:
        return frozenset(FlagKind)
    return frozenset({FlagKind.STAFF_SAFETY}) if Purpose.REFERRAL in held else frozenset()


# Made once: every page about a man asks for his live flags.
_FLAGS = select(Flag).where(
    Flag.kind.in_(bindparam("kinds", expanding=True)),
    or_(
        Flag.person_id.in_(bindparam("ids", expanding=True)),
        Flag.other_person_id.in_(bindparam("ids", expanding=True))
        & (Flag.kind == FlagKind.MUST_NOT_MEET),
        Flag.id.in_(
            select(FlagQuestion.flag_id).where(
                FlagQuestion.answered_at.is_(None),
                FlagQuestion.person_id.in_(bindparam("ids", expanding=True)),
            )
        ),
    ),
)
_LIVE = _FLAGS.where(Flag.ended_at.is_(None)).order_by(Flag.id)
_ENDED = _FLAGS.where(Flag.ended_at.is_not(None)).order_by(Flag.ended_at.desc(), Flag.id)


def flags_shown(
    person_id: int,
    purposes: frozenset[Purpose],
    *,
    ended: bool = False,
    elsewhere: Collection[int] = (),
    ids: list[int] | None = None,
) -> list[FlagShown]:
    """The live flags of a man, or those that ended, as these purposes may see them.

    Args:
        elsewhere: his records in other trusts, whose facts are shown without their reasons.
        ids: `record_ids` of the man, where the caller has them.
    """
    ids = ids or record_ids(person_id)
    kinds = sorted(kinds_seen(purposes))
    wanted = {"kinds": kinds, "ids": [*ids, *elsewhere]}
    rows = db.session.scalars(_ENDED if ended else _LIVE, wanted).all()
    names = flag_history.staff_names(rows)
    clinical = Purpose.CLINICAL in purposes
    waiting = flag_history.asked_about(rows)
    return [_shown(row, ids, names, elsewhere, waiting, clinical=clinical) for row in rows]


def _shown(
    row: Flag,
    ids: Collection[int],
    names: dict[int, str],
    elsewhere: Collection[int],
    waiting: Collection[int],
    *,
    clinical: bool,
) -> FlagShown:
    mirrored = row.person_id not in ids and row.person_id not in elsewhere
    # A man he must not meet who is on record with both trusts is told of by each.
    theirs = row.person_id in elsewhere or (mirrored and row.other_person_id in elsewhere)
    unsure = row.id in waiting
    clinical = clinical and not theirs
    # Nobody reads why about a man before it is known that it is he.
    clinical = clinical and not (unsure and mirrored)
    return FlagShown(
        elsewhere=theirs,
        ref=row.ref,
        kind=row.kind,
        label=FLAG_WORDS[row.kind],
        fact=f"{_fact(row, mirrored)}{_UNSURE[mirrored] if unsure else ''}",
        reason=(row.reason or "") if clinical else "",
        owner=names.get(row.owner_staff_id, ""),
        review_on=row.review_on,
        overdue=row.ended_at is None and row.review_on < clock.today(),
        made_at=row.created_at,
        made_by=names.get(row.made_by, ""),
        ended_at=row.ended_at,
        ended_by=names.get(row.ended_by or 0, ""),
        ended_reason=(row.ended_reason or "") if clinical else "",
        mirrored=mirrored,
    )


def _fact(row: Flag, mirrored: bool) -> str:
    if row.kind is not FlagKind.MUST_NOT_MEET:
        return row.fact
    other = row.person_id if mirrored else row.other_person_id
    name = row.other_name or ""
    if other is not None:
        name = db.session.get_one(Person, live_id(other)).name
    return f"{name}. {row.fact}" if row.fact and not mirrored else name


def find(flag_ref: uuid.UUID) -> Flag:
    """The flag behind an address. The caller has found it on a record of the viewer's scope."""
    return db.session.scalars(select(Flag).where(Flag.ref == flag_ref)).one()


def raise_flag(
    *,
    person_id: int,
    kind: FlagKind,
    fact: str,
    reason: str,
    owner_staff_id: int,
    review_on: date,
    by: int,
    other_person_id: int | None = None,
    other_name: str = "",
    case_id: int | None = None,
    case_ref: object = "",
) -> Flag:
    """Put a warning on a record, with a task for its owner on the day of its review.

    `fact` is for everybody who meets him: no reason. Raises Refused when nothing is said, the
    review is not on a later day, or the man he must not meet is himself.
    """
    must_be_writing()
    if meeting := kind is FlagKind.MUST_NOT_MEET:
        _check_other(person_id, other_person_id, other_name)
    elif not fact.strip():
        raise Refused("Say what everybody who meets him needs to know.")
    _check_later(review_on)
    flag = Flag(
        person_id=person_id,
        kind=kind,
        fact=fact.strip(),
        other_person_id=other_person_id if meeting else None,
        other_name=(other_name.strip() or None) if meeting else None,
        reason=reason.strip() or None,
        owner_staff_id=owner_staff_id,
        review_on=review_on,
        made_by=by,
    )
    db.session.add(flag)
    db.session.flush()
    audit.record("people.flag_raised", by=by, case_id=case_id, flag=flag.id, kind=kind.value)
    return _open_review(flag, by=by, case_id=case_id, case_ref=case_ref)


def _check_other(person_id: int, other_person_id: int | None, other_name: str) -> None:
    if other_person_id is None and not other_name.strip():
        raise Refused("Say whom he must not meet.")
    if other_person_id is not None and live_id(other_person_id) in records_of_man(person_id):
        raise Refused("This is his own record.")


def _check_later(review_on: date) -> None:
    if review_on <= clock.today():
        raise Refused("The review must be on a later day.")


def review_flag(
    *,
    flag_ref: uuid.UUID,
    person_id: int,
    review_on: date,
    reason: str,
    by: int,
    owner_staff_id: int | None = None,
) -> Flag:
    """Say that a flag is still needed, when it is looked at next, and by whom from now on.

    Raises:
        Refused: it has ended, no reason is given, or the next review is not on a later day.
    """
    flag = _live(flag_ref, person_id)
    if not reason.strip():
        raise Refused("Say why it is still needed.")
    _check_later(review_on)
    passed_on = owner_staff_id not in (None, flag.owner_staff_id)
    flag_history.keep(flag, reason, by, owner=_owner(flag).name if passed_on else "")
    task = review_task(flag)
    flag.review_on, flag.owner_staff_id = review_on, owner_staff_id or flag.owner_staff_id
    if task is not None:
        tasks.finish(task, by=by)
    case_id, case_ref = (task.case_id, task.subject_ref) if task else (None, "")
    audit.record("people.flag_reviewed", by=by, case_id=case_id, flag=flag.id)
    return _open_review(flag, by=by, case_id=case_id, case_ref=case_ref)


def _owner(flag: Flag) -> Staff:
    return db.session.get_one(Staff, flag.owner_staff_id)


def end_flag(*, flag_ref: uuid.UUID, person_id: int, reason: str, by: int) -> Flag:
    """End a flag. It stays in the history with why it ended.

    Raises:
        Refused: it has ended already, or no reason is given.
    """
    flag = _live(flag_ref, person_id)
    if not reason.strip():
        raise Refused("Say why the flag is no longer needed.")
    flag.ended_at, flag.ended_by, flag.ended_reason = clock.now(), by, reason.strip()
    task = review_task(flag)
    if task is not None:
        tasks.finish(task, by=by)
    audit.record("people.flag_ended", by=by, flag=flag.id)
    return flag


def _live(flag_ref: uuid.UUID, person_id: int) -> Flag:
    must_be_writing()
    flag = db.session.scalars(
        select(Flag)
        .where(Flag.ref == flag_ref, Flag.person_id.in_(record_ids(person_id)))
        .with_for_update(of=Flag)
    ).one_or_none()
    if flag is None:
        raise NotFound
    if flag.ended_at is not None:
        raise Refused("This flag has already been ended.")
    return flag


def review_task(flag: Flag) -> Task | None:
    """The open task to look at a flag again."""
    return tasks.with_key(_review_key(flag))


def _review_key(flag: Flag) -> str:
    return f"flag:{flag.id}:{flag.review_on.isoformat()}"


def _open_review(flag: Flag, *, by: int, case_id: int | None, case_ref: object) -> Flag:
    owner = _owner(flag)
    tasks.open_task(
        TaskKind.FLAG_REVIEW,
        key=_review_key(flag),
        title=f"Review a flag: {FLAG_WORDS[flag.kind].lower()}",
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.id,
        due_at=clock.from_london(datetime.combine(flag.review_on, _REVIEW_HOUR)),
        by=by,
        case_id=case_id,
        endpoint="people.flags",
        subject_ref=case_ref,
    )
    return flag
