"""How he was told of his sessions: recording it for one or many at once, and taking it back."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.compliance import notice_service
from mhtr.compliance.notice_queries import in_words, notices_of
from mhtr.compliance.notice_service import Of
from mhtr.compliance.service import RECORDERS
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.register import page
from sessions.register.blueprint import bp
from sessions.register.notice_form import TellingForm
from sessions.register.notice_page import Row, offered, rows_of, to_come
from sessions.register.queries import INSIDE


@bp.route("/cases/<uuid:case_ref>/sessions/told", methods=["GET", "POST"])
@only(*RECORDERS)
def told_him(case_ref: uuid.UUID) -> Page | Response:
    """What is on record of how he was told of each session; recording it for some at once."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *INSIDE)
    rows = rows_of(case.id)
    form = _form(offered(rows))
    if form.validate_on_submit():
        wanted = {str(row.ref): Of(row.ref, row.at) for row in rows}
        try:
            with saving() as saved:
                notice_service.record_told(
                    case_id=case.id,
                    sessions=[wanted[ref] for ref in form.sessions.data],
                    telling=form.telling(),
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".told_him", case_ref=case.ref), "Recorded.")
            return saved.redirect()
        except clock.NoSuchTime:
            form.refuse("The clocks went forward: there was no such time", field="at")
        except CannotBe as refused:
            form.refuse_all(refused)
    return _page(viewer, case_ref, form)


def _form(rows: list[Row]) -> TellingForm:
    now = clock.london()
    form = TellingForm(
        sessions=to_come(rows), on=now.date(), at=now.time().replace(second=0, microsecond=0)
    )
    form.sessions.set_choices([(str(row.ref), row.label) for row in rows])
    return form


def _page(viewer: Viewer, case_ref: uuid.UUID, form: TellingForm) -> Page:
    case = find_case(viewer, case_ref, *INSIDE)
    rows = rows_of(case.id)
    shows("session_notice", *(one.id for one in notices_of(case.id)), case_id=case.id)
    return form_page(
        "register/told_him.html",
        form=form,
        record=record(viewer, case),
        case=case,
        rows=rows,
        can_record=bool(offered(rows)),
    )


@bp.route(
    "/cases/<uuid:case_ref>/sessions/told/<uuid:notice_ref>/take-back", methods=["GET", "POST"]
)
@only(*RECORDERS)
def told_him_take_back(case_ref: uuid.UUID, notice_ref: uuid.UUID) -> Page | Response:
    """Take back that he was told of a session, where it was recorded by mistake."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *INSIDE)
    row = next((one for one in notices_of(case.id) if one.ref == notice_ref), None)
    if row is None:
        raise NotFound
    shows("session_notice", row.id, case_id=case.id)
    form, back = Form(), url_for(".told_him", case_ref=case.ref)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                notice_service.take_back(case_id=case.id, ref=notice_ref, by=viewer.staff_id)
                saved.goes_to(back, "Taken back.")
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return form_page(
        "register/told_him_take_back.html",
        form=form,
        record=record(viewer, case),
        case=case,
        row=row,
        words=in_words(row),
        by=page.staff_name(row.by_id),
    )
