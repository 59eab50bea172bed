"""What changed after a lead signed, stops a release; what was said on another case does not."""

from datetime import date

import pytest
from flask import Flask

from mhtr.cases import consent_service
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people.models import ConsentDecision, ConsentItem, Person
from mhtr.suitability.release_content import prepare
from mhtr.tasks.models import TaskKind
from tests.makers import make_case
from tests.suitability.journey import allocated, released, signed
from tests.suitability.requesting import tasks_of


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


def say(case_id: int, decision: ConsentDecision, by: int) -> None:
    with writing():
        consent_service.record_consent(
            case_id=case_id,
            item=ConsentItem.ASSESSMENT,
            decision=decision,
            how="telephone",
            at=clock.now(),
            by=by,
        )


def test_what_he_took_back_on_an_earlier_case_stops_no_report_of_this_one(app: Flask) -> None:
    people = allocated()
    assessment = signed(people)
    earlier = make_case(db.session.get_one(Person, people.case.person_id)).id
    say(earlier, ConsentDecision.GIVEN, people.assessor.id)
    with writing():
        detail = {"reason": "discontinued"}
        closed = cases.lock(people.case.id)
        cases.add_fact(closed, FactKind.CLOSED, by=None, detail=detail)
    say(earlier, ConsentDecision.WITHDRAWN, people.assessor.id)
    assert not tasks_of(people.case.id, TaskKind.CONFIRM_CONSENT)
    with writing():
        for fact in cases.facts_of(people.case.id):
            if fact.kind is FactKind.CLOSED:
                gone = {"fact_id": fact.id}
                cases.add_fact(cases.lock(people.case.id), FactKind.CORRECTED, by=None, detail=gone)
    assert len(tasks_of(people.case.id, TaskKind.CONFIRM_CONSENT)) == 1
    released(assessment, people)
