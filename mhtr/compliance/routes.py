"""Reaching a man who missed a session: what was tried, and how a welfare call ended."""

import uuid
from datetime import datetime

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.record import record
from mhtr.compliance import contact_service, issued, misses
from mhtr.compliance.attendance import in_words
from mhtr.compliance.blueprint import bp
from mhtr.compliance.contact_rules import REACHED_WORDS, WAY_WORDS, Attempt, Reached, Way, is_enough
from mhtr.compliance.finding import find_attendance
from mhtr.compliance.models import ContactAttempt
from mhtr.compliance.policy import attempts_wanted
from mhtr.compliance.queries import attempts_of
from mhtr.compliance.service import RECORDERS
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused
from mhtr.people.values import phone_text
from mhtr.tasks.models import TaskKind
from mhtr.web.fields import (
    DatePartsField,
    InPast,
    RadioField,
    Required,
    TextAreaField,
    TimeField,
)
from mhtr.web.forms import OneOfSeveral, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving


class AttemptForm(OneOfSeveral):
    """One attempt to reach him."""

    way = RadioField(
        "How was he tried?",
        [Required("Select how he was tried to be reached")],
        choices=list(WAY_WORDS.items()),
    )
    reached = RadioField(
        "What came of it?",
        [Required("Select what came of it")],
        choices=list(REACHED_WORDS.items()),
    )
    on = DatePartsField("On which day?", [Required(), InPast(clock.today, or_today=True)])
    at = TimeField("At what time?", [Required("Enter the time")])
    note = TextAreaField(
        "Note",
        max_length=500,
        rows=2,
        hint="What was said or left, in a line. Nothing clinical: administrators read it",
    )

    def moment(self) -> datetime:
        """When it was, in UTC."""
        if self.on.data is None or self.at.data is None:
            raise ValueError("the form was not valid")
        return clock.from_london(datetime.combine(self.on.data, self.at.data))


class CallForm(OneOfSeveral):
    """How a welfare call ended."""

    found = TextAreaField(
        "How is he, and what happens next?",
        [Required("Say how he is and what happens next")],
        max_length=2000,
        rows=4,
        hint="Read by clinicians only",
    )


@bp.route("/places/<uuid:place_ref>/contact", methods=["GET", "POST"])
@only(*RECORDERS)
def contact(place_ref: uuid.UUID) -> Page | Response:
    """What was tried after a missed session, and logging one more attempt."""
    viewer = current_viewer()
    case, row = find_attendance(viewer, place_ref)
    now = clock.london()
    form = AttemptForm(on=now.date(), at=now.time().replace(second=0, microsecond=0))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                contact_service.record_attempt(
                    case_id=case.id,
                    subject=row.subject,
                    attempt=Attempt(Way(form.way.data or ""), Reached(form.reached.data or "")),
                    at=form.moment(),
                    note=form.note.data,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".contact", place_ref=place_ref), "The attempt is logged.")
            return saved.redirect()
        except clock.NoSuchTime:
            form.refuse("The clocks went forward: there was no such time", field="at")
        except CannotBe as refused:
            form.refuse_all(refused)
    return _page(viewer, place_ref, form, CallForm())


@bp.post("/places/<uuid:place_ref>/contact/end-call")
@only(*CLINICAL_ROLES)
def contact_end_call(place_ref: uuid.UUID) -> Page | Response:
    """End a welfare call: how he is and what happens next."""
    viewer = current_viewer()
    case = find_attendance(viewer, place_ref, Purpose.CLINICAL)[0]
    form = CallForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                contact_service.end_call(
                    case_id=case.id, subject=place_ref, found=form.found.data, by=viewer.staff_id
                )
                saved.goes_to(url_for(".contact", place_ref=place_ref), "The call is ended.")
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons), field="found")
    now = clock.london()
    again = AttemptForm(None, on=now.date(), at=now.time().replace(second=0, microsecond=0))
    return _page(viewer, place_ref, again, form)


def _page(viewer: Viewer, place_ref: uuid.UUID, form: AttemptForm, call: CallForm) -> Page:
    case, row = find_attendance(viewer, place_ref)
    made = attempts_of(place_ref)
    shows("contact_attempt", *(one.id for one in made), case_id=case.id)
    clinical = viewer.has(*CLINICAL_ROLES)
    calls = contact_service.open_calls(case.id, row.subject) if clinical else []
    missed = misses.key_of(TaskKind.WELFARE_CALL, row)
    wanted = attempts_wanted()
    page = form_page(
        "compliance/contact.html",
        form=form,
        call=call,
        call_open=bool(calls),
        from_miss=any(one.key == missed for one in calls),
        news=issued.in_words(case.id, row.subject) if clinical else (),
        record=record(viewer, case),
        case=case,
        row=row,
        happened=in_words(row.happened, row.minutes_late),
        phone=phone_text(case.person.phone) if case.person.phone else "",
        attempts=[_line(one) for one in made],
        wanted=wanted,
        enough=is_enough([Attempt(one.way, one.reached) for one in made], wanted),
    )
    return (page, 422) if call.errors and isinstance(page, str) else page


def _line(one: ContactAttempt) -> tuple[datetime, str, str, str, str]:
    by = db.session.get_one(Staff, one.by_id).name
    return one.at, WAY_WORDS[one.way], REACHED_WORDS[one.reached], one.note or "", by


from mhtr.compliance import explanation_routes, reading_routes, standing_routes  # noqa: E402, F401 (views)
