"""Staff administration: the list, one account, and what can be done to it."""

import uuid

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts import role_queries, service
from mhtr.accounts import staff_queries as queries
from mhtr.accounts.authority import OWN, held_or_awaited
from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Organisation, Staff
from mhtr.accounts.rules import RAISED_ROLES
from mhtr.accounts.staff_act_routes import show_link
from mhtr.accounts.staff_blueprint import MANAGERS, READERS, bp
from mhtr.accounts.staff_forms import KIND_WORDS, ROLE_CHOICES, StaffFilter, StaffForm
from mhtr.accounts.step_up import step_up_required
from mhtr.core.access import ROLE_LABELS, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.web import navigation
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.paging import here, sort_links
from mhtr.web.reads import shows
from mhtr.web.submission import saving

CHANGES = 100
"""Changes of an account shown on its page."""

navigation.add_main(70, "Staff", "staff.people", *MANAGERS)


@bp.get("")
@only(*MANAGERS)
def people() -> str:
    """Everybody whose account the viewer may manage."""
    viewer = current_viewer()
    form = StaffFilter()
    places = queries.organisations(viewer)
    form.organisation.set_choices([(str(place.ref), place.name) for place in places])
    asked = (
        {} if not form.validate() else {name: field.data for name, field in form._fields.items()}
    )
    sort = request.args.get("sort", "name")
    page = queries.staff_page(viewer, sort=sort, **{k: v or "" for k, v in asked.items()})
    shows("staff", *[row.id for row in page.rows])
    columns = sort_links(
        sort,
        ("Name", "name"),
        ("Roles", ""),
        ("Organisation", "organisation"),
        ("Sign-in", ""),
    )
    return render_template(
        "accounts/staff_list.html",
        filters=form,
        several=len(places) > 1,
        page=page,
        columns=columns,
        clear=here(text=None, organisation=None, role=None, state=None, page=None, sort=None),
    )


@bp.route("/new", methods=["GET", "POST"])
@step_up_required()
@only(*MANAGERS)
def create() -> Response | str | tuple[str, int]:
    """Make an account in the organisation named in the address."""
    viewer = current_viewer()
    places = queries.organisations(viewer)
    wanted = request.args.get("organisation", "")
    chosen = [place for place in places if str(place.ref) == wanted]
    if not chosen and len(places) == 1:
        chosen = places
    if not chosen:
        kinds = [
            (words, [p for p in places if p.kind is kind]) for kind, words in KIND_WORDS.items()
        ]
        return render_template("accounts/staff_where.html", kinds=kinds)
    organisation = chosen[0]
    form = _form(organisation)
    if form.validate_on_submit():
        roles = [Role(code) for code in form.roles.data]
        try:
            with saving() as saved:
                made = service.create_staff(
                    _details(form, organisation.id), roles=roles, by=viewer.staff_id
                )
                token = service.invite(made.id, by=viewer.staff_id)
                saved.goes_to(url_for("staff.person", staff_ref=made.ref))
            return show_link(made, token)
        except Refused as refusal:
            _refuse(form, refusal)
    return _staff_form(form, organisation, None)


@bp.get("/<uuid:staff_ref>")
@only(*READERS)
def person(staff_ref: uuid.UUID) -> str:
    """One account with its history. A privacy officer reads every one and changes none."""
    viewer = current_viewer()
    staff = queries.find_readable(viewer, staff_ref)
    shows("staff", staff.id)
    history = queries.history(staff.id, limit=CHANGES + 1)
    return render_template(
        "accounts/staff_person.html",
        staff=staff,
        role_words=queries.role_words,
        waiting=role_queries.waiting_of(staff.id),
        manages=viewer.has(*MANAGERS),
        own=staff.id == viewer.staff_id,
        allowed=_may(staff),
        history=history[:CHANGES],
        older=len(history) > CHANGES,
        form=Form(),
    )


