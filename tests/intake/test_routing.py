"""Which trust a referral goes to: court before area before default."""

from datetime import date

import pytest

from mhtr.intake.routing import CourtCover, Route, RoutedBecause, Trust, route

DAY = date(2026, 11, 18)
COVER = CourtCover("B01EF", date(2026, 1, 1), date(2026, 12, 31), trust_id=3, court_team_id=7)
NORTH, SOUTH = Trust(1, "north", "RN1"), Trust(2, "south", "RS1")
B = RoutedBecause


@pytest.mark.parametrize(
    ("court", "on", "area", "default", "expected"),
    [
        ("B01EF", DAY, "south", "RN1", Route(3, B.COURT, 7)),
        ("B01EF", date(2027, 1, 1), "south", "RN1", Route(2, B.AREA)),
        ("B01KR", DAY, "south", "RN1", Route(2, B.AREA)),
        ("", DAY, "south", "RN1", Route(2, B.AREA)),
        ("", DAY, "", "RS1", Route(2, B.DEFAULT)),
        ("", DAY, "east", "RS1", Route(2, B.DEFAULT)),
        ("", DAY, "", "", Route(1, B.UNDECIDED)),
        ("", DAY, "", "RX9", Route(1, B.UNDECIDED)),
    ],
)
def test_where_it_goes_and_why(
    court: str, on: date, area: str, default: str, expected: Route
) -> None:
    found = route(court, on, area, covers=[COVER], trusts=[NORTH, SOUTH], default=default)
    assert found == expected


def test_an_empty_court_area_or_code_matches_nothing_that_is_empty_too() -> None:
    blank = CourtCover("", date(2026, 1, 1), trust_id=9)
    bare = Trust(5, "", "")
    found = route("", DAY, "", covers=[blank], trusts=[NORTH, bare], default="")
    assert found == Route(1, B.UNDECIDED)


def test_without_any_trust_there_is_no_route() -> None:
    assert route("", DAY, "north", covers=[], trusts=[], default="RN1") is None
