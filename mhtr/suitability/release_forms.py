"""Forms of the release, and each item of a report with the basis on which it goes out."""

from collections.abc import Sequence
from dataclasses import dataclass

from mhtr.cases.wording import day_words
from mhtr.suitability.countersign_rules import NAMES, words
from mhtr.suitability.his_answer import HIS_ANSWER_WORDS
from mhtr.suitability.pronouns import worded
from mhtr.suitability.release_checks import ReleaseWarning
from mhtr.suitability.release_service import Heard
from mhtr.suitability.report_basis import BASIS, CONSENT
from mhtr.suitability.report_content import HisAnswer, ReportContent
from mhtr.suitability.report_view import recommendation_words
from mhtr.web.fields import (
    CheckboxesField,
    HiddenField,
    RadioField,
    Required,
    TextAreaField,
)
from mhtr.web.forms import Form, VersionedForm

HOW = (
    (Heard.READ.value, "He read it himself"),
    (Heard.READ_TO_HIM.value, "It was read to him in person"),
    (Heard.TELEPHONE.value, "It was read to him by telephone"),
    (Heard.VIDEO.value, "It was read to him by video"),
    (Heard.INTERPRETER.value, "It was read to him through an interpreter"),
    (Heard.NOT_DONE.value, "It could not be done"),
)
ANSWERS = (
    (HisAnswer.AGREES.value, "He agrees with it"),
    (HisAnswer.CORRECTIONS.value, "He asks for corrections"),
    (HisAnswer.DISAGREES.value, "He disagrees with it"),
    (HisAnswer.WOULD_NOT_HEAR.value, "Not heard: he did not want to"),
    (HisAnswer.NOT_REACHED.value, "Not heard: he could not be reached"),
    (HisAnswer.TOO_UNWELL.value, "Not heard: he is too unwell"),
    (HisAnswer.NO_INTERPRETER.value, "Not heard: no interpreter was found in time"),
)


class ReleaseForm(Form):
    """The last button: carries the hash of what was looked at."""

    content_hash = HiddenField()
    what = HiddenField()
    looked_at = CheckboxesField(
        "Look at these before you release it",
        optional=False,
        hint="Each looks as if it should not be in a report. Tick it if you looked and it may "
        "stay; otherwise reopen the assessment and change the wording. It is recorded who ticked.",
    )

    def offer(self, warnings: Sequence[ReleaseWarning]) -> None:
        """One box for each prompt."""
        choices = list(zip((w.key for w in warnings), prompt_words(warnings), strict=True))
        self.looked_at.set_choices(choices)


class HeardForm(VersionedForm):
    """How he read or heard the report, and what he said."""

    how = RadioField(
        "How did he read or hear it?", [Required("Select how he read or heard it")], choices=HOW
    )
    answer = RadioField(
        "What does he say to it?", [Required("Select what he says")], choices=ANSWERS
    )
    words = TextAreaField(
        "His words, or what was tried",
        rows=4,
        max_length=2000,
        optional=False,
        hint="This goes into the report and may be read out in court. Leave it empty if he agrees "
        "and wants nothing added.",
    )


@dataclass(frozen=True)
class BasisRow:
    """One item of a report with why it may be released."""

    name: str
    value: str
    basis: str


_OTHERS = {
    "kind": "Kind of document",
    "reference": "Reference",
    "service_name": "Service",
    "written_on": "Written on",
    "court_name": "Court",
    "hearing_on": "Hearing",
    "requested_by": "Requested by",
    "requested_on": "Requested on",
    "his_answer": "What he says to the report",
    "his_words": "His words",
    "addendum_to": "Adds to report",
    "countersigned_by": "Countersigned by",
    "countersigner_hcpc": "HCPC number",
    "countersigned_on": "Countersigned on",
}


def field_name(name: str) -> str:
    """What a field of the report is called on pages."""
    return NAMES.get(name) or _OTHERS.get(name) or name.replace("_", " ").capitalize()


def prompt_words(warnings: Sequence[ReleaseWarning]) -> list[str]:
    """Each prompt with the part of the report that it is about."""
    return [f"{field_name(warning.field)}: {warning.words}" for warning in warnings]


def _consent_words(content: ReportContent) -> str:
    if content.consent_given_on is None:
        return "His consent to this report: not recorded with date and version."
    on, version = day_words(content.consent_given_on), content.consent_version
    return f"His explicit consent to this report, given on {on} (text {version})."


def basis_rows(content: ReportContent) -> tuple[BasisRow, ...]:
    """Every item the report holds, as the reader gets it, with its basis."""
    rows, consent = [], _consent_words(content)
    for name, stated in BASIS.items():
        basis = stated.replace(CONSENT, consent)
        value = getattr(content, name)
        text = words(name, value)
        if name == "his_answer":
            text = worded(HIS_ANSWER_WORDS[value], content.pronoun)
        if name == "recommendation":
            text = recommendation_words(value, content.pronoun)
        if text:
            rows.append(BasisRow(field_name(name), text, basis))
    return tuple(rows)
