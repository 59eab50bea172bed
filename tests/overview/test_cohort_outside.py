"""The outcomes report: what leaves the service, in files and on a commissioner's page."""

import csv
import io
import re
from datetime import date

import pytest
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from tests.makers import make_staff
from tests.overview.cohort_pages import BETTER, PAGE, SAME, a_cohort, text_of
from tests.overview.cohort_pages import lead as lead
from tests.overview.treated import treated
from tests.pages import PageClient


def cells(answer: str) -> dict[str, list[str]]:
    rows = list(csv.reader(io.StringIO(answer)))
    start = next(n for n, row in enumerate(rows) if row[:1] == ["Section"])
    return {f"{row[0]}/{row[1]}/{row[2]}": row for row in rows[start + 1 :]}


def test_files_are_hidden_and_rounded_though_the_page_is_not(
    client: PageClient, lead: Staff
) -> None:
    a_cohort(lead)
    treated(lead, *SAME, ended_on=None)
    client.sign_in(lead)
    answer = client.get(f"{PAGE}.csv")
    rows = cells(answer.get_data(as_text=True))
    assert rows["Ended//Reliable recovery"][3:9] == [
        *("10", "20", "Finished, less those not at caseness", "50", "19.7", "83.7")
    ]
    assert rows["Ended//Reliable deterioration"][3] == "not shown"
    assert rows["Ended//Reliable deterioration"][6] == ""
    assert not any("treatment/" in name or "Interim" in name for name in rows)
    assert rows["Scores//PHQ-9, mean of first scores"][12] == "not shown"
    assert not any(re.fullmatch("[1-4]", cell) for row in rows.values() for cell in row[3:5])
    assert "rounded to the nearest five" in answer.get_data(as_text=True)
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_commissioner_sees_nothing_small_and_no_link_to_a_man(
    client: PageClient, lead: Staff
) -> None:
    a_cohort(lead, better=12, same=3, lost=1)
    client.sign_in(make_staff(Role.COMMISSIONER))
    page = client.page(f"{PAGE}?compare=court")
    text = text_of(page)
    assert "Counts below five are not shown" in text
    assert "10 of 15" in text and "12" not in re.sub(r"\b12 months|-12-|2012", "", numbers(text))
    assert f"{PAGE}/men" not in page
    assert "Treated" not in page


def numbers(text: str) -> str:
    start = text.index("Finished courses")
    return " ".join(re.findall(r"\b\d+ of \d+", text[start:]))


def test_a_commissioner_cannot_choose_periods_that_overlap_as_he_likes(
    client: PageClient, lead: Staff
) -> None:
    a_cohort(lead)
    client.sign_in(make_staff(Role.COMMISSIONER))
    days = "first-day=2&first-month=3&first-year=2026&last-day=4&last-month=9&last-year=2026"
    plain = client.page(PAGE)
    assert "Ended 1 April 2026 to 30 September 2026" in text_of(plain)
    page = client.page(f"{PAGE}?{days}&court=B01BE&group=age%3D18-24")
    assert "Ended 1 April 2026 to 30 September 2026" in text_of(page)
    assert numbers(text_of(page)) == numbers(text_of(plain))
    for half in ("2026-10-31", "2026-06-30", "2025-12-31", "2027-03-31"):
        assert client.get(f"{PAGE}?half={half}").status_code == 422
    assert "Ended 1 October 2025 to 31 March 2026" in text_of(
        client.page(f"{PAGE}?half=2026-03-31")
    )


def test_what_leaves_says_nothing_of_men_still_in_treatment(
    client: PageClient, lead: Staff
) -> None:
    """Their number changes from day to day: two looks would tell of the man between them."""
    for _ in range(7):
        treated(lead, *SAME, ended_on=None)
    assert "Interim" in text_of(client.sign_in(lead).page(PAGE))
    client.sign_in(make_staff(Role.COMMISSIONER))
    text = text_of(client.page(PAGE))
    assert "Interim" not in text and "interim" not in text and "In treatment" not in text


@pytest.mark.parametrize(
    ("days", "covered"),
    [
        ("2026-02-02 2026-11-04", "1 April 2026 to 30 September 2026"),
        ("2026-01-01 2026-09-30", "1 January 2026 to 30 September 2026"),
        ("2026-07-02 2026-11-04", ""),
    ],
)
def test_files_of_the_service_cover_whole_quarters(
    client: PageClient, lead: Staff, days: str, covered: str
) -> None:
    first, last = (date.fromisoformat(day) for day in days.split())
    query = "&".join(
        f"{name}-day={day.day}&{name}-month={day.month}&{name}-year={day.year}"
        for name, day in (("first", first), ("last", last))
    )
    client.sign_in(lead)
    page, file = text_of(client.page(f"{PAGE}?{query}")), client.get(f"{PAGE}.csv?{query}")
    if covered:
        assert f"They cover whole quarters that are over: {covered}." in page
        narrower = f"They hold the men whose treatment ended from {covered}"
        assert (narrower in page) == (days != "2026-01-01 2026-09-30")
        assert f"Episodes ended from {covered}" in file.get_data(as_text=True)
    else:
        assert "this period holds none" in page and "Download" not in page
        assert file.status_code == 404


def test_a_reader_with_both_roles_sees_what_the_service_sees(
    client: PageClient, lead: Staff
) -> None:
    treated(lead, *BETTER)
    client.sign_in(make_staff(Role.COMMISSIONER, Role.SERVICE_MANAGER))
    assert "Ended from" in client.page(PAGE)


def test_reading_it_is_audited_and_so_are_its_files(client: PageClient, lead: Staff) -> None:
    treated(lead, *BETTER)
    client.sign_in(lead)
    for path, endpoint, kind in (
        (PAGE, "cohorts.outcomes", "outcomes_report"),
        (f"{PAGE}.csv", "cohorts.csv", "outcomes_report_csv"),
        (f"{PAGE}.pdf", "cohorts.pdf", "outcomes_report_pdf"),
    ):
        client.get(path)
        last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        assert last.detail["page"] == endpoint and kind in last.detail["shown"]
