"""The shipped file of messy referrals."""

from datetime import timedelta
from typing import Any, cast

import pytest

from mhtr.core.errors import Refused
from mhtr.demo import messy, tables
from mhtr.demo.men import nhs_number
from mhtr.demo.stories import imports
from mhtr.demo.stories.imports import rows_for
from mhtr.intake import import_service
from mhtr.people.identifiers import is_test_nhs_number, parse_nhs_number


def test_the_shipped_file_is_what_the_program_writes() -> None:
    made = messy.rows(messy.SHIPPED_ROWS, messy.SHIPPED_MONDAY)
    assert tables.text("referrals.csv") == messy.write(made)


def test_it_begins_with_a_byte_order_mark_and_ends_lines_as_windows_does() -> None:
    content = tables.text("referrals.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") >= messy.SHIPPED_ROWS


def test_it_holds_every_fault() -> None:
    rows = messy.read(tables.text("referrals.csv"))
    good = messy.rows(messy.SHIPPED_ROWS, messy.SHIPPED_MONDAY)
    assert rows == good
    text = tables.text("referrals.csv").decode("utf-8-sig")
    for fault in ("31/02/1990", "Old Bailey annexe", "tbc", "X12345,", "07O0", "’", "–"):
        assert fault in text
    references = [row["external_reference"] for row in rows]
    assert len(set(references)) < len(references)


def test_moving_keeps_weekdays_birth_dates_and_faults() -> None:
    rows = messy.read(tables.text("referrals.csv"))
    moved = messy.moved(rows, timedelta(weeks=5))
    for before, after in zip(rows, moved, strict=True):
        assert before["born"] == after["born"]
        assert (before["hearing_on"] == "tbc") == (after["hearing_on"] == "tbc")
    assert any(
        before["hearing_on"] != after["hearing_on"]
        for before, after in zip(rows, moved, strict=True)
    )


def test_any_size_can_be_made() -> None:
    for people in (10, 30, 250, 400):
        weeks = rows_for(people, messy.SHIPPED_MONDAY)
        assert len(weeks) == len(messy.BATCH_DAYS)
        assert abs(sum(map(len, weeks)) - people) <= 8


def test_nhs_numbers_are_valid_distinct_and_never_issued() -> None:
    numbers = [nhs_number(serial) for serial in range(3000)]
    assert len(set(numbers)) == len(numbers)
    assert all(parse_nhs_number(n) == n and is_test_nhs_number(n) for n in numbers)


def test_a_row_that_is_refused_is_turned_away_and_the_file_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(**_given: object) -> bool:
        raise Refused("This reference was taken before.")

    told: list[dict[str, Any]] = []
    monkeypatch.setattr(import_service, "take_row", refused)
    monkeypatch.setattr(import_service, "turn_away", lambda **given: told.append(given))
    row, reading = cast(Any, object()), cast(Any, object())
    assert imports._take(7, row, reading, by=1) is False
    assert [given["run_id"] for given in told] == [7]
