"""Rows of Today that are not tasks: drafts, referrals, requests, onward referrals."""

from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff, StaffRole, Team
from mhtr.accounts.role_queries import to_confirm
from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.report_due import Countdowns, in_progress
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.cases.standing_words import outside_state, state_colour, state_text
from mhtr.core import clock, formats
from mhtr.core.access import PROBATION_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, Asker, asked_by, visible
from mhtr.intake import drafts
from mhtr.intake.models import Referral, ReferralDraft
from mhtr.overview.links import case_href, page_href
from mhtr.overview.rows import Row, court_name, happened
from mhtr.overview.task_lists import note_shown
from mhtr.people.models import Person
from mhtr.suitability.models import ReportRelease, ReportRequest
from mhtr.suitability.reliance_news import marks_of
from mhtr.tasks.queries import shut_out

WITHDRAWS = "withdraws"
"""Her answer that takes a request back: `suitability.models.ReportRequest.date_answer`."""


def list_href(viewer: Viewer, endpoint: str) -> str:
    """The page of a whole list; empty where there is none for this viewer."""
    return page_href(viewer, endpoint) if endpoint else ""


def role_rows(viewer: Viewer, limit: int) -> list[Row]:
    """Roles of staff that wait for a second person, the oldest first."""
    return [
        Row(
            ref=one.ref,
            who=one.holder,
            what=f"{one.role}, given by {one.giver}",
            href=page_href(viewer, "staff.role", one.ref),
            action="Confirm",
            age=formats.ago(one.given_at, clock.now()),
        )
        for one in to_confirm(viewer, limit=limit)
    ]


def draft_rows(viewer: Viewer, limit: int) -> list[Row]:
    """Referrals he began and did not send, by the names he typed: nobody else sees them."""
    waiting = drafts.unsent(viewer.staff_id, limit=limit)
    return [
        Row(
            ref=draft.ref,
            what="Not sent yet",
            who=_whose(draft),
            href=page_href(viewer, "intake.resume", draft.ref) or page_href(viewer, "intake.start"),
            action="Go on",
            age=formats.ago(draft.saved_at, clock.now()),
            facts=(happened("Saved", draft.saved_at),),
        )
        for draft in waiting
    ]


def _whose(draft: ReferralDraft) -> str:
    said = drafts.given(draft)
    name = f"{said.get('given_name', '')} {said.get('family_name', '')}".strip()
    return name or f"Unfinished referral of {formats.moment(draft.saved_at)}"


def referral_rows(viewer: Viewer, limit: int) -> list[Row]:
    """His own latest referrals, with what became of each."""
    found = db.session.execute(
        with_case(Referral.referred_at, purposes=(Purpose.REFERRAL,), viewer=viewer)
        .select_from(Referral)
        .join(Case, Case.id == Referral.case_id)
        .join(Person, Person.id == Case.person_id)
        .where(Referral.referrer_id == viewer.staff_id)
        .order_by(Referral.referred_at.desc(), Referral.id.desc())
        .limit(limit)
    ).all()
    countdowns = Countdowns()
    rows = [
        row_about(
            line,
            report=countdowns.of(line),
            what=f"Referred {formats.day(line.referred_at)}",
            href=case_href(line.ref),
            action="Open",
        )
        for line in found
    ]
    note_shown(rows)
    return rows


def request_rows(viewer: Viewer, limit: int) -> list[Row]:
    """Reports she asked for that are still to come: overdue ones first, then by their due day.

    One that is paused, or rests without a plea or finding, waits for nothing she or the service
    could do, so it comes after the others.
    """
    countdowns = Countdowns()
    rows = [
        row_about(
            line,
            what=_request_words(line),
            href=page_href(viewer, "suitability.request_page", line.ref) or case_href(line.ref),
            action="Open request",
            due=line.due_on,
            left=countdowns.of(line),
            facts=_hearing_fact(line),
        )
        for line in _to_come().all(_given(viewer, limit))
    ]
    note_shown(rows)
    return [_with_court(row) for row in rows]


@cache
def _to_come() -> Prepared:
    """Made once: making it takes longer than asking it."""
    return Prepared(
        _asked_for()
        .where(Case.progress != ReportProgress.RELEASED, Case.report_due_on.is_not(None))
        .order_by(~in_progress(), ReportRequest.due_on, ReportRequest.id)
    )


def released_rows(viewer: Viewer, limit: int) -> list[Row]:
    """Reports she asked for that are released and not decided on yet, the latest first."""
    lines = _released().all(_given(viewer, limit))
    marks = marks_of([line.id for line in lines])
    rows = [
        row_about(
            line,
            what="The report may no longer stand" if line.id in marks else "The report is here",
            href=page_href(viewer, "suitability.report", line.ref) or case_href(line.ref),
            action="Read report",
            facts=(*_released_fact(line), *_hearing_fact(line)),
        )
        for line in lines
    ]
    note_shown(rows)
    return [_with_court(row) for row in rows]


