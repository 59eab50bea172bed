"""The register of a group: one row a man, one key each, saved in one step."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.compliance.attendance import in_words
from mhtr.compliance.service import RECORDERS
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Viewer
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.register import page, service
from sessions.register.blueprint import bp
from sessions.register.forms import (
    SHORT,
    RegisterForm,
    choices_now,
    happened_name,
    late_name,
    register_form,
)
from sessions.register.presence import nobody_there
from sessions.register.queries import beside, group_of, with_attendance
from sessions.register.service import Entry

MEANWHILE = "Somebody recorded one of them meanwhile. Look at the rows, then send again"


@bp.route("/sessions/<uuid:session_ref>/register", methods=["GET", "POST"])
@only(*RECORDERS)
def group(session_ref: uuid.UUID) -> Page | Response:
    """Record what happened for everybody of a session who has no record yet."""
    viewer = current_viewer()
    session, places = group_of(viewer, session_ref)
    form = register_form(places, begun=session.starts_at <= clock.now())
    if form.validate_on_submit():
        try:
            with saving() as saved:
                there = form.somebody_there.data
                entries = {
                    key: Entry(told, somebody_there=there) for key, told in form.told().items()
                }
                service.record_group(entries=entries, by=viewer.staff_id)
                saved.goes_to(url_for(".group", session_ref=session_ref), "Recorded.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except CannotBe as wrong:
            fields = {field for field, _ in wrong.problems}
            only = "somebody_there" if fields == {"somebody_there"} else None
            form.refuse(" ".join(dict.fromkeys(wrong.reasons)), field=only)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _page(viewer, session_ref, form)


def _page(viewer: Viewer, session_ref: uuid.UUID, form: RegisterForm) -> Page:
    session, places = group_of(viewer, session_ref)
    for one in places:
        shows("case", one.case.id)
    lines = with_attendance(places)
    rows = [
        {
            "placed": line.placed,
            "words": in_words(line.happened, line.attendance.minutes_late)
            if line.attendance and line.happened
            else "",
            "happened": form[happened_name(line.placed)] if line.placed in form.places else None,
            "minutes": form[late_name(line.placed)] if line.placed in form.places else None,
            "recorded": line.attendance is not None,
            "stands": line.attendance is not None or line.placed not in form.places,
        }
        for line in lines
    ]
    before, after = beside(viewer, session)
    return form_page(
        "register/group.html",
        form=form,
        session=session,
        rows=rows,
        waits=any(not row["recorded"] for row in rows),
        nobody=nobody_there(session),
        numbered=[words for _, words in choices_now(SHORT, begun=session.starts_at <= clock.now())],
        begun=session.starts_at <= clock.now(),
        clinical=viewer.has(*CLINICAL_ROLES),
        with_them=page.staff_name(session.clinician_id),
        before=before,
        after=after,
    )
