"""The base of every form: what is sent along unseen, and the list of what went wrong."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import wtforms
from flask import render_template, request
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from mhtr.core import formats
from mhtr.core.errors import CannotBe, Refused
from mhtr.web import kept_posts
from mhtr.web.field_base import NhsField
from mhtr.web.fields import DatePartsField, HiddenField, RadioField

if TYPE_CHECKING:
    _AUTO: Any = object()

    # Flask-WTF carries no types; this is the part of it that forms rely on.
    class FlaskForm(wtforms.Form):
        def is_submitted(self) -> bool: ...
        def validate_on_submit(self, extra_validators: Any = None) -> bool: ...
else:
    from flask_wtf import FlaskForm
    from flask_wtf.form import _Auto as _AUTO

# The design system's page template gives the main element this id.
MAIN = "#maincontent"
Page = str | tuple[str, int]
_OUT_OF_DATE = "This page was open too long. Check your answers and send them again"


class SubmissionKeyField(HiddenField):
    """A random UUID that stays the same when a page is sent again after an error.

    The service that saves the form uses it to save once, however often the page is sent.
    """

    def process_data(self, value: Any) -> None:
        self.data = str(value or uuid4())

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            self.data = str(UUID(str(valuelist[0])))
        except (IndexError, ValueError):
            self.data = str(uuid4())
            raise ValueError(_OUT_OF_DATE) from None

    def pre_validate(self, form: BaseForm) -> None:
        # An empty request body never reaches process_formdata.
        if self.raw_data is None:
            raise ValidationError(_OUT_OF_DATE)

    def typed(self) -> str:
        return self.data


class Form(FlaskForm):
    """A form that changes something: CSRF token and submission key travel with it."""

    submission_key = SubmissionKeyField()

    def __init__(self, formdata: Any = _AUTO, **kwargs: Any) -> None:
        # What was typed on an expired session is put back after sign-in.
        kept = kept_posts.formdata() if formdata is _AUTO else None
        if kept is None:
            super().__init__(formdata, **kwargs)
            return
        super().__init__(None, **kwargs)
        unseen = {field.name: field.data for field in self if isinstance(field, HiddenField)}
        super().__init__(kept, **kwargs)
        if kept_posts.anew():
            for name, data in unseen.items():
                self[name].data, self[name].raw_data = data, None

    def refuse(self, message: str, *, field: str | None = None) -> None:
        """Add a refusal found after validation, beside a field or for the page as a whole."""
        if field is None:
            self.form_errors.append(message)
        else:
            self[field].errors = [message]

    def refuse_all(self, refused: Refused) -> None:
        """Say why a service refused: beside each field that it names, else for the page."""
        if not isinstance(refused, CannotBe):
            self.refuse(" ".join(refused.reasons))
            return
        for name, words in refused.problems:
            # What stands against a field that this viewer was not shown is said for the page.
            self.refuse(words, field=name if name in self else None)

    def days_since(self, earliest: date | None, message: str) -> bool:
        """Whether no day typed lies before this one; each that does is refused beside its field."""
        if earliest is None:
            return True
        early = [f for f in self if isinstance(f, DatePartsField) and f.data and f.data < earliest]
        for field in early:
            field.errors = [message]
        return not early

    def remind(self, words: str, *names: str) -> None:
        """Add words to the hints of some fields: a rule that depends on the record."""
        for name in names:
            field = self[name]
            if isinstance(field, NhsField):
                field.hint = f"{field.hint.rstrip('.')}. {words}" if field.hint else words

    def summary(self) -> list[tuple[str, str]]:
        """Every message with the link to the input it is about, in the order of the page."""
        entries = [(str(message), MAIN) for message in self.form_errors]
        for field in self:
            entries.extend(_entries(field))
        return entries


class OneOfSeveral(Form):
    """A form that shares its page with others: its hidden fields have ids of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            if isinstance(field, HiddenField):
                field.id = f"{type(self).__name__.lower()}-{field.name}"


class VersionedForm(Form):
    """A form that knows which version of the record its page showed."""

    version = HiddenField()

    @property
    def read_version(self) -> int:
        """The version as a number; -1, which is never current, for nonsense."""
        return int(self.version.data) if self.version.data.isdigit() else -1


def form_page(template: str, *, form: Form, **shown: Any) -> Page:
    """The page of a form, with status 422 where something that was sent is refused on it."""
    page = render_template(template, form=form, **shown)
    return (page, 422) if form.errors else page


class FilterForm(wtforms.Form):
    """A form that only asks: sent by GET, read from the query string, without a token."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        # Without a query the fields show their defaults; an empty query would empty them.
        asked = request.args if formdata is None else formdata
        super().__init__(asked or None, **kwargs)

    def summary(self) -> list[tuple[str, str]]:
        """Every message with the link to the input it is about, in the order of the page."""
        return [entry for field in self for entry in _entries(field)]

    def narrowed(self) -> str:
        """What the list is narrowed to, for those who read it on paper; empty for all of it."""
        return "; ".join(
            f"{field.label.text}: {said}" for field in self if field.data and (said := _said(field))
        )


def _said(field: wtforms.Field) -> str:
    if isinstance(field, RadioField):
        return next((c.text for c in field.choices if c.value == field.data), "")
    if field.data is True:
        return "yes"
    return formats.day(field.data) if isinstance(field.data, date) else str(field.data)


def _entries(field: wtforms.Field) -> list[tuple[str, str]]:
    if isinstance(field, wtforms.FormField):
        return [entry for part in field for entry in _entries(part)]
    if isinstance(field, wtforms.FieldList):
        return [entry for part in field for entry in _entries(part)] or [
            (str(message), MAIN) for message in field.errors[:1]
        ]
    if isinstance(field, NhsField):
        return [(field.error_text, f"#{field.first_input_id}")] if field.errors else []
    # What remains is the CSRF token, whose own wording means nothing to a reader.
    return [(_OUT_OF_DATE, MAIN)] if field.errors else []
