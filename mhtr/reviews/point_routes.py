"""Points that he and his therapist bring to a review, and who reads each."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.reviews import page, point_service, queries
from mhtr.reviews.blueprint import bp
from mhtr.reviews.forms import PointAgainForm, PointForm, point_data
from mhtr.reviews.models import Review
from mhtr.reviews.rules import Party
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

BASE = "/cases/<uuid:case_ref>/reviews/<uuid:review_ref>/points"


def _find(viewer: Viewer, case_ref: uuid.UUID, review_ref: uuid.UUID) -> tuple[Case, Review]:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    row = queries.find_review(case.id, review_ref)
    shows("review", row.id, case_id=case.id)
    return case, row


@bp.route(f"{BASE}/new", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def point_new(case_ref: uuid.UUID, review_ref: uuid.UUID) -> Page | Response:
    """Bring a point of his, or one of one's own."""
    viewer = current_viewer()
    _, row = _find(viewer, case_ref, review_ref)
    review_id, form = row.id, PointForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                side = Party(form.side.data or "")
                point_service.bring(
                    review_id=review_id, side=side, said=form.said(), by=viewer.staff_id
                )
                saved.goes_to(_back(case_ref, review_ref), "Kept.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _page(viewer, case_ref, review_ref, form)


@bp.route(f"{BASE}/<uuid:item_ref>", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def point_change(
    case_ref: uuid.UUID, review_ref: uuid.UUID, item_ref: uuid.UUID
) -> Page | Response:
    """Say a point in other words, record what each wants of it, or take it away."""
    viewer = current_viewer()
    _, row = _find(viewer, case_ref, review_ref)
    review_id, item = row.id, queries.item_of(row.id, item_ref)
    if item.row.side is Party.OFFICER:
        raise NotFound
    form = PointAgainForm(**point_data(item))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                if form.away.data:
                    point_service.take_away(review_id=review_id, ref=item_ref, by=viewer.staff_id)
                else:
                    side = Party(form.side.data or "")
                    point_service.bring(
                        review_id=review_id, side=side, said=form.said(), by=viewer.staff_id,
                        instead=item_ref,
                    )  # fmt: skip
                saved.goes_to(_back(case_ref, review_ref), "Kept.")
            return saved.redirect()
        except Stale:
            form.refuse(point_service.GONE)
        except Refused as refused:
            form.refuse_all(refused)
    return _page(viewer, case_ref, review_ref, form)


def _page(viewer: Viewer, case_ref: uuid.UUID, review_ref: uuid.UUID, form: PointForm) -> Page:
    case, row = _find(viewer, case_ref, review_ref)
    return form_page(
        "reviews/point.html",
        form=form,
        record=record(viewer, case),
        case=case,
        view=page.for_service(row),
    )


def _back(case_ref: uuid.UUID, review_ref: uuid.UUID) -> str:
    return url_for("reviews.review", case_ref=case_ref, review_ref=review_ref) + "#agenda"
