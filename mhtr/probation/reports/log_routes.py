"""What left as a compliance report: the log, one release, and its file exactly as it was made."""

import uuid

from flask import Response as FileResponse
from flask import make_response, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.record import record
from mhtr.core.access import SUPERVISES, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.probation.blueprint import bp
from mhtr.probation.people_queries import MOST, men_of
from mhtr.probation.reports import service
from mhtr.probation.reports.files import FORMATS
from mhtr.probation.reports.forms import LeaveForm, LogForm, OversightForm
from mhtr.probation.reports.page import changed_since
from mhtr.probation.reports.queries import (
    Asked,
    case_called,
    find_release,
    is_file_intact,
    log_of,
    log_of_all,
)
from mhtr.probation.reports.telling import asked_of
from mhtr.probation.reports.terms import LISTED
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

navigation.add_under("probation.people", 27, "Released reports", "probation.releases", *SUPERVISES)
NOBODY = -1
"""No case has this id: nothing is found."""


@bp.get("/my-people/released-reports")
@only(*SUPERVISES)
def releases() -> str:
    """What left about men whom the viewer supervises, the newest first."""
    viewer = current_viewer()
    men = men_of(viewer)[:MOST]
    form = LogForm()
    form.offer(men)
    valid = form.validate()
    chosen = next((man.case_id for man in men if str(man.ref) == form.man.data), None)
    page = log_of(viewer, Asked(chosen, form.to.data or "") if valid else Asked())
    shows("release_of_report", *(one.row.id for one in page.rows))
    return render_template(
        "probation/reports/log.html", form=form, page=page, clear_href=url_for(".releases")
    )


@bp.get("/released-reports")
@only(Role.PRIVACY_OFFICER)
def releases_of_all() -> str:
    """Everything that left as a compliance report, without a name of a man: for oversight."""
    form = OversightForm()
    valid = form.validate()
    called = (form.called.data or "").strip()
    case_id = (case_called(called) or NOBODY) if called else None
    page = log_of_all(Asked(case_id, form.to.data or "") if valid else Asked())
    shows("release_of_report", *(one.row.id for one in page.rows))
    return render_template(
        "probation/reports/oversight.html",
        form=form,
        page=page,
        clear_href=url_for(".releases_of_all"),
    )


navigation.add_under("audit.entries", 10, "Audit", "audit.entries", Role.PRIVACY_OFFICER)
navigation.add_under(
    "audit.entries", 20, "Released reports", "probation.releases_of_all", Role.PRIVACY_OFFICER
)


@bp.route("/released-reports/<uuid:compliance_ref>", methods=["GET", "POST"])
@only(*SUPERVISES)
def released(compliance_ref: uuid.UUID) -> Page | Response:
    """One release: who got it, whether it still says what is so, its versions and its file."""
    viewer = current_viewer()
    find_release(viewer, compliance_ref)
    form = LeaveForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.leave(ref=compliance_ref, done=form.done.data, by=viewer.staff_id)
                saved.goes_to(url_for(".released", compliance_ref=compliance_ref), "Noted.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _page(viewer, compliance_ref, form)


def _page(viewer: Viewer, ref: uuid.UUID, form: LeaveForm) -> Page:
    found = find_release(viewer, ref)
    row = found.row
    shows("release_of_report", row.id, case_id=row.case_id)
    head = {}
    if row.case_id is not None:
        head = {"record": record(viewer, db.session.get_one(Case, row.case_id))}
    return form_page(
        "probation/reports/released.html",
        form=form,
        found=found,
        line=next(one for one in found.versions if one.row.id == row.id),
        since=changed_since(viewer, found) if found.newest else None,
        asked=asked_of(row),
        listed=[(one, one.item.value in row.items) for one in LISTED],
        **head,
    )


@bp.get("/released-reports/<uuid:compliance_ref>/file")
@only(*SUPERVISES)
def released_file(compliance_ref: uuid.UUID) -> FileResponse | tuple[str, int]:
    """The file of a release, exactly as it was made, to whoever supervises everybody in it."""
    found = find_release(current_viewer(), compliance_ref)
    row = found.row
    if not found.whole:
        raise NotFound
    shows("release_of_report", row.id, case_id=row.case_id)
    if not is_file_intact(row):
        return render_template("probation/reports/spoilt.html", row=row), 409
    answer = make_response(row.file)
    answer.headers["Content-Type"] = FORMATS[row.format][0]
    # No name of a man stands in the name of a file.
    said = "" if found.newest else "-superseded"
    name = f"compliance-report-{row.as_on.isoformat()}-{row.number}{said}.{row.format}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
