"""Pages of the import: choose a file, look at what would happen, import, read the result."""

import csv
import io
import uuid
from dataclasses import asdict
from typing import Any

from flask import Response as FileResponse
from flask import current_app, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING
from mhtr.cases.offence import AFTER, RULE_BEFORE
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.csv_files import MARKS
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.formats import safe_cell
from mhtr.core.transaction import writing
from mhtr.intake import import_service, queries
from mhtr.intake.csv_rows import MOST_ROWS, FileReading, GoodRow, decode, read_file, template
from mhtr.intake.import_progress import PORTION, Progress
from mhtr.intake.import_service import ImportOver
from mhtr.intake.known_reference import changed_rows, dangers, refused_cell
from mhtr.intake.models import ImportRun
from mhtr.intake.referral_columns import columns
from mhtr.intake.routes import bp
from mhtr.people.rules import accepts
from mhtr.web.fields import FileField, Required
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.paging import page_of
from mhtr.web.submission import saving

IMPORTERS = (Role.LD_PRACTITIONER,)
THROWN_AWAY = (
    "The file was thrown away. Nothing was taken: whoever in it may not be safe is for custody "
    "healthcare and the custody sergeant now."
)
SHOWN_REFUSALS = 100
LONG_LIST = 12
"""More values of a column than this are folded away."""


class FileForm(Form):
    """The file to import."""

    file = FileField(
        "CSV file",
        hint=f"Up to {MOST_ROWS} rows, with the columns of the template. "
        "A .txt or .tsv file with tabs is read as well",
        validators=[Required("Choose a CSV file")],
        accept=MARKS,
    )


def _read(run: ImportRun) -> FileReading:
    fictional = accepts(current_app.config).fictional
    content = (run.content or "").encode()
    codes = queries.code_lists(fictional=fictional)
    return read_file(content, clock.today(), codes, clock.london())


def _refused(run: ImportRun) -> list[dict[str, Any]]:
    """Every reason: of the result, or read from the file while that waits to be imported.

    Raises:
        NotFound: the file was thrown away.
    """
    if run.imported_at is not None and run.result is not None:
        return list(run.result["refused"])
    if run.content is None:
        raise NotFound
    reading, progress = _read(run), Progress.read(run.result)
    so_far: list[dict[str, Any]] = progress.result(reading)["refused"]
    changed = changed_rows(run.organisation_id, progress.waiting(reading))
    cells = [asdict(refused_cell(row, taken)) for row, taken in changed]
    return sorted((*so_far, *cells), key=lambda cell: int(cell["line"]))


def _upload_page(form: FileForm) -> str:
    viewer = current_viewer()
    runs = page_of(
        select(ImportRun)
        .where(ImportRun.organisation_id == viewer.organisation_id)
        .order_by(ImportRun.id.desc()),
        size=20,
    )
    return render_template(
        "intake/import.html",
        form=form,
        runs=runs,
        offence_before=RULE_BEFORE,
        offence_after=AFTER,
    )


@bp.get("/referrals/import")
@only(*IMPORTERS)
def import_file() -> str:
    """Choose a file; earlier imports below."""
    return _upload_page(FileForm())


@bp.post("/referrals/import")
@only(*IMPORTERS)
def upload() -> Response | tuple[str, int]:
    """Keep the file and show what would become of it."""
    viewer, form = current_viewer(), FileForm()
    if not form.validate_on_submit() or form.file.data is None:
        return _upload_page(form), 422
    text = decode(form.file.data.read())
    with saving() as saved:
        run = import_service.keep_file(
            file_name=form.file.data.filename or "file.csv",
            text=text,
            organisation_id=viewer.organisation_id,
            by=viewer.staff_id,
        )
        saved.goes_to(url_for("intake.import_run", run_ref=run.ref))
    return saved.redirect()


@bp.get("/referrals/import/<uuid:run_ref>")
@only(*IMPORTERS)
def import_run(run_ref: uuid.UUID) -> str:
    """What would become of the file, or what became of it."""
    viewer = current_viewer()
    run = import_service.find_run(run_ref, viewer.organisation_id)
    if run.imported_at is not None:
        return render_template("intake/import_result.html", run=run, shown=SHOWN_REFUSALS)
    if run.content is None:
        raise NotFound
    reading = _read(run)
    if run.result is not None:
        return _progress_page(run, reading)
    known = import_service.known_references(viewer.organisation_id, reading.good)
    changed = changed_rows(viewer.organisation_id, reading.good)
    return render_template(
        "intake/import_preview.html",
        run=run,
        reading=reading,
        new=len(reading.good) - len(known),
        known=len(known) - len(changed),
        changed=len(changed),
        refused=sorted(
            (*reading.refused, *(refused_cell(row, taken) for row, taken in changed)),
            key=lambda cell: cell.line,
        ),
        dangers=sorted((*reading.dangers, *dangers(changed)), key=lambda one: one.line),
        urgent=[
            row.line
            for row in reading.good
            if row.submission.urgent and row.submission.external_reference not in known
        ],
        early_notes=sum(
            bool(row.submission.notes) and row.submission.stage not in AFTER_PLEA_OR_FINDING
            for row in reading.good
        ),
        offence_before=RULE_BEFORE,
        shown=SHOWN_REFUSALS,
        form=Form(),
    )


