"""A withdrawal stops the report in whatever order what he said was written down."""

from datetime import datetime, timedelta

from flask import Flask

from mhtr.cases import consent_service
from mhtr.cases.models import Case
from mhtr.cases.rules import fold
from mhtr.cases.service import facts_of
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.transaction import writing
from mhtr.people.models import ConsentDecision, ConsentItem
from tests.makers import make_case, make_staff

G, W = ConsentDecision.GIVEN, ConsentDecision.WITHDRAWN
A, T = ConsentItem.ASSESSMENT, ConsentItem.TREATMENT


def say(case: Case, item: ConsentItem, decision: ConsentDecision, at: datetime) -> None:
    by = make_staff().id
    with writing():
        consent_service.record_consent(
            case_id=case.id, item=item, decision=decision, how="telephone", at=at, by=by
        )


def stopped(case: Case) -> bool:
    return fold(facts_of(case.id), clock.today()).consent_withdrawn_on is not None


def test_a_withdrawal_written_down_late_still_stops_the_report(
    app: Flask, set_clock: SetClock
) -> None:
    case, start = make_case(), clock.now()
    for item in (A, T):
        say(case, item, G, start)
    set_clock.advance(hours=5)
    say(case, T, W, start + timedelta(hours=1))
    say(case, T, G, start + timedelta(hours=4))
    assert not stopped(case)
    # He took the assessment back before he agreed to treatment again; it is recorded after.
    say(case, A, W, start + timedelta(hours=2))
    assert stopped(case)


def test_agreement_written_down_late_still_lifts_the_stop(app: Flask, set_clock: SetClock) -> None:
    case, start = make_case(), clock.now()
    for item in (A, T):
        say(case, item, G, start)
    set_clock.advance(hours=9)
    say(case, T, W, start + timedelta(hours=6))
    say(case, A, W, start + timedelta(hours=1))
    say(case, T, G, start + timedelta(hours=7))
    assert stopped(case)
    say(case, A, G, start + timedelta(hours=2))
    assert not stopped(case)
