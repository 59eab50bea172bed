"""A withdrawal stops the report in whatever order what he said was written down."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from mhtr.cases import consent_service
from mhtr.cases.consent_queries import last_on, standing_of, taken_back
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.rules import fold
from mhtr.cases.service import facts_of
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from tests.cases.paths import PATH, TODAY, fact, path
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


def test_a_wrong_tap_is_put_right_in_the_same_minute(
    either_app: Flask, set_clock: SetClock
) -> None:
    case = make_case()
    set_clock.advance(seconds=37)
    say(case, A, G, clock.now())
    set_clock.advance(seconds=5)
    typed = clock.now().replace(second=0, microsecond=0)
    say(case, A, W, typed)
    assert stopped(case)
    assert consent.standing(case.person_id)[A].decision is W
    assert standing_of(case)[A].decision is W and [no.item for no in taken_back(case)] == [A]
    say(case, A, G, typed)
    assert not stopped(case)
    with pytest.raises(consent.WrongDay):
        say(case, A, W, typed - timedelta(minutes=1))


def test_a_no_in_the_minute_of_his_yes_is_asked_about_on_his_other_case(
    either_app: Flask, set_clock: SetClock
) -> None:
    one = make_case()
    two = make_case(one.person)
    at_court = make_staff()
    with writing():
        for case in (one, two):
            db.session.get_one(Case, case.id).assessor_id = at_court.id
    set_clock.advance(seconds=37)
    say(one, A, G, clock.now())
    say(two, A, G, clock.now())
    say(two, A, W, clock.now().replace(second=0, microsecond=0))
    assert last_on([two.id])[two.id, A].decision is W
    assert tasks.open_tasks(one.id, TaskKind.CONFIRM_CONSENT)


def test_what_follows_in_the_same_minute_is_no_breach_of_what_went_before() -> None:
    released_at = datetime(2026, 11, 10, 15, 22, 7, tzinfo=UTC)
    facts = path(*PATH[: PATH.index(FactKind.RELEASED)])
    out = fact(90, FactKind.RELEASED, on=released_at, recorded_at=released_at)
    back = fact(
        91,
        FactKind.CONSENT_WITHDRAWN,
        on=released_at.replace(second=0),
        recorded_at=released_at + timedelta(seconds=30),
    )
    reasons = fold([*facts, out, back], TODAY).reasons
    assert any("withdrew his consent" in reason for reason in reasons)
    assert not any("privacy officer" in reason for reason in reasons)
    before = replace(back, on=released_at - timedelta(minutes=1))
    assert any("privacy officer" in reason for reason in fold([*facts, out, before], TODAY).reasons)
