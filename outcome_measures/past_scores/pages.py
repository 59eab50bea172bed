"""The page that says what became of a file, for the routes that lead to it."""

from flask import render_template

from mhtr.accounts.gate import current_viewer
from mhtr.core.access import Role
from mhtr.web.reads import shows
from outcome_measures.models import PastScoreRun
from outcome_measures.past_scores.queries import taken_from
from outcome_measures.recording.contact_forms import FileBackForm

IMPORTERS = (Role.CLINICAL_LEAD,)
SHOWN = 100


def result_page(run: PastScoreRun, form: FileBackForm) -> str:
    """What was taken, what of it was taken back, and what was refused."""
    lines = taken_from(current_viewer(), run.id)
    shows("case", *{line.case_id for line in lines[:SHOWN]})
    return render_template(
        "outcome_measures/past_result.html",
        run=run,
        shown=SHOWN,
        lines=lines[:SHOWN],
        number=len(lines),
        left=sum(not line.withdrawn for line in lines),
        form=form,
    )
