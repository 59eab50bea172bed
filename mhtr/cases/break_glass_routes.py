"""Pages of emergency access: opening and ending it, and the privacy officer's review."""

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, g, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import OrganisationKind
from mhtr.accounts.step_up import step_up_required
from mhtr.cases import break_glass_queries as queries
from mhtr.cases import break_glass_service as service
from mhtr.cases import policy
from mhtr.cases.break_glass_forms import BreakGlassForm, ReviewForm
from mhtr.cases.break_glass_service import Finding, NobodyFound, OpenAlready, Wanted
from mhtr.cases.models import Case
from mhtr.core.access import CLINICAL_ROLES, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.policy import values
from mhtr.core.transaction import writing
from mhtr.web import navigation
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.paging import page_of
from mhtr.web.reads import shows
from mhtr.web.submission import Saved, saving

bp = Blueprint("break_glass", __name__, url_prefix="/emergency-access")
CLINICIANS = tuple(sorted(CLINICAL_ROLES))
navigation.add_main(80, "Emergency access", "break_glass.start", *CLINICIANS)
navigation.add_main(81, "Emergency access reviews", "break_glass.reviews", Role.PRIVACY_OFFICER)

Page = Response | str | tuple[str, int]


@bp.route("", methods=["GET", "POST"])
@step_up_required()
@only(*CLINICIANS)
def start() -> Page:
    """Say who he is and why; the record opens until the time limit."""
    viewer = _clinician()
    form = BreakGlassForm()
    already: list[queries.Way] = []
    if form.validate_on_submit():
        try:
            with saving() as saved:
                made = service.open_access(
                    Wanted(
                        form.nhs_number.data,
                        form.given_name.data,
                        form.family_name.data,
                        form.birth(),
                    ),
                    reason=form.reason.data,
                    by=viewer.staff_id,
                )
                _goes_on(saved, [use.case_id for use in made])
            return saved.redirect()
        except Refused as refusal:
            if isinstance(refusal, NobodyFound):
                with writing():
                    service.note_miss(by=viewer.staff_id)
            if isinstance(refusal, OpenAlready):
                already = queries.ways_to(refusal.case_ids)
            for reason in refusal.reasons:
                form.refuse(reason)
    page = render_template(
        "cases/break_glass.html",
        already=already,
        form=form,
        live=queries.own_live(viewer.staff_id),
        minutes=values(policy.BREAK_GLASS_MINUTES)["break_glass_minutes"],
    )
    return (page, 422) if request.method == "POST" else page


@bp.app_context_processor
def _opened_now() -> dict[str, Callable[[], list[queries.Way]]]:
    """The banner on every page that shows anything leads back to what emergency access opened."""
    return {"opened_now": lambda: queries.opened_now(g.get("viewer"))}


def _goes_on(saved: Saved, case_ids: list[int]) -> None:
    """To the one case; of several to the list, where each is named."""
    if len(case_ids) == 1:
        case = db.session.get_one(Case, case_ids[0])
        saved.goes_to(url_for("overview.case_page", case_ref=case.ref))
    else:
        saved.goes_to(url_for("break_glass.own"), f"{len(case_ids)} cases of his are open to you")


@bp.get("/own")
@only(*CLINICIANS)
def own() -> str:
    """One's own open emergency access. No code is asked for: ending it must be easy."""
    viewer = _clinician()
    live = queries.own_live(viewer.staff_id)
    return render_template(
        "cases/break_glass_own.html",
        form=Form(formdata=None),
        live=live,
        opened=queries.opened(live),
    )


@bp.post("/<uuid:use_ref>/end")
@only(*CLINICIANS)
def end(use_ref: uuid.UUID) -> Response:
    """End one's own emergency access early."""
    viewer = _clinician()
    use_id = queries.find(use_ref).id
    with saving() as saved:
        service.end(use_id, by=viewer.staff_id)
        saved.goes_to(url_for("break_glass.own"), "Emergency access has ended")
    return saved.redirect()


@bp.get("/reviews")
@only(Role.PRIVACY_OFFICER)
def reviews() -> str:
    """Uses waiting for review, or those reviewed."""
    done = request.args.get("show") == "reviewed"
    page = page_of(queries.queue(done=done))
    uses = queries.uses_of(page.rows)
    shows("break_glass", *[row.id for row in page.rows])
    return render_template("cases/break_glass_reviews.html", page=page, uses=uses, done=done)


@bp.route("/<uuid:use_ref>/review", methods=["GET", "POST"])
@only(Role.PRIVACY_OFFICER)
def review(use_ref: uuid.UUID) -> Page:
    """One use: who, why, what was looked at, and the finding."""
    viewer = current_viewer()
    row = queries.find(use_ref)
    row_id = row.id
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.review(
                    row_id,
                    finding=Finding(form.finding.data or ""),
                    note=form.note.data,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for("break_glass.reviews"), "The review is saved")
            return saved.redirect()
        except Refused as refusal:
            for reason in refusal.reasons:
                form.refuse(reason)
    row = queries.find(use_ref)
    shows("break_glass", row.id, case_id=row.case_id)
    page = render_template(
        "cases/break_glass_review.html",
        form=form,
        use=queries.use_of(row),
        looks=queries.looks(row),
        own=row.staff_id == viewer.staff_id,
        findings={choice.value: choice.text for choice in form.finding.choices},
    )
    return (page, 422) if request.method == "POST" else page


def _clinician() -> Viewer:
    """The viewer, who must work for a treating trust (the service decides again)."""
    viewer = current_viewer()
    if viewer.organisation_kind != OrganisationKind.TREATING_TRUST:
        abort(403)
    return viewer
