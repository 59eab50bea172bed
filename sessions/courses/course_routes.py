"""Pages of a man's course as a whole: its list, making it, and what concerns all of it."""

import uuid
from collections.abc import Callable
from typing import Any

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
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from sessions.blueprint import bp
from sessions.courses import page, queries, service
from sessions.courses.attempts import attempt
from sessions.courses.forms import (
    CourseForm,
    EndForm,
    PathwayChangeForm,
    PriorityForm,
    ReasonForm,
    TherapistForm,
)
from sessions.courses.kinds import CourseEnd, Priority
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
    therapists = _therapists(case, trust_id)
    mine = next((ref for ref, found in therapists.items() if found == viewer.staff_id), None)
    form = CourseForm(therapist=mine)
    known = _offer_pathways(form.pathway, case, trust_id)
    _offer_therapists(form.therapist, case, trust_id)
    if form.validate_on_submit():
        pathway_id = known[form.pathway.data or ""]
        saved = attempt(
            form,
            lambda: service.make_course(
                case_id=case_id,
                pathway_id=pathway_id,
                therapist_id=therapists.get(form.therapist.data or ""),
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


@bp.route("/cases/<uuid:case_ref>/course/pathway", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_pathway(case_ref: uuid.UUID) -> Page | Response:
    """Put another pathway's sessions in the place of those to come."""
    viewer = current_viewer()
    case, found = find_course(viewer, case_ref)
    form = PathwayChangeForm(version=found.version)
    known = _offer_pathways(form.pathway, case, found.organisation_id)
    return _change(
        viewer,
        case_ref,
        form,
        lambda course_id: service.change_pathway(
            course_id=course_id,
            pathway_id=known[form.pathway.data or ""],
            reason=form.reason.data,
            version=form.read_version,
            by=viewer.staff_id,
        ),
        "courses/course_pathway.html",
        "The sessions to come are those of the other pathway.",
        rows=page.course_rows(found),
    )


@bp.route("/cases/<uuid:case_ref>/course/therapist", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_therapist(case_ref: uuid.UUID) -> Page | Response:
    """Change who sees him."""
    viewer = current_viewer()
    case, found = find_course(viewer, case_ref)
    known = _therapists(case, found.organisation_id)
    now = next((ref for ref, one in known.items() if one == found.therapist_id), None)
    form = TherapistForm(version=found.version, therapist=now)
    _offer_therapists(form.therapist, case, found.organisation_id)
    return _change(
        viewer,
        case_ref,
        form,
        lambda course_id: service.set_therapist(
            course_id=course_id,
            therapist_id=known.get(form.therapist.data or ""),
            reason=form.reason.data,
            version=form.read_version,
            by=viewer.staff_id,
        ),
        "courses/course_therapist.html",
        "His therapist is changed. The practitioner named in the order is not.",
    )


@bp.route("/cases/<uuid:case_ref>/course/priority", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_priority(case_ref: uuid.UUID) -> Page | Response:
    """Say how soon he is to be seen."""
    viewer = current_viewer()
    _, found = find_course(viewer, case_ref)
    form = PriorityForm(version=found.version, priority=found.priority.value)
    return _change(
        viewer,
        case_ref,
        form,
        lambda course_id: service.set_priority(
            course_id=course_id,
            priority=Priority(form.priority.data or ""),
            reason=form.reason.data,
            version=form.read_version,
            by=viewer.staff_id,
        ),
        "courses/course_priority.html",
        "The priority is changed.",
    )


@bp.route("/cases/<uuid:case_ref>/course/end", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_end(case_ref: uuid.UUID) -> Page | Response:
    """Record that his course has ended."""
    viewer = current_viewer()
    _, found = find_course(viewer, case_ref)
    form = EndForm(version=found.version)
    return _change(
        viewer,
        case_ref,
        form,
        lambda course_id: service.end_course(
            course_id=course_id,
            how=CourseEnd(form.how.data or ""),
            reason=form.reason.data,
            version=form.read_version,
            by=viewer.staff_id,
        ),
        "courses/course_end.html",
        "The end of the course is recorded.",
    )


@bp.route("/cases/<uuid:case_ref>/course/reopen", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_reopen(case_ref: uuid.UUID) -> Page | Response:
    """The last course goes on after all."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    last = _last(case)
    course_id, form = last.id, ReasonForm(version=last.version)
    if form.validate_on_submit():
        saved = attempt(
            form,
            lambda: service.reopen_course(
                course_id=course_id,
                reason=form.reason.data,
                version=form.read_version,
                by=viewer.staff_id,
            ),
            course_of(case_ref),
            "The course goes on.",
            version_now=lambda: _last(find_case(viewer, case_ref, Purpose.CLINICAL)).version,
        )
        if saved is not None:
            return saved
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    last = _last(case)
    shows("course", last.id, case_id=case.id)
    return form_page(
        "courses/course_reopen.html",
        record=record(viewer, case),
        case=case,
        form=form,
        facts=page.facts_of(last),
    )


def _last(case: Case) -> Course:
    """The last course of a case, which has ended.

    Raises:
        NotFound: it has none, or it is open.
    """
    found = queries.courses_of(case.id)
    if not found or found[0].ended_at is None:
        raise NotFound
    return found[0]


def _change(
    viewer: Viewer,
    case_ref: uuid.UUID,
    form: VersionedForm,
    do: Callable[[int], object],
    template: str,
    message: str,
    **more: Any,
) -> Page | Response:
    """A form about the whole course: saved, or shown with what is wrong."""
    course_id = find_course(viewer, case_ref)[1].id
    if form.validate_on_submit():
        saved = attempt(
            form,
            lambda: do(course_id),
            course_of(case_ref),
            message,
            version_now=lambda: find_course(viewer, case_ref)[1].version,
        )
        if saved is not None:
            return saved
    case, found = find_course(viewer, case_ref)
    return form_page(
        template,
        record=record(viewer, case),
        case=case,
        facts=page.facts_of(found),
        form=form,
        **more,
    )


def _offer_pathways(field: RadioField, case: Case, trust_id: int) -> dict[str, int]:
    """Let a form offer the pathways of a trust, each with what it would mean for him."""
    orders = page.in_force(case)
    found = queries.pathways_of(trust_id)
    field.set_choices(
        [Choice(str(one.ref), one.name, page.preview(case, one, orders)) for one in found]
    )
    return {str(one.ref): one.id for one in found}


def _therapists(case: Case, trust_id: int) -> dict[str, int]:
    return {str(one.ref): one.id for one in queries.therapists_for(case, trust_id)}


def _offer_therapists(field: SelectField, case: Case, trust_id: int) -> None:
    field.set_choices(
        [
            (str(one.ref), f"{one.name}, {one.job_title}" if one.job_title else one.name)
            for one in queries.therapists_for(case, trust_id)
        ]
    )
