"""The only writer of flags: raised and ended as the scores stand, and answered by a clinician.

A flag never closes or replaces a risk review: nothing here touches a task.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select, union

from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from outcome_measures.flags.due import session_in
from outcome_measures.flags.queries import states_of
from outcome_measures.flags.standing import flags
from outcome_measures.flags.state import Flag
from outcome_measures.models import FlagLook, MeasureContact, MeasureFlag, MeasureOccasion
from outcome_measures.sessions_on_record import IS_SESSION

ACTIVE_DAYS = 120
"""Days after his last treatment session for which a man's flags are worked out once a day."""
AT_ONCE = 60
"""Cases of one run: the transaction stays short, and the rest follows with the next."""


def look_again(*, case_id: int, by: int | None, filled_in: bool = True, again: bool = False) -> int:
    """Raise the flags that hold now and end those that do not; returns how many changed.

    Called in the transaction that changes a score or a contact. A flag raised again is the same
    row with its response; one that is ended stays on record. Its words follow the scores until
    somebody responds. A repeat changes nothing.

    Args:
        filled_in: somebody is filling in the forms of the contacts that are open.
        again: what was raised before is raised again, whoever fills in what.
    """
    must_be_writing()
    cases.lock(case_id)
    state = states_of([case_id])[case_id]
    # While somebody is filling in the forms of a session one after the other, those to come are
    # not missing yet: a session left open is judged by the job, a closed one at once.
    filling = {
        one.ref
        for one in state.contacts
        if by and filled_in and not one.closed and session_in(one.ref) is None
    }
    return _bring_up(case_id, flags(state), filling, again, by=by)


def look_again_without(*, case_id: int, by: int | None) -> list[int]:
    """Look again after a score or a contact was taken back; returns the answered flags it ended.

    What was answered of that score answers nothing of another one: a flag that ends with it keeps
    its response, and one that is raised in its place later is answered anew.
    """
    must_be_writing()
    standing = [row.id for row in _rows_of(case_id).values() if row.ended_at is None]
    look_again(case_id=case_id, by=by)
    answered = [
        row
        for row in _rows_of(case_id).values()
        if row.id in standing and row.ended_at is not None and row.responded_at is not None
    ]
    for row in answered:
        row.key = f"{row.key}/{row.id}"  # behind the day, which stays to be read
    return [row.id for row in answered]


def look_again_with(*, case_id: int, answered: Collection[int], by: int | None) -> None:
    """Look again after a taking back was undone: flags it ended have their response again.

    Args:
        answered: what `look_again_without` returned.
    """
    must_be_writing()
    rows = _rows_of(case_id)
    for row in list(rows.values()):
        plain = row.key.removesuffix(f"/{row.id}")
        if row.id in answered and plain not in rows:
            row.key = plain
    db.session.flush()
    look_again(case_id=case_id, by=by, again=True)


def standing_now(case_id: int) -> tuple[Flag, ...]:
    """The flags that hold before a day is put right, for `look_again_moved`."""
    return flags(states_of([case_id])[case_id])


def look_again_moved(*, case_id: int, before: Iterable[Flag], by: int | None) -> None:
    """Look again after the day of a contact was put right; its scores are what they were.

    A flag that holds as before, of the same form, is the same flag: it is known by its new day,
    and stays answered or waits as it did.

    Args:
        before: what `standing_now` returned before the day was put right.
    """
    must_be_writing()
    after = {_what(flag): flag for flag in standing_now(case_id)}
    rows = _rows_of(case_id)
    for flag in before:
        row, same = rows.get(_key(case_id, flag)), after.get(_what(flag))
        if row is None or row.ended_at is not None or same is None:
            continue
        if _key(case_id, same) not in rows:
            row.key = _key(case_id, same)
    db.session.flush()
    look_again(case_id=case_id, by=by, filled_in=False)


def _what(flag: Flag) -> tuple[str, str, str]:
    """What a flag says, of which form or contact; all of its key but the day."""
    return flag.key.removesuffix(flag.since.isoformat()), flag.occasion_ref, flag.contact_ref


def look_again_by_time(now: datetime) -> int:
    """Look again where the day or the policy changed and no score did; returns flags changed.

    Every case in treatment, with a session of measures in the last months or a flag that stands,
    once a day, the one looked at longest ago first: whoever does not fit into one run is first in
    the next. Run by a job every hour.
    """
    must_be_writing()
    wanted = _longest_ago(clock.today())
    changed = 0
    for case_id, state in states_of(wanted).items():
        holding = flags(state)
        if _differs(case_id, holding):
            changed += look_again(case_id=case_id, by=None)
    known = db.session.scalars(select(FlagLook).where(FlagLook.case_id.in_(wanted)))
    looks = {look.case_id: look for look in known}
    for case_id in wanted:
        looks.setdefault(case_id, FlagLook(case_id=case_id)).looked_at = now
    db.session.add_all(looks.values())
    return changed


