"""Compliance reports by time: what is set up, setting up another, pausing and ending."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from flask import url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Organisation, Staff
from mhtr.core import clock
from mhtr.core.access import SUPERVISES, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.orders.officer_queries import officers_in
from mhtr.probation.blueprint import bp
from mhtr.probation.people_queries import MOST, Man, men_of
from mhtr.probation.reports import by_time, schedule_service
from mhtr.probation.reports.models import ComplianceRelease
from mhtr.probation.reports.reading import men_among
from mhtr.probation.reports.release_kinds import FORMAT_WORDS, To
from mhtr.probation.reports.schedule_forms import ScheduleForm
from mhtr.probation.reports.schedule_models import ComplianceSchedule, Ended
from mhtr.probation.reports.schedule_rules import next_words
from mhtr.web import navigation
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

navigation.add_under("probation.people", 28, "Reports by time", "probation.scheduled", *SUPERVISES)
NOT_HIS_NOW = "Somebody whom you no longer have"
EVERYBODY = "Everybody for whom you are named"
ENDED_WORDS = {
    Ended.BY_HAND: "You ended it",
    Ended.NOT_HIS: "You no longer have him, or them",
    Ended.LEFT: "You no longer worked here",
}


class Change(Protocol):
    """What is done with one that is set up."""

    def __call__(self, *, ref: uuid.UUID, by: int) -> None: ...


@dataclass(frozen=True)
class Line:
    """One that is set up, as its page shows it."""

    row: ComplianceSchedule
    about: str
    when: str
    to: str
    kind: str
    next: str
    last_ref: uuid.UUID | None

    @property
    def goes_on(self) -> bool:
        """Whether it has not ended."""
        return self.row.ended_at is None


@bp.route("/my-people/reports-by-time", methods=["GET", "POST"])
@only(*SUPERVISES)
def scheduled() -> Page | Response:
    """What is set up by the viewer, and setting up another."""
    viewer = current_viewer()
    men, colleagues = men_of(viewer)[:MOST], _colleagues(viewer)
    unit = db.session.get_one(Organisation, viewer.organisation_id)
    form = ScheduleForm()
    form.offer(men, unit.name if unit.mailbox else "", colleagues)
    if form.validate_on_submit() and form.complete():
        try:
            with saving() as saved:
                schedule_service.set_up(wanted=form.wanted(men, colleagues), by=viewer.staff_id)
                saved.goes_to(url_for(".scheduled"), "It is set up.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    lines = _lines(viewer)
    shows("schedule", *(one.row.id for one in lines))
    return form_page(
        "probation/reports/scheduled.html",
        form=form,
        button=Form(formdata=None),
        lines=lines,
        ended_words=ENDED_WORDS,
    )


def _colleagues(viewer: Viewer) -> list[Staff]:
    return [one for one in officers_in(viewer.organisation_id) if one.id != viewer.staff_id]


def _lines(viewer: Viewer) -> list[Line]:
    query = (
        select(ComplianceSchedule, Staff.name, ComplianceRelease.ref)
        .outerjoin(Staff, Staff.id == ComplianceSchedule.to_staff_id)
        .outerjoin(ComplianceRelease, ComplianceRelease.id == ComplianceSchedule.last_id)
        .where(ComplianceSchedule.by_id == viewer.staff_id)
        .order_by(ComplianceSchedule.ended_at.is_not(None), ComplianceSchedule.id.desc())
        .limit(100)
    )
    found = db.session.execute(query).all()
    ids = {row.case_id for row, _, _ in found if row.case_id is not None}
    men = {man.case_id: man for man in men_among(viewer, ids)}
    days = by_time.days_of((row for row, _, _ in found), clock.today())
    return [_line(row, to or "", last, men, days) for row, to, last in found]


def _line(
    row: ComplianceSchedule,
    to: str,
    last: uuid.UUID | None,
    men: Mapping[int, Man],
    days: Mapping[int, date],
) -> Line:
    rhythm, today = by_time.rhythm_of(row), clock.today()
    about = EVERYBODY
    if row.case_id is not None:
        about = men[row.case_id].name if row.case_id in men else NOT_HIS_NOW
    to = {To.MYSELF: "You", To.UNIT: "The mailbox of your unit"}.get(row.to_kind, to)
    following = next_words(rhythm, today, days.get(row.id), row.made_for)
    return Line(row, about, rhythm.words, to, FORMAT_WORDS[row.format], following, last)


@bp.post("/my-people/reports-by-time/<uuid:schedule_ref>/pause")
@only(*SUPERVISES)
def schedule_pause(schedule_ref: uuid.UUID) -> Response:
    """Make it no more until it goes on."""
    return _change(schedule_ref, schedule_service.pause, "It is paused.")


@bp.post("/my-people/reports-by-time/<uuid:schedule_ref>/go-on")
@only(*SUPERVISES)
def schedule_go_on(schedule_ref: uuid.UUID) -> Response:
    """Make it again."""
    return _change(schedule_ref, schedule_service.go_on, "It goes on.")


@bp.post("/my-people/reports-by-time/<uuid:schedule_ref>/end")
@only(*SUPERVISES)
def schedule_end(schedule_ref: uuid.UUID) -> Response:
    """Make it no more."""
    return _change(schedule_ref, schedule_service.end, "It has ended.")


def _change(schedule_ref: uuid.UUID, change: Change, words: str) -> Response:
    by = current_viewer().staff_id
    with saving() as saved:
        change(ref=schedule_ref, by=by)
        saved.goes_to(url_for(".scheduled"), words)
    return saved.redirect()
