"""Three-way reviews, for who treats him: arranged, held, their points, and the sheet to sign."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.orders.queries import contact_of
from mhtr.reviews import (
    due_service,
    officer_routes,
    page,
    point_routes,
    queries,
    service,
    sign_routes,
    signing,
)
from mhtr.reviews.blueprint import bp
from mhtr.reviews.forms import ArrangeForm, HappenedForm, arrange_data, when_data
from mhtr.reviews.models import Review, ReviewMeeting
from mhtr.reviews.rules import Party
from mhtr.reviews.sheet import topics
from mhtr.suitability.result_owner import trust_of
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.courses.queries import open_course, therapists_for

__all__ = ["bp", "due_service", "officer_routes", "point_routes", "sign_routes"]

MEANWHILE = (
    "Something was recorded of it while you had this page. Nothing of yours is saved: read what "
    "is on record now, and send again"
)
BASE = "/cases/<uuid:case_ref>/reviews/<uuid:review_ref>"
navigation.add_case(
    CaseGroup.TREATMENT,
    55,
    "Reviews",
    "reviews.case_reviews",
    Purpose.CLINICAL,
    section=("reviews.",),
    roles=CLINICAL_ROLES,
)


def find(viewer: Viewer, case_ref: uuid.UUID, review_ref: uuid.UUID) -> tuple[Case, Review]:
    """A review of a case that the viewer treats; its reading is audited."""
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    row = queries.find_review(case.id, review_ref)
    shows("review", row.id, case_id=case.id)
    return case, row


@bp.get("/cases/<uuid:case_ref>/reviews")
@only(*CLINICAL_ROLES)
def case_reviews(case_ref: uuid.UUID) -> str:
    """The reviews of a man: when each is due, and where it stands."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    rows = queries.reviews_of(case.id)
    shows("review", *(row.id for row in rows), case_id=case.id)
    return render_template(
        "reviews/case_reviews.html",
        record=record(viewer, case),
        case=case,
        rows=[page.for_service(row) for row in rows],
    )


@bp.get(BASE)
@only(*CLINICAL_ROLES)
def review(case_ref: uuid.UUID, review_ref: uuid.UUID) -> str:
    """One review: when it is held, its agenda with every point, and who has signed the sheet."""
    viewer = current_viewer()
    case, row = find(viewer, case_ref, review_ref)
    return render_template(
        "reviews/review.html",
        record=record(viewer, case),
        case=case,
        view=page.for_service(row),
        topics=topics(),
        mine=not signing.stands_against(case, row, Party.THERAPIST, viewer.staff_id),
        records_for_officer=signing.records_for_officer(case),
        today=clock.today(),
    )


@bp.get(f"{BASE}/print")
@only(*CLINICAL_ROLES)
def review_print(case_ref: uuid.UUID, review_ref: uuid.UUID) -> str:
    """The review as he takes it with him: every point of his, and who reads it."""
    case, row = find(current_viewer(), case_ref, review_ref)
    contact = contact_of(case.id)
    officer = db.session.get(Staff, contact.staff_id) if contact and contact.staff_id else None
    return render_template(
        "reviews/review_print.html",
        case=case,
        name=f"{case.person.given_name} {case.person.family_name}".strip(),
        view=page.for_service(row),
        officer=officer.name if officer is not None else "",
        today=clock.today(),
    )


@bp.route(f"{BASE}/arrange", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def arrange(case_ref: uuid.UUID, review_ref: uuid.UUID) -> Page | Response:
    """Say when, how and with whom a review is held."""
    viewer = current_viewer()
    case, row = find(viewer, case_ref, review_ref)
    review_id, meeting = row.id, queries.last_meeting(row.id)
    staff = therapists_for(case, trust_of(case).id)
    form = ArrangeForm(version=_number(meeting), **arrange_data(meeting, _whom(case, meeting)))
    form.offer(staff)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.arrange(
                    review_id=review_id,
                    said=form.said(staff),
                    seen=form.read_version,
                    by=viewer.staff_id,
                )
                saved.goes_to(_back(case_ref, review_ref), "Arranged. Probation is told.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    return _form_page("reviews/arrange.html", viewer, case_ref, review_ref, form)


@bp.route(f"{BASE}/happened", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def happened(case_ref: uuid.UUID, review_ref: uuid.UUID) -> Page | Response:
    """Say that a review was held, with whom, or that it was not; or put that right."""
    viewer = current_viewer()
    _, row = find(viewer, case_ref, review_ref)
    review_id, meeting = row.id, queries.last_meeting(row.id)
    form = HappenedForm(version=_number(meeting), **(when_data(meeting) if meeting else {}))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.happened(
                    review_id=review_id, said=form.said(), seen=form.read_version,
                    by=viewer.staff_id,
                )  # fmt: skip
                saved.goes_to(_back(case_ref, review_ref), "Recorded. Probation is told.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    return _form_page("reviews/happened.html", viewer, case_ref, review_ref, form)


def _form_page(
    template: str,
    viewer: Viewer,
    case_ref: uuid.UUID,
    review_ref: uuid.UUID,
    form: ArrangeForm | HappenedForm,
) -> Page:
    case, row = find(viewer, case_ref, review_ref)
    form.version.carry(_number(queries.last_meeting(row.id)))
    return form_page(
        template, form=form, record=record(viewer, case), case=case, view=page.for_service(row)
    )


def _number(meeting: ReviewMeeting | None) -> int:
    return meeting.number if meeting is not None else 0


def _whom(case: Case, meeting: ReviewMeeting | None) -> str:
    """Who holds it: who was to, else his therapist."""
    course = open_course(case.id)
    known = meeting.clinician_id if meeting is not None else course and course.therapist_id
    return str(db.session.get_one(Staff, known).ref) if known is not None else ""


def _back(case_ref: uuid.UUID, review_ref: uuid.UUID) -> str:
    return url_for("reviews.review", case_ref=case_ref, review_ref=review_ref)
