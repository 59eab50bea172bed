"""The page of where an order stands for who treats him."""

from flask import Flask
from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.compliance.contact_service import open_calls
from mhtr.compliance.enforcing import StepKind
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.compliance.test_decisions import AGAINST, decide, under_order
from tests.compliance.test_enforcement import did, failed, missed_later, warn
from tests.compliance.test_issued import withdraw
from tests.sessions.seen import Treated, treated
from tests.suitability.browsing import as_

NOTHING = "Nothing was issued about it."


def stands(man: Treated) -> str:
    return f"/cases/{man.case.ref}/standing-for-treatment"


def read(app: Flask, man: Treated) -> str:
    return as_(app, man.therapist).page(stands(man))


def test_a_man_without_an_order(app: Flask) -> None:
    assert "No order is on record." in read(app, treated())


def test_a_miss_and_its_decision_read_the_same(either_app: Flask) -> None:
    man = under_order()
    before = read(either_app, man)
    assert NOTHING in before and "Did not come" in before
    assert f"/places/{man.place.ref}/explanation" in before
    decide(man, AGAINST)
    did(man, StepKind.REFERRED, named=True)
    assert main(read(either_app, man)) == main(before)


def main(page: str) -> str:
    return page.split("<h1")[1].split("</main")[0]


def test_a_warning_about_his_session_is_said_with_what_it_asks(either_app: Flask) -> None:
    man = failed()
    row = warn(man)
    page = read(either_app, man)
    for words in (
        "In force, with a warning about his sessions",
        "Probation warned him because of it on 18 November 2026.",
        "It counts until the end of 17 November 2027.",
        "Sch 10 para 6(2)",
        "Ask him what would make it easier to come",
    ):
        assert words in page, words
    assert "He said at once that he sends nothing" not in page
    withdraw(man, row.ref)
    again = read(either_app, man)
    assert "It was withdrawn on 18 November 2026" in again and "Another man" not in again
    assert "with a warning" not in again


def test_nothing_of_another_requirement_can_be_seen_or_worked_out(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = failed()
    before = main(read(either_app, man))
    warn(man, about=frozenset(), requirement="Unpaid work")
    assert main(read(either_app, man)) == before
    missed_later(man, set_clock, 14)
    page = main(read(either_app, man))  # for probation it must be referred now
    assert "refer" not in page and "warn" not in page and page.count(NOTHING) == 2


def test_that_it_went_to_court_is_said_and_what_for_else_is_not(either_app: Flask) -> None:
    man = failed()
    warn(man)
    did(man, StepKind.LAID)
    assert "Before the court" not in read(either_app, man)
    assert len(open_calls(man.case.id, man.place.ref)) == 1  # the warning's, and no other
    did(man, StepKind.REFERRED, named=True)
    assert "Before the court" not in read(either_app, man)
    did(man, StepKind.LAID, named=True)
    assert "Before the court" in read(either_app, man)
    did(man, StepKind.CONTINUES)
    page = read(either_app, man)
    assert "The court found it proved, and the order goes on" in page
    assert "Before the court" not in page


def test_once_his_treatment_is_over_nobody_is_told_to_go_on(app: Flask) -> None:
    man = under_order()
    assert "Go on as planned" in read(app, man)
    case_id, by = man.case.id, man.therapist.id
    with writing():
        case = cases.lock(case_id)
        cases.add_fact(case, FactKind.TREATMENT_ENDED, by=by, detail={"planned": True})
    page = read(app, man)
    assert "His treatment here has ended." in page and "Go on as planned" not in page


def test_only_who_treats_him_opens_it(app: Flask) -> None:
    man = under_order()
    for staff in (man.world.office, man.world.officer):
        assert as_(app, staff).get(stands(man)).status_code == 403
    assert as_(app, man.world.lead).get(stands(man)).status_code == 200


def test_what_is_read_is_on_record(either_app: Flask) -> None:
    man = failed()
    row = warn(man)
    number = row.id
    warn(man, about=frozenset(), requirement="Unpaid work")
    read(either_app, man)
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert event.detail["page"] == "compliance.standing"
    assert event.detail["shown"]["warning"] == [number]
