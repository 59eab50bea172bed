"""What the page of a referral's papers shows: its versions, and whether they are still true."""

from collections.abc import Sequence
from dataclasses import dataclass

from mhtr.core import clock
from mhtr.probation.papers.content import Difference, Papers, differences, out_of_date
from mhtr.probation.papers.queries import Sent, Version
from mhtr.probation.papers.view import Issue


@dataclass(frozen=True)
class Since:
    """What differs between the newest version and what is on record now."""

    number: int
    found: tuple[Difference, ...]

    @property
    def wrong(self) -> bool:
        """Whether the version says what is not so, or leaves out what was so by then."""
        return out_of_date(self.found)


def since(versions: Sequence[Version], now: Papers) -> Since | None:
    """What changed since the newest version; None while there is none that can be read."""
    if not versions or versions[0].content is None:
        return None
    row = versions[0].row
    made_on = row.created_at.astimezone(clock.LONDON).date()
    return Since(row.number, differences(versions[0].content, now, made_on))


def issue_of(version: Version, newest: Version) -> Issue:
    """Which version it is, and whether a later one took its place."""
    row = version.row
    superseded = ""
    if row.id != newest.row.id:
        on = newest.row.created_at.astimezone(clock.LONDON).date()
        superseded = (
            f"Superseded: version {newest.row.number} of {on.day} {on:%B %Y} took its place"
        )
    return Issue(
        number=row.number,
        made_on=row.created_at.astimezone(clock.LONDON).date(),
        made_by=version.by,
        why=row.why or "",
        superseded=superseded,
    )


def draft_issue(number: int, by: str, why: str = "") -> Issue:
    """The version that would be made now."""
    return Issue(number=number, made_on=clock.today(), made_by=by, why=why)


def unsent(versions: Sequence[Version], sendings: Sequence[Sent]) -> int:
    """The number of the newest version, where an earlier one was sent and it was not; else 0."""
    numbers = {one.number for one in sendings if one.row.taken_back_at is None}
    if not versions or not numbers or versions[0].row.number in numbers:
        return 0
    return versions[0].row.number
