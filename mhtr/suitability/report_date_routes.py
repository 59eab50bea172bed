"""When a report can be ready: what stands against the date, and what can be done about it."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.suitability import late_report, ready_from, request_queries, saying_ready
from mhtr.suitability.blueprint import bp
from mhtr.suitability.concerned import current_request
from mhtr.suitability.date_answers import answer_in_words
from mhtr.suitability.models import ReadyFrom
from mhtr.suitability.report_date_forms import ArrangedForm, NotBeforeForm, TakeBackForm
from mhtr.tasks.models import TaskKind
from mhtr.tasks.queries import next_leave
from mhtr.tasks.service import open_tasks
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
READERS = (*CLINICAL_ROLES, Role.ADMINISTRATOR)
MEANWHILE = "Somebody changed this meanwhile. What you see above is recorded now."


@bp.get("/cases/<uuid:case_ref>/report-date")
@only(*READERS)
def report_date(case_ref: uuid.UUID) -> Page:
    """The dates, what probation answered, and the forms of those who may say or arrange more."""
    viewer = current_viewer()
    return _page(viewer, find_case(viewer, case_ref, *PURPOSES))


@bp.post("/cases/<uuid:case_ref>/report-date")
@only(*CLINICAL_ROLES)
def report_date_say(case_ref: uuid.UUID) -> Page | Response:
    """It cannot be ready before a day."""
    viewer, form = current_viewer(), NotBeforeForm()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    earliest_on = form.earliest_on.data if form.validate() else None
    if earliest_on is not None:
        try:
            with saving() as saved:
                saying_ready.not_before(
                    case_id=case.id,
                    earliest_on=earliest_on,
                    reason=form.why(),
                    seen=form.read_version,
                    by=viewer.staff_id,
                )
                said = "Recorded. The author of the pre-sentence report has been told and asked."
                saved.goes_to(url_for("suitability.report_date", case_ref=case_ref), said)
            return saved.redirect()
        except Stale as stale:
            return _again(viewer, case_ref, form, stale.saved), 409
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
    return _page(viewer, find_case(viewer, case_ref, Purpose.CLINICAL), say=form)


@bp.post("/cases/<uuid:case_ref>/report-date/in-time")
@only(*CLINICAL_ROLES)
def report_date_in_time(case_ref: uuid.UUID) -> Page | Response:
    """What was said is taken back."""
    viewer, form = current_viewer(), TakeBackForm()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    try:
        with saving() as saved:
            saying_ready.in_time_after_all(
                case_id=case.id, seen=form.read_version, by=viewer.staff_id
            )
            said = "Taken back. The author of the pre-sentence report has been told."
            saved.goes_to(url_for("suitability.report_date", case_ref=case_ref), said)
        return saved.redirect()
    except Stale as stale:
        again = NotBeforeForm(formdata=None)
        return _again(viewer, case_ref, again, stale.saved), 409


@bp.post("/cases/<uuid:case_ref>/report-date/arranged")
@only(*late_report.ACTS)
def report_date_arranged(case_ref: uuid.UUID) -> Page | Response:
    """Somebody has seen to it."""
    viewer, form = current_viewer(), ArrangedForm()
    case = find_case(viewer, case_ref, *PURPOSES)
    if form.validate():
        try:
            with saving() as saved:
                late_report.arrange(
                    case_id=case.id,
                    how=form.arranged(),
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                said = "Recorded. The author of the pre-sentence report has been told."
                saved.goes_to(url_for("suitability.report_date", case_ref=case_ref), said)
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
            found = current_request(find_case(viewer, case_ref, *PURPOSES).id)
            form.version.carry(found.version if found else 0)
            page = _page(viewer, find_case(viewer, case_ref, *PURPOSES), arrange=form)
            return page if isinstance(page, str) else page[0], 409
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
    return _page(viewer, find_case(viewer, case_ref, *PURPOSES), arrange=form)


def _again(viewer: Viewer, case_ref: uuid.UUID, form: NotBeforeForm, saved: object) -> str:
    """What was said meanwhile stands above what was typed."""
    form.refuse(MEANWHILE)
    last = saved.id if isinstance(saved, ReadyFrom) else 0
    form.version.carry(last)
    page = _page(viewer, find_case(viewer, case_ref, Purpose.CLINICAL), say=form)
    return page if isinstance(page, str) else page[0]


def _page(
    viewer: Viewer,
    case: Case,
    *,
    say: NotBeforeForm | None = None,
    arrange: ArrangedForm | None = None,
) -> Page:
    found, last = current_request(case.id), ready_from.last_said(case.id)
    said = last if last is not None and last.earliest_on is not None else None
    seen = last.id if last else 0
    staff = db.session.get_one(Staff, viewer.staff_id)
    to_come = saying_ready.is_to_come(case, found)
    clinical = viewer.has(*CLINICAL_ROLES)
    waiting = open_tasks(case.id, TaskKind.REPORT_LATE)
    acts = viewer.has(*late_report.ACTS)
    writer = db.session.get(Staff, case.assessor_id) if case.assessor_id else None
    shown: Form = say or arrange or NotBeforeForm(formdata=None, version=seen)
    return form_page(
        "suitability/report_date.html",
        form=shown,
        record=record(viewer, case),
        row=request_queries.row_of(found, case) if found else None,
        to_come=to_come,
        answer_words=answer_in_words(found) if found else "",
        said=said,
        said_by=db.session.get_one(Staff, said.by_id).name if said else "",
        said_words=ready_from.REASON_WORDS[ready_from.Reason(said.reason)] if said else "",
        writer=writer.name if writer else "Nobody yet",
        leave=next_leave(writer.id, clock.today()) if writer else None,
        arranged=None if waiting else late_report.last_arranged(found),
        may_say=to_come and clinical and saying_ready.may_say(case, staff),
        acts=acts,
        waiting=bool(waiting),
        say=say or NotBeforeForm(formdata=None, version=seen),
        take_back=TakeBackForm(formdata=None, version=seen),
        arrange=arrange or ArrangedForm(formdata=None, version=found.version if found else 0),
    )