def respond(*, flag_id: int, response: str, in_supervision: bool, by: int) -> None:
    """Record what was decided about a flag, once. One that has ended can still be answered.

    Args:
        in_supervision: whether it was, or is to be, taken up in supervision.

    Raises:
        Refused: nothing is said.
        Stale: somebody answered it meanwhile; theirs stands.
    """
    must_be_writing()
    flag = db.session.get_one(MeasureFlag, flag_id)
    cases.lock(flag.case_id)
    db.session.refresh(flag, with_for_update=True)
    if flag.responded_at is not None:
        raise Stale(flag)
    if not response.strip():
        raise Refused("Say what was decided.")
    flag.response, flag.in_supervision = response.strip(), in_supervision
    flag.responded_at, flag.responded_by = clock.now(), by
    audit.record(
        "measures.flag_answered", by=by, case_id=flag.case_id, flag=flag.id, kind=flag.kind.value
    )


def _bring_up(
    case_id: int, holding: Sequence[Flag], filling: Collection[str], again: bool, *, by: int | None
) -> int:
    """`filling`: contacts for which nothing new is raised as missing."""
    wanted = {_key(case_id, flag): flag for flag in holding}
    known = _rows_of(case_id)
    changed = 0
    for key, flag in wanted.items():
        row = known.get(key)
        ended = row is not None and row.ended_at is not None
        if flag.contact_ref in filling and (row is None or (ended and not again)):
            continue
        if row is not None and _outdated(row, flag):
            row.said = _said(flag)
        if row is None:
            _raise(case_id, key, flag, by=by)
        elif row.ended_at is not None:
            row.ended_at = None
            _note("measures.flag_raised_again", row, by=by)
        else:
            continue
        changed += 1
    for key, row in known.items():
        if key not in wanted and row.ended_at is None:
            row.ended_at = clock.now()
            _note("measures.flag_ended", row, by=by)
            changed += 1
    return changed


def _raise(case_id: int, key: str, flag: Flag, *, by: int | None) -> None:
    row = MeasureFlag(
        case_id=case_id,
        key=key,
        kind=flag.kind,
        instrument=flag.instrument,
        said=_said(flag),
        occasion_id=_id_of(MeasureOccasion, flag.occasion_ref),
        contact_id=_id_of(MeasureContact, flag.contact_ref),
    )
    db.session.add(row)
    db.session.flush()
    _note("measures.flag_raised", row, by=by)


def _note(action: str, row: MeasureFlag, *, by: int | None) -> None:
    audit.record(action, by=by, case_id=row.case_id, flag=row.id, kind=row.kind.value)


def _differs(case_id: int, holding: Sequence[Flag]) -> bool:
    live = {key: row for key, row in _rows_of(case_id).items() if row.ended_at is None}
    wanted = {_key(case_id, flag): flag for flag in holding}
    return live.keys() != wanted.keys() or any(
        _outdated(row, wanted[key]) for key, row in live.items()
    )


def _said(flag: Flag) -> dict[str, str]:
    return {"rule": flag.rule, "reason": flag.reason}


def _outdated(row: MeasureFlag, flag: Flag) -> bool:
    """Whether its words are not those of today. What somebody has answered stays as he read it."""
    return row.said is None or (row.responded_at is None and row.said != _said(flag))


def _rows_of(case_id: int) -> dict[str, MeasureFlag]:
    rows = db.session.scalars(
        select(MeasureFlag).where(MeasureFlag.case_id == case_id).order_by(MeasureFlag.id)
    )
    return {row.key: row for row in rows}


def _key(case_id: int, flag: Flag) -> str:
    return f"{case_id}:{flag.key}"


def _id_of(model: type[MeasureOccasion] | type[MeasureContact], ref: str) -> int | None:
    if not ref or session_in(ref) is not None:
        return None
    return db.session.scalars(select(model.id).where(model.ref == uuid.UUID(ref))).one_or_none()


def _longest_ago(today: date) -> list[int]:
    """Cases not looked at today by the clock, never looked at first, then the longest ago."""
    midnight = clock.from_london(datetime.combine(today, time()))
    since = today - timedelta(days=ACTIVE_DAYS)
    wanted = union(
        select(MeasureContact.case_id).where(IS_SESSION, MeasureContact.held_on >= since),
        # Seen perhaps, and nobody asked him anything: attendance is known above.
        select(Case.id).where(Case.state == CaseState.IN_TREATMENT),
        select(MeasureFlag.case_id).where(MeasureFlag.ended_at.is_(None)),
    ).subquery()
    query = (
        select(wanted.c.case_id)
        .outerjoin(FlagLook, FlagLook.case_id == wanted.c.case_id)
        .where(or_(FlagLook.case_id.is_(None), FlagLook.looked_at < midnight))
        .order_by(FlagLook.looked_at.is_not(None), FlagLook.looked_at, wanted.c.case_id)
        .limit(AT_ONCE)
    )
    return list(db.session.scalars(query))
