"""Safeguarding referrals to a local authority: the only writer of them."""

import uuid
from datetime import date

from mhtr.accounts.models import Staff
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused
from mhtr.safeguarding.clinician import clinician_with
from mhtr.safeguarding.kinds import Agreed, Knows, State, StepKind
from mhtr.safeguarding.models import SafeguardingReferral, SafeguardingStep, SafeguardingVersion
from mhtr.safeguarding.queries import Referral, find_referral
from mhtr.safeguarding.rules import (
    DAYS,
    MEANWHILE,
    NO_WHY,
    OVER,
    Said,
    objections,
    step_objections,
)
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import TaskKind

CLINICIANS_ONLY = "Only a clinician makes a safeguarding referral or records what came of it."
PAGE = "safeguarding.here"
TITLE = "A safeguarding referral waits: see that the authority acknowledges it"
PUT_RIGHT = "safeguarding.put_right"


def make(*, case_id: int, said: Said, by: int) -> SafeguardingReferral:
    """Record a referral; somebody by name sees to it until it is acknowledged.

    Raises:
        CannotBe: something is missing.
        NotFound: `by` may not see the case.
        Refused: `by` is no clinician.
    """
    clinician_with(case_id, by, refusal=CLINICIANS_ONLY)
    if wrong := objections(said):
        raise CannotBe(*wrong)
    row = SafeguardingReferral(case_id=case_id, by_id=by)
    db.session.add(row)
    db.session.flush()
    _version(row, said, 1, None, by)
    audit.record("safeguarding.made", by=by, case_id=case_id, safeguarding=row.id)
    _follow_up(row, f"{row.id}:1", by)
    return row


def correct(
    *, case_id: int, ref: uuid.UUID, said: Said, why: str, seen: int, by: int
) -> SafeguardingVersion:
    """Put a referral right: a later version, which goes to the authority anew.

    Args:
        seen: the number of the version that was read.

    Raises:
        CannotBe: something is missing.
        NotFound: as `make`, or no such referral.
        Refused: `by` is no clinician, it is closed, or somebody put it right meanwhile.
    """
    clinician_with(case_id, by, refusal=CLINICIANS_ONLY)
    found = find_referral(case_id, ref)
    if found.newest.row.number != seen:
        raise Refused(MEANWHILE)
    if found.state is State.CLOSED:
        raise Refused(OVER)
    wrong = objections(said) + ([] if why.strip() else [("why", NO_WHY)])
    if wrong:
        raise CannotBe(*wrong)
    made = _version(found.row, said, seen + 1, why.strip(), by)
    audit.record("safeguarding.put_right", by=by, case_id=case_id, safeguarding=found.row.id)
    _end(found, by=by, done=False)
    _follow_up(found.row, f"{found.row.id}:{made.number}", by)
    return made


def step(
    *,
    case_id: int,
    ref: uuid.UUID,
    kind: StepKind,
    on: date,
    words: str,
    seen: tuple[int, int],
    by: int,
) -> SafeguardingStep:
    """Record what became of a referral, or that the last step was a mistake.

    Args:
        seen: the newest version, and how many steps there were of it, when it was read.

    Raises:
        CannotBe: the day or the words cannot be so.
        NotFound: as `correct`.
        Refused: `by` is no clinician, or it stands elsewhere by now.
    """
    clinician_with(case_id, by, refusal=CLINICIANS_ONLY)
    found = find_referral(case_id, ref)
    newest = found.newest.row
    if seen != (newest.number, len(found.taken)) or kind not in found.possible:
        raise Refused(MEANWHILE)
    made_on = newest.created_at.astimezone(clock.LONDON).date()
    wrong = step_objections(kind, on, words, made_on=made_on, today=clock.today())
    if wrong:
        raise CannotBe(*wrong)
    row = _step(found, kind, on, words, by)
    after = find_referral(case_id, ref)
    if kind is StepKind.ACKNOWLEDGED:
        _end(after, by=by, done=True)
    elif after.state is State.MADE:
        _follow_up(found.row, f"{found.row.id}:{newest.number}:{row.id}", by)
    return row


def _step(found: Referral, kind: StepKind, on: date, words: str, by: int) -> SafeguardingStep:
    row = SafeguardingStep(
        referral_id=found.row.id,
        version=found.newest.row.number,
        kind=kind,
        on=on,
        words=words.strip(),
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        "safeguarding.step",
        by=by,
        case_id=found.row.case_id,
        safeguarding=found.row.id,
        state=kind.value,
    )
    return row


def _version(
    row: SafeguardingReferral, said: Said, number: int, why: str | None, by: int
) -> SafeguardingVersion:
    without = said.agreed is not Agreed.YES
    made = SafeguardingVersion(
        referral_id=row.id,
        number=number,
        kind=said.kind,
        authority=said.authority.strip(),
        sent_how=said.sent_how.strip(),
        about=said.about.strip(),
        concern=said.concern.strip(),
        done=said.done.strip(),
        agreed=said.agreed,
        override_why=said.override_why.strip() if without else None,
        knows=said.knows,
        not_told_why=said.not_told_why.strip() if said.knows is Knows.NOT_TOLD else None,
        why=why,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _follow_up(row: SafeguardingReferral, key: str, by: int) -> None:
    who = db.session.get_one(Staff, by)
    tasks.open_task(
        TaskKind.SAFEGUARDING,
        key=f"safeguarding:{key}",
        title=TITLE,
        owner_principal_id=who.principal_id,
        owner_staff_id=who.id,
        due_at=end_of_day(working_calendar().add(clock.today(), DAYS)),
        by=by,
        case_id=row.case_id,
        endpoint=PAGE,
        subject_ref=row.ref,
    )


def _end(found: Referral, *, by: int, done: bool) -> None:
    for task in tasks.open_tasks(found.row.case_id, TaskKind.SAFEGUARDING):
        if task.subject_ref != str(found.row.ref):
            continue
        if done:
            tasks.finish(task, by=by)
        else:
            tasks.withdraw(task, by=by, because=PUT_RIGHT)
