"""Recording that a copy of a letter was given or sent, and taking that back."""

import uuid

from flask import url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.discharge import copy_service, page, queries
from mhtr.discharge.blueprint import bp
from mhtr.discharge.forms import CopyForm
from mhtr.discharge.letter_kinds import shape_of
from mhtr.discharge.models import CaseLetter, LetterCopy, LetterVersion
from mhtr.discharge.rules import SENT_WORDS, TO_WORDS, To
from mhtr.people.kinds import Permission
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving


@bp.route(
    "/cases/<uuid:case_ref>/letters/signed/<uuid:signed_ref>/copy/<any(him,gp):whom>",
    methods=["GET", "POST"],
)
@only(*CLINICAL_ROLES)
def letter_copy(case_ref: uuid.UUID, signed_ref: uuid.UUID, whom: str) -> Page | Response:
    """Record how a copy was given or sent."""
    viewer, to = current_viewer(), To(whom)
    case, row, letter = _find(viewer, case_ref, signed_ref)
    version_id, form = row.id, CopyForm()
    approvers = _approvers(case, viewer.staff_id)
    form.offer(to, approvers, exception=page.is_exception(case, letter.kind, to))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                copy_service.record(
                    version_id=version_id,
                    said=form.said(to),
                    on=form.on.data,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".letters", case_ref=case_ref), "Recorded.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _page(viewer, case_ref, signed_ref, to, form)


def _find(
    viewer: Viewer, case_ref: uuid.UUID, signed_ref: uuid.UUID
) -> tuple[Case, LetterVersion, CaseLetter]:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    row = queries.find_version(case.id, signed_ref)
    shows("letter_version", row.id, case_id=case.id)
    return case, row, db.session.get_one(CaseLetter, row.letter_id)


def _approvers(case: Case, by: int) -> list[tuple[int, str, str]]:
    ids = copy_service.approvers_of(case, by)
    query = select(Staff.id, Staff.ref, Staff.name).where(Staff.id.in_(ids))
    rows = db.session.execute(query.order_by(Staff.sort_name, Staff.id))
    return [(key, str(ref), name) for key, ref, name in rows]


def _page(
    viewer: Viewer, case_ref: uuid.UUID, signed_ref: uuid.UUID, to: To, form: CopyForm
) -> Page:
    case, row, letter = _find(viewer, case_ref, signed_ref)
    return form_page(
        "discharge/letter_copy.html",
        form=form,
        record=record(viewer, case),
        case=case,
        row=row,
        name=shape_of(letter.kind).name,
        to=to,
        whom=TO_WORDS[to],
        gp=queries.gp_of(case),
        against=copy_service.stands_against(case, letter, to),
        unsafe=to is To.HIM and case.person.safe_to_write is not Permission.YES,
        today=clock.today(),
    )


@bp.route(
    "/cases/<uuid:case_ref>/letters/copies/<uuid:copy_ref>/take-back", methods=["GET", "POST"]
)
@only(*CLINICAL_ROLES)
def copy_take_back(case_ref: uuid.UUID, copy_ref: uuid.UUID) -> Page | Response:
    """Take back what was recorded of a copy by mistake."""
    viewer, form = current_viewer(), Form()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    copy_id = queries.find_copy(case.id, copy_ref).id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                copy_service.take_back(copy_id=copy_id, by=viewer.staff_id)
                saved.goes_to(url_for(".letters", case_ref=case_ref), "Taken back.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    row = db.session.get_one(LetterCopy, copy_id)
    shows("letter_copy", row.id, case_id=case.id)
    return form_page(
        "discharge/copy_take_back.html",
        form=form,
        record=record(viewer, case),
        case=case,
        row=row,
        how=SENT_WORDS[row.sent],
        whom=TO_WORDS[row.whom],
    )
