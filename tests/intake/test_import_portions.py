"""A long file is taken in portions: short requests, every row once, however it is gone on with."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import import_routes, import_service, service
from mhtr.intake.csv_rows import FileReading, GoodRow, RefusedCell
from mhtr.intake.import_progress import Progress
from mhtr.intake.models import ImportRun
from mhtr.intake.referral import ReferralSubmission
from tests.intake.referral_files import GOOD, KEY, practitioner, upload
from tests.intake.samples import submission
from tests.makers import make_staff
from tests.pages import PageClient


def reading_of(good: list[int], refused: list[int]) -> FileReading:
    rows = tuple(GoodRow(line, submission(external_reference=f"LD-{line}")) for line in good)
    return FileReading(rows, tuple(RefusedCell(line, "born", "Wrong") for line in refused))


@given(st.lists(st.integers(2, 60), unique=True, max_size=20), st.data())
def test_every_row_is_counted_once_and_every_reason_told_once(
    lines: list[int], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(lines)))
    good, refused = sorted(lines[:cut]), sorted(lines[cut:])
    reading, progress = reading_of(good, refused), Progress()
    for row in reading.good[: data.draw(st.integers(0, len(good)))]:
        outcome = data.draw(st.sampled_from([True, False, None]))
        why = None if outcome is not None else RefusedCell(row.line, "", "No trust")
        progress = progress.past(row, reading, new=outcome, refused=why)
        assert Progress.read(progress.kept()) == progress
    result = progress.result(reading)
    assert result["taken"] + result["known"] + result["left"] + progress.turned_away == len(good)
    told = [cell["line"] for cell in result["refused"]]
    assert len(told) == len(set(told)) == len(refused) + progress.turned_away
    assert set(refused) <= set(told)
    assert progress.done + len(progress.waiting(reading)) == len(good)


def rows(count: int) -> list[str]:
    return [
        GOOD.replace("LD-1", f"LD-{n}").replace("Kwame", f"Kwame{n}").replace("-02,", f"-{n:02},")
        for n in range(1, count + 1)
    ]


def cases() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_routes, "PORTION", 3)


def go_on(client: PageClient, path: str) -> str:
    answer = client.post(path)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def test_a_request_takes_one_portion_and_the_page_says_how_far_it_is(
    client: PageClient, small_portions: None
) -> None:
    client.sign_in(practitioner())
    path = upload(client, *rows(4), GOOD.replace("safe", "x"), *rows(7)[4:])
    place = go_on(client, path)
    assert cases() == 3
    page = client.page(place)
    assert "3 of 7 good rows are done" in page
    assert "Take the next 3 rows" in page
    assert "data-goes-on" in page
    # Who comes back to it later decides himself when it goes on.
    assert "data-goes-on" not in client.page(path)
    assert "3 taken so far" in client.page("/referrals/import")
    assert "6 of 7 good rows are done" in client.page(go_on(client, path))
    assert go_on(client, path) == path
    assert cases() == 7
    result = db.session.scalars(select(ImportRun.result)).one()
    assert result is not None
    assert (result["taken"], result["known"], result["refused_rows"]) == (7, 0, 1)
    assert [cell["line"] for cell in result["refused"]] == [6]
    assert "Result of the import" in client.page(path)
    assert go_on(client, path) == path
    assert cases() == 7


def test_every_reason_can_be_read_half_way(client: PageClient, small_portions: None) -> None:
    client.sign_in(practitioner())
    bad = GOOD.replace("safe", "x")
    path = upload(client, bad, *rows(4), bad)
    go_on(client, path)
    listed = client.get(f"{path}/refused.csv").get_data(as_text=True).splitlines()
    assert [line.partition(",")[0] for line in listed[1:]] == ["2", "7"]


def test_the_rest_can_be_left_out_and_the_file_then_not_thrown_away(
    client: PageClient, small_portions: None
) -> None:
    client.sign_in(practitioner())
    path = upload(client, *rows(5))
    go_on(client, path)
    assert client.post(f"{path}/throw-away").status_code == 409
    assert client.post(f"{path}/stop", data={"submission_key": KEY}).status_code == 303
    page = client.page(path)
    assert re.search(r"the import was stopped</dt>\s*<dd[^>]*>2<", page)
    assert cases() == 3
    assert db.session.scalars(select(ImportRun.content)).one() is None


def test_a_row_that_is_refused_when_it_is_taken_stops_no_other(
    client: PageClient, small_portions: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = service.submit_referral

    def refuses(*, submission: ReferralSubmission, **given: Any) -> Case:
        if submission.external_reference == "LD-2":
            raise Refused("There is no trust to receive it.")
        return taking(submission=submission, **given)

    monkeypatch.setattr(service, "submit_referral", refuses)
    client.sign_in(practitioner())
    path = upload(client, *rows(5))
    assert "3 of 5 good rows are done" in client.page(go_on(client, path))
    go_on(client, path)
    assert cases() == 4
    page = client.page(path)
    assert "Line 3" in page
    assert "There is no trust to receive it." in page


def test_somebody_elses_file_cannot_be_gone_on_with(client: PageClient) -> None:
    client.sign_in(practitioner())
    path = upload(client, *rows(2))
    client.sign_in(practitioner())
    assert client.post(path).status_code == 404
    assert client.post(f"{path}/stop", data={"submission_key": KEY}).status_code == 404
    client.sign_in(make_staff(Role.ASSESSOR))
    assert client.post(f"{path}/stop", data={"submission_key": KEY}).status_code == 403
    assert cases() == 0


def a_run(staff: Staff) -> int:
    by, organisation_id = staff.id, staff.organisation_id
    with writing():
        return import_service.keep_file(
            file_name="week.csv", text="x", organisation_id=organisation_id, by=by
        ).id


def test_two_pages_going_on_at_once_take_every_row_once(either_app: Flask) -> None:
    staff = practitioner()
    by, run_id = staff.id, a_run(staff)
    reading = reading_of(list(range(2, 8)), [])

    def all_of_it(_: int) -> int:
        with either_app.app_context():
            taken = 0
            for row in reading.good:
                with writing():
                    taken += import_service.take_row(run_id=run_id, row=row, reading=reading, by=by)
            db.session.remove()
            return taken

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(all_of_it, range(2))) == 6
    db.session.rollback()
    progress = Progress.read(db.session.get_one(ImportRun, run_id).result)
    assert (progress.taken, progress.known, progress.done) == (6, 0, 6)


def test_an_import_cut_short_goes_on_where_it_was(either_app: Flask) -> None:
    staff = practitioner()
    by, run_id = staff.id, a_run(staff)
    reading = reading_of([2, 3, 4, 5], [])
    with pytest.raises(RuntimeError):
        for row in reading.good:
            with writing():
                import_service.take_row(run_id=run_id, row=row, reading=reading, by=by)
                if row.line == 4:
                    raise RuntimeError("killed")
    db.session.rollback()
    progress = Progress.read(db.session.get_one(ImportRun, run_id).result)
    assert [row.line for row in progress.waiting(reading)] == [4, 5]
    assert (progress.done, cases()) == (2, 2)
