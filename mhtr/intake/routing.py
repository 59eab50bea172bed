"""Which treating trust a referral goes to, and the reason a page can show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.intake.eligibility import CoveragePeriod


class RoutedBecause(StrEnum):
    """Why a referral went where it went."""

    COURT = "court"
    AREA = "area"
    DEFAULT = "default"
    UNDECIDED = "undecided"


ROUTED_WORDS: Mapping[str, str] = {
    RoutedBecause.COURT: "This trust covers the court.",
    RoutedBecause.AREA: "No coverage is recorded for the court; this trust covers the area of the "
    "place where he was seen.",
    RoutedBecause.DEFAULT: "Neither court nor place decides it; this is the default trust.",
    RoutedBecause.UNDECIDED: "Neither court nor place decides it and no default trust is set. "
    "Check that it is yours.",
}


@dataclass(frozen=True)
class CourtCover(CoveragePeriod):
    """A coverage period with the trust that assesses and the court team that writes reports."""

    trust_id: int = 0
    court_team_id: int | None = None


@dataclass(frozen=True)
class Trust:
    """A treating trust as routing sees it: the part of London it serves, and its ODS code."""

    id: int
    area: str
    ods_code: str


@dataclass(frozen=True)
class Route:
    """Where a referral goes, and why."""

    trust_id: int
    because: RoutedBecause
    court_team_id: int | None = None


def route(
    court: str,
    on: date,
    place_area: str,
    *,
    covers: Sequence[CourtCover],
    trusts: Sequence[Trust],
    default: str,
) -> Route | None:
    """The trust for a court on a day, else for the place's area, else the default, else the first.

    `default` is an ODS code or empty. None: there is no treating trust at all.
    """
    for cover in covers:
        if court and cover.covers(court, on):
            return Route(cover.trust_id, RoutedBecause.COURT, cover.court_team_id)
    for trust in trusts:
        if place_area and trust.area == place_area:
            return Route(trust.id, RoutedBecause.AREA)
    for trust in trusts:
        if default and trust.ods_code == default:
            return Route(trust.id, RoutedBecause.DEFAULT)
    return Route(trusts[0].id, RoutedBecause.UNDECIDED) if trusts else None
