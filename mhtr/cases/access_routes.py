"""Who may see a record: restricting it to named staff, and shutting named staff out."""

import uuid

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Uuid, bindparam, exists, select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases import access_service as service
from mhtr.cases.access_forms import ExcludeForm, LiftForm, RestrictForm
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import Record, record
from mhtr.core.access import Exclusion, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.web import navigation
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

bp = Blueprint("case_access", __name__, url_prefix="/cases/<uuid:case_ref>/access")
DECIDERS = (Role.CLINICAL_LEAD, Role.PRIVACY_OFFICER)
PURPOSES = {
    Purpose.REFERRAL: "Referral",
    Purpose.PROBATION_REFERRAL: "Referral by probation",
    Purpose.CLINICAL: "Clinical record",
    Purpose.ADMINISTRATION: "Administration",
    Purpose.LINK_WORK: "Practical support",
    Purpose.PRE_SENTENCE: "Report for the court",
    Purpose.SUPERVISION: "Supervision",
}
STALE = "The case changed while you had it open. Look at the page again, then send it again"

Page = Response | str | tuple[str, int]


@bp.get("")
@only(*DECIDERS)
def readers(case_ref: uuid.UUID) -> str:
    """Everybody who may see this record, and who is shut out."""
    viewer = current_viewer()
    case = _find(viewer, case_ref)
    shut_out = [
        (row, service.staff_of_principal(row.principal_id))
        for row in service.exclusions_of(case.id)
    ]
    return render_template(
        "cases/access.html",
        record=_banner(viewer, case.id),
        case=case,
        readers=service.readers_of(case),
        purposes=PURPOSES,
        shut_out=shut_out,
        restriction=service.restriction_of(case.id),
        form=Form(),
    )


@bp.route("/restrict", methods=["GET", "POST"])
@only(*DECIDERS)
def restrict(case_ref: uuid.UUID) -> Page:
    """Restrict the record to staff named one by one."""
    viewer = current_viewer()
    case = _find(viewer, case_ref)
    form = RestrictForm(data={"version": case.version})
    people = service.standing_readers(case)
    named = {one.staff_id for one in people if one.by_name}
    form.staff.set_choices(
        [
            (str(one.staff_id), f"{one.name}, {one.organisation} ({PURPOSES[one.purpose]})")
            for one in people
            if one.staff_id not in named
        ]
    )
    case_id = case.id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.restrict(
                    case_id,
                    staff_ids=[int(one) for one in form.staff.data],
                    reason=form.reason.data,
                    version=_number(form.version.data),
                    by=viewer.staff_id,
                )
                saved.goes_to(_home(case_ref), "The record is restricted to named staff")
            return saved.redirect()
        except (Refused, Stale) as problem:
            _say(form, problem, case_id)
    return _page(
        "cases/access_restrict.html",
        form=form,
        record=_banner(viewer, case_id),
        case_ref=case_ref,
        named=[one for one in people if one.by_name],
        purposes=PURPOSES,
    )


@bp.route("/lift", methods=["GET", "POST"])
@only(*DECIDERS)
def lift(case_ref: uuid.UUID) -> Page:
    """Lift the restriction."""
    viewer = current_viewer()
    case = _find(viewer, case_ref)
    case_id = case.id
    form = LiftForm(data={"version": case.version})
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.lift(
                    case_id,
                    reason=form.reason.data,
                    version=_number(form.version.data),
                    by=viewer.staff_id,
                )
                saved.goes_to(_home(case_ref), "The restriction is lifted")
            return saved.redirect()
        except (Refused, Stale) as problem:
            _say(form, problem, case_id)
    return _page(
        "cases/access_lift.html", form=form, case_ref=case_ref, record=_banner(viewer, case_id)
    )


@bp.route("/exclude", methods=["GET", "POST"])
@only(*DECIDERS)
def exclude(case_ref: uuid.UUID) -> Page:
    """Shut a member of staff out of the record."""
    viewer = current_viewer()
    case = _find(viewer, case_ref)
    case_id = case.id
    form = ExcludeForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                assessor_id = db.session.get_one(Case, case_id).assessor_id
                shut = service.exclude(
                    case_id,
                    username=form.username.data,
                    reason=form.reason.data,
                    by=viewer.staff_id,
                )
                own = shut.id == viewer.staff_id
                message = f"{shut.name} can no longer see this record"
                if assessor_id == shut.id:
                    message += " and is not its assessor any more: it waits for another"
                saved.goes_to(url_for("overview.today") if own else _home(case_ref), message)
            return saved.redirect()
        except Refused as problem:
            _say(form, problem, case_id)
    return _page(
        "cases/access_exclude.html", form=form, case_ref=case_ref, record=_banner(viewer, case_id)
    )


@bp.post("/exclusions/<uuid:exclusion_ref>/end")
@only(*DECIDERS)
def end_exclusion(case_ref: uuid.UUID, exclusion_ref: uuid.UUID) -> Response:
    """Let a member of staff see the record again as far as grants allow."""
    viewer = current_viewer()
    case = _find(viewer, case_ref)
    row = db.session.scalars(
        select(Exclusion).where(Exclusion.ref == exclusion_ref, Exclusion.case_id == case.id)
    ).one_or_none()
    if row is None:
        raise NotFound
    row_id = row.id
    with saving() as saved:
        service.end_exclusion(row_id, by=viewer.staff_id)
        saved.goes_to(_home(case_ref), "He or she is no longer shut out")
    return saved.redirect()


_NOT_SHUT_OUT = select(Case).where(
    Case.ref == bindparam("ref", type_=Uuid()),
    ~exists(
        select(Exclusion.id).where(
            Exclusion.case_id == Case.id,
            Exclusion.principal_id == bindparam("principal"),
            Exclusion.ends_at.is_(None),
        )
    ),
)


def _find(viewer: Viewer, ref: uuid.UUID) -> Case:
    """A clinical lead's own case; for a privacy officer any, of which no page shows a name.

    Raises:
        NotFound: none, or the viewer is shut out of it.
    """
    if not viewer.has(Role.PRIVACY_OFFICER):
        return find_case(viewer, ref, Purpose.CLINICAL)
    asked = {"ref": ref, "principal": viewer.principal_id}
    case = db.session.scalars(_NOT_SHUT_OUT, asked).one_or_none()
    if case is None:
        raise NotFound
    shows("case_access", case.id, case_id=case.id)
    return case


def _banner(viewer: Viewer, case_id: int) -> Record | None:
    """A privacy officer sees who may read, never whose record it is."""
    if viewer.has(Role.PRIVACY_OFFICER):
        return None
    return record(viewer, db.session.get_one(Case, case_id))


def _say(form: Form, problem: Refused | Stale, case_id: int) -> None:
    if isinstance(problem, Refused):
        for reason in problem.reasons:
            form.refuse(reason)
        return
    form.refuse(STALE)
    version = form["version"]
    version.data, version.raw_data = str(db.session.get_one(Case, case_id).version), None


def _page(template: str, **context: object) -> Page:
    page = render_template(template, **context)
    return (page, 422) if request.method == "POST" else page


def _home(case_ref: uuid.UUID) -> str:
    return url_for("case_access.readers", case_ref=case_ref)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


navigation.add_case(
    CaseGroup.PERSON,
    40,
    "Access",
    "case_access.readers",
    Purpose.CLINICAL,
    section=("case_access.",),
    roles=DECIDERS,
)
