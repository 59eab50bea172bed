"""What the tests of orders do over and over: change an order, end it, read it anew."""

from datetime import date

from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders import ending_service, service
from mhtr.orders.endings import HowEnded
from mhtr.orders.models import Order
from mhtr.orders.queries import OnRecord, on_record
from mhtr.orders.service import Recorded
from mhtr.orders.terms import Change
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from tests.orders.makers import (
    Sentenced,
)

TODAY = date(2026, 11, 18)


def waiting(world: Sentenced, *kinds: TaskKind) -> list[TaskKind]:
    kinds = kinds or (TaskKind.RECORD_ORDER, TaskKind.NAME_CONTACT)
    return [task.kind for task in tasks.open_tasks(world.case.id, *kinds)]


def change(world: Sentenced, order_id: int, said: Recorded, how: Change, **more: object) -> None:
    order = db.session.get_one(Order, order_id)
    given = {"effective_on": TODAY, "version": order.version, "by": world.office.id, **more}
    with writing():
        service.change_order(order_id=order_id, change=how, said=said, **given)  # type: ignore[arg-type]


def read(order_id: int) -> OnRecord:
    db.session.expire_all()
    return on_record(db.session.get_one(Order, order_id))


def ended(world: Sentenced, order_id: int, how: HowEnded, on: date = TODAY) -> None:
    order = db.session.get_one(Order, order_id)
    version, by = order.version, world.office.id
    with writing():
        ending_service.end_order(order_id=order_id, how=how, on=on, version=version, by=by)
