"""How a proposal keeps what is proposed for a man: ids, days and numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sessions.availability.shapes import Span
from sessions.booking.shapes import Place
from sessions.planning.settling import Given
from sessions.therapies import SessionMode


@dataclass(frozen=True, slots=True)
class Kept:
    """One session of a man as a proposal keeps it."""

    course_session_id: int
    place: Place
    session_id: int | None = None
    """What is booked for it; None where nothing is."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One session before and after."""

    before: Kept | None
    after: Kept

    @property
    def moves(self) -> bool:
        """Whether the booking has to change."""
        return self.before is None or self.before.place != self.after.place


def stored_place(place: Place) -> dict[str, Any]:
    """A place and time as it is kept."""
    span = place.span
    return {
        "staff": place.clinician_id,
        "mode": place.mode.value,
        "site": place.site_id,
        "room": place.room_id,
        "starts": span.starts_at.isoformat(),
        "minutes": int((span.ends_at - span.starts_at).total_seconds() // 60),
    }


def place_kept(stored: Mapping[str, Any]) -> Place:
    """A place and time as it was kept."""
    starts = datetime.fromisoformat(stored["starts"])
    span = Span(starts, starts + timedelta(minutes=stored["minutes"]))
    return Place(stored["staff"], SessionMode(stored["mode"]), span, stored["site"], stored["room"])


def before_of(given: Sequence[Given]) -> list[dict[str, Any]]:
    """What is booked of a man now."""
    return [
        {
            "part": one.part.key,
            "session": one.part.session_id,
            "version": one.part.version,
            **stored_place(one.part.told),
        }
        for one in given
        if one.part.told is not None
    ]


def after_of(given: Sequence[Given]) -> list[dict[str, Any]]:
    """What is proposed for a man."""
    return [{"part": one.part.key, **stored_place(one.place)} for one in given]


def changes_kept(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """Each session of a part before and after, in the order of his course."""
    was = {row["part"]: _kept(row) for row in before}
    return [Change(was.get(row["part"]), _kept(row)) for row in after]


def _kept(row: Mapping[str, Any]) -> Kept:
    return Kept(row["part"], place_kept(row), row.get("session"), row.get("version", 0))
