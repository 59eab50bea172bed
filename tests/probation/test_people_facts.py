"""What an officer's list says of warnings and courts: as confirmed, and never more than known."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.compliance import enforcement_service
from mhtr.compliance.enforcing import Given, GivenWarning, Says, Step, StepKind
from mhtr.compliance.list_facts import warned_of
from mhtr.compliance.order_facts import facts_of
from mhtr.compliance.standing.fold import standing
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.transaction import writing
from mhtr.orders import parts_service
from mhtr.orders.cards import cards_of
from mhtr.orders.models import Order
from tests.orders.makers import COURT, community, order_of, suspended
from tests.pages import PageClient
from tests.probation.test_people import LIST, names
from tests.sessions.seen import Treated, treated

ALL = frozenset(Says)


def under(kind: str = "community") -> tuple[Treated, Order]:
    man = treated()
    return man, order_of(man.world, suspended() if kind == "suspended" else community())


def warn(man: Treated, order: Order, says: frozenset[Says] = ALL) -> uuid.UUID:
    order_id, by = order.id, man.world.officer.id
    warning = GivenWarning(
        on=clock.today(), given=Given.LETTER, requirement="Unpaid work", says=says
    )
    with writing():
        return enforcement_service.record_warning(order_id=order_id, warning=warning, by=by).ref


def did(man: Treated, order: Order, kind: StepKind) -> None:
    order_id, by = order.id, man.world.officer.id
    with writing():
        step = Step(kind, clock.today())
        enforcement_service.record_step(order_id=order_id, step=step, by=by)


def test_nothing_is_said_of_warnings_that_nobody_compared(client: PageClient) -> None:
    man, order = under()
    page = client.sign_in(man.world.officer).page(LIST)
    assert "Not compared with nDelius" in page and "No live warning" not in page
    assert len(names(client.page(f"{LIST}?show=unconfirmed"))) == 1
    assert names(client.page(f"{LIST}?show=warned")) == []
    did(man, order, StepKind.CONFIRMED)
    page = client.page(LIST)
    assert "No live warning, as last confirmed by Priya Nair on" in page
    assert names(client.page(f"{LIST}?show=unconfirmed")) == []


def test_a_live_warning_is_said_with_its_last_day(client: PageClient) -> None:
    man, order = under()
    warn(man, order)
    page = client.sign_in(man.world.officer).page(LIST)
    assert "1 live" in page and "17 November 2027" in page and "Not compared" in page
    assert len(names(client.page(f"{LIST}?show=warned&sort=warned"))) == 1


@pytest.mark.parametrize("kind", ["community", "suspended"])
@pytest.mark.parametrize("what", ["complete", "lacking", "withdrawn", "restarted", "lapsed"])
def test_the_list_says_what_the_standing_says(
    app: Flask, set_clock: SetClock, kind: str, what: str
) -> None:
    man, order = under(kind)
    ref = warn(man, order, ALL - {min(ALL)} if what == "lacking" else ALL)
    case_id, by = man.world.case.id, man.world.officer.id
    if what == "withdrawn":
        with writing():
            enforcement_service.withdraw_warning(
                case_id=case_id,
                ref=ref,
                on=clock.today(),
                why="Wrong man",
                by=by,
            )
    if what == "restarted":
        did(man, order, StepKind.CONFIRMED)
    if what == "lapsed":
        set_clock.advance(days=400)
    today = clock.today()
    (held,) = facts_of(case_id)
    full = standing(held.order, held.facts, today)
    light = warned_of([card.order for card in cards_of(case_id)], today)[held.held.order.id]
    assert light.until == tuple(one.last_day for one in full.live)
    assert light.confirmed == full.confirmed


def test_the_next_day_in_court_is_said(client: PageClient) -> None:
    man, order = under()
    order_id, version, by = order.id, order.version, man.world.office.id
    with writing():
        parts_service.add_review(
            order_id=order_id,
            on=clock.today() + timedelta(days=20),
            court_code=COURT,
            version=version,
            by=by,
        )
    page = client.sign_in(man.world.officer).page(f"{LIST}")
    assert "Court review" in page and "Tue 8 Dec" in page
