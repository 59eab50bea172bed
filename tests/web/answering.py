"""One field of a form, sent as a browser sends it."""

from typing import Any

from werkzeug.datastructures import MultiDict

from mhtr.web.forms import FilterForm


def submit(field: Any, **sent: Any) -> Any:
    """The field, named `answer`, of a form validated with what was sent."""
    form_class = type("One", (FilterForm,), {"answer": field})
    sent.setdefault("other", "")
    form = form_class(MultiDict({key.replace("__", "-"): value for key, value in sent.items()}))
    form.validate()
    return form.answer


def message(field: Any, **sent: Any) -> str:
    return str(submit(field, **sent).error_text)
