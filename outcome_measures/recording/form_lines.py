"""A measure as lists show it: its name, how it stands, and where it is done."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, url_for

from mhtr.cases.models import Case
from outcome_measures.definitions import Entry, Instrument
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureOccasion, OccasionState
from outcome_measures.reading import queries
from outcome_measures.reading.withdrawn import ASSESSMENT
from outcome_measures.recording.answers import begun
from outcome_measures.scores.score import Score


@dataclass(frozen=True)
class FormLine:
    """One form. `score` is None while it is open or was closed unfinished."""

    form: MeasureOccasion
    instrument: Instrument
    href: str
    status: str
    colour: str
    score: Score | None

    @property
    def words(self) -> str:
        """The score as a list says it, or why there is none."""
        if self.score is None:
            return ""
        if not self.instrument.installed:
            return self.score.reasons[0]
        if self.score.total is None:
            return f"{self.score.answered} of {self.score.questions} questions answered"
        typed = ", typed in" if self.score.typed_in else ""
        band = f", {self.score.band.label}" if self.score.band else ""
        return f"{self.score.total} out of {self.score.highest}{band}{typed}"


def form_href(case_ref: uuid.UUID, occasion_ref: uuid.UUID) -> str:
    """The page of a form at a contact."""
    return url_for("measures.form", case_ref=case_ref, occasion_ref=occasion_ref)


def href_of(case_ref: uuid.UUID, form: MeasureOccasion) -> str:
    """Where a form of this case is seen and done, be it of a contact or of the assessment."""
    if not form.context.startswith(ASSESSMENT):
        return form_href(case_ref, form.ref)
    endpoint = "suitability.measure"
    if endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, case_ref=case_ref, instrument=form.instrument)


def lines(case: Case, forms: Iterable[MeasureOccasion]) -> list[FormLine]:
    """The forms as a list shows them. One of another case of his has no link here."""
    return [_line(case, form) for form in forms]


def _line(case: Case, form: MeasureOccasion) -> FormLine:
    done = form.state is OccasionState.SUBMITTED
    status, colour = _status(form)
    return FormLine(
        form,
        recorded(form.instrument),
        href_of(case.ref, form) if form.case_id == case.id else "",
        status,
        colour,
        queries.taken(form).score if done else None,
    )


def _status(form: MeasureOccasion) -> tuple[str, str]:
    if form.state is OccasionState.SUBMITTED:
        return "Submitted", "green"
    if form.state is OccasionState.CLOSED:
        return "Closed unfinished", "grey"
    if form.state is OccasionState.WITHDRAWN:
        return "Taken back", "grey"
    return ("Half-finished", "yellow") if begun(form) else ("Not started", "blue")


def by_total_only(instrument: Instrument) -> bool:
    """Whether its wording is not ours, so that only a total is typed in."""
    return instrument.entry is Entry.TOTAL
