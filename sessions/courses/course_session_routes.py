"""Pages of one session of a man's course: what it is, and what can be done with it."""

import uuid
from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Viewer
from mhtr.web.fields import SelectField
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from sessions.blueprint import bp
from sessions.courses import page, queries, session_service
from sessions.courses.attempts import at_once, attempt
from sessions.courses.course_routes import course_of, find_course
from sessions.courses.draft_routes import differences
from sessions.courses.forms import AddForm, ChangeForm, MoveForm, ReasonForm, filled
from sessions.courses.models import Course
from sessions.courses.rules import planned_of

SESSION = "/cases/<uuid:case_ref>/course/sessions/<uuid:course_session_ref>"


@bp.route("/cases/<uuid:case_ref>/course/add", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_add(case_ref: uuid.UUID) -> Page | Response:
    """Add a session to his course."""
    viewer = current_viewer()
    _, found = find_course(viewer, case_ref)
    course_id, form = found.id, AddForm(version=found.version)
    _offer_places(form.after, found)
    if form.validate_on_submit():
        saved = attempt(
            form,
            lambda: session_service.add_session(
                course_id=course_id,
                said=form.planned(),
                after=int(form.after.data or 0),
                reason=form.reason.data,
                version=form.read_version,
                by=viewer.staff_id,
            ),
            course_of(case_ref),
            "The session is added.",
            version_now=lambda: find_course(viewer, case_ref)[1].version,
        )
        if saved is not None:
            return saved
    case, found = find_course(viewer, case_ref)
    _offer_places(form.after, found)
    return form_page("courses/session_add.html", record=record(viewer, case), case=case, form=form)


@bp.get(SESSION)
@only(*CLINICAL_ROLES)
def course_session(case_ref: uuid.UUID, course_session_ref: uuid.UUID) -> Page:
    """One session of his course, and what can be done with it."""
    viewer = current_viewer()
    _, found = find_course(viewer, case_ref)
    return _page("courses/session.html", viewer, case_ref, course_session_ref, _version(found))


@bp.route(f"{SESSION}/change", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_session_change(case_ref: uuid.UUID, course_session_ref: uuid.UUID) -> Page | Response:
    """Change what the session is."""
    viewer = current_viewer()
    _, found = find_course(viewer, case_ref)
    row = queries.find_session(found, course_session_ref)
    form = ChangeForm(version=found.version, **filled(planned_of(row)))
    answer = _attempt(
        viewer,
        case_ref,
        course_session_ref,
        form,
        lambda course_id, session_id: session_service.change_session(
            course_id=course_id,
            session_id=session_id,
            said=form.planned(),
            reason=form.reason.data,
            version=form.read_version,
            by=viewer.staff_id,
        ),
        "The session is changed.",
    )
    if answer is not None:
        return answer
    _, found = find_course(viewer, case_ref)
    now = filled(planned_of(queries.find_session(found, course_session_ref)))
    beside = differences(form, now) if form.form_errors else ()
    template = "courses/session_change.html"
    return _page(template, viewer, case_ref, course_session_ref, form, differences=beside)


@bp.route(f"{SESSION}/skip", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_session_skip(case_ref: uuid.UUID, course_session_ref: uuid.UUID) -> Page | Response:
    """Leave the session out."""
    viewer = current_viewer()
    form = ReasonForm(version=find_course(viewer, case_ref)[1].version)
    answer = _attempt(
        viewer,
        case_ref,
        course_session_ref,
        form,
        lambda course_id, session_id: session_service.skip(
            course_id=course_id,
            session_id=session_id,
            reason=form.reason.data,
            version=form.read_version,
            by=viewer.staff_id,
        ),
        "The session is skipped.",
    )
    return answer or _page("courses/session_skip.html", viewer, case_ref, course_session_ref, form)


@bp.route(f"{SESSION}/repeat", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_session_repeat(case_ref: uuid.UUID, course_session_ref: uuid.UUID) -> Page | Response:
    """Repeat the session as catch-up."""
    viewer = current_viewer()
    form = ReasonForm(version=find_course(viewer, case_ref)[1].version)
    answer = _attempt(
        viewer,
        case_ref,
        course_session_ref,
        form,
        lambda course_id, session_id: session_service.repeat(
            course_id=course_id,
            session_id=session_id,
            reason=form.reason.data,
            version=form.read_version,
            by=viewer.staff_id,
        ),
        "A session to catch up is added.",
    )
    return answer or _page(
        "courses/session_repeat.html", viewer, case_ref, course_session_ref, form
    )


@bp.route(f"{SESSION}/move", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_session_move(case_ref: uuid.UUID, course_session_ref: uuid.UUID) -> Page | Response:
    """Give the session another place in the order."""
    viewer = current_viewer()
    _, found = find_course(viewer, case_ref)
    form = MoveForm(version=found.version)
    _offer_places(form.after, found, but=course_session_ref)
    answer = _attempt(
        viewer,
        case_ref,
        course_session_ref,
        form,
        lambda course_id, session_id: session_service.move(
            course_id=course_id,
            session_id=session_id,
            after=int(form.after.data or 0),
            version=form.read_version,
            by=viewer.staff_id,
        ),
        "The session has another place.",
    )
    if answer is not None:
        return answer
    _offer_places(form.after, find_course(viewer, case_ref)[1], but=course_session_ref)
    return _page("courses/session_move.html", viewer, case_ref, course_session_ref, form)


@bp.post(f"{SESSION}/bring-back")
@only(*CLINICAL_ROLES)
def course_session_bring_back(case_ref: uuid.UUID, course_session_ref: uuid.UUID) -> Response:
    """Let a skipped session take place after all."""
    viewer = current_viewer()
    _, found = find_course(viewer, case_ref)
    course_id, session_id = found.id, queries.find_session(found, course_session_ref).id
    form = VersionedForm()
    return at_once(
        lambda: session_service.bring_back(
            course_id=course_id,
            session_id=session_id,
            version=form.read_version,
            by=viewer.staff_id,
        ),
        course_of(case_ref),
        "The session takes place after all.",
    )


def _attempt(
    viewer: Viewer,
    case_ref: uuid.UUID,
    course_session_ref: uuid.UUID,
    form: VersionedForm,
    do: Callable[[int, int], object],
    message: str,
) -> Response | None:
    """Save what a form says of a session; None where it is to be shown."""
    _, found = find_course(viewer, case_ref)
    course_id, session_id = found.id, queries.find_session(found, course_session_ref).id
    if not form.validate_on_submit():
        return None
    return attempt(
        form,
        lambda: do(course_id, session_id),
        course_of(case_ref),
        message,
        version_now=lambda: find_course(viewer, case_ref)[1].version,
    )


def _page(
    template: str,
    viewer: Viewer,
    case_ref: uuid.UUID,
    course_session_ref: uuid.UUID,
    form: VersionedForm,
    **more: Any,
) -> Page:
    case, found = find_course(viewer, case_ref)
    row = queries.find_session(found, course_session_ref)
    shown = next((one for one in page.course_rows(found) if one.ref == str(row.ref)), None)
    return form_page(
        template,
        record=record(viewer, case),
        case=case,
        row=shown or page.replaced_row(row),
        replaced=row.replaced,
        form=form,
        **more,
    )


def _version(found: Course) -> VersionedForm:
    return VersionedForm(version=found.version)


def _offer_places(field: SelectField, course: Course, *, but: uuid.UUID | None = None) -> None:
    """Let a form offer every place in the order that is still free."""
    rows = page.course_rows(course)
    last_held = max((row.position for row in rows if row.held), default=0)
    choices = [] if last_held else [("0", "At the start")]
    for row in rows:
        if row.position >= last_held and row.ref != str(but):
            name = f"{row.number}. {row.name}" if row.number else f"{row.name} (skipped)"
            choices.append((str(row.position), f"After {name}"))
    field.set_choices(choices)
