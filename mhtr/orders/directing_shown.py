"""What the pages say of an order that names somebody who no longer directs."""

from dataclasses import dataclass

from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.orders.directing import Practitioner
from mhtr.orders.models import DirectingChange
from mhtr.orders.queries import OnRecord


@dataclass(frozen=True)
class DirectingShown:
    """One such change. `waits`: written notice or an amendment is still to come."""

    number: int
    """Its place among those that count, from 1."""
    words: str
    state: str
    waits: bool


def directing_shown(found: OnRecord) -> tuple[DirectingShown, ...]:
    """Those that were not taken back, the earliest first."""
    rows = [row for row in found.directing if row.taken_back_at is None]
    return tuple(
        DirectingShown(place, change_words(row), _state(found, row), found.waits_for_notice(row))
        for place, row in enumerate(rows, start=1)
    )


def change_words(row: DirectingChange) -> str:
    """Who no longer directs since when, and who does now."""
    was = Practitioner(row.was_named, row.was_registration).words
    now = Practitioner(row.now_named, row.now_registration).words if row.now_named else ""
    ahead = row.since > clock.today()
    directs = "will no longer direct" if ahead else "no longer directs"
    then = f"{now} directs it {'then' if ahead else 'now'}" if now else "Nobody else is named yet"
    return f"{was} {directs} his treatment from {day_words(row.since)}. {then}"


def notice_words(row: DirectingChange) -> str:
    """To whom written notice was given, and when."""
    on = day_words(row.noticed_on) if row.noticed_on else ""
    return f"Written notice given to {row.noticed_to} on {on}"


def _state(found: OnRecord, row: DirectingChange) -> str:
    if row.noticed_on is not None:
        return notice_words(row)
    if found.waits_for_notice(row):
        return "Notice or amendment to come"
    return "The order names somebody else now, or does not stand any more"