@cache
def _released() -> Prepared:
    released_at = (
        select(func.max(ReportRelease.released_at))
        .where(ReportRelease.case_id == Case.id)
        .scalar_subquery()
    )
    return Prepared(
        _asked_for()
        .add_columns(released_at.label("released_at"))
        .where(Case.progress == ReportProgress.RELEASED)
        .order_by(released_at.desc(), ReportRequest.id.desc())
    )


def _given(viewer: Viewer, limit: int) -> dict[str, object]:
    """The values of the places in `_asked_for`."""
    given = asked_by(viewer, Purpose.PRE_SENTENCE)
    return given | {"me": viewer.staff_id, "home": viewer.organisation_id, "limit": limit}


def _asked_for() -> Any:
    """The newest request of each case of hers that is not sentenced yet.

    Those of a colleague who cannot go on with them are her team's to hand to somebody.

    The subquery makes the database begin with the open cases, not with all she ever asked for.
    """
    live, other = sorted(BEFORE_SENTENCE), aliased(Case)
    return (
        with_case(ReportRequest.due_on, viewer=ANYBODY)
        .select_from(ReportRequest)
        .join(Case, Case.id == ReportRequest.case_id)
        .join(Person, Person.id == Case.person_id)
        .where(
            or_(ReportRequest.author_id == bindparam("me"), _of_a_colleague_gone()),
            ReportRequest.date_answer != WITHDRAWS,
            ReportRequest.case_id.in_(select(other.id).where(other.state.in_(live))),
            Case.state.in_(live),
            ~_superseded(),
        )
        .limit(bindparam("limit"))
    )


def _of_a_colleague_gone() -> ColumnElement[bool]:
    """A request of one of her teams with which its author cannot go on: `concerned.works_on`."""
    gone = or_(
        Staff.disabled_at.is_not(None),
        Staff.organisation_id != bindparam("home"),
        ~Staff.roles.any(StaffRole.role.in_(sorted(PROBATION_ROLES))),
    )
    hers = select(Team.id).where(
        Team.principal_id.in_(ANYBODY.groups),
        Team.organisation_id == bindparam("home"),
    )
    author = ReportRequest.author_id
    excluded = author.in_(shut_out(ReportRequest.case_id, ANYBODY.moment))
    cannot = or_(author.in_(select(Staff.id).where(gone)), excluded)
    return and_(ReportRequest.team_id.in_(hers), cannot)


def _released_fact(line: Any) -> tuple[str, ...]:
    return (happened("Released", line.released_at),) if line.released_at else ()


def _hearing_fact(line: Any) -> tuple[str, ...]:
    return (f"Hearing {formats.short_day(line.hearing_on)}",) if line.hearing_on else ()


def _with_court(row: Row) -> Row:
    return row if row.court else replace(row, court="Court not known")


def _superseded() -> ColumnElement[bool]:
    later = aliased(ReportRequest)
    return exists().where(later.case_id == ReportRequest.case_id, later.id > ReportRequest.id)


def _request_words(line: Any) -> str:
    return "Suitability report, while the case is paused" if line.paused else "Suitability report"


def with_case(*columns: Any, viewer: Viewer | Asker, purposes: tuple[Purpose, ...] = ()) -> Any:
    """Columns beside those of the case and the man, where the viewer may see it.

    Args:
        viewer: or `ANYBODY`, and then `asked_by` names the purposes.
    """
    return select(
        *columns,
        Case.id,
        Case.ref,
        Case.state,
        Case.court_code,
        Case.hearing_on,
        Case.opened_at,
        Case.report_due_on,
        Case.progress,
        Case.paused,
        Case.stage,
        Person.id.label("person_id"),
        Person.given_name,
        Person.family_name,
        Person.born,
    ).where(visible(viewer, Case.id, Case.restricted, *purposes))


def row_about(line: Any, **given: Any) -> Row:
    """A row about the man of a line that `with_case` found."""
    state = outside_state(line.state)
    return Row(
        ref=line.ref,
        who=f"{line.given_name} {line.family_name}".strip(),
        born=line.born,
        court=court_name(line.court_code),
        state=state_text(state),
        state_colour=state_colour(state),
        hearing_on=line.hearing_on,
        since=line.opened_at,
        age=formats.ago(line.opened_at, clock.now()),
        case_id=line.id,
        person_id=line.person_id,
        **given,
    )
