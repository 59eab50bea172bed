"""What reviews of signs of risk are called: whom the question is about, never the answer."""

from enum import StrEnum

from outcome_measures.definitions import RiskTo


class NotSaved(StrEnum):
    """Why answers that were typed are not on record."""

    SIGNED_OUT = "signed_out"
    """The session had run out or was ended."""
    OUT_OF_DATE = "out_of_date"
    """Somebody saved the measure after the page was opened."""
    REFUSED = "refused"
    """The form could not be taken as it was: what is in it cannot stand, or not any more."""


NOT_INSTALLED = (
    "Risk review: a questionnaire that is not installed any more has ended; nobody knows which of "
    "its questions ask about risk"
)
_WHAT = {
    None: "an answer needs a clinician to look",
    NotSaved.SIGNED_OUT: "answers were typed on an expired session and have not been saved",
    NotSaved.OUT_OF_DATE: "answers were typed on an out-of-date page and are not saved",
    NotSaved.REFUSED: "answers were typed in a form that was refused and are not saved",
}


def review_title(to: RiskTo | None, why: NotSaved | None = None) -> str:
    """The title of the review of one answer.

    Args:
        to: whom the question asks about. Harm to others is never taken for harm to himself.
        why: for an answer that was typed and is not on record.
    """
    return f"Risk review, {to.words}: {_WHAT[why]}" if to else NOT_INSTALLED
