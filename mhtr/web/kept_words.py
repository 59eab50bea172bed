"""A kept form in the words of its page: labels and answers, and nothing that is carried unseen."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from wtforms.fields.core import UnboundField

from mhtr.web.fields import CheckboxesField, CheckboxField, Choice, HiddenField, RadioField
from mhtr.web.forms import Form

View = TypeVar("View", bound=Callable[..., Any])
MADE = "mhtr_makes_form"
CHOICE_KEPT = "Your choice is kept"
ANOTHER = "Another answer"
Line = tuple[str, str]


def form_is(make: Callable[..., type[Form] | None]) -> Callable[[View], View]:
    """For a page whose form is made from data: `make` gets the address's values."""

    def mark(view: View) -> View:
        setattr(view, MADE, make)
        return view

    return mark


def in_words(path: str, body: Mapping[str, Sequence[str]]) -> list[Line]:
    """What was typed into the form of a page, as label and answer, in the order of the page.

    Where the form is not found, the names are all there is to say.
    """
    typed = {name: [text for text in texts if text] for name, texts in body.items()}
    typed = {name: texts for name, texts in typed.items() if texts}
    form = _form_of(path, frozenset(typed))
    if form is None:
        return [(_plain(name), ", ".join(texts)) for name, texts in typed.items()]
    return [line for name, field in _fields(form).items() if (line := _line(name, field, typed))]


def beside(
    path: str, saved: Mapping[str, Sequence[str]], typed: Mapping[str, Sequence[str]]
) -> list[tuple[str, str, str]]:
    """What differs between two sendings of a page's form: label, first and second answer."""
    both = {name: [*saved.get(name, ()), *typed.get(name, ())] for name in {**saved, **typed}}
    form = _form_of(path, frozenset(both))
    if form is None:
        pairs = [
            (_plain(name), ", ".join(saved.get(name, ())), ", ".join(typed.get(name, ())))
            for name in both
        ]
        return [pair for pair in pairs if pair[1] != pair[2]]
    found = []
    for name, field in _fields(form).items():
        one, two = _given(name, saved), _given(name, typed)
        line = _line(name, field, both)
        if one == two or line is None:
            continue
        first, second = ((_line(name, field, of) or ("", ""))[1] for of in (one, two))
        # Answers made for the request have no words here: they are only told apart.
        same = first == second
        found.append((line[0], first, ANOTHER if same else second))
    return found


def _given(name: str, body: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    parts = {n: texts for n, texts in body.items() if n == name or n.startswith(f"{name}-")}
    cleaned = {n: [text for text in texts if text] for n, texts in parts.items()}
    return {n: texts for n, texts in cleaned.items() if texts}


def _form_of(path: str, names: frozenset[str]) -> type[Form] | None:
    """The form of this page that most of what was sent belongs to."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        endpoint, values = adapter.match(path, method="GET")
    except HTTPException:
        return None
    view = current_app.view_functions[endpoint]
    make: Callable[..., type[Form] | None] | None = getattr(view, MADE, None)
    if make is not None:
        return make(**values)
    sent = {name.partition("-")[0] for name in names}
    best, most = None, 0
    for form in _forms_beside(inspect.unwrap(view)):
        common = len(sent & _seen(form))
        if common > most:
            best, most = form, common
    return best


def _forms_beside(view: Callable[..., Any]) -> Iterable[type[Form]]:
    """The forms that the view's module knows, the smallest first."""
    known = list(getattr(view, "__globals__", {}).values())
    known += [one for value in known if isinstance(value, dict) for one in value.values()]
    forms = {one for one in known if inspect.isclass(one) and issubclass(one, Form)}
    return sorted(forms - {Form}, key=lambda form: (len(_fields(form)), form.__name__))


def _seen(form: type[Form]) -> frozenset[str]:
    fields = _fields(form).items()
    return frozenset(name for name, one in fields if not issubclass(one.field_class, HiddenField))


def _fields(form: type[Form]) -> dict[str, Any]:
    found = {name: getattr(form, name) for name in dir(form) if not name.startswith("_")}
    fields = {name: one for name, one in found.items() if isinstance(one, UnboundField)}
    return dict(sorted(fields.items(), key=lambda item: item[1].creation_counter))


def _line(name: str, field: Any, typed: Mapping[str, Sequence[str]]) -> Line | None:
    # A date comes in parts, named after their field.
    parts = [sent for sent in typed if sent == name or sent.startswith(f"{name}-")]
    if not parts or issubclass(field.field_class, HiddenField):
        return None
    label = field.args[0] if field.args else field.kwargs.get("label", "")
    return str(label or _plain(name)), _answer(field, [one for p in parts for one in typed[p]])


def _answer(field: Any, texts: Sequence[str]) -> str:
    if issubclass(field.field_class, CheckboxField):
        return "Yes"
    if not issubclass(field.field_class, RadioField | CheckboxesField):
        return " ".join(texts)
    offered = field.kwargs.get("choices", ())
    pairs = [(one.value, one.text) if isinstance(one, Choice) else one for one in offered]
    words = {str(value): str(text) for value, text in pairs}
    # A list made for the request is not known here, and its values are nothing to read.
    return ", ".join(words.get(text, CHOICE_KEPT) for text in texts)


def _plain(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").strip().capitalize()
