"""Telling probation of a session by hand, where the program could not."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.record import record
from mhtr.compliance import telling
from mhtr.compliance.attendance import in_words
from mhtr.compliance.finding import find_attendance
from mhtr.compliance.queries import history_of
from mhtr.compliance.service import RECORDERS
from mhtr.compliance.told import mails_of, told_lines
from mhtr.core.access import Viewer
from mhtr.core.errors import Refused
from mhtr.messages.links import reference
from mhtr.orders import unit_mail
from mhtr.web.fields import Required, TextAreaField
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from sessions.register.blueprint import bp


class ToldForm(Form):
    """Who was told, and how."""

    words = TextAreaField(
        "Who was told, and how?",
        [Required(telling.WHO)],
        max_length=300,
        rows=2,
        hint="For example: the duty officer by telephone. Nothing of what happened",
    )


@bp.route("/places/<uuid:place_ref>/attendance/probation", methods=["GET", "POST"])
@only(*RECORDERS)
def told_by_hand(place_ref: uuid.UUID) -> Page | Response:
    """Who of probation was told; saying so by hand while the program could not write to them."""
    viewer = current_viewer()
    case = find_attendance(viewer, place_ref)[0]
    form = ToldForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                telling.told_by_hand(
                    case_id=case.id, subject=place_ref, words=form.words.data, by=viewer.staff_id
                )
                saved.goes_to(url_for(".attendance", place_ref=place_ref), "Probation is told.")
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _page(viewer, place_ref, form)


def _page(viewer: Viewer, place_ref: uuid.UUID, form: ToldForm) -> Page:
    case, row = find_attendance(viewer, place_ref)
    unit = unit_mail.unit_of(case.id)
    mails = mails_of([telling.mail_key(one) for one in history_of(place_ref)])
    return form_page(
        "register/told_by_hand.html",
        form=form,
        record=record(viewer, case),
        case=case,
        row=row,
        happened=in_words(row.happened, row.minutes_late),
        waits=telling.waits(case.id, place_ref),
        problem=mails[-1].problem if mails else unit_mail.NO_MAILBOX,
        unit=unit.name if unit else "",
        mailbox=unit.mailbox if unit else "",
        reference=reference(case.ref),
        rows=told_lines(case.id, place_ref),
    )
