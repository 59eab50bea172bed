"""The men behind a figure of the outcomes report."""

import re
from html import unescape

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core.access import Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from tests.makers import make_staff
from tests.overview.cohort_pages import BETTER, PAGE, text_of
from tests.overview.cohort_pages import lead as lead
from tests.overview.things import give
from tests.overview.treated import treated
from tests.pages import PageClient


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
