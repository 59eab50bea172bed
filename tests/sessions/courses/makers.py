"""Pathways of a trust, and courses made from them."""

from collections.abc import Sequence

from mhtr.core.transaction import writing
from sessions.courses import pathway_service, service
from sessions.courses.kinds import Priority, ReviewPoint
from sessions.courses.models import Course, Pathway
from sessions.courses.rules import Planned
from sessions.therapies import Therapy
from tests.orders.makers import Sentenced
from tests.worlds import world


def planned(name: str = "Thought records", **more: object) -> Planned:
    """A session that can be used."""
    said = {"purpose": "To look at thoughts.", "therapy": Therapy.CBT, **more}
    return Planned(name=name, **said)  # type: ignore[arg-type]


def twelve() -> list[Planned]:
    """Twelve weekly sessions, reviewed at the sixth and the last."""
    reviews = {6: ReviewPoint.MIDDLE, 12: ReviewPoint.END}
    return [
        planned(f"Session {number}", review=reviews.get(number, ReviewPoint.NONE))
        for number in range(1, 13)
    ]


@world
def pathway_of(
    organisation_id: int, by: int, sessions: Sequence[Planned] = (), *, name: str = "CBT"
) -> Pathway:
    """A pathway of a trust that is in use; twelve sessions unless others are given."""
    with writing():
        made = pathway_service.make_pathway(
            organisation_id=organisation_id,
            name=name,
            about="",
            sessions=sessions or twelve(),
            by=by,
        )
        pathway_service.put_into_use(
            pathway_id=made.id, why="The first", version=made.version, by=by
        )
    return made


@world
def course_of(
    world: Sentenced, pathway: Pathway | None = None, *, therapist_id: int | None = None
) -> Course:
    """His course, made by the assessor, who sees him unless somebody else does."""
    used = pathway or pathway_of(world.lead.organisation_id, world.lead.id)
    case_id, pathway_id, by = world.case.id, used.id, world.assessor.id
    with writing():
        return service.make_course(
            case_id=case_id,
            pathway_id=pathway_id,
            therapist_id=therapist_id or by,
            priority=Priority.ROUTINE,
            by=by,
        )
