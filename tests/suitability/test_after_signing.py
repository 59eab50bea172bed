"""Who he is changed after a lead signed: the report of another name never goes out."""

from datetime import date

import pytest
from flask import Flask

from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people.models import Person
from mhtr.suitability.release_content import prepare
from tests.suitability.journey import allocated, released, signed


@pytest.mark.parametrize(
    ("field", "value"), [("family_name", "Ekwueme-Bright"), ("born", date(1991, 5, 6))]
)
def test_a_report_with_the_name_of_another_record_stays(
    app: Flask, field: str, value: object
) -> None:
    people = allocated()
    assessment = signed(people)
    with writing():
        setattr(db.session.get_one(Person, people.case.person_id), field, value)
    prepared = prepare(people.case, assessment, by=people.assessor.id)
    assert any("Name or date of birth" in reason for reason in prepared.against)
    with pytest.raises(Refused, match="Name or date of birth"):
        released(assessment, people)
