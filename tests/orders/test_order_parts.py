"""Other requirements and review hearings: what cannot be, and who is told."""

from datetime import date

import pytest
from flask import Flask

from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.orders import order_tasks, parts_service
from mhtr.orders.contact_service import name_contact
from mhtr.orders.terms import OtherKind
from tests.orders.makers import (
    order_of,
    sentenced,
)
from tests.orders.test_contacts import signs_in
from tests.suitability.requesting import told


def test_whoever_treats_and_supervises_him_hears_of_every_part(app: Flask) -> None:
    world = sentenced()
    order_id, case_id, by = order_of(world).id, world.case.id, world.office.id
    assert order_tasks.MADE in told(world.assessor)
    with writing():
        name_contact(case_id=case_id, said=signs_in(world.officer), seen=0, by=by)
    assert order_tasks.CONTACT in told(world.assessor)
    with writing():
        parts_service.add_requirement(
            order_id=order_id,
            kind=OtherKind.CURFEW,
            amount="7pm to 7am",
            until=None,
            version=1,
            by=by,
        )
    for staff in (world.assessor, world.officer):
        assert order_tasks.CHANGED in told(staff)


@pytest.mark.parametrize(
    ("amount", "until", "words"),
    [
        ("100 hours", date(1900, 1, 1), "before the order was made"),
        ("7pm to 7am", None, "recorded already"),
    ],
)
def test_a_requirement_that_cannot_be_is_refused(
    app: Flask, amount: str, until: date | None, words: str
) -> None:
    world = sentenced()
    order_id, by = order_of(world).id, world.office.id
    with writing():
        parts_service.add_requirement(
            order_id=order_id,
            kind=OtherKind.CURFEW,
            amount="7pm to 7am",
            until=None,
            version=1,
            by=by,
        )
    with pytest.raises(Refused, match=words), writing():
        parts_service.add_requirement(
            order_id=order_id,
            kind=OtherKind.CURFEW,
            amount=amount,
            until=until,
            version=2,
            by=by,
        )


def test_a_review_hearing_lies_inside_the_order(app: Flask) -> None:
    world = sentenced()
    order_id, by = order_of(world).id, world.office.id
    with pytest.raises(Refused, match="over by 15 November 2027"), writing():
        parts_service.add_review(
            order_id=order_id, on=date(2199, 1, 1), court_code="B01KR", version=1, by=by
        )
