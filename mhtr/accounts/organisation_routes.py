"""Organisations and teams: list, make, change, close. For system administrators."""

import uuid

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts import organisation_service as service
from mhtr.accounts import staff_queries as queries
from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Organisation, OrganisationKind, Team
from mhtr.accounts.staff_forms import KIND_WORDS, OrganisationEdit, OrganisationForm, TeamForm
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.web import navigation
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.submission import saving

bp = Blueprint("organisations", __name__, url_prefix="/organisations")
navigation.add_main(71, "Organisations", "organisations.places", Role.SYSTEM_ADMINISTRATOR)

CHANGED_MEANWHILE = (
    "Somebody else changed this organisation while you had it open. Compare what is saved with "
    "what you typed, then send the form again"
)


@bp.get("")
@only(Role.SYSTEM_ADMINISTRATOR)
def places() -> str:
    """Every organisation, by kind and name."""
    viewer = current_viewer()
    rows = queries.organisations(viewer, closed="closed" in request.args)
    groups = [(KIND_WORDS[kind], [r for r in rows if r.kind is kind]) for kind in OrganisationKind]
    return render_template(
        "accounts/organisations.html", groups=groups, closed="closed" in request.args
    )


@bp.route("/new", methods=["GET", "POST"])
@only(Role.SYSTEM_ADMINISTRATOR)
def create() -> Response | str | tuple[str, int]:
    """Make an organisation known."""
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                made = service.create_organisation(
                    kind=OrganisationKind(form.kind.data or ""),
                    by=current_viewer().staff_id,
                    **_typed(form),
                )
                saved.goes_to(
                    url_for("organisations.place", organisation_ref=made.ref),
                    "The organisation is saved",
                )
            return saved.redirect()
        except Refused as refusal:
            _refuse(form, refusal)
    page = render_template("accounts/organisation_form.html", form=form, organisation=None)
    return (page, 422) if request.method == "POST" else page


@bp.get("/<uuid:organisation_ref>")
@only(Role.SYSTEM_ADMINISTRATOR)
def place(organisation_ref: uuid.UUID) -> str:
    """One organisation with its teams."""
    organisation = queries.find_organisation(current_viewer(), organisation_ref)
    return render_template(
        "accounts/organisation.html",
        organisation=organisation,
        kind=KIND_WORDS[organisation.kind],
        teams=queries.teams_of(organisation.id, closed=True),
        staff=queries.staff_count(organisation.id),
        form=Form(),
    )


@bp.route("/<uuid:organisation_ref>/change", methods=["GET", "POST"])
@only(Role.SYSTEM_ADMINISTRATOR)
def change(organisation_ref: uuid.UUID) -> Response | str | tuple[str, int]:
    """Change how an organisation is called and reached."""
    viewer = current_viewer()
    organisation = queries.find_organisation(viewer, organisation_ref)
    organisation_id, status = organisation.id, 422
    form = OrganisationEdit(obj=organisation)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.change_organisation(
                    db.session.get_one(Organisation, organisation_id),
                    by=viewer.staff_id,
                    version=int(form.version.data) if form.version.data.isdigit() else 0,
                    **_typed(form),
                )
                saved.goes_to(
                    url_for("organisations.place", organisation_ref=organisation_ref),
                    "The organisation is saved",
                )
            return saved.redirect()
        except Refused as refusal:
            _refuse(form, refusal)
        except Stale:
            status = 409
            now = db.session.get_one(Organisation, organisation_id)
            form.version.carry(now.version)
            form.refuse(CHANGED_MEANWHILE)
    page = render_template(
        "accounts/organisation_form.html",
        form=form,
        organisation=db.session.get_one(Organisation, organisation_id),
        stale=status == 409,
    )
    return (page, status) if request.method == "POST" else page


@bp.post("/<uuid:organisation_ref>/close")
@only(Role.SYSTEM_ADMINISTRATOR)
def close(organisation_ref: uuid.UUID) -> Response:
    """Say that an organisation is no more."""
    viewer = current_viewer()
    organisation_id = queries.find_organisation(viewer, organisation_ref).id
    with saving() as saved:
        service.close(db.session.get_one(Organisation, organisation_id), by=viewer.staff_id)
        saved.goes_to(
            url_for("organisations.place", organisation_ref=organisation_ref),
            "The organisation is closed",
        )
    return saved.redirect()


@bp.route("/<uuid:organisation_ref>/teams/new", methods=["GET", "POST"])
@only(Role.SYSTEM_ADMINISTRATOR)
def create_team(organisation_ref: uuid.UUID) -> Response | str | tuple[str, int]:
    """Make a team inside an organisation."""
    viewer = current_viewer()
    organisation = queries.find_organisation(viewer, organisation_ref)
    return _team_form(organisation, None)


@bp.route("/teams/<uuid:team_ref>", methods=["GET", "POST"])
@only(Role.SYSTEM_ADMINISTRATOR)
def team(team_ref: uuid.UUID) -> Response | str | tuple[str, int]:
    """Give a team another name."""
    found = _find_team(team_ref)
    return _team_form(found.organisation, found)


@bp.post("/teams/<uuid:team_ref>/close")
@only(Role.SYSTEM_ADMINISTRATOR)
def close_team(team_ref: uuid.UUID) -> Response:
    """Say that a team is no more."""
    found = _find_team(team_ref)
    team_id, place_ref = found.id, found.organisation.ref
    with saving() as saved:
        service.close(db.session.get_one(Team, team_id), by=current_viewer().staff_id)
        saved.goes_to(
            url_for("organisations.place", organisation_ref=place_ref), "The team is closed"
        )
    return saved.redirect()


def _team_form(organisation: Organisation, found: Team | None) -> Response | str | tuple[str, int]:
    organisation_id, place_ref = organisation.id, organisation.ref
    team_id = found.id if found else 0
    form = TeamForm(obj=found)
    by = current_viewer().staff_id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                if team_id:
                    service.rename_team(
                        db.session.get_one(Team, team_id), name=form.name.data, by=by
                    )
                else:
                    service.create_team(organisation_id=organisation_id, name=form.name.data, by=by)
                saved.goes_to(
                    url_for("organisations.place", organisation_ref=place_ref), "The team is saved"
                )
            return saved.redirect()
        except Refused as refusal:
            _refuse(form, refusal)
    page = render_template(
        "accounts/team_form.html", form=form, organisation=organisation, team=found
    )
    return (page, 422) if request.method == "POST" else page


def _find_team(ref: uuid.UUID) -> Team:
    found = db.session.scalars(select(Team).where(Team.ref == ref)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _typed(form: OrganisationEdit) -> dict[str, str]:
    return {
        "name": form.name.data,
        "code": form.ods_code.data,
        "area": form.area.data,
        "mailbox": form.mailbox.data,
    }


def _refuse(form: Form, refusal: Refused) -> None:
    for reason in refusal.reasons:
        form.refuse(reason)
