"""Three-way reviews, for his officer: when one is held, what is shared of it, and the sheet."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import SUPERVISES, Purpose, Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.reviews import page, point_service, queries, signing
from mhtr.reviews.blueprint import bp
from mhtr.reviews.forms import OfficerPointAgainForm, OfficerPointForm, SignForm
from mhtr.reviews.models import Review
from mhtr.reviews.rules import PARTY_WORDS, Party, Topic
from mhtr.reviews.sheet import topics
from mhtr.reviews.sign_routes import MEANWHILE, hash_now
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

BASE = "/cases/<uuid:case_ref>/reviews-told"
navigation.add_case(
    CaseGroup.TREATMENT,
    55,
    "Reviews",
    "reviews.told",
    Purpose.SUPERVISION,
    section=("reviews.told",),
    roles=SUPERVISES,
)


@bp.get(BASE)
@only(*SUPERVISES)
def told(case_ref: uuid.UUID) -> str:
    """The reviews of a man: when each is, its agenda as far as it is shared, and its sheet."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    rows = queries.reviews_of(case.id)
    shows("review", *(row.id for row in rows), case_id=case.id)
    return render_template(
        "reviews/told.html",
        record=record(viewer, case),
        case=case,
        rows=[page.for_probation(row) for row in rows],
        officer=Party.OFFICER,
        topics=topics(),
        # Whoever else of the unit reads it is told who signs.
        against=signing.stands_against(case, rows[0], Party.OFFICER, viewer.staff_id)
        if rows
        else "",
    )


def _find(viewer: Viewer, case_ref: uuid.UUID, review_ref: uuid.UUID) -> tuple[Case, Review]:
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    row = queries.find_review(case.id, review_ref)
    shows("review", row.id, case_id=case.id)
    return case, row


@bp.route(f"{BASE}/<uuid:review_ref>/points/new", methods=["GET", "POST"])
@only(*SUPERVISES)
def told_point_new(case_ref: uuid.UUID, review_ref: uuid.UUID) -> Page | Response:
    """Bring a point of probation's."""
    viewer = current_viewer()
    _find(viewer, case_ref, review_ref)
    return _bring(viewer, case_ref, review_ref, OfficerPointForm(), None)


@bp.route(f"{BASE}/<uuid:review_ref>/points/<uuid:told_item_ref>", methods=["GET", "POST"])
@only(*SUPERVISES)
def told_point_change(
    case_ref: uuid.UUID, review_ref: uuid.UUID, told_item_ref: uuid.UUID
) -> Page | Response:
    """Say a point of probation's in other words, or take it away."""
    viewer = current_viewer()
    _, row = _find(viewer, case_ref, review_ref)
    item = queries.item_of(row.id, told_item_ref)
    if item.row.side is not Party.OFFICER:
        raise NotFound
    form = OfficerPointAgainForm(topic=item.row.topic.value, words=item.words)
    return _bring(viewer, case_ref, review_ref, form, told_item_ref)


def _bring(
    viewer: Viewer,
    case_ref: uuid.UUID,
    review_ref: uuid.UUID,
    form: OfficerPointForm,
    item_ref: uuid.UUID | None,
) -> Page | Response:
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    review_id = queries.find_review(case.id, review_ref).id
    if form.validate_on_submit():
        away = isinstance(form, OfficerPointAgainForm) and form.away.data
        try:
            with saving() as saved:
                point_service.bring_for_probation(
                    review_id=review_id,
                    topic=Topic(form.topic.data or ""),
                    words="" if away else form.words.data,
                    by=viewer.staff_id,
                    instead=item_ref,
                )
                saved.goes_to(url_for(".told", case_ref=case_ref), "Kept.")
            return saved.redirect()
        except Stale:
            form.refuse(point_service.GONE)
        except Refused as refused:
            form.refuse_all(refused)
    case, row = _find(viewer, case_ref, review_ref)
    return form_page(
        "reviews/told_point.html",
        form=form,
        record=record(viewer, case),
        case=case,
        view=page.for_probation(row),
    )


@bp.route(f"{BASE}/<uuid:review_ref>/sign", methods=["GET", "POST"])
@only(*SUPERVISES)
def told_sign(case_ref: uuid.UUID, review_ref: uuid.UUID) -> Page | Response:
    """Read the sheet and sign it for probation, or say that it is not agreed with."""
    viewer = current_viewer()
    case, row = _find(viewer, case_ref, review_ref)
    review_id, form = row.id, SignForm(content_hash=hash_now(row))
    form.ask(Party.OFFICER, himself=True)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                signing.sign(
                    review_id=review_id,
                    party=Party.OFFICER,
                    signs=form.said_signs,
                    way=None,
                    content=form.content_hash.data,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".told", case_ref=case_ref), "Recorded.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    case, row = _find(viewer, case_ref, review_ref)
    form.content_hash.carry(hash_now(row))
    return form_page(
        "reviews/sign.html",
        form=form,
        record=record(viewer, case),
        case=case,
        view=page.for_probation(row),
        party=Party.OFFICER,
        who=PARTY_WORDS[Party.OFFICER],
        topics=topics(),
        against=signing.stands_against(case, row, Party.OFFICER, viewer.staff_id),
        outside=True,
    )
