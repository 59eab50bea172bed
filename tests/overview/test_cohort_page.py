"""The outcomes report: its figures, who may see what of it, and what leaves the service."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import event, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.rules import CaseState
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.policy import PolicySetting
from mhtr.core.transaction import writing
from mhtr.overview import cohort_queries
from mhtr.overview.cohort_figures import found_in, report
from mhtr.overview.cohort_queries import Asked
from mhtr.overview.cohort_traits import Trait
from mhtr.people.models import Answered
from outcome_measures.cohorts.cohort import Figure
from tests.makers import make_staff
from tests.overview.things import give
from tests.overview.treated import ENDED_ON, a_trust, treated
from tests.pages import PageClient

F = Figure
PAGE = "/measures/report"
ALL = Asked(date(2026, 1, 1), date(2026, 12, 31))
BETTER, SAME, WORSE = ((18, 15), (6, 5)), ((18, 15), (17, 15)), ((12, 9), (19, 14))
NOT_PAIRED = ((18, 15), (None, None))
READERS = {Role.CLINICAL_LEAD, Role.SERVICE_MANAGER, Role.COMMISSIONER}


@pytest.fixture
def lead(app: Flask) -> Staff:
    return make_staff(Role.CLINICAL_LEAD)


def a_cohort(by: Staff, better: int = 12, same: int = 7, lost: int = 1) -> list[Case]:
    made = [treated(by, *BETTER, name="Beta") for _ in range(better)]
    made += [treated(by, *SAME, name="Sigma") for _ in range(same)]
    return [*made, *(treated(by, *NOT_PAIRED, name="Lambda") for _ in range(lost))]


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def test_the_figures_of_a_cohort_on_each_engine(either_app: Flask) -> None:
    by = make_staff(Role.ASSESSOR)
    a_cohort(by, better=3, same=2, lost=1)
    treated(by, *WORSE)
    treated(by, (18, 15))
    treated(by, *BETTER, ended_on=None)
    treated(by, *BETTER, ended_on=date(2025, 12, 31))
    treated(by, *BETTER, state=CaseState.CLOSED, typed=True)
    treated(by)
    cohort = cohort_queries.read(ALL, clock.today())
    found = {figure: len(ids) for figure, ids in found_in(cohort.ended).items()}
    assert (found[F.EPISODES], found[F.SHORT], found[F.FINISHED]) == (9, 1, 8)
    assert (found[F.IMPROVED], found[F.DETERIORATED], found[F.NO_CHANGE]) == (4, 1, 2)
    assert (found[F.PAIRED], found[F.UNPAIRED], found[F.RELIABLY_RECOVERED]) == (7, 1, 4)
    assert len(cohort.open) == 1
    shown = report(cohort, ALL, leaves=False, today=clock.today(), trusts={})
    assert shown.by_figure[F.RELIABLY_RECOVERED].share == 0.5
    assert shown.time.days == 7
    assert [one.paired for one in shown.scores] == [7, 7]


def test_it_asks_as_often_for_many_men_as_for_few(app: Flask, lead: Staff) -> None:
    def statements() -> int:
        asked: list[str] = []

        def note(_c: object, _cursor: object, words: str, *_rest: object) -> None:
            asked.append(words)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            narrowed = Asked(ALL.first, ALL.last, {Trait.AGE: "35-44"}, Trait.ETHNIC_GROUP)
            cohort_queries.read(narrowed, clock.today())
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    treated(lead, *BETTER)
    few = statements()
    for _ in range(6):
        treated(lead, *BETTER, ethnic=(Answered.GIVEN, "A"))
    assert statements() == few < 10


def test_it_is_narrowed_by_court_trust_group_and_period(app: Flask, lead: Staff) -> None:
    one, other = a_trust("North Trust"), a_trust("South Trust")
    treated(lead, *BETTER, trust=one, court="B01KR", ethnic=(Answered.GIVEN, "A"))
    treated(lead, *BETTER, trust=other, court="B01BE", ethnic=(Answered.DECLINED, None))
    treated(lead, *BETTER, trust=other, court="", ethnic=(Answered.GIVEN, "Z"))
    treated(lead, *BETTER, ended_on=date(2026, 10, 2))

    def number(first: date = ALL.first, last: date = ALL.last, **narrowed: str) -> int:
        traits = {Trait(name): code for name, code in narrowed.items()}
        return len(cohort_queries.read(Asked(first, last, traits), clock.today()).ended)

    assert number() == 4
    assert number(trust=str(one.id)) == 1 and number(trust=str(other.id)) == 2
    assert number(court="B01KR") == 2 and number(court="none") == 1
    assert number(ethnic_category="code:A") == 1
    assert number(ethnic_category="declined") == 2  # a code for "would not say" is the same answer
    assert number(ethnic_category="not_asked") == 1 and number(ethnic_category="unknown") == 0
    assert number(age="35-44") == 4 and number(pathway="none") == 4
    assert number(last=date(2026, 9, 30)) == 3
    assert number(first=ENDED_ON, last=ENDED_ON) == 3


@pytest.mark.parametrize("role", list(Role))
def test_who_reaches_what(client: PageClient, role: Role) -> None:
    client.sign_in(make_staff(role))
    expected = 200 if role in READERS else 403
    for page in (PAGE, f"{PAGE}.csv", f"{PAGE}.pdf"):
        assert client.get(page).status_code == expected
    men = client.get(f"{PAGE}/men?figure=finished").status_code
    assert men == (200 if role is Role.CLINICAL_LEAD else 403)
    chart = client.get(f"{PAGE}/chart.svg").status_code
    assert chart == expected


def test_the_page_shows_each_figure_with_what_belongs_beside_it(
    client: PageClient, lead: Staff
) -> None:
    a_cohort(lead)
    treated(lead, *SAME, ended_on=None)
    page = client.sign_in(lead).page(PAGE)
    text = text_of(page)
    assert "Calculated by the NHS Talking Therapies rules, not a Talking Therapies" in text
    # 12 of 20 is the published example.
    assert re.search(r"Reliable recovery .* 12 , men behind.* of 20 .* 60% 38.7 to 78.1% ", text)
    row = re.search(r"Reliable improvement PHQ-9 fell.*?5%", text)
    assert row is not None and re.search(
        r" 19 , men behind Paired 1 , men behind Not paired", row[0]
    )
    assert "last observation carried forward" in text
    assert "Improved on at least two of three measures" in text
    assert "The third measure is CORE-OM" in text
    assert "Interim: men still in treatment" in text
    assert "standard deviation of the first scores of the same men" in text
    assert f'src="{PAGE}/chart.svg"' in page
    assert "Reliable recovery: 60% (95% interval 38.7 to 78.1%), 12 of 20 men" in page


def test_without_a_third_measure_two_of_three_is_not_reported(
    client: PageClient, lead: Staff
) -> None:
    a_cohort(lead, better=2, same=0, lost=0)
    with writing():
        db.session.add(
            PolicySetting(
                key="measures.third_measure",
                value="none",
                valid_from=clock.today(),
                reason="test",
                set_by=lead.id,
                set_at=clock.now(),
            )
        )
    text = text_of(client.sign_in(lead).page(PAGE))
    assert "at least two of three measures" not in text
    assert "no third measure has a rule in force" in text


def test_the_chart_is_a_drawing_of_the_figures(client: PageClient, lead: Staff) -> None:
    a_cohort(lead, better=6, same=2, lost=0)
    answer = client.sign_in(lead).get(f"{PAGE}/chart.svg")
    assert answer.status_code == 200 and answer.mimetype == "image/svg+xml"
    drawn = answer.get_data(as_text=True)
    assert "75%" in drawn and "Reliable recovery" in drawn and "style=" not in drawn
    assert answer.headers["Cache-Control"] == "no-store"


def test_men_behind_a_figure_are_those_in_his_scope(client: PageClient, lead: Staff) -> None:
    mine, not_mine = treated(lead, *BETTER, name="Mine"), treated(lead, *BETTER, name="Theirs")
    as_probation = treated(lead, *BETTER, name="Other")
    give(mine.id, Purpose.CLINICAL, lead)
    give(as_probation.id, Purpose.SUPERVISION, lead)
    client.sign_in(lead)
    page = client.page(f"{PAGE}/men?figure=improved")
    assert "Mine" in page and "Theirs" not in page and "Other" not in page
    assert "2 men are counted but not listed here" in text_of(page)
    assert "18, then 6" in page and "15, then 5" in page
    assert str(mine.ref) in page and str(not_mine.ref) not in page
    seen = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert seen.detail["shown"] == {"case": [mine.id]}


def test_figures_lead_to_the_men_behind_them_only_where_somebody_may_see_men(
    client: PageClient, lead: Staff
) -> None:
    case = treated(lead, *BETTER)
    treated(lead, *BETTER, ended_on=None)
    give(case.id, Purpose.CLINICAL, lead)
    client.sign_in(lead)
    links = re.findall(rf'href="({PAGE}/men[^"]*)"', client.page(f"{PAGE}?compare=court"))
    assert len(links) > 15
    for link in links:
        assert client.get(unescape(link)).status_code == 200
    by_court = [unescape(link) for link in links if "also" in link]
    assert by_court and "Treated" in client.page(by_court[0])
    client.sign_in(make_staff(Role.SERVICE_MANAGER))
    assert f"{PAGE}/men" not in client.page(PAGE)


def test_typed_totals_are_told_apart_behind_the_figure(client: PageClient, lead: Staff) -> None:
    give(treated(lead, *BETTER, typed=True).id, Purpose.CLINICAL, lead)
    page = client.sign_in(lead).page(f"{PAGE}/men?figure=finished")
    assert "18 (typed in), then 6 (typed in)" in page


def test_no_such_figure_shows_no_men(client: PageClient, lead: Staff) -> None:
    client.sign_in(lead)
    for query in ("?figure=", "?figure=nonsense", "?figure=not_recovered"):
        assert client.get(f"{PAGE}/men{query}").status_code == 404


def test_a_period_in_which_nothing_ended_is_told_kindly(client: PageClient, lead: Staff) -> None:
    treated(lead, *BETTER, ended_on=None)
    text = text_of(client.sign_in(lead).page(PAGE))
    assert "No episode ended in this period." in text
    assert "In treatment with at least one session: 1 , men behind Finished courses" in text


def test_days_out_of_order_are_refused_beside_the_field(client: PageClient, lead: Staff) -> None:
    client.sign_in(lead)
    days = "first-day=2&first-month=3&first-year=2026&last-day=1&last-month=3&last-year=2026"
    answer = client.get(f"{PAGE}?{days}")
    assert answer.status_code == 422
    assert "must not be before the first" in answer.get_data(as_text=True)
    assert client.get(f"{PAGE}.csv?{days}").status_code == 404


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
        *("10", "20", "Finished, less those not at caseness", "50", "29.9", "70.1")
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


def test_groups_are_compared_in_a_fixed_order_and_said_to_be(
    client: PageClient, lead: Staff
) -> None:
    for code in ("A", "M", None):
        answered = Answered.GIVEN if code else Answered.NOT_ASKED
        treated(lead, *BETTER, ethnic=(answered, code))
    text = text_of(client.sign_in(lead).page(f"{PAGE}?compare=ethnic_category&order=rate"))
    assert "fewer than 50 men, and its place would be chance" in text
    compared = text[text.index("Compared by") :]
    assert compared.index("White: British") < compared.index("Black or Black British: Caribbean")
    assert compared.index("Caribbean") < compared.index("Not asked")
