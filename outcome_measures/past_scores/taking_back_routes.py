"""Taking back everything that was imported with a file."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.core.access import Viewer
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.web.forms import Page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.past_scores import service
from outcome_measures.past_scores.pages import IMPORTERS, result_page
from outcome_measures.past_scores.queries import taken_from
from outcome_measures.recording.contact_forms import FileBackForm
from outcome_measures.recording.taking_back import take_back


@bp.post("/measures/past-scores/<uuid:file_ref>/take-back")
@only(*IMPORTERS)
def take_back_past_scores(file_ref: uuid.UUID) -> Page | Response:
    """Take back everything that came from a file, each score in its own transaction."""
    viewer, form = current_viewer(), FileBackForm()
    run = service.find_run(file_ref, viewer.staff_id)
    if run.imported_at is None:
        raise NotFound
    if not form.validate():
        return result_page(run, form), 422
    reason = form.reason.data
    wanted = [line.occasion_id for line in taken_from(viewer, run.id) if not line.withdrawn]
    done = sum(_taken_back(occasion_id, reason, viewer) for occasion_id in wanted)
    with saving() as saved:
        said = "1 score is" if done == 1 else f"{done} scores are"
        saved.goes_to(url_for("measures.past_file", file_ref=file_ref), f"{said} taken back.")
    return saved.redirect()


def _taken_back(occasion_id: int, reason: str, viewer: Viewer) -> bool:
    try:
        with writing():
            take_back(occasion_id=occasion_id, reason=reason, viewer=viewer)
    except (NotFound, Refused):
        # Somebody took it back, or the man left his scope, since the page was made.
        return False
    return True
