"""Men routed on to other services, each as far as it has come."""

from collections.abc import Callable
from datetime import timedelta

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.demo.acts import persons, triaging
from mhtr.demo.simulation import Story
from mhtr.demo.stories import steps
from mhtr.demo.world import Hand, World
from mhtr.intake import onward_service
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_rules import OnwardState as State
from mhtr.intake.rules import DeclineReason

PATHS: tuple[tuple[str, str, tuple[State, ...]], ...] = (
    ("housing", "", ()),
    ("secondary-mhtr", "", (State.SENT,)),
    ("talking-therapies", "", (State.SENT, State.ACCEPTED)),
    ("gp", "Example Street Surgery", (State.SENT, State.FIRST_APPOINTMENT_BOOKED)),
    ("drugs-alcohol", "", (State.SENT, State.FIRST_APPOINTMENT_BOOKED, State.ATTENDED)),
    ("debt", "", (State.SENT, State.FIRST_APPOINTMENT_BOOKED, State.NOT_ATTENDED)),
    ("employment", "", (State.SENT, State.REFUSED)),
    ("peer-support", "", (State.HE_DECLINED,)),
)
"""Service, its name where one is known, and the steps recorded so far."""
WHILE_ASSESSED = "gp"
"""The service to which a man is sent on while he is being assessed; the others go elsewhere."""
NO_ANSWER = "secondary-mhtr"
"""The service that should have answered by now."""
EACH, LAST, LONG_AGO = 4, 3, 7
"""Working days from one step to the next, and since the last one."""
NOTES = {
    State.SENT: "Sent by e-mail; they will ring him.",
    State.ACCEPTED: "They will offer him a first appointment.",
    State.REFUSED: "He lives outside their area.",
    State.FIRST_APPOINTMENT_BOOKED: "He knows where it is and will go by himself.",
    State.ATTENDED: "He went and will go again.",
    State.NOT_ATTENDED: "He was working. He wants another date.",
    State.HE_DECLINED: "He has changed his mind.",
}


def _told(number: int) -> Callable[[World], Story]:
    service, name, path = PATHS[number]

    def routed_on(world: World) -> Story:
        ago = (LONG_AGO if service == NO_ANSWER else LAST) + EACH * len(path)
        hand = yield from steps.referred(world, world.day(-ago - 1), hearing_on=world.day(12))
        yield world.moment(world.day(-ago))
        if service == WHILE_ASSESSED:
            triaging.accept(hand)
        else:
            triaging.decline(hand, DeclineReason.SECONDARY_CARE_NEED)
        made = _route(hand, service, name)
        if service == WHILE_ASSESSED:
            yield from steps.under_way(hand, world.day(1 - ago), world.day(2 - ago))
        for place, state in enumerate(path, start=1):
            yield world.moment(world.day(EACH * place - ago))
            _record(hand, made, state)

    return routed_on


def _route(hand: Hand, service: str, name: str) -> int:
    world = hand.world
    link = db.session.get_one(Staff, world.staff("link"))
    return onward_service.route_on(
        case_id=hand.case_id,
        service_code=service,
        service_name=name,
        owner_principal_id=link.principal_id,
        agreed=True,
        note="He would like somebody to go with him the first time.",
        by=hand.lead,
        how="telephone",
    ).id


def _record(hand: Hand, onward_id: int, state: State) -> None:
    row = db.session.get_one(OnwardReferral, onward_id)
    booked = state is State.FIRST_APPOINTMENT_BOOKED
    onward_service.record_step(
        onward_id=onward_id,
        state=state,
        version=row.version,
        note=NOTES[state],
        appointment_at=clock.now() + timedelta(days=2) if booked else None,
        by=hand.world.staff("link"),
    )


def died_meanwhile(world: World) -> Story:
    """He died before the other service saw him: his case and what was arranged end with it."""
    hand = yield from steps.referred(world, world.day(-13), hearing_on=world.day(9))
    yield from steps.taken_on(hand, world.day(-12))
    made = _route(hand, "debt", "")
    yield from steps.under_way(hand, world.day(-11), world.day(-9))
    yield world.moment(world.day(-8))
    _record(hand, made, State.SENT)
    yield world.moment(world.day(-3))
    persons.died(hand, world.day(-4))


STORIES = (*(_told(number) for number in range(len(PATHS))), died_meanwhile)