def _progress_page(run: ImportRun, reading: FileReading) -> str:
    progress = Progress.read(run.result)
    waiting = progress.waiting(reading)
    return render_template(
        "intake/import_progress.html",
        run=run,
        progress=progress,
        total=progress.done + len(waiting),
        portion=min(PORTION, len(waiting)),
        going_on="going_on" in request.args,
        form=Form(),
    )


@bp.post("/referrals/import/<uuid:run_ref>")
@only(*IMPORTERS)
def run_import(run_ref: uuid.UUID) -> Response:
    """Take the next portion of good rows, each in its own transaction.

    Sent twice it goes on twice, and takes nothing twice: so it needs no key of the form.
    """
    viewer = current_viewer()
    run = import_service.find_run(run_ref, viewer.organisation_id)
    run_id, here = run.id, url_for("intake.import_run", run_ref=run_ref)
    if run.content is None:
        return redirect(here, 303)
    reading = _read(run)
    waiting = Progress.read(run.result).waiting(reading)
    try:
        for row in waiting[:PORTION]:
            _take(run_id, row, reading)
        if len(waiting) > PORTION:
            return redirect(url_for("intake.import_run", run_ref=run_ref, going_on="yes"), 303)
        with writing():
            import_service.finish(run_id=run_id, reading=reading, by=viewer.staff_id)
    except ImportOver:
        # Somebody else, or another page, came to its end first: the result says all.
        db.session.rollback()
    return redirect(here, 303)


def _take(run_id: int, row: GoodRow, reading: FileReading) -> None:
    by = current_viewer().staff_id
    try:
        with writing():
            import_service.take_row(run_id=run_id, row=row, reading=reading, by=by)
    except ImportOver:
        raise
    except Refused as refusal:
        with writing():
            import_service.turn_away(
                run_id=run_id, row=row, reading=reading, refusal=refusal, by=by
            )


@bp.post("/referrals/import/<uuid:run_ref>/stop")
@only(*IMPORTERS)
def stop_import(run_ref: uuid.UUID) -> Response:
    """Take no more of a file, and record what became of it so far."""
    viewer = current_viewer()
    run = import_service.find_run(run_ref, viewer.organisation_id)
    run_id, reading = run.id, _read(run)
    with saving() as saved:
        import_service.finish(run_id=run_id, reading=reading, by=viewer.staff_id)
        saved.goes_to(
            url_for("intake.import_run", run_ref=run_ref), "The rest of the file was left out."
        )
    return saved.redirect()


@bp.post("/referrals/import/<uuid:run_ref>/throw-away")
@only(*IMPORTERS)
def throw_away_import(run_ref: uuid.UUID) -> Response:
    """Forget the file."""
    viewer = current_viewer()
    run_id = import_service.find_run(run_ref, viewer.organisation_id).id
    with saving() as saved:
        import_service.throw_away(run_id=run_id, by=viewer.staff_id)
        saved.goes_to(url_for("intake.import_file"), THROWN_AWAY)
    return saved.redirect()


@bp.get("/referrals/import/template.csv")
@only(*IMPORTERS)
def import_template() -> FileResponse:
    """The columns, with an example row that is never imported."""
    return _csv(template(clock.today()), "referrals-template.csv")


@bp.get("/referrals/import/columns")
@only(*IMPORTERS)
def import_columns() -> str:
    """What each column may hold."""
    codes = queries.code_lists(fictional=False)
    return render_template(
        "intake/import_columns.html", columns=columns(codes, clock.today()), long=LONG_LIST
    )


@bp.get("/referrals/import/<uuid:run_ref>/refused.csv")
@only(*IMPORTERS)
def refused_rows(run_ref: uuid.UUID) -> FileResponse:
    """Line, column and reason of everything refused, before the import and after it."""
    run = import_service.find_run(run_ref, current_viewer().organisation_id)
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow(["line", "column", "reason"])
    for cell in _refused(run):
        sheet.writerow([safe_cell(cell[name]) for name in ("line", "column", "reason")])
    return _csv(out.getvalue(), "refused-rows.csv")


def _csv(text: str, name: str) -> FileResponse:
    return FileResponse(
        "\ufeff" + text,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
