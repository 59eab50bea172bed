"""Contacts at which measures are asked: recording one, what is done at it, closing it."""

import uuid
from dataclasses import dataclass

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
from mhtr.core.due import Left, left_until
from mhtr.core.errors import Refused, Stale
from mhtr.people.forms import language_choices
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import Task, TaskState
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import in_emergency, only
from mhtr.web.kept_posts import looked_at
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from outcome_measures import contact_rules
from outcome_measures.blueprint import bp
from outcome_measures.counting import planned_of
from outcome_measures.definitions import Instrument
from outcome_measures.models import MeasureContact, MeasureMode, OccasionState
from outcome_measures.reading.withdrawn import (
    changes_of,
    may_put_contact_back,
    may_take_contact_back,
)
from outcome_measures.recording import contact_queries as queries
from outcome_measures.recording import contacts
from outcome_measures.recording.contact_forms import (
    CHANGED,
    ENGLISH,
    AskForm,
    CloseForm,
    ContactForm,
    SessionAsked,
)
from outcome_measures.recording.form_lines import form_href, lines
from outcome_measures.recording.unsaved import look_at_close
from outcome_measures.signing.offered import asked_each_time, offered
from outcome_measures.time_points import TimePoint, contact_name


@dataclass(frozen=True)
class ReviewLine:
    """A risk review from a contact, as its page shows it."""

    task: Task
    owner: str
    left: Left | None


@bp.get("/cases/<uuid:case_ref>/measures/contacts/new")
@bp.post("/cases/<uuid:case_ref>/measures/contacts/new", endpoint="contact_new_save")
@in_emergency
@only(*CLINICAL_ROLES)
def contact_new(case_ref: uuid.UUID) -> Page | Response:
    """Record a contact, and go on to the first measure asked at it."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    course = queries.course_of(case.id)
    asked = SessionAsked()
    day = asked.on or clock.today()
    form = ContactForm(
        held_on=day,
        point=TimePoint.SESSION,
        session_number=asked.number or contact_rules.next_session(course, day),
        instruments=asked_each_time(),
        language=ENGLISH,
    )
    form.say_how_sessions_count(course)
    form.language.set_choices(language_choices())
    form.instruments.set_choices([(one.id, one.name) for one in offered().values()])
    planned = planned_of([case.id]).get(case.id)
    if form.is_submitted() and form.validate() and not form.asks(course, planned):
        try:
            return _record(viewer, case, form)
        except contacts.CannotStand as refusal:
            for name, words in refusal.problems.items():
                form.refuse(words, field=name if name in form else None)
        case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return form_page(
        "outcome_measures/contact_new.html",
        record=record(viewer, case),
        case=case,
        form=form,
        refused=contact_rules.may_record(course),
    )


def _record(viewer: Viewer, case: Case, form: ContactForm) -> Response:
    case_id, case_ref = case.id, case.ref
    with saving() as saved:
        contact = contacts.record_contact(
            case_id=case_id,
            planned=form.planned,
            mode=MeasureMode(str(form.mode.data)),
            instruments=form.instruments.data,
            language=str(form.language.data),
            by=viewer.staff_id,
        )
        forms = queries.forms_of(contact.id)
        page = url_for(".contact", case_ref=case_ref, contact_ref=contact.ref)
        if forms:
            saved.goes_to(form_href(case_ref, forms[0].ref), "The contact is recorded.")
        else:
            saved.goes_to(page, "The contact is recorded. He was asked this that day already.")
    return saved.redirect()


@bp.get("/cases/<uuid:case_ref>/measures/contacts/<uuid:contact_ref>")
@in_emergency
@only(*CLINICAL_ROLES)
def contact(case_ref: uuid.UUID, contact_ref: uuid.UUID) -> Page:
    """A contact: its measures, the risk reviews from it, and closing it."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return _page(viewer, case, queries.find_contact(case, contact_ref))


