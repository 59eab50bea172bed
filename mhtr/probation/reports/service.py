"""Releasing a compliance report: the only writer of what left."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.core import audit, clock
from mhtr.core.access import SUPERVISES
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders.officer_queries import officers_in
from mhtr.probation.reports import telling
from mhtr.probation.reports.content import Report
from mhtr.probation.reports.models import ComplianceRelease, ComplianceReleaseMan
from mhtr.probation.reports.reading import men_among, men_told
from mhtr.probation.reports.release_kinds import To, Way
from mhtr.probation.reports.stored import content_hash, to_json
from mhtr.tasks import service as tasks

PROBATION_ONLY = "Only probation releases compliance reports."
NOBODY = "Nobody is in this report: there is nothing to release."
CHANGED = "The facts changed while you looked at this page. Nothing was released: look at it again."
NOT_ALL = "You no longer supervise everybody in this report. Nothing was released."
AGAIN = "Somebody issued this version again meanwhile. Read the newest one."
NOT_ASKED = "Nothing is asked about this release any more."
LEAVE = "Say why no new version is needed, or what was done"
WHY = "Say why it is issued again"
WHOM = "Say to whom you pass it on"
NO_MAILBOX = "Your unit has no mailbox on record"
NO_COLLEAGUE = "Select a colleague who signs in here and supervises"
NOT_HIS = "{} does not supervise everybody in this report, and could not open it"


@dataclass(frozen=True)
class Recipient:
    """Who gets it. `name`: to whom it is passed on, where it is; `staff_id`: the colleague."""

    kind: To
    name: str = ""
    staff_id: int | None = None


@dataclass(frozen=True)
class Compiled:
    """A report compiled before the write transaction, with the cases that it is about.

    `one`: it is about one man.
    """

    report: Report
    case_ids: Sequence[int]
    one: bool
    format: str
    file: bytes


def release(
    *, compiled: Compiled, to: Recipient, by: int, way: Way = Way.PAGE
) -> ComplianceRelease:
    """Let a report leave: kept as it was made, with who gets it.

    Raises:
        CannotBe: it is not said to whom it is passed on, there is no mailbox, or the colleague
            does not supervise all of them.
        NotFound: `by` does not supervise all of them now.
        Refused: `by` is not of probation, nobody is in it, or the facts are others by now.
    """
    must_be_writing()
    _check(compiled, by)
    if not compiled.case_ids and way is Way.PAGE:
        raise Refused(NOBODY)
    row = _row(compiled, _named(to, compiled, by), by)
    row.number, row.way = 1, way
    _keep(row, compiled)
    telling.tell(row)
    return row


def issue_again(*, replaces: uuid.UUID, compiled: Compiled, why: str, by: int) -> ComplianceRelease:
    """Let a later version of a report leave, and tell whoever received an earlier one.

    It goes to whoever the version went to whose place it takes.

    Raises:
        CannotBe: no reason is given.
        NotFound: no such release, or `by` does not supervise all of them now.
        Refused: `by` is not of probation, the facts are others by now, or it was issued again.
    """
    must_be_writing()
    _check(compiled, by)
    query = select(ComplianceRelease).where(ComplianceRelease.ref == replaces).with_for_update()
    old = db.session.scalars(query).one_or_none()
    if old is None or men_in(old.id) != set(compiled.case_ids):
        raise NotFound
    if follower(old.id) is not None:
        raise Refused(AGAIN)
    if not why.strip():
        raise CannotBe(("why", WHY))
    same = {"to_kind": old.to_kind, "to_name": old.to_name, "to_unit_id": old.to_unit_id}
    row = _row(compiled, {**same, "to_staff_id": old.to_staff_id}, by)
    row.number, row.way, row.replaces_id, row.why = old.number + 1, Way.PAGE, old.id, why.strip()
    _keep(row, compiled)
    telling.tell_again(row, earlier(row))
    telling.settled(old, by=by)
    return row


def leave(*, ref: uuid.UUID, done: str, by: int) -> None:
    """Note that what was asked about a release was seen to without a new version.

    Raises:
        CannotBe: it is not said why.
        NotFound: no such release, or `by` supervises nobody in it now.
        Refused: nothing is asked about it any more.
    """
    must_be_writing()
    row = db.session.scalars(
        select(ComplianceRelease).where(ComplianceRelease.ref == ref)
    ).one_or_none()
    viewer = viewer_of(db.session.get_one(Staff, by))
    if row is None or not men_among(viewer, men_in(row.id)):
        raise NotFound
    if not done.strip():
        raise CannotBe(("done", LEAVE))
    waiting = telling.asked_of(row)
    if not waiting:
        raise Refused(NOT_ASKED)
    for task in waiting:
        tasks.finish(task, by=by, outcome=done)
    audit.record("reports.left_as_it_is", by=by, case_id=row.case_id, report=row.id)


def follower(release_id: int) -> ComplianceRelease | None:
    """The version that took the place of one; None while it is the newest."""
    query = select(ComplianceRelease).where(ComplianceRelease.replaces_id == release_id)
    return db.session.scalars(query).one_or_none()


def earlier(row: ComplianceRelease) -> list[ComplianceRelease]:
    """The versions before one, the newest first."""
    found = []
    while row.replaces_id is not None:
        row = db.session.get_one(ComplianceRelease, row.replaces_id)
        found.append(row)
    return found


def men_in(release_id: int) -> set[int]:
    """The cases of those in it."""
    query = select(ComplianceReleaseMan.case_id).where(
        ComplianceReleaseMan.release_id == release_id
    )
    return set(db.session.scalars(query))


def _check(compiled: Compiled, by: int) -> None:
    """Refuse a report that is of other facts or other men than hold now."""
    who = db.session.get_one(Staff, by)
    if not {row.role for row in who.roles}.intersection(SUPERVISES):
        raise Refused(PROBATION_ONLY)
    if compiled.one:
        cases.lock(compiled.case_ids[0])
    men = men_among(viewer_of(who), compiled.case_ids)
    if len(men) != len(compiled.case_ids):
        raise NotFound  # somebody was given to another officer while the page was open
    report = compiled.report
    now = replace(report, on=clock.today(), men=men_told(men))
    if content_hash(to_json(now)) != content_hash(to_json(report)):
        raise Refused(CHANGED)


def _named(to: Recipient, compiled: Compiled, by: int) -> dict[str, object]:
    """Who gets it, as it is kept."""
    who = db.session.get_one(Staff, by)
    if to.kind is To.PASSED:
        if not to.name.strip():
            raise CannotBe(("name", WHOM))
        return {"to_kind": to.kind, "to_name": to.name.strip()}
    if to.kind is To.UNIT:
        unit = db.session.get_one(Organisation, who.organisation_id)
        if not unit.mailbox:
            raise CannotBe(("to", NO_MAILBOX))
        return {"to_kind": to.kind, "to_name": unit.name, "to_unit_id": unit.id}
    staff = db.session.get(Staff, to.staff_id) if to.kind is To.COLLEAGUE else who
    there = {who.id, *(one.id for one in officers_in(who.organisation_id))}
    if staff is None or staff.id not in there:
        raise CannotBe(("colleague", NO_COLLEAGUE))
    if len(men_among(viewer_of(staff), compiled.case_ids)) != len(compiled.case_ids):
        raise CannotBe(("colleague", NOT_HIS.format(staff.name)))
    return {"to_kind": to.kind, "to_name": staff.name, "to_staff_id": staff.id}


def _row(compiled: Compiled, to: dict[str, object], by: int) -> ComplianceRelease:
    content = to_json(compiled.report)
    return ComplianceRelease(
        case_id=compiled.case_ids[0] if compiled.one else None,
        format=compiled.format,
        as_on=compiled.report.on,
        items=[one.item.value for one in compiled.report.listed],
        content=content,
        content_hash=content_hash(content),
        file=compiled.file,
        by_id=by,
        **to,
    )


def _keep(row: ComplianceRelease, compiled: Compiled) -> None:
    db.session.add(row)
    db.session.flush()
    db.session.add_all(
        ComplianceReleaseMan(release_id=row.id, case_id=case_id)
        for case_id in sorted(compiled.case_ids)
    )
    db.session.flush()
    audit.record(
        "reports.released"
        if row.way is Way.PAGE
        else ("reports.as_set_up" if row.way is Way.SCHEDULE else "reports.from_console"),
        by=row.by_id if row.way is Way.PAGE else None,
        case_id=row.case_id,
        report=row.id,
        staff=row.by_id,
        content_hash=row.content_hash,
        file_hash=row.file_hash,
    )
