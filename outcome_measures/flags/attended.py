"""Sessions at which a man was seen and nobody recorded measures, among his contacts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from mhtr.core import clock
from mhtr.core.policy import in_force
from outcome_measures import policy
from outcome_measures.counting import attended_of
from outcome_measures.episodes import Held, held_besides, sessions_known
from outcome_measures.flags.due import Contact, attended_at
from outcome_measures.series import ScorePoint
from outcome_measures.time_points import TimePoint


def with_attended(
    contacts: Mapping[int, Sequence[Contact]],
    points: Mapping[int, Iterable[ScorePoint]],
    case_ids: Iterable[int],
) -> dict[int, tuple[Contact, ...]]:
    """The contacts of each case, with the sessions of which attendance alone says he was seen.

    What was asked at such a session can be recorded from paper for as long as a form that nobody
    goes on with stays open; after that it is missing.

    Args:
        points: scores of past sessions say that they were held.
    """
    wanted = list(case_ids)
    found = {key: tuple(contacts.get(key, ())) for key in wanted}
    seen = {key: held for key, held in attended_of(wanted).items() if held}
    if not seen:
        return found
    open_from = paper_until(clock.today())
    for key, held in seen.items():
        known = sessions_known(points.get(key, ()), map(_held, _sessions(found[key])))
        besides = [
            attended_at(day, number, closed=day < open_from)
            for day, number in held_besides(held, known)
        ]
        found[key] = tuple(sorted((*found[key], *besides), key=lambda one: one.held_on))
    return found


def paper_until(today: date) -> date:
    """The earliest day whose measures somebody may still record from paper."""
    days = int(in_force(policy.EXPIRES_AFTER)[policy.EXPIRES_AFTER.key])
    return today - timedelta(days=days)


def _sessions(contacts: Iterable[Contact]) -> list[Contact]:
    return [contact for contact in contacts if contact.point is TimePoint.SESSION]


def _held(contact: Contact) -> Held:
    return contact.held_on, contact.session_number
