"""Whom a report concerns: its request, who writes it, and the court team that asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from mhtr.accounts.models import (
    Organisation,
    OrganisationKind,
    Staff,
    StaffRole,
    Team,
    TeamMembership,
)
from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.core.access import PROBATION_ROLES, Grant, Purpose
from mhtr.core.database import db
from mhtr.core.transaction import remembered
from mhtr.intake.models import CourtCoverage
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.queries import excluded_staff

_REQUESTS = (
    select(ReportRequest)
    .where(ReportRequest.case_id == bindparam("wanted"))
    .order_by(ReportRequest.id.desc())
)


@dataclass(frozen=True)
class Owner:
    """Whom a task goes to: a named person where there is one, otherwise a team's list."""

    principal_id: int
    staff_id: int | None


def current_request(case_id: int) -> ReportRequest | None:
    """The request that counts: the last one made, unless she withdrew it."""
    last = last_request(case_id)
    return None if last is None or last.date_answer == DateAnswer.WITHDRAWS else last


def is_withdrawn(case_id: int) -> bool:
    """Whether probation asked and took its request back."""
    last = last_request(case_id)
    return last is not None and last.date_answer == DateAnswer.WITHDRAWS


def no_request_words(case_id: int) -> str:
    """That probation has not asked, or when it took its request back; empty where one stands."""
    last = last_request(case_id)
    if last is None:
        return "Probation has not asked for the report yet."
    if last.date_answer != DateAnswer.WITHDRAWS or last.date_answered_at is None:
        return ""
    day = last.date_answered_at.astimezone(clock.LONDON).date()
    return f"Probation withdrew its request on {day_words(day)}."


def no_report_since(case_id: int) -> date | None:
    """Since when no report will follow (see `CaseStanding`); None while one may."""
    return rules.fold(cases.facts_of(case_id), clock.today()).no_report_since


def last_request(case_id: int) -> ReportRequest | None:
    """The last request made, even where she withdrew it."""
    wanted = {"wanted": case_id}
    return remembered(case_id, ReportRequest, lambda: db.session.scalars(_REQUESTS, wanted).first())


def assessing(case: Case) -> Owner:
    """Who writes the report: the assessor while he can sign in, or the list of the trust that
    covers the court."""
    if case.assessor_id is not None:
        staff = db.session.get_one(Staff, case.assessor_id)
        if staff.disabled_at is None:
            return Owner(staff.principal_id, staff.id)
    today = clock.today()
    covering = db.session.scalars(
        select(Organisation.principal_id)
        .join(CourtCoverage, CourtCoverage.trust_id == Organisation.id)
        .where(
            CourtCoverage.court_code == case.court_code,
            CourtCoverage.live_from <= today,
            (CourtCoverage.live_to.is_(None)) | (CourtCoverage.live_to >= today),
        )
        .order_by(CourtCoverage.id.desc())
    ).first()
    return Owner(covering or _any_trust(case.id), None)


def _any_trust(case_id: int) -> int:
    """A treating trust that has the case, or the first on file: never nobody."""
    trusts = select(Organisation.principal_id).where(
        Organisation.kind == OrganisationKind.TREATING_TRUST
    )
    holding = db.session.scalars(
        trusts.join(Grant, Grant.principal_id == Organisation.principal_id)
        .where(Grant.case_id == case_id, Grant.purpose == Purpose.CLINICAL)
        .order_by(Grant.id)
    ).first()
    return holding or db.session.scalars(trusts.order_by(Organisation.id)).one()


def asker_of(request: ReportRequest) -> Owner:
    """Who asks: the author, while she can work on it; else her court team, where she had one."""
    author = db.session.get_one(Staff, request.author_id)
    if request.team_id is None or works_on(author, request):
        return Owner(author.principal_id, author.id)
    return Owner(db.session.get_one(Team, request.team_id).principal_id, None)


def those_asking(request: ReportRequest) -> set[int]:
    """Principals of who asks and of her court team."""
    found = {asker_of(request).principal_id}
    if request.team_id is not None:
        found.add(db.session.get_one(Team, request.team_id).principal_id)
    return found


def works_on(author: Staff, request: ReportRequest) -> bool:
    """Whether she can go on with it: probation still, of that place of work, and not shut out."""
    team = db.session.get(Team, request.team_id) if request.team_id is not None else None
    return (
        author.disabled_at is None
        and (team is None or author.organisation_id == team.organisation_id)
        and bool(PROBATION_ROLES & {row.role for row in author.roles})
        and author.id not in excluded_staff(request.case_id, clock.now())
    )


def nobody_reads(request: ReportRequest) -> bool:
    """Whether nobody at probation can go on with a request: its author cannot, and her court team
    is closed or nobody is left in it who could."""
    if works_on(db.session.get_one(Staff, request.author_id), request):
        return False
    team = db.session.get(Team, request.team_id) if request.team_id is not None else None
    if team is None or team.closed_on is not None:
        return True
    shut_out = excluded_staff(request.case_id, clock.now())
    return all(staff.id in shut_out for staff in members([team.id]))


def court_team(author: Staff, court_code: str) -> int | None:
    """The team she asks for: hers that writes for this court today, otherwise her first."""
    mine, today = [m.team_id for m in author.memberships if m.team.closed_on is None], clock.today()
    for_court = db.session.scalars(
        select(CourtCoverage.court_team_id)
        .where(
            CourtCoverage.court_code == court_code,
            CourtCoverage.court_team_id.in_(mine),
            CourtCoverage.live_from <= today,
            (CourtCoverage.live_to.is_(None)) | (CourtCoverage.live_to >= today),
        )
        .order_by(CourtCoverage.live_from.desc(), CourtCoverage.id.desc())
    ).first()
    return for_court or (min(mine) if mine else None)


def members(team_ids: Sequence[int]) -> list[Staff]:
    """Probation staff of these teams who can take over a request, by name."""
    return list(
        db.session.scalars(
            select(Staff)
            .join(TeamMembership, TeamMembership.staff_id == Staff.id)
            .join(Team, Team.id == TeamMembership.team_id)
            .where(
                Team.id.in_(team_ids),
                Staff.disabled_at.is_(None),
                Staff.id.in_(
                    select(StaffRole.staff_id).where(StaffRole.role.in_(sorted(PROBATION_ROLES)))
                ),
            )
            .distinct()
            .order_by(Staff.sort_name, Staff.id)
        )
    )
