"""Proposing another therapist for a man, answering a proposal, and what became of it."""

import uuid
from collections.abc import Callable

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, purposes_held
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.errors import NotFound, Refused
from mhtr.web.fields import Choice
from mhtr.web.forms import Form, OneOfSeveral, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.blueprint import bp
from sessions.booking.queries import place_of
from sessions.booking.told import where_each
from sessions.courses.models import Course
from sessions.courses.queries import open_course
from sessions.courses.therapist_service import is_fixed
from sessions.therapies import THERAPY_WORDS
from sessions.therapists import page, queries, rules, service
from sessions.therapists.fitting import Candidate, candidates, therapies_of
from sessions.therapists.forms import AnswerForm, HisAnswerForm, ProposeForm, WithdrawForm
from sessions.therapists.kinds import Party
from sessions.therapists.models import TherapistChange

READERS = (*CLINICAL_ROLES, Role.ADMINISTRATOR)
CHANGE = "/therapist-changes/<uuid:change_ref>"
HEADINGS = {
    Party.THERAPIST: "Your answer as his therapist",
    Party.LEAD: "Your answer as clinical lead",
    Party.HIM: "What he said about another therapist",
}


@bp.route("/cases/<uuid:case_ref>/course/therapist/propose", methods=["GET", "POST"])
@only(*READERS)
def course_therapist_propose(case_ref: uuid.UUID) -> Page | Response:
    """Propose another therapist for a man whose first session was held."""
    viewer = current_viewer()
    case, course = _course(viewer, case_ref)
    course_id = course.id
    waiting = queries.open_change(course.id)
    form = ProposeForm(starts_on=clock.today())
    found = candidates(case, course)
    known = _offer(form, found)
    if waiting is not None and not form.is_submitted():
        return redirect(change_href(waiting), 303)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                made = service.propose(
                    course_id=course_id, said=form.proposed(known), by=viewer.staff_id
                )
                saved.goes_to(
                    change_href(made),
                    "The change is proposed. It is made once everybody has agreed.",
                )
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
            case, course = _course(viewer, case_ref)
            found = candidates(case, course)
    return _propose_page(viewer, case, course, form, found)


def _propose_page(
    viewer: Viewer, case: Case, course: Course, form: ProposeForm, found: list[Candidate]
) -> Page:
    who = queries.who(viewer.staff_id, course.organisation_id)
    absence, booked = None, []
    if course.therapist_id is not None:
        absence = queries.absence(case, course.organisation_id, course.therapist_id)
        booked = queries.booked_with(course, course.therapist_id, clock.today())
    name = page.name_of(course.therapist_id) if course.therapist_id is not None else ""
    return form_page(
        "therapists/propose.html",
        form=form,
        record=record(viewer, case),
        case=case,
        therapist=name,
        absent=page.absence_words(name, absence) if absence is not None else "",
        notes_absence=not rules.cannot_note_absence(who, absence, ()),
        booked=where_each([place_of(one.session) for one in booked]),
        cannot=[one for one in found if one.reasons],
        why_not=_why_not(who, course),
        offered=any(not one.reasons for one in found),
    )


def _why_not(who: rules.Who, course: Course) -> str:
    """Why this viewer cannot propose anything now; empty where he can."""
    if course.therapist_id is None:
        return rules.NOBODY
    if not is_fixed(course):
        return rules.NOT_HELD
    return "" if rules.may_propose(who, course.therapist_id) else rules.PROPOSERS


@bp.get(CHANGE)
@only(*READERS)
def course_therapist_change(change_ref: uuid.UUID) -> str:
    """One proposal: what it is, who has agreed, and what can be done with it."""
    viewer = current_viewer()
    case, row = queries.find_change(viewer, change_ref)
    clinical = Purpose.CLINICAL in purposes_held(viewer, case) and viewer.has(*CLINICAL_ROLES)
    shows("therapist_change", row.id, case_id=case.id)
    return render_template(
        "therapists/change.html",
        record=record(viewer, case),
        case=case,
        change=row,
        shown=page.shown(viewer, case, row, clinical=clinical),
        clinical=clinical,
        form=NotThereForm(),
    )


