"""The form of a questionnaire, made from its instrument: one radio group an item."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from mhtr.web.fields import CheckboxField, RadioField, Required, SelectField, TextAreaField
from mhtr.web.forms import VersionedForm
from outcome_measures.definitions import Answer, AnswerState, Instrument, Item
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import MeasureOccasion

DECLINED = "declined"
NOT_APPLICABLE = "not_applicable"
UNKNOWN = "unknown"
RATHER_NOT = "I’d rather not say"
PUT_ASIDE = Answer(AnswerState.SKIPPED)
"""How something typed that is none of the options counts: as no answer, on purpose."""


_DOES_NOT_APPLY: dict[bool, list[tuple[str, str]]] = {
    False: [],
    True: [(NOT_APPLICABLE, "Does not apply to him")],
}


class MeasureForm(VersionedForm):
    """What the forms of all measures share; the items are added per instrument."""

    incomplete = CheckboxField(
        "Submit although a question has no answer",
        hint="There is then no total. A risk question left open is looked at by a clinician.",
    )


class AnswerForm(VersionedForm):
    """The answer to one question put right, with the reason."""

    answer = RadioField("What should the answer be?", [Required("Select the answer")])
    reason = TextAreaField("Why is it corrected?", [Required("Say why it is corrected")], rows=2)


class CorrectionForm(VersionedForm):
    """One answer put right, with the reason; which question is selected."""

    item = SelectField("Which question?", [Required("Select the question")])
    answer = RadioField("What should the answer be?", [Required("Select the answer")])
    reason = TextAreaField("Why is it corrected?", [Required("Say why it is corrected")], rows=2)


@cache
def measure_form(instrument_id: str) -> type[MeasureForm]:
    """The form of an instrument: one radio group an item."""
    instrument = INSTRUMENTS[instrument_id]
    fields: dict[str, Any] = {f"item_{i.number}": _item_field(i) for i in instrument.items}
    return type(f"{instrument_id.title()}Form", (MeasureForm,), fields)


def answers_to(item: Item) -> list[tuple[str, str]]:
    """What can be answered to a question, as value and words."""
    options = [(str(option.value), option.label) for option in item.options]
    return [*options, *_DOES_NOT_APPLY[item.may_not_apply], (DECLINED, RATHER_NOT)]


def _item_field(item: Item) -> RadioField:
    hint = "Only if any answer above is more than “Not at all”." if item.asked_only_if else ""
    return RadioField(
        f"{item.number}. {item.text}",
        choices=answers_to(item),
        optional=False,
        error_name=f"question {item.number}",
        hint=hint,
        inline=True,
        small=True,
    )


def typed_answers(instrument: Instrument, form: MeasureForm) -> dict[int, Answer]:
    """The answers that can stand; blanks and refused ones are left out (not reached)."""
    found: dict[int, Answer] = {}
    for item in instrument.items:
        value = form[f"item_{item.number}"].data
        if value is not None:
            found[item.number] = one_answer(value)
    return found


def refuse_blanks(instrument: Instrument, form: MeasureForm, answers: Mapping[int, Answer]) -> bool:
    """Say beside each scored question without an answer that it has none; whether there was one.

    Whoever ticks that the form ends although answers are missing is not asked.
    """
    if form.incomplete.data:
        return False
    blank = False
    for item in instrument.scored_items:
        field = form[f"item_{item.number}"]
        if item.number not in answers and not field.errors:
            field.errors = [f"Answer question {item.number}, or tick the box at the end"]
            blank = True
    return blank


def saved_answers(occasion: MeasureOccasion | None) -> dict[str, str]:
    """The answers on record, as the form's fields take them."""
    if occasion is None:
        return {}
    data = {}
    for row in occasion.answers:
        if row.state is AnswerState.DECLINED:
            data[f"item_{row.item}"] = DECLINED
        elif row.state is AnswerState.NOT_APPLICABLE:
            data[f"item_{row.item}"] = NOT_APPLICABLE
        elif row.value is not None:
            data[f"item_{row.item}"] = str(row.value)
    return data


def one_answer(value: str) -> Answer:
    """The answer a radio's value stands for."""
    if value == DECLINED:
        return Answer(AnswerState.DECLINED)
    if value == NOT_APPLICABLE:
        return Answer(AnswerState.NOT_APPLICABLE)
    return Answer(AnswerState.ANSWERED, int(value))


def offer(form: CorrectionForm, instrument: Instrument) -> None:
    """Put the instrument's questions and answers into the form."""
    form.item.set_choices([(str(i.number), f"{i.number}. {i.text}") for i in instrument.items])
    usual = instrument.items[0].options
    form.answer.set_choices(
        [*((str(o.value), f"{o.value}: {o.label}") for o in usual), (DECLINED, RATHER_NOT)]
    )
    others = [item for item in instrument.items if item.options != usual]
    form.answer.hint = " ".join(
        f"For question {item.number}: " + ", ".join(f"{o.value} {o.label}" for o in item.options)
        for item in others
    )


def typed(instrument: Instrument, body: Mapping[str, str]) -> dict[int, Answer]:
    """The answers in a posted form; blanks are left out (not reached)."""
    return _typed(
        instrument, {item.number: f"item_{item.number}" for item in instrument.items}, body
    )


def typed_beside_total(instrument: Instrument, body: Mapping[str, str]) -> dict[int, Answer]:
    """The answers to risk questions in a posted total; one that is not known is left out."""
    names = {item.number: f"risk_{item.number}" for item in instrument.risk_items}
    return _typed(instrument, names, body)


def _typed(
    instrument: Instrument, names: Mapping[int, str], body: Mapping[str, str]
) -> dict[int, Answer]:
    given = {number: body.get(name, "").strip() for number, name in names.items()}
    return {
        number: _read(instrument, number, value)
        for number, value in given.items()
        if value not in ("", UNKNOWN)
    }


def typed_correction(instrument: Instrument, body: Mapping[str, str]) -> dict[int, Answer]:
    """The one answer in a posted correction; nothing where its question is not named."""
    numbers = {str(item.number): item.number for item in instrument.items}
    number = numbers.get(body.get("item", ""))
    return {} if number is None else typed_answer(instrument, number, body)


def typed_answer(instrument: Instrument, number: int, body: Mapping[str, str]) -> dict[int, Answer]:
    """The answer in a posted correction of this question; nothing where there is none."""
    value = body.get("answer", "")
    return {number: _read(instrument, number, value)} if value else {}


def _read(instrument: Instrument, number: int, value: str) -> Answer:
    try:
        answer = one_answer(value)
    except ValueError:
        return PUT_ASIDE
    known = answer.value is None or answer.value in instrument.item(number).values
    return answer if known else PUT_ASIDE
