"""The form of a measure as this man is asked it: goal-based outcomes are asked in his words."""

from typing import cast

from mhtr.web.fields import RadioField
from outcome_measures.definitions import Instrument
from outcome_measures.goals.service import GOAL_INSTRUMENT, NUMBERS, goals_asked
from outcome_measures.models import MeasureOccasion
from outcome_measures.recording.measure_forms import (
    NOT_APPLICABLE,
    MeasureForm,
    measure_form,
    saved_answers,
)


def form_for(instrument: Instrument, occasion: MeasureOccasion) -> MeasureForm:
    """The form with the answers on record.

    Of goal-based outcomes each goal that it asks about stands in his words, and one he has not set
    is marked as not applicable at first, which is not a blank.
    """
    made, saved = measure_form(instrument.id), saved_answers(occasion)
    if instrument.id != GOAL_INSTRUMENT:
        return made(version=occasion.version, data=saved)
    asked = goals_asked(occasion)
    unset = {f"item_{number}": NOT_APPLICABLE for number in NUMBERS if number not in asked}
    form = made(version=occasion.version, data={**unset, **saved})
    for name in unset:
        field = cast(RadioField, form[name])
        field.label.text = f"Goal {name.removeprefix('item_')}: not set"
        field.set_choices([(NOT_APPLICABLE, "He has set no such goal")])
    for number, goal in asked.items():
        form[f"item_{number}"].label.text = f"Goal {number}: {goal.words}"
    return form
