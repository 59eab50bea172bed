"""Pages of the import of past scores: choose a file, look, import, read what became of it."""

import csv
import io
import uuid
from dataclasses import asdict
from typing import Any

from flask import Response as FileResponse
from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.core import clock, policy
from mhtr.core.access import Viewer
from mhtr.core.csv_files import RefusedCell, decode
from mhtr.core.errors import NotFound, Refused
from mhtr.core.formats import safe_cell
from mhtr.core.transaction import writing
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.paging import page_of
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.models import PastScoreRun
from outcome_measures.past_scores import service
from outcome_measures.past_scores.forms import PastFileForm
from outcome_measures.past_scores.pages import IMPORTERS, SHOWN, result_page
from outcome_measures.past_scores.parts import part_columns
from outcome_measures.past_scores.queries import previews
from outcome_measures.past_scores.rows import PastReading, read_past_scores, template
from outcome_measures.past_scores.whose import Matched, Matching, match
from outcome_measures.policy import RECENT_ANSWERS
from outcome_measures.recording.contact_forms import FileBackForm


def _read(run: PastScoreRun) -> PastReading:
    return read_past_scores((run.content or "").encode(), clock.today())


def _all_refused(reading: PastReading, matching: Matching) -> list[RefusedCell]:
    return sorted((*reading.refused, *matching.refused), key=lambda cell: cell.line)


def _upload_page(form: PastFileForm) -> str:
    files = select(PastScoreRun).where(PastScoreRun.by_id == current_viewer().staff_id)
    runs = page_of(files.order_by(PastScoreRun.id.desc()), size=20)
    return render_template(
        "outcome_measures/past_scores.html",
        form=form,
        runs=runs,
        parts=part_columns(),
        recent_days=policy.values(RECENT_ANSWERS)["recent_answers_days"],
    )


@bp.get("/measures/past-scores")
@only(*IMPORTERS)
def past_scores() -> str:
    """Choose a file; his earlier ones below."""
    return _upload_page(PastFileForm())


@bp.post("/measures/past-scores")
@only(*IMPORTERS)
def upload_past_scores() -> Response | tuple[str, int]:
    """Keep the file and show what would become of it."""
    viewer, form = current_viewer(), PastFileForm()
    if not form.validate_on_submit() or form.file.data is None:
        return _upload_page(form), 422
    text = decode(form.file.data.read())
    with saving() as saved:
        run = service.keep_file(
            file_name=form.file.data.filename or "file.csv", text=text, by=viewer.staff_id
        )
        saved.goes_to(url_for("measures.past_file", file_ref=run.ref))
    return saved.redirect()


@bp.get("/measures/past-scores/<uuid:file_ref>")
@only(*IMPORTERS)
def past_file(file_ref: uuid.UUID) -> str:
    """What would become of the file, or what became of it."""
    viewer = current_viewer()
    run = service.find_run(file_ref, viewer.staff_id)
    if run.imported_at is not None:
        return result_page(run, FileBackForm())
    if run.content is None:
        raise NotFound
    reading = _read(run)
    matching = match(viewer, reading.good)
    shows("case", *{matched.man.case_id for matched in matching.new[:SHOWN]})
    refused = _all_refused(reading, matching)
    # Every row is looked at, not only those shown: a review would open for the others too.
    lines = previews(matching.new)
    return render_template(
        "outcome_measures/past_preview.html",
        run=run,
        reading=reading,
        matching=matching,
        lines=lines[:SHOWN],
        at_once=sum(line.at_once for line in lines),
        recent_days=policy.values(RECENT_ANSWERS)["recent_answers_days"],
        refused=refused,
        refused_rows=len({cell.line for cell in refused}),
        shown=SHOWN,
        form=Form(),
    )


@bp.post("/measures/past-scores/<uuid:file_ref>")
@only(*IMPORTERS)
def import_past_scores(file_ref: uuid.UUID) -> Response:
    """Take the sound rows that match, each in its own transaction, and record the result."""
    viewer = current_viewer()
    run = service.find_run(file_ref, viewer.staff_id)
    run_id, here = run.id, url_for("measures.past_file", file_ref=file_ref)
    if run.content is None:
        return redirect(here, 303)
    reading = _read(run)
    matching = match(viewer, reading.good)
    refused = _all_refused(reading, matching)
    outcomes = [_take(matched, viewer, run_id, refused) for matched in matching.new]
    with saving() as saved:
        saved.goes_to(here)
        service.finish(
            run_id=run_id,
            taken=outcomes.count(True),
            known=len(matching.known) + outcomes.count(False),
            refused=sorted(refused, key=lambda cell: cell.line),
            by=viewer.staff_id,
        )
    return saved.redirect()


def _take(matched: Matched, viewer: Viewer, run_id: int, refused: list[RefusedCell]) -> bool | None:
    """Whether the row was new; None where it is refused after all, which is noted."""
    try:
        with writing():
            return service.take_row(matched=matched, viewer=viewer, run_id=run_id)
    except Refused as refusal:
        refused.append(RefusedCell(matched.row.line, "", " ".join(refusal.reasons)))
        return None


@bp.post("/measures/past-scores/<uuid:file_ref>/throw-away")
@only(*IMPORTERS)
def throw_away_past_scores(file_ref: uuid.UUID) -> Response:
    """Forget the file."""
    viewer = current_viewer()
    run_id = service.find_run(file_ref, viewer.staff_id).id
    with saving() as saved:
        service.throw_away(run_id=run_id, by=viewer.staff_id)
        saved.goes_to(
            url_for("measures.past_scores"), "The file was thrown away. Nothing was taken."
        )
    return saved.redirect()


@bp.get("/measures/past-scores/template.csv")
@only(*IMPORTERS)
def past_scores_template() -> FileResponse:
    """The empty file."""
    return _csv(template(), "past-scores-template.csv")


@bp.get("/measures/past-scores/<uuid:file_ref>/refused.csv")
@only(*IMPORTERS)
def refused_past_scores(file_ref: uuid.UUID) -> FileResponse:
    """Line, column and reason of everything refused, before the import and after it."""
    viewer = current_viewer()
    run = service.find_run(file_ref, viewer.staff_id)
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow(["line", "column", "reason"])
    for cell in _refused(run, viewer):
        sheet.writerow([safe_cell(cell[name]) for name in ("line", "column", "reason")])
    return _csv(out.getvalue(), "refused-rows.csv")


def _refused(run: PastScoreRun, viewer: Viewer) -> list[dict[str, Any]]:
    if run.result is not None:
        return list(run.result["refused"])
    if run.content is None:
        raise NotFound
    reading = _read(run)
    return [asdict(cell) for cell in _all_refused(reading, match(viewer, reading.good))]


def _csv(text: str, name: str) -> FileResponse:
    return FileResponse(
        "\ufeff" + text,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
