"""Pages of a man's course as a whole: its list, making it, and what concerns all of it."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, purposes_held
from mhtr.cases.record import record
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.errors import NotFound
from mhtr.orders.service import AFTERWARDS, NO_SENTENCE, OVER
from mhtr.suitability.result_owner import trust_of
from mhtr.web import navigation
from mhtr.web.fields import Choice, RadioField, SelectField
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from sessions.blueprint import bp
from sessions.courses import listeners, page, queries, service
from sessions.courses.attempts import attempt
from sessions.courses.forms import (
    CourseForm,
)
from sessions.courses.kinds import Priority
from sessions.courses.models import Course

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
READERS = (*CLINICAL_ROLES, Role.ADMINISTRATOR)
navigation.add_case(
    CaseGroup.TREATMENT,
    10,
    "Course",
    "sessions.course",
    *PURPOSES,
    section=("sessions.course",),
    roles=READERS,
)


def find_course(viewer: Viewer, case_ref: uuid.UUID) -> tuple[Case, Course]:
    """A case of the viewer's as a clinician, and its course that is open.

    Raises:
        NotFound: no such case of his, or it has no open course.
    """
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    found = queries.open_course(case.id)
    if found is None:
        raise NotFound
    shows("course", found.id, case_id=case.id)
    return case, found


def course_of(case_ref: uuid.UUID) -> str:
    """The address of a case's course."""
    return url_for("sessions.course", case_ref=case_ref)


@bp.get("/cases/<uuid:case_ref>/course")
@only(*READERS)
def course(case_ref: uuid.UUID) -> str:
    """His course, session by session, how it fits his order, and its history."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    clinical = Purpose.CLINICAL in purposes_held(viewer, case) and viewer.has(*CLINICAL_ROLES)
    found = queries.courses_of(case.id)
    shows("course", *(one.id for one in found), case_id=case.id)
    shown = found[0] if found else None
    under = case.state in UNDER_ORDER
    orders = page.in_force(case) if under else []
    return render_template(
        "courses/course.html",
        record=record(viewer, case),
        case=case,
        course=shown,
        facts=page.facts_of(shown) if shown else (),
        rows=page.course_rows(shown) if shown else (),
        fits=page.fits_of(case, page.to_come(shown), orders) if shown and under else (),
        notices=page.course_notices(shown) if shown and shown.ended_at is None else (),
        no_order=page.NO_ORDER if under and not orders else "",
        history=page.history_of(shown, clinical=clinical) if shown else (),
        changes=listeners.therapist_changes(shown.id) if shown else (),
        reviews=listeners.reviews_of(case.id) if shown and clinical else (),
        earlier=[
            (page.facts_of(one), page.course_rows(one), page.history_of(one, clinical=clinical))
            for one in found[1:]
        ],
        colour=page.PRIORITY_COLOURS[shown.priority] if shown else "",
        writes=clinical,
        under=under,
        why_not=OVER if case.state in AFTERWARDS else NO_SENTENCE,
    )


@bp.get("/cases/<uuid:case_ref>/course/print")
@only(*READERS)
def course_print(case_ref: uuid.UUID) -> str:
    """His course in plain words, to give to him on paper."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    found = queries.open_course(case.id)
    if found is None:
        raise NotFound
    shows("course", found.id, case_id=case.id)
    return render_template(
        "courses/course_print.html",
        case=case,
        course=found,
        name=case.person.known_as or case.person.given_name,
        therapist=page.therapist_name(found),
        rows=[row for row in page.course_rows(found) if not row.skipped],
        today=clock.today(),
    )


@bp.route("/cases/<uuid:case_ref>/course/new", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_new(case_ref: uuid.UUID) -> Page | Response:
    """Make his course from a pathway, seeing how each fits his order."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    case_id, trust_id = case.id, trust_of(case).id
    known_staff = therapists(case, trust_id)
    mine = next((ref for ref, found in known_staff.items() if found == viewer.staff_id), None)
    form = CourseForm(therapist=mine)
    known = offer_pathways(form.pathway, case, trust_id)
    offer_therapists(form.therapist, case, trust_id)
    if form.validate_on_submit():
        pathway_id = known[form.pathway.data or ""]
        saved = attempt(
            form,
            lambda: service.make_course(
                case_id=case_id,
                pathway_id=pathway_id,
                therapist_id=known_staff.get(form.therapist.data or ""),
                priority=Priority(form.priority.data or ""),
                by=viewer.staff_id,
            ),
            course_of(case_ref),
            "His course is made. Change it where he needs something else.",
            version_now=lambda: 0,
        )
        if saved is not None:
            return saved
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return form_page(
        "courses/course_new.html",
        record=record(viewer, case),
        case=case,
        form=form,
        no_order="" if page.in_force(case) else page.NO_ORDER,
        has_one=queries.open_course(case.id) is not None,
        under=case.state in UNDER_ORDER,
        why_not=OVER if case.state in AFTERWARDS else NO_SENTENCE,
        offered=bool(known),
    )


def offer_pathways(field: RadioField, case: Case, trust_id: int) -> dict[str, int]:
    """Let a form offer the pathways of a trust, each with what it would mean for him."""
    found = queries.pathways_of(trust_id)
    said = page.previews(case, found)
    field.set_choices(
        [Choice(str(one.ref), one.name, words) for one, words in zip(found, said, strict=True)]
    )
    return {str(one.ref): one.id for one in found}


def therapists(case: Case, trust_id: int) -> dict[str, int]:
    """The clinicians who may see him, by their public reference."""
    return {str(one.ref): one.id for one in queries.therapists_for(case, trust_id)}


def offer_therapists(field: SelectField, case: Case, trust_id: int) -> None:
    """Let a form offer the clinicians who may see him."""
    field.set_choices(
        [
            (str(one.ref), f"{one.name}, {one.job_title}" if one.job_title else one.name)
            for one in queries.therapists_for(case, trust_id)
        ]
    )