@bp.post("/cases/<uuid:case_ref>/measures/contacts/<uuid:contact_ref>/measures")
@in_emergency
@only(*CLINICAL_ROLES)
def contact_ask(case_ref: uuid.UUID, contact_ref: uuid.UUID) -> Page | Response:
    """Ask further measures at a contact."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    found = queries.find_contact(case, contact_ref)
    form = AskForm()
    form.instruments.set_choices([(one.id, one.name) for one in _not_asked(case, found)])
    if form.validate():
        try:
            with saving() as saved:
                contacts.ask(
                    contact_id=found.id,
                    instruments=form.instruments.data,
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                page = url_for(".contact", case_ref=case_ref, contact_ref=contact_ref)
                saved.goes_to(page, "Added.")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            form.refuse(CHANGED)
        case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return _page(viewer, case, queries.find_contact(case, contact_ref), ask=form)


@bp.post("/cases/<uuid:case_ref>/measures/contacts/<uuid:contact_ref>/close")
@looked_at(look_at_close)
@in_emergency
@only(*CLINICAL_ROLES)
def contact_close(case_ref: uuid.UUID, contact_ref: uuid.UUID) -> Page | Response:
    """Close a contact, unless a risk review from it has no recorded response."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    found = queries.find_contact(case, contact_ref)
    form = CloseForm()
    if form.validate():
        try:
            return _close(viewer, case, found, form)
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            form.refuse(CHANGED)
        case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return _page(viewer, case, queries.find_contact(case, contact_ref), close=form)


def _close(viewer: Viewer, case: Case, found: MeasureContact, form: CloseForm) -> Response:
    page = url_for(".contact", case_ref=case.ref, contact_ref=found.ref)
    overview = url_for(".measures", case_ref=case.ref)
    with saving() as saved:
        done = contacts.close(
            contact_id=found.id,
            unfinished=form.unfinished.data,
            version=form.read_version,
            by=viewer.staff_id,
        )
        if done.closed:
            saved.goes_to(overview, "The contact is closed.")
        else:
            ended = "What was not finished ends as it stands. " if done.ended else ""
            number = "a risk review" if len(done.waiting) == 1 else "risk reviews"
            saved.goes_to(page, f"{ended}The contact stays open: {number} from it must come first.")
    return saved.redirect()


def _page(
    viewer: Viewer,
    case: Case,
    found: MeasureContact,
    *,
    ask: AskForm | None = None,
    close: CloseForm | None = None,
) -> Page:
    forms = queries.forms_of(found.id)
    that_day = queries.asked_on_day(case.person_id, found.held_on)
    elsewhere = [row for row in that_day.values() if row.contact_id != found.id]
    shows("measure", *(form.id for form in (*forms, *elsewhere)))
    more = AskForm(version=found.version) if ask is None else ask
    more.instruments.set_choices([(one.id, one.name) for one in _not_asked(case, found)])
    ending = CloseForm(version=found.version) if close is None else close
    for form in (more, ending):
        form.version.carry(found.version)
    reviews = [_review(task) for task in queries.reviews_from(found, forms)]
    page = render_template(
        "outcome_measures/contact.html",
        record=record(viewer, case),
        case=case,
        contact=found,
        name=contact_name(found.point, found.session_number),
        by=_name(found.by_id),
        closed_by=_name(found.closed_by),
        forms=lines(case, forms),
        unfinished=[form for form in forms if form.state is OccasionState.OPEN],
        elsewhere=[line for line in lines(case, elsewhere) if line.href or line.form.submitted_at],
        reviews=reviews,
        waiting=[line for line in reviews if line.task.state is TaskState.OPEN],
        ask=more,
        close=ending,
        changes=changes_of(contact_id=found.id),
        may_take_back=may_take_contact_back(viewer, found),
        may_put_back=may_put_contact_back(viewer, found),
    )
    return (page, 422) if more.errors or ending.errors else page


def _not_asked(case: Case, found: MeasureContact) -> list[Instrument]:
    closed = found.closed_at is not None
    again = _taken_back(case, found) if closed else set()
    if closed and not again:
        return []
    there = queries.has_place(found, case)
    # What was to be asked on its day can be recorded still, whatever is asked today.
    may_be = {**offered(found.held_on), **offered()}
    if closed:
        may_be = {name: one for name, one in may_be.items() if name in again}
    return [one for name, one in may_be.items() if name not in there]


def _taken_back(case: Case, found: MeasureContact) -> set[str]:
    """What can be asked again at a contact that is closed."""
    again = queries.taken_back_at(found.id)
    return set() if again and contact_rules.may_record(queries.course_of(case.id)) else again


def _review(task: Task) -> ReviewLine:
    is_open = task.state is TaskState.OPEN
    left = left_until(task.due_at, clock.now(), working_calendar()) if is_open else None
    return ReviewLine(task, _name(task.owner_staff_id) or "the team", left)


def _name(staff_id: int | None) -> str:
    return "" if staff_id is None else db.session.get_one(Staff, staff_id).name
