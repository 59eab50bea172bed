"""Who may see a case because of a request for a report: granted, ended and moved, on record."""

from sqlalchemy import select

from mhtr.accounts.models import Staff, Team
from mhtr.cases.models import Case
from mhtr.core import access
from mhtr.core.access import READS_ON, Purpose
from mhtr.core.database import db
from mhtr.suitability import release_readers
from mhtr.suitability.models import ReportRequest
from mhtr.tasks import service as tasks

BECAUSE = "suitability.requested"
REPORT = "suitability.report"
STILL_READ = "You can still read the report that was released to you."


def let_in(request: ReportRequest, *, by: int) -> None:
    """The author and her court team may see the case for this."""
    for principal_id in sorted(principals_of(request)):
        access.grant(request.case_id, Purpose.PRE_SENTENCE, principal_id, because=BECAUSE, by=by)
    release_readers.note_later(request, by=by)


def principals_of(request: ReportRequest) -> set[int]:
    """Its author and her court team."""
    own = {db.session.get_one(Staff, request.author_id).principal_id}
    return own | (set() if request.team_id is None else {_team_principal(request.team_id)})


def asked_before(case_id: int) -> set[int]:
    """Who asked before on this case, and their teams, as principals."""
    found: set[int] = set()
    for author, team in db.session.execute(
        select(Staff.principal_id, Team.principal_id)
        .select_from(ReportRequest)
        .join(Staff, Staff.id == ReportRequest.author_id)
        .outerjoin(Team, Team.id == ReportRequest.team_id)
        .where(ReportRequest.case_id == case_id)
    ):
        found |= {author, team} - {None}
    return found


def end_former(request: ReportRequest, principal_ids: set[int], *, by: int) -> None:
    """Her request took the place of theirs: the report to come is for her and her team.

    Whoever had a report released to them goes on reading it, and sees nothing else of the case.
    """
    own = principals_of(request)
    readers = release_readers.readers_of(request.case_id)
    case = db.session.get_one(Case, request.case_id)
    for principal_id in sorted(principal_ids - own):
        if not access.holds(case.id, {Purpose.PRE_SENTENCE}, {principal_id}):
            continue
        words, key = _superseded(request, by), f"superseded:{request.id}"
        access.end_grants(
            case.id,
            Purpose.PRE_SENTENCE,
            because="suitability.superseded",
            by=by,
            principal_id=principal_id,
        )
        if principal_id in readers:
            access.grant(case.id, Purpose.PRE_SENTENCE, principal_id, because=READS_ON, by=by)
            tasks.tell(
                principal_id,
                key=key,
                text=f"{words} {STILL_READ}",
                case_id=case.id,
                endpoint=REPORT,
                subject_ref=case.ref,
            )
            continue
        # Without the case: it is not hers to open any more.
        tasks.tell(principal_id, key=key, text=words)


def _superseded(request: ReportRequest, by: int) -> str:
    """Who has it now, by name and team, and who handed it over where it was not she."""
    author = db.session.get_one(Staff, request.author_id)
    team = db.session.get(Team, request.team_id) if request.team_id else None
    named = author.name + (f" ({team.name})" if team else "")
    words = f"{named} has a suitability report you asked for from now on."
    if by == author.id:
        return words
    return f"{words} {db.session.get_one(Staff, by).name} handed it over."


def move(
    case_id: int, before: Staff, old_team: int | None, taker: Staff, new_team: int, *, by: int
) -> None:
    """Her colleague and the team that has it now may see the case; whoever had it by name not."""
    because = "suitability.reallocated"
    losing = {before.principal_id}
    if old_team is not None and old_team != new_team:
        losing.add(_team_principal(old_team))
    for principal_id in losing:
        access.end_grants(
            case_id, Purpose.PRE_SENTENCE, because=because, by=by, principal_id=principal_id
        )
    for principal_id in (taker.principal_id, _team_principal(new_team)):
        access.grant(case_id, Purpose.PRE_SENTENCE, principal_id, because=because, by=by)


def _team_principal(team_id: int) -> int:
    return db.session.get_one(Team, team_id).principal_id
