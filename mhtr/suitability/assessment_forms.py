"""Forms of the assessment, made from the sections' questions. Nothing is compulsory to save."""

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import Any

from wtforms import Field

from mhtr.core import clock, formats
from mhtr.suitability import named_in_order
from mhtr.suitability.sections import (
    SECTIONS,
    Answer,
    Answers,
    Question,
    QuestionKind,
    Section,
    SectionSpec,
)
from mhtr.web.fields import (
    DatePartsField,
    InPast,
    IntegerField,
    RadioField,
    RevealedBy,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
)
from mhtr.web.forms import VersionedForm

DERIVED = frozenset({"phq9_complete", "gad7_complete"})
"""Answers that follow from the measures themselves and are never typed."""
_SIDE_BY_SIDE = frozenset({"need", "arrangements", "willingness"})
_ONE_LINE = named_in_order.KEYS
PSYCHOLOGISTS = "registered-psychologists"
"""Id of the list of names that are offered while the psychologist's is typed."""
_YES_NO = (("yes", "Yes"), ("no", "No"))
_PLACES = ("First", "Then", "And then")


@cache
def section_form(section: Section) -> type[VersionedForm]:
    """The form of a section."""
    spec = next(spec for spec in SECTIONS if spec.section is section)
    fields: dict[str, Any] = {}
    for question in spec.questions:
        fields.update(_fields(question))
    return type(f"{section.name.title()}Form", (VersionedForm,), fields)


def _fields(question: Question) -> dict[str, Any]:
    if question.key in DERIVED:
        return {}
    common: dict[str, Any] = {
        "hint": question.hint,
        "optional": not (question.required or question.needed_if),
    }
    if question.needed_if and question.revealed:
        other, values = question.needed_if
        common["validators"] = [RevealedBy(other, *map(str, values), required=False)]
    if question.kind is QuestionKind.CHOICES:
        return {
            f"{question.key}_{n}": SelectField(
                _PLACES[n - 1] if n > 1 else question.label,
                choices=question.choices,
                prompt="None" if n > 1 else "Select",
                hint=question.hint,
                optional=n > 1,
            )
            for n in range(1, len(question.choices) + 1)
        }
    return {question.key: _field(question, common)}


def _field(question: Question, common: dict[str, Any]) -> Field:
    kind, label = question.kind, question.label
    if kind is QuestionKind.YES_NO:
        return RadioField(label, choices=_YES_NO, inline=True, **common)
    if kind is QuestionKind.CHOICE:
        inline = question.key in _SIDE_BY_SIDE
        return RadioField(label, choices=question.choices, inline=inline, **common)
    if kind is QuestionKind.NUMBER:
        return IntegerField(label, minimum=1, maximum=120, **common)
    if kind is QuestionKind.DATE:
        # Whatever an assessment dates has happened.
        past = InPast(clock.today, or_today=True)
        common["validators"] = [*common.get("validators", ()), past]
        return DatePartsField(label, **common)
    if kind is QuestionKind.TIME:
        return TimeField(label, **common)
    if question.key == named_in_order.PSYCHOLOGIST:
        return TextField(label, suggestions=PSYCHOLOGISTS, **common)
    if question.key in _ONE_LINE:
        return TextField(label, **common)
    return TextAreaField(label, rows=3, **common)


def form_data(spec: SectionSpec, answers: Answers) -> dict[str, Any]:
    """Saved answers as the form's fields take them."""
    data: dict[str, Any] = {}
    for question in spec.questions:
        answer = answers.get(question.key)
        if isinstance(answer, bool):
            data[question.key] = "yes" if answer else "no"
        elif isinstance(answer, (list, tuple)):
            data.update({f"{question.key}_{n}": key for n, key in enumerate(answer, start=1)})
        elif isinstance(answer, str) and question.kind is QuestionKind.DATE:
            data[question.key] = date.fromisoformat(answer)
        elif isinstance(answer, str) and question.kind is QuestionKind.TIME:
            data[question.key] = time.fromisoformat(answer)
        else:
            data[question.key] = answer
    return data


def answers_of(spec: SectionSpec, form: VersionedForm) -> dict[str, Answer]:
    """What was typed, as answers are stored. Blanks are left out."""
    found: dict[str, Answer] = {}
    for question in spec.questions:
        if question.key in DERIVED:
            continue
        answer = _answer(question, form)
        if answer not in (None, "", []):
            found[question.key] = answer
    return found


def _answer(question: Question, form: VersionedForm) -> Answer:
    if question.kind is QuestionKind.CHOICES:
        picked = [form[f"{question.key}_{n + 1}"].data for n in range(len(question.choices))]
        return list(dict.fromkeys(str(key) for key in picked if key))
    data = form[question.key].data
    if question.kind is QuestionKind.YES_NO:
        return None if data is None else data == "yes"
    if question.kind in (QuestionKind.DATE, QuestionKind.TIME):
        return None if data is None else data.isoformat()
    answer: Answer = data
    return answer


def answer_words(question: Question, answer: Answer) -> str:
    """An answer in the words of the page, empty where there is none."""
    labels: Mapping[str, str] = dict(question.choices)
    if isinstance(answer, bool):
        return "Yes" if answer else "No"
    if isinstance(answer, (list, tuple)):
        return ", then ".join(labels.get(key, key) for key in answer)
    if answer is None:
        return ""
    if question.kind is QuestionKind.DATE:
        return formats.day(date.fromisoformat(str(answer)))
    if question.kind is QuestionKind.TIME:
        return f"{time.fromisoformat(str(answer)):%H:%M}"
    return labels.get(str(answer), str(answer))
