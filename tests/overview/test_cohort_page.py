"""The outcomes report: its figures, who may see it, and what it says."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from mhtr.accounts.models import Staff
from mhtr.cases.rules import CaseState
from mhtr.core import clock
from mhtr.core.access import Role
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
from tests.overview.cohort_pages import BETTER, PAGE, SAME, WORSE, a_cohort, text_of
from tests.overview.cohort_pages import lead as lead
from tests.overview.treated import ENDED_ON, a_trust, treated
from tests.pages import PageClient

F = Figure
ALL = Asked(date(2026, 1, 1), date(2026, 12, 31))
READERS = {Role.CLINICAL_LEAD, Role.SERVICE_MANAGER, Role.COMMISSIONER}


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
    recovered = next(rate for rate in shown.rates if rate.figure is F.RELIABLY_RECOVERED)
    assert recovered.share == 0.5
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
