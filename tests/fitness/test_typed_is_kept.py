"""What is typed is kept when a session runs out, but for what proves who somebody is."""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from wtforms import Form as AnyForm
from wtforms.fields.core import UnboundField

from mhtr.accounts.forms import AgainForm, CodeForm, RecoveryCodeForm
from mhtr.web.fields import PasswordField
from mhtr.web.submission import NEVER_KEPT, is_secret

PROOFS = (CodeForm, AgainForm, RecoveryCodeForm)


def forms(of: type[AnyForm]) -> Iterator[type[AnyForm]]:
    """Every form of the program."""
    for form in of.__subclasses__():
        if form.__module__.startswith(("mhtr.", "outcome_measures.")):
            yield form
        yield from forms(form)


def fields() -> Iterator["tuple[type[AnyForm], str, UnboundField[Any]]"]:
    for form in forms(AnyForm):
        for name in dir(form):
            field = getattr(form, name)
            if isinstance(field, UnboundField):
                yield form, name, field


def test_only_passwords_and_codes_are_dropped(app: Flask) -> None:
    found = list(fields())
    assert {"court_code", "postcode", "gp_practice_code", "ods_code"} <= {n for _, n, _ in found}
    assert set(NEVER_KEPT) == {"csrf_token", "submission_key", "kept_form", "restore", "discard"}
    for form, name, field in found:
        if name not in NEVER_KEPT:
            proof = issubclass(field.field_class, PasswordField) or issubclass(form, PROOFS)
            assert is_secret(name) == proof, f"{form.__name__}.{name}"
