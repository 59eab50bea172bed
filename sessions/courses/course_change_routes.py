"""Pages that change what concerns the whole of a man's course, and its end."""

import uuid
from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.errors import NotFound
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from sessions.blueprint import bp
from sessions.courses import listeners, page, queries, service, therapist_service
from sessions.courses.attempts import attempt
from sessions.courses.course_routes import (
    course_of,
    find_course,
    offer_pathways,
    offer_therapists,
    therapists,
)
from sessions.courses.forms import (
    EndForm,
    PathwayChangeForm,
    PriorityForm,
    ReasonForm,
    TherapistForm,
)
from sessions.courses.kinds import CourseEnd, Priority
from sessions.courses.models import Course


@bp.route("/cases/<uuid:case_ref>/course/pathway", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_pathway(case_ref: uuid.UUID) -> Page | Response:
    """Put another pathway's sessions in the place of those to come."""
    viewer = current_viewer()
    case, found = find_course(viewer, case_ref)
    form = PathwayChangeForm(version=found.version)
    known = offer_pathways(form.pathway, case, found.organisation_id)
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
    known = therapists(case, found.organisation_id)
    now = next((ref for ref, one in known.items() if one == found.therapist_id), None)
    form = TherapistForm(version=found.version, therapist=now)
    offer_therapists(form.therapist, case, found.organisation_id)
    return _change(
        viewer,
        case_ref,
        form,
        lambda course_id: therapist_service.set_therapist(
            course_id=course_id,
            therapist_id=known.get(form.therapist.data or ""),
            reason=form.reason.data,
            version=form.read_version,
            by=viewer.staff_id,
        ),
        "courses/course_therapist.html",
        "His therapist is changed. The practitioner named in the order is not.",
        fixed=therapist_service.is_fixed(found),
        waiting=next((o for o in listeners.therapist_changes(found.id) if o.is_open), None),
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
