"""Who may read a report once it is released: its author and her court team, who are told.

Whoever gets to read it later is put in the log of the release, with what is read.
"""

from sqlalchemy import or_, select
from sqlalchemy.orm import defer

from mhtr.accounts.models import Staff, Team
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access, audit, clock
from mhtr.core.access import Grant, Purpose
from mhtr.core.database import db
from mhtr.suitability.models import LaterReader, ReportRelease, ReportRequest
from mhtr.tasks import service as tasks


def open_to_author(case: Case, request: ReportRequest, row: ReportRelease, by: int) -> None:
    """The author and her team may see it from now on, and are told."""
    principals = _principals(request.author_id, request.team_id)
    what = "An addendum to a suitability report" if row.is_addendum else "A suitability report"
    for principal_id in principals:
        if not _may_see(case.id, principal_id):
            access.grant(
                case.id,
                Purpose.PRE_SENTENCE,
                principal_id,
                because="suitability.released",
                by=by,
            )
        _tell(principal_id, case, row, f"{what} you asked for is released.")
    if row.is_addendum:
        _to_earlier_readers(case, row, by)


def _to_earlier_readers(case: Case, row: ReportRelease, by: int) -> None:
    """Who still reads the report this adds to reads the addendum too, is told and logged."""
    text = "An addendum to a suitability report that was released to you is released."
    for author_id, team_id in sorted(_pairs(case.id), key=str):
        open_to = [p for p in _principals(author_id, team_id) if _may_see(case.id, p)]
        if open_to:
            _log(row, author_id, team_id, by=by)
        for principal_id in open_to:
            _tell(principal_id, case, row, text)


def _tell(principal_id: int, case: Case, row: ReportRelease, text: str) -> None:
    tasks.tell(
        principal_id,
        key=f"released:{row.id}",
        text=text,
        case_id=case.id,
        endpoint="suitability.report",
        subject_ref=case.ref,
    )


def note_later(request: ReportRequest, *, by: int) -> None:
    """Log each released report of the case as opened to the author and team of this request."""
    if all(fact.kind is not FactKind.RELEASED for fact in cases.facts_of(request.case_id)):
        return
    for row in _releases(request.case_id):
        _log(row, request.author_id, request.team_id, by=by)


def _log(row: ReportRelease, author_id: int, team_id: int | None, *, by: int) -> None:
    """Once for each author and team; whom it was released to stands in the release itself."""
    if (author_id, team_id) in {(row.to_author_id, row.to_team_id), *_later(row.id)}:
        return
    db.session.add(
        LaterReader(
            release_id=row.id,
            to_author_id=author_id,
            to_team_id=team_id,
            content_hash=row.content_hash,
            by_id=by,
            at=clock.now(),
        )
    )
    db.session.flush()
    audit.record(
        "suitability.report_opened_to",
        by=by,
        case_id=row.case_id,
        release=row.id,
        content_hash=row.content_hash,
        to_author=author_id,
        to_team=team_id,
    )


def readers_of(case_id: int) -> set[int]:
    """To whom reports of this case were released or opened later, as principals."""
    return {p for author, team in _pairs(case_id) for p in _principals(author, team)}


def _pairs(case_id: int) -> set[tuple[int, int | None]]:
    found: set[tuple[int, int | None]] = set()
    for row in _releases(case_id):
        found |= {(row.to_author_id, row.to_team_id), *_later(row.id)}
    return found


def _releases(case_id: int) -> list[ReportRelease]:
    query = select(ReportRelease).where(ReportRelease.case_id == case_id)
    return list(db.session.scalars(query.options(defer(ReportRelease.pdf))))


def _later(release_id: int) -> list[tuple[int, int | None]]:
    query = select(LaterReader.to_author_id, LaterReader.to_team_id)
    rows = db.session.execute(query.where(LaterReader.release_id == release_id))
    return [(author, team) for author, team in rows]


def _principals(author_id: int, team_id: int | None) -> list[int]:
    found = [db.session.get_one(Staff, author_id).principal_id]
    if team_id is not None:
        found.append(db.session.get_one(Team, team_id).principal_id)
    return found


def _may_see(case_id: int, principal_id: int) -> bool:
    moment = clock.now()
    live = select(Grant.id).where(
        Grant.case_id == case_id,
        Grant.purpose == Purpose.PRE_SENTENCE,
        Grant.principal_id == principal_id,
        or_(Grant.ends_at.is_(None), Grant.ends_at > moment),
    )
    return db.session.scalars(live).first() is not None
