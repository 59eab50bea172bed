"""What is recorded now beside what somebody typed on a page read before: nothing is lost."""

from dataclasses import dataclass
from datetime import date, time

import wtforms

from mhtr.core import formats
from mhtr.web.field_base import NhsField
from mhtr.web.fields import CheckboxesField, CheckboxField, HiddenField, RadioField
from mhtr.web.forms import Form


@dataclass(frozen=True)
class Difference:
    """One question, as it is recorded now and as it was typed; empty: nothing was said."""

    key: str
    saved: str
    typed: str


def both_versions(saved: Form, typed: Form) -> tuple[Difference, ...]:
    """Every question of a form that either of them answers.

    Args:
        saved: the form as it would be filled in from what is recorded now.
        typed: the form as it was sent, of the same kind.
    """
    rows = [
        Difference(field.label.text, words(saved[field.name]), words(field))
        for field in typed
        if isinstance(field, NhsField)
        and not isinstance(field, HiddenField)
        and field.name in saved
    ]
    return tuple(row for row in rows if row.saved or row.typed)


def words(field: wtforms.Field) -> str:
    """An answer as its page words it; empty where there is none."""
    if isinstance(field, RadioField):
        return next((c.text for c in field.choices if c.value == field.data), "")
    if isinstance(field, CheckboxesField):
        return ", ".join(c.text for c in field.choices if c.value in field.data)
    if isinstance(field, CheckboxField):
        return "Yes" if field.data else ""
    if isinstance(field.data, date):
        return formats.day(field.data)
    if isinstance(field.data, time):
        return f"{field.data:%H:%M}"
    return str(field.data or "")
