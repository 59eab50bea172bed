"""Answers that contradict what is on record, or that nobody could read."""

import pytest
from flask import Flask

from mhtr.cases.facts import StageOfCase
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.court_case import Ending
from mhtr.web.fields import Required, TextField
from mhtr.web.forms import Form
from tests.intake.house import House


class Asking(Form):
    """A form that wants a reason."""

    reason = TextField("Why?", validators=[Required("Say why")])


@pytest.mark.parametrize("typed", ["\u200b", "\u2060 \u200d", "\u3164", "\u00ad"])
def test_a_reason_that_nobody_sees_is_none(app: Flask, typed: str) -> None:
    with app.test_request_context(method="POST", data={"reason": typed}):
        form = Asking()
        form.validate()
        assert form.reason.errors
    with app.test_request_context(method="POST", data={"reason": f"Wrong man{typed}"}):
        form = Asking()
        form.validate()
        assert form.reason.errors != ["Say why"]


def test_nobody_is_acquitted_who_was_found_guilty(app: Flask) -> None:
    house = House()
    case = house.refer()
    with writing():
        court_case.record_stage(
            case_id=case.id,
            version=case.version,
            stage=StageOfCase.FOUND_GUILTY,
            convicted_on=None,
            by=house.lead.id,
        )
    with pytest.raises(Refused, match="found guilty"), writing():
        court_case.end(
            case_id=case.id, version=case.version, ending=Ending.ACQUITTED, by=house.lead.id
        )
