"""The privacy officer's pages over the audit. Looking at them is audited too."""

import uuid
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.audit import Verdict
from mhtr.overview import audit_queries as queries
from mhtr.overview.audit_export import to_csv
from mhtr.overview.audit_queries import Asked
from mhtr.web import navigation
from mhtr.web.fields import DatePartsField, SelectField, TextField
from mhtr.web.forms import FilterForm, Form
from mhtr.web.gate import only
from mhtr.web.paging import here
from mhtr.web.reads import shows
from mhtr.web.submission import saving

bp = Blueprint("audit", __name__, url_prefix="/audit")
navigation.add_main(82, "Audit", "audit.entries", Role.PRIVACY_OFFICER)


class AuditFilter(FilterForm):
    """What the list is narrowed to."""

    staff = TextField("Staff name or email", optional=False, width=20)
    action = SelectField("What", prompt="Anything", optional=False)
    case = TextField("Case reference or address", optional=False, width=20)
    first = DatePartsField("From", optional=False)
    last = DatePartsField("Until", optional=False)


MOST_ROWS = 2**31 - 1


@bp.get("")
@only(Role.PRIVACY_OFFICER)
def entries() -> str | tuple[str, int]:
    """The newest entries, or an older stretch of them."""
    form, asked, good = _asked()
    page = queries.stretch(
        asked,
        before=_row("before"),
        after=_row("after"),
    )
    shows("audit", *[entry.id for entry in page.entries])
    text = render_template(
        "overview/audit.html",
        filters=form,
        page=page,
        newer=here(after=page.newer_than, before=None) if page.newer_than else "",
        older=here(before=page.older_than, after=None) if page.older_than else "",
        clear=url_for("audit.entries"),
        export=f"{url_for('audit.export')}?{urlencode(list(request.args.items(multi=True)))}",
        button=Form(formdata=None),
    )
    return text if good else (text, 422)


@bp.get("/export.csv")
@only(Role.PRIVACY_OFFICER)
def export() -> Response:
    """The newest matching entries as a file."""
    _form, asked, good = _asked()
    rows = queries.exported(asked) if good else ()
    # The first and last row bound what was taken; their number may be thousands.
    shows("audit_export", *([rows[0].id, rows[-1].id] if rows else [0]))
    text = to_csv((e.id, e.at.isoformat(), e.who, e.what, e.case_ref or "", e.detail) for e in rows)
    name = f"audit-{clock.today().isoformat()}.csv"
    return Response(
        text,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/cases/<uuid:case_ref>")
@only(Role.PRIVACY_OFFICER)
def readers(case_ref: uuid.UUID) -> str:
    """Who has looked at a case."""
    case_id, rows = queries.readers_of(case_ref)
    shows("audit_of_case", case_id)
    return render_template("overview/audit_readers.html", case_ref=case_ref, rows=rows)


@bp.post("/verify")
@only(Role.PRIVACY_OFFICER)
def verify() -> str:
    """Walk the whole chain and say whether it holds; that it was asked is audited."""
    viewer = current_viewer()
    verdict: Verdict = audit.verify()
    at: datetime = clock.now()
    with saving() as saved:
        audit.record(
            "audit.verified",
            by=viewer.staff_id,
            rows=verdict.rows,
            holds="yes" if verdict.ok else "no",
        )
        saved.goes_to(url_for("audit.entries"))
    return render_template("overview/audit_verdict.html", verdict=verdict, at=at)


def _asked() -> tuple[AuditFilter, Asked, bool]:
    """The filter form, what it asks for, and whether all of it could be read."""
    form = AuditFilter()
    form.action.set_choices(queries.actions())
    if not form.validate():
        return form, Asked(), False
    case_id = queries.case_id_of(form.case.data) if form.case.data else None
    if form.case.data and case_id is None:
        form.case.errors = ["There is no case with this reference"]
        return form, Asked(), False
    return (
        form,
        Asked(
            form.staff.data or "",
            form.action.data or "",
            case_id,
            form.first.data,
            form.last.data,
        ),
        True,
    )


def _row(name: str) -> int | None:
    """A row number of the query string; None where it is none, or longer than any there is."""
    number = request.args.get(name, type=int)
    return number if number is not None and abs(number) <= MOST_ROWS else None
