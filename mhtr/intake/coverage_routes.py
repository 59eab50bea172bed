"""The courts the service covers, from when to when, and who works for each."""

import uuid

from flask import render_template, url_for
from sqlalchemy import select

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Organisation, OrganisationKind, Team
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.codes import lists
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.intake import coverage
from mhtr.intake.court_forms import CoverForm, EndCoverForm
from mhtr.intake.draft_routes import Answer
from mhtr.intake.models import CourtCoverage
from mhtr.intake.queries import place_label
from mhtr.intake.routes import bp
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.submission import saving

ROLES = (Role.ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR)

navigation.add_main(60, "Courts", "intake.coverage", Role.SYSTEM_ADMINISTRATOR)


def _may_change(trust_id: int) -> bool:
    """Whether he changes the courts of this trust (the service decides again)."""
    viewer = current_viewer()
    return viewer.has(Role.SYSTEM_ADMINISTRATOR) or viewer.organisation_id == trust_id


def _form() -> CoverForm:
    trusts = db.session.scalars(
        select(Organisation)
        .where(
            Organisation.kind == OrganisationKind.TREATING_TRUST,
            Organisation.closed_on.is_(None),
        )
        .order_by(Organisation.sort_name, Organisation.id)
    )
    teams = db.session.scalars(
        select(Team)
        .join(Organisation, Organisation.id == Team.organisation_id)
        .where(Organisation.kind == OrganisationKind.COURT_TEAM, Team.closed_on.is_(None))
        .order_by(Team.sort_name, Team.id)
    )
    form = CoverForm()
    form.offer(
        [(str(t.id), t.name) for t in trusts if _may_change(t.id)],
        [(str(t.id), f"{t.name}, {t.organisation.name}") for t in teams],
    )
    return form


def _page(form: CoverForm) -> str:
    today, periods = clock.today(), coverage.periods()
    trusts = _names(Organisation, {row.trust_id for row in periods})
    teams = _names(Team, {row.court_team_id for row in periods if row.court_team_id})
    rows = [
        {
            "row": row,
            "court": place_label(row.court_code),
            "trust": trusts[row.trust_id],
            "team": teams.get(row.court_team_id or 0, ""),
            "state": _state(row),
            "open": _may_change(row.trust_id) and (row.live_to is None or row.live_to >= today),
        }
        for row in periods
    ]
    covered = {row.court_code for row in periods if _state(row) == "Covered"}
    uncovered = [
        label for code, label in lists.load("courts").choices(today) if code not in covered
    ]
    return render_template("intake/coverage.html", form=form, rows=rows, uncovered=uncovered)


def _names(kind: type[Organisation] | type[Team], ids: set[int]) -> dict[int, str]:
    found = db.session.execute(select(kind.id, kind.name).where(kind.id.in_(ids)))
    return {row.id: row.name for row in found}


def _state(row: CourtCoverage) -> str:
    today = clock.today()
    if row.live_from > today:
        return "To come"
    return "Ended" if row.live_to is not None and row.live_to < today else "Covered"


@bp.get("/coverage", endpoint="coverage")
@only(*ROLES)
def coverage_page() -> str:
    """Every period, and the courts that nobody covers today."""
    return _page(_form())


@bp.post("/coverage")
@only(*ROLES)
def cover_court() -> Answer:
    """Cover a court from a day on."""
    viewer, form = current_viewer(), _form()
    if not form.validate_on_submit() or form.live_from.data is None:
        return _page(form), 422
    try:
        with saving() as saved:
            coverage.cover(
                court=form.court.data or "",
                trust_id=int(form.trust.data or 0),
                court_team_id=int(form.team.data) if form.team.data else None,
                live_from=form.live_from.data,
                live_to=form.live_to.data,
                by=viewer.staff_id,
            )
            saved.goes_to(url_for("intake.coverage"), "The court is covered")
        return saved.redirect()
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
    return _page(form), 409


def _end_page(ref: uuid.UUID, form: EndCoverForm) -> str:
    row = db.session.scalars(select(CourtCoverage).where(CourtCoverage.ref == ref)).one_or_none()
    if row is None:
        raise NotFound
    return render_template(
        "intake/end_coverage.html", form=form, row=row, court=place_label(row.court_code)
    )


@bp.get("/coverage/<uuid:ref>/end")
@only(*ROLES)
def end_coverage(ref: uuid.UUID) -> str:
    """Ask for the last day of a period."""
    return _end_page(ref, EndCoverForm())


@bp.post("/coverage/<uuid:ref>/end")
@only(*ROLES)
def save_end_coverage(ref: uuid.UUID) -> Answer:
    """End a period."""
    viewer, form = current_viewer(), EndCoverForm()
    if not form.validate_on_submit() or form.last_day.data is None:
        return _end_page(ref, form), 422
    try:
        with saving() as saved:
            coverage.end(ref=ref, last_day=form.last_day.data, by=viewer.staff_id)
            saved.goes_to(url_for("intake.coverage"), "The period ends on that day")
        return saved.redirect()
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
    return _end_page(ref, form), 409