class NotThereForm(OneOfSeveral):
    """The button that records that the therapist is not there."""


@bp.route(f"{CHANGE}/answers/<party>", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def course_therapist_answer(change_ref: uuid.UUID, party: str) -> Page | Response:
    """Answer a proposal as therapist or as lead, or record what he said."""
    viewer = current_viewer()
    if party not in list(Party):
        raise NotFound
    whose = Party(party)
    _, row = queries.find_change(viewer, change_ref, Purpose.CLINICAL)
    form = HisAnswerForm(asked_on=clock.today()) if whose is Party.HIM else AnswerForm()
    change_id = row.id

    def save() -> str:
        service.answer(change_id=change_id, party=whose, said=form.said(), by=viewer.staff_id)
        return "The answer is recorded."

    return _saved(form, save, viewer, change_ref, "therapists/answer.html", party=whose)


@bp.post(f"{CHANGE}/not-there")
@only(*READERS)
def course_therapist_not_there(change_ref: uuid.UUID) -> Response:
    """Record that the therapist has left or is on long leave, as is on record."""
    viewer = current_viewer()
    _, row = queries.find_change(viewer, change_ref)
    change_id, goes_to = row.id, change_href(row)
    with saving() as saved:
        service.note_absence(change_id=change_id, by=viewer.staff_id)
        saved.goes_to(goes_to, "It is recorded that his therapist is not there.")
    return saved.redirect()


@bp.route(f"{CHANGE}/withdraw", methods=["GET", "POST"])
@only(*READERS)
def course_therapist_withdraw(change_ref: uuid.UUID) -> Page | Response:
    """Take a proposal back."""
    viewer = current_viewer()
    _, row = queries.find_change(viewer, change_ref)
    form, change_id = WithdrawForm(), row.id

    def save() -> str:
        service.withdraw(change_id=change_id, reason=form.reason.data, by=viewer.staff_id)
        return "The proposal is withdrawn."

    return _saved(form, save, viewer, change_ref, "therapists/withdraw.html", party=None)


def _saved(
    form: Form,
    save: Callable[[], str],
    viewer: Viewer,
    change_ref: uuid.UUID,
    template: str,
    *,
    party: Party | None,
) -> Page | Response:
    """A form about one proposal: saved, or shown with what is wrong."""
    purposes = queries.PURPOSES if party is None else (Purpose.CLINICAL,)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                words = save()
                saved.goes_to(
                    url_for("sessions.course_therapist_change", change_ref=change_ref), words
                )
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    case, row = queries.find_change(viewer, change_ref, *purposes)
    shows("therapist_change", row.id, case_id=case.id)
    return form_page(
        template,
        form=form,
        record=record(viewer, case),
        case=case,
        change=row,
        shown=page.shown(viewer, case, row, clinical=party is not None),
        party=party,
        heading=HEADINGS[party] if party is not None else "Withdraw the proposal",
        to_name=page.name_of(row.to_id),
        from_name=page.name_of(row.from_id),
    )


def change_href(row: TherapistChange) -> str:
    """The address of a proposal."""
    return url_for("sessions.course_therapist_change", change_ref=row.ref)


def _course(viewer: Viewer, case_ref: uuid.UUID) -> tuple[Case, Course]:
    case = find_case(viewer, case_ref, *queries.PURPOSES)
    found = open_course(case.id)
    if found is None:
        raise NotFound
    shows("course", found.id, case_id=case.id)
    return case, found


def _offer(form: ProposeForm, found: list[Candidate]) -> dict[str, int]:
    """Let the form offer those who can see him, each with the therapies he or she delivers."""
    fit = [one for one in found if not one.reasons]
    therapies = therapies_of([one.staff.id for one in fit])
    choices = []
    for one in fit:
        said = ", ".join(THERAPY_WORDS[each] for each in therapies[one.staff.id])
        title = f"{one.staff.job_title}. " if one.staff.job_title else ""
        choices.append(Choice(str(one.staff.ref), one.staff.name, f"{title}{said}"))
    form.therapist.set_choices(choices)
    return {str(one.staff.ref): one.staff.id for one in fit}
