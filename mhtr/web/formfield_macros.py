"""Turns a field into the parameters of the design system's macros.

The service's own markup in `components/fields.html` takes the same parameters. Values are always
strings: the macros test truthiness, so a number 0 would never show as chosen.
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from mhtr.web.field_base import NhsField
from mhtr.web.field_choices import CheckboxesField, CheckboxField, RadioField, SelectField
from mhtr.web.field_dates import PARTS, DatePartsField
from mhtr.web.fields import FileField, TextAreaField, TextField

Params = dict[str, Any]
Reveal = Mapping[str, Markup]


def field_params(
    field: NhsField,
    *,
    legend_size: str = "s",
    page_heading: bool = False,
    rows: int = 5,
    reveal: Reveal | None = None,
) -> Params:
    """Macro parameters for `field`.

    `legend_size` (s, m, l, xl) sizes the label or legend; `page_heading` makes it the page's h1.
    `reveal` maps a choice's value to rendered fields shown under it. Raises TypeError for
    content that was not rendered by a template, since it is put into the page unescaped.
    """
    shown = dict(reveal or {})
    if any(not isinstance(html, Markup) for html in shown.values()):
        raise TypeError("Revealed content must be rendered by a template")
    text = {
        "text": field.label_text,
        "size": legend_size,
        "isPageHeading": page_heading,
    }
    params: Params = {"id": field.id, "name": field.name}
    if field.hint and not isinstance(field, CheckboxField):
        params["hint"] = {"text": field.hint}
    if field.error_text:
        params["errorMessage"] = {"text": field.error_text}
    if isinstance(field, CheckboxField):
        return params | _lone_checkbox(field, shown)
    if isinstance(field, CheckboxesField) or (
        isinstance(field, RadioField) and not isinstance(field, SelectField)
    ):
        return params | {"fieldset": {"legend": text}} | _choices(field, shown)
    if isinstance(field, DatePartsField):
        return params | {"fieldset": {"legend": text}} | _date(field)
    return params | {"label": text} | _single(field, rows)


def _lone_checkbox(field: CheckboxField, shown: dict[str, Markup]) -> Params:
    item: Params = {"value": "yes", "text": field.label_text, "checked": field.data}
    if field.hint:
        item["hint"] = {"text": field.hint, "id": f"{field.id}-hint"}
    if "yes" in shown:
        item["conditional"] = {"html": shown["yes"]}
    return {"idPrefix": field.id, "id": None, "items": [item]}


def _choices(field: CheckboxesField | RadioField, shown: dict[str, Markup]) -> Params:
    chosen = field.data if isinstance(field.data, list) else [field.data]
    items: list[Params] = []
    for number, choice in enumerate(field.choices, start=1):
        if choice.divider and items:
            items.append({"divider": "or"})
        item: Params = {
            # Named here because a divider would otherwise shift the macro's own numbering.
            "id": field.id if number == 1 else f"{field.id}-{number}",
            "value": choice.value,
            "text": choice.text,
            "checked": choice.value in chosen,
        }
        if choice.hint:
            item["hint"] = {"text": choice.hint}
        if choice.exclusive:
            item["behaviour"] = "exclusive"
        if choice.value in shown:
            item["conditional"] = {"html": shown[choice.value]}
        items.append(item)
    return {
        "idPrefix": field.id,
        "id": None,
        "items": items,
        "inline": field.inline,
        "small": field.small,
    }


def _date(field: DatePartsField) -> Params:
    items = [
        {
            "id": f"{field.id}-{part}",
            "name": f"{field.name}-{part}",
            "label": {"text": part.capitalize()},
            "width": 4 if part == "year" else 2,
            # Letters are allowed in the month, so a phone must offer them.
            "inputmode": "text" if part == "month" else "numeric",
            "autocomplete": f"bday-{part}" if field.birthday else "off",
            "value": field.typed_parts[part],
            "error": part in field.marked_parts,
        }
        for part in PARTS
    ]
    return {"items": items}


def _single(field: NhsField, rows: int) -> Params:
    params: Params = {
        "value": field.typed(),
        "type": field.input_type,
        "autocomplete": field.autocomplete,
    }
    if field.inputmode:
        params["inputmode"] = field.inputmode
    if field.spellcheck is not None:
        params["spellcheck"] = field.spellcheck
    if field.width is not None:
        params["width"] = str(field.width)
    if field.prefix_text:
        params["prefix"] = {"text": field.prefix_text}
    if field.suffix_text:
        params["suffix"] = {"text": field.suffix_text}
    if isinstance(field, TextField) and field.suggestions:
        params["attributes"] = {"list": field.suggestions}
    if isinstance(field, TextAreaField):
        # The count warns when three quarters are used, so that short notes stay quiet.
        params |= {"rows": field.rows or rows, "maxlength": field.max_length, "threshold": 75}
    if isinstance(field, FileField):
        # The browser's own control: the design system's scripted one gives its button a name that
        # differs from its visible text.
        del params["value"], params["autocomplete"]
        params["classes"] = "app-file"
        if field.accept:
            params["attributes"] = {"accept": ",".join(field.accept)}
    if isinstance(field, SelectField):
        blank = {"value": "", "text": field.prompt, "selected": field.data is None}
        params["items"] = [blank] + [
            {"value": c.value, "text": c.text, "selected": c.value == field.data}
            for c in field.choices
        ]
    return params
