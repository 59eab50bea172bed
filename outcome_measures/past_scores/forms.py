"""Forms of past scores: the file, the list of past answers, and what a clinician says of them."""

from mhtr.core.csv_files import MARKS, MOST_ROWS
from mhtr.web.fields import Choice, FileField, HiddenField, Required, SelectField, TextAreaField
from mhtr.web.forms import FilterForm, Form

OPEN, DONE = "", "done"


class PastFileForm(Form):
    """The file to import."""

    file = FileField(
        "CSV file",
        hint=f"Up to {MOST_ROWS} rows, with the columns of the template. "
        "A .txt or .tsv file with tabs is read as well",
        validators=[Required("Choose a CSV file")],
        accept=MARKS,
    )


class PastAnswersFilter(FilterForm):
    """Which past answers to list."""

    state = SelectField(
        "Show",
        choices=[Choice(OPEN, "To be looked at"), Choice(DONE, "Looked at")],
        default=OPEN,
    )


class LookForm(Form):
    """What a clinician found in a man's past answers and what he did."""

    seen = HiddenField()
    outcome = TextAreaField(
        "What you found and what you did",
        hint="For example: asked him about it on 3 March, talked over his safety plan",
        validators=[Required("Say what you found and what you did")],
        max_length=4000,
    )

    @property
    def seen_count(self) -> int:
        """How many measures the page listed; -1 for nonsense."""
        return int(self.seen.data) if self.seen.data.isdigit() else -1
