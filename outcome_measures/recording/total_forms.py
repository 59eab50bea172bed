"""The form of a total that is typed in, made from its instrument."""

from functools import cache
from typing import Any

from mhtr.web.fields import (
    CheckboxField,
    IntegerField,
    NhsField,
    RadioField,
    Required,
    TextAreaField,
)
from mhtr.web.forms import VersionedForm
from outcome_measures.definitions import Answer, Instrument, Item, Subscale
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.recording.measure_forms import UNKNOWN, answers_to, one_answer
from outcome_measures.scores.typed import TOTAL, InvalidTotal

_UNKNOWN = "Not known: a clinician looks at it"


class TotalForm(VersionedForm):
    """What the forms of all totals share; the rest is added per instrument."""


class TotalCorrectionForm(VersionedForm):
    """The same, to put a total right."""

    reason = TextAreaField("Why is it corrected?", [Required("Say why it is corrected")], rows=2)


@cache
def total_form(instrument_id: str) -> type[TotalForm]:
    """The form of a total, with the answers to risk questions beside it."""
    instrument = INSTRUMENTS[instrument_id]
    risk = {f"risk_{item.number}": _risk_field(item) for item in instrument.risk_items}
    name = f"{instrument_id.title()}TotalForm"
    return type(name, (TotalForm,), {**_fields(instrument), **risk})


@cache
def total_correction_form(instrument_id: str) -> type[TotalCorrectionForm]:
    """The form that corrects a total. Answers to risk questions are corrected one by one."""
    name = f"{instrument_id.title()}TotalCorrectionForm"
    return type(name, (TotalCorrectionForm,), _fields(INSTRUMENTS[instrument_id]))


def typed_parts(instrument: Instrument, form: VersionedForm) -> dict[str, int]:
    """Subscale totals that were typed in, and 1 for each box that was ticked."""
    found: dict[str, int] = {}
    for subscale in instrument.subscales:
        points = form[f"part_{subscale.id}"].data
        if points is not None:
            found[subscale.id] = points
    return found | {tick.id: 1 for tick in instrument.ticks if form[f"tick_{tick.id}"].data}


def risk_answers(instrument: Instrument, form: VersionedForm) -> dict[int, Answer]:
    """The answers to risk questions that are known."""
    given = {item.number: form[f"risk_{item.number}"].data for item in instrument.risk_items}
    return {n: one_answer(value) for n, value in given.items() if value not in (None, UNKNOWN)}


def saved_total(total: int | None, parts: dict[str, int] | None) -> dict[str, Any]:
    """A total on record, as the form's fields take it."""
    held: dict[str, Any] = {"total": total}
    for name, points in (parts or {}).items():
        held |= {f"part_{name}": points, f"tick_{name}": bool(points)}
    return held


def show_problems(form: VersionedForm, problem: InvalidTotal) -> None:
    """Put each message of a total that cannot stand beside its field."""
    for name, words in problem.problems.items():
        names = (name, f"part_{name}", f"tick_{name}", f"risk_{name}")
        field = next((f for f in names if f in form), None)
        form.refuse(words, field=field)


def _fields(instrument: Instrument) -> dict[str, NhsField]:
    fields: dict[str, NhsField] = {
        TOTAL: IntegerField(
            f"Total of {instrument.name}",
            [Required("Enter the total")],
            minimum=instrument.lowest,
            maximum=instrument.highest,
            hint=f"A whole number from {instrument.lowest} to {instrument.highest}",
            error_name="total",
        )
    }
    fields |= {f"part_{one.id}": _part_field(instrument, one) for one in instrument.subscales}
    return fields | {f"tick_{tick.id}": CheckboxField(tick.label) for tick in instrument.ticks}


def _part_field(instrument: Instrument, subscale: Subscale) -> IntegerField:
    within = instrument.range_of(subscale)
    return IntegerField(
        subscale.name,
        minimum=within.low,
        maximum=within.high,
        hint=f"From {within.low} to {within.high}",
    )


def _risk_field(item: Item) -> RadioField:
    return RadioField(
        f"Question {item.number}: {item.text}",
        [Required(f"Say what he answered to question {item.number}, or that it is not known")],
        choices=[*answers_to(item), (UNKNOWN, _UNKNOWN)],
        error_name=f"question {item.number}",
    )