@bp.route("/<uuid:staff_ref>/change", methods=["GET", "POST"])
@step_up_required()
@only(*MANAGERS)
def change(staff_ref: uuid.UUID) -> Response | str | tuple[str, int]:
    """Change who somebody is, his teams and his roles, together."""
    viewer = current_viewer()
    staff = queries.find_staff(viewer, staff_ref)
    if staff.id == viewer.staff_id:
        raise Refused(OWN)
    staff_id, organisation = staff.id, staff.organisation
    form = _form(organisation, staff)
    saved_now: Staff | None = None
    if form.validate_on_submit():
        roles = [Role(code) for code in form.roles.data]
        version = int(form.version.data) if form.version.data.isdigit() else 0
        try:
            with saving() as saved:
                details = _details(form, organisation.id)
                service.change_staff(staff_id, details, version=version, by=viewer.staff_id)
                service.set_roles(staff_id, roles, by=viewer.staff_id)
                saved.goes_to(url_for("staff.person", staff_ref=staff_ref), "The account is saved")
            return saved.redirect()
        except Refused as refusal:
            _refuse(form, refusal)
        except Stale:
            saved_now = queries.find_staff(viewer, staff_ref)
            form.version.carry(saved_now.version)
            form.refuse(
                "Somebody else changed this account while you had it open. Compare what is saved "
                "with what you typed, then send the form again"
            )
    return _staff_form(form, db.session.get_one(Organisation, organisation.id), staff, saved_now)


def _may(staff: Staff) -> bool:
    """Whether the viewer may change this account (the service decides again)."""
    viewer = current_viewer()
    raised = held_or_awaited(staff) & RAISED_ROLES and not viewer.has(Role.SYSTEM_ADMINISTRATOR)
    return viewer.has(*MANAGERS) and staff.id != viewer.staff_id and not raised


def _form(organisation: Organisation, staff: Staff | None = None) -> StaffForm:
    form = StaffForm() if staff is None else StaffForm(data=_data_of(staff))
    # Any role may be sent; the service says why one does not fit. Fewer are offered.
    form.roles.set_choices(ROLE_CHOICES)
    form.teams.set_choices([(str(t.id), t.name) for t in queries.teams_of(organisation.id)])
    return form


def _data_of(staff: Staff) -> dict[str, object]:
    return {
        "name": staff.name,
        "username": staff.username,
        "job_title": staff.job_title,
        "roles": sorted(role.value for role in held_or_awaited(staff)),
        "teams": [member.team_id for member in staff.memberships],
        "hcpc_number": staff.hcpc_number,
        "hcpc_checked_on": staff.hcpc_checked_on,
        "gmc_number": staff.gmc_number,
        "gmc_checked_on": staff.gmc_checked_on,
        "version": staff.version,
    }


def _details(form: StaffForm, organisation_id: int) -> service.Details:
    return service.Details(
        username=form.username.data,
        name=form.name.data,
        organisation_id=organisation_id,
        job_title=form.job_title.data,
        team_ids=tuple(int(team) for team in form.teams.data),
        hcpc_number=form.hcpc_number.data or None,
        hcpc_checked_on=form.hcpc_checked_on.data,
        gmc_number=form.gmc_number.data or None,
        gmc_checked_on=form.gmc_checked_on.data,
    )


def _refuse(form: Form, refusal: Refused) -> None:
    for reason in refusal.reasons:
        form.refuse(reason)


def _staff_form(
    form: StaffForm, organisation: Organisation, staff: Staff | None, saved_now: Staff | None = None
) -> str | tuple[str, int]:
    offered = queries.offered_roles(current_viewer(), organisation)
    kept = set(form.roles.data)
    form.roles.set_choices(
        [(role.value, ROLE_LABELS[role]) for role in Role if role in offered or role.value in kept]
    )
    page = render_template(
        "accounts/staff_form.html",
        form=form,
        organisation=organisation,
        staff=staff,
        saved_now=saved_now,
        role_words=queries.role_words,
    )
    if request.method == "GET":
        return page
    return page, 409 if saved_now is not None else 422


from mhtr.accounts import role_routes  # noqa: E402, F401 (adds its views to bp)
