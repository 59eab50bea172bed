"""Which clinicians of a trust can become a man's therapist, and why the others cannot."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.prepared import Prepared
from sessions.availability.limits_queries import man_limits
from sessions.availability.models import Qualification
from sessions.availability.queries import clinicians_open
from sessions.availability.shapes import ClinicianOpen, ManLimits
from sessions.booking.finding import MODES, may_see
from sessions.booking.shapes import Wanted
from sessions.courses import listeners
from sessions.courses.models import Course
from sessions.courses.queries import sessions_of, therapists_for
from sessions.therapies import Therapy

NO_PROFILE = "{name} cannot be booked: no therapies and hours are on record."


_THERAPIES = Prepared(
    select(Qualification.staff_id, Qualification.therapy)
    .where(Qualification.staff_id.in_(bindparam("staff", expanding=True)))
    .order_by(Qualification.id)
)


@dataclass(frozen=True)
class Candidate:
    """A clinician who may see his record, and every reason why not to see him; mostly none."""

    staff: Staff
    reasons: tuple[str, ...]


def candidates(case: Case, course: Course) -> list[Candidate]:
    """Everybody but his therapist who may see his record, by name."""
    staff = [
        one for one in therapists_for(case, course.organisation_id) if one.id != course.therapist_id
    ]
    today, ids = clock.today(), [one.id for one in staff]
    known = clinicians_open(course.organisation_id, today, today, staff_ids=ids)
    man, needed = man_limits(case, today, today), _therapies_to_come(course)
    return [Candidate(one, tuple(_against(one, known.get(one.id), man, needed))) for one in staff]


def _therapies_to_come(course: Course) -> list[Therapy]:
    """Of sessions that are not over and not in a group, which others may lead."""
    rows = sessions_of(course.id)
    over = listeners.held_of([row.id for row in rows])
    found = {row.therapy for row in rows if row.id not in over and not row.in_group}
    return [one for one in Therapy if one in found]


def _against(
    staff: Staff, clinician: ClinicianOpen | None, man: ManLimits, needed: list[Therapy]
) -> Iterator[str]:
    if clinician is None:
        yield NO_PROFILE.format(name=staff.name)
        return
    said: dict[str, None] = {}
    for therapy in needed:
        wanted = Wanted(minutes=60, now=clock.now(), therapy=therapy)
        ways = [tuple(may_see(wanted, (man,), clinician, mode)) for mode in MODES]
        if all(ways):
            # Of all ways to see him the one with the fewest reasons says what stands against it.
            said.update(dict.fromkeys(_fewest(ways)))
    yield from said


def _fewest(ways: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return min(ways, key=len)


def therapies_of(staff_ids: Collection[int]) -> dict[int, list[Therapy]]:
    """The therapies that each of these clinicians delivers."""
    found: dict[int, list[Therapy]] = {one: [] for one in staff_ids}
    for row in _THERAPIES.all({"staff": staff_ids}) if staff_ids else ():
        found[row.staff_id].append(row.therapy)
    return found
