"""Pages about a report that cannot be ready in time: of the service, of probation, and Today."""

from datetime import date
from typing import Any

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.ready_from import REASON_WORDS, Reason
from tests.makers import make_staff
from tests.pages import PageClient
from tests.suitability.browsing import hidden
from tests.suitability.request_forms import date_parts
from tests.suitability.test_late_reports import Late, look
from tests.suitability.test_leave_and_due_date import away
from tests.suitability.test_request_pages import keyed

READY = date(2026, 11, 30)


class Seen(Late):
    """The same, opened to whoever works with it."""

    def __init__(self) -> None:
        super().__init__()
        with writing():
            for purpose, principal_id in (
                (Purpose.CLINICAL, self.court.trust.principal_id),
                (Purpose.ADMINISTRATION, self.court.trust.principal_id),
            ):
                access.grant(self.case_id, purpose, principal_id, because="test", by=None)

    @property
    def address(self) -> str:
        return f"/cases/{db.session.get_one(Case, self.case_id).ref}"

    def said(self) -> dict[str, Any]:
        return keyed(reason=Reason.STAFF.value, version="0", **date_parts("earliest_on", READY))


def test_the_assessor_says_it_and_she_reads_it_at_once(client: PageClient) -> None:
    late = Seen()
    client.sign_in(late.assessor)
    assert "report-date" in client.page(f"{late.address}/assessment")
    page = client.page(f"{late.address}/report-date")
    assert "Tell probation" in page
    assert "See to it" not in page  # not his
    empty = client.post(f"{late.address}/report-date", data=keyed(version="0"))
    assert empty.status_code == 422
    answer = client.post(f"{late.address}/report-date", data=late.said())
    assert answer.status_code == 303
    assert "The report cannot be ready in time" in client.page(answer.location)
    client.sign_in(late.court.author)
    page = client.page(f"{late.address}/request")
    assert "This date cannot be met" in page
    assert "Mon 30 Nov 2026" in page
    today = client.page("/today")
    assert REASON_WORDS[Reason.STAFF] in today
    assert "report-date" not in page


def test_said_twice_from_old_pages_shows_what_stands_and_keeps_what_was_typed(
    client: PageClient,
) -> None:
    late = Seen()
    late.say(date(2026, 12, 2), late.lead)
    client.sign_in(late.assessor)
    answer = client.post(f"{late.address}/report-date", data=late.said())
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Lea Lead said" in text
    assert "not before Wed 2 Dec 2026" in text
    assert 'value="30"' in text
    assert late.request.earliest_on == date(2026, 12, 2)
    again = late.said() | {"version": hidden(text, "version")}
    assert client.post(f"{late.address}/report-date", data=again).status_code == 303
    page = client.page(f"{late.address}/report-date")
    taken = keyed(version=hidden(page, "version"))
    client.post(f"{late.address}/report-date/in-time", data=taken)
    assert late.none_open()


def answered(client: PageClient, late: Seen, version: str, **said: Any) -> Any:
    return client.post(f"{late.address}/request/answer", data=keyed(version=version, **said))


def test_an_old_page_is_refused_with_both_versions_and_a_fresh_one_counts(
    client: PageClient,
) -> None:
    late = Seen()
    late.say(READY, late.lead)
    client.sign_in(late.court.author)
    old = hidden(client.page(f"{late.address}/request"), "version")
    day = date_parts("adjourn_to", date(2026, 12, 18))
    assert answered(client, late, old, answer="seeks_adjournment", **day).status_code == 303
    page = client.page(f"{late.address}/request")
    assert "Will ask the court for an adjournment, to 18 December 2026" in page
    assert "Change your answer" in page
    refused = answered(client, late, old, answer="keeps_date")
    text = refused.get_data(as_text=True)
    assert refused.status_code == 409
    for words in ("Recorded meanwhile", "to 18 December 2026 (Ruth Adeyemi)", "The date stays"):
        assert words in text
    assert late.request.date_answer == DateAnswer.SEEKS_ADJOURNMENT
    withdrawn = client.post(f"{late.address}/request/withdraw", data=keyed(version=old, sure="yes"))
    assert withdrawn.status_code == 409
    fresh = hidden(text, "version")
    assert answered(client, late, fresh, answer="keeps_date").status_code == 303
    assert late.request.date_answer == DateAnswer.KEEPS_DATE
    text = answered(
        client, late, hidden(client.page(f"{late.address}/request"), "version"),
        answer="keeps_date", **day,
    ).get_data(as_text=True)  # fmt: skip
    assert "A new day for the hearing belongs to" in text


def test_leads_and_administrators_see_to_it_from_today(client: PageClient) -> None:
    late = Seen()
    away(late.assessor, date(2026, 11, 18), date(2026, 11, 29))
    late.answer(DateAnswer.KEEPS_DATE)
    for one in (late.lead, late.office):
        client.sign_in(one)
        page = client.page("/today")
        assert "Reports that cannot be ready in time" in page
        assert "probation keeps the date" in page
        assert f"{late.address}/report-date" in page
    page = client.page(f"{late.address}/report-date")
    assert "away from Wed 18 Nov 2026 to Sun 29 Nov 2026" in page
    assert "Tell probation" not in page  # an administrator says nothing of the assessor's work
    done = keyed(version=hidden(page, "version"), how="sent_in_part")
    assert client.post(f"{late.address}/report-date/arranged", data=done).status_code == 303
    assert "cannot be ready in time" not in client.page("/today")
    assert "Arranged on" in client.page(f"{late.address}/report-date")
    client.sign_in(late.court.author)
    assert "What there is will be sent by the due date" in client.page(f"{late.address}/request")


def test_an_arrangement_from_an_old_page_is_refused(client: PageClient) -> None:
    late = Seen()
    late.say(READY, late.assessor)
    client.sign_in(late.lead)
    page = client.page(f"{late.address}/report-date")
    old = str(late.request.version)
    assert f'value="{old}"' in page
    late.answer(DateAnswer.SEEKS_ADJOURNMENT)
    done = keyed(version=old, how="later")
    refused = client.post(f"{late.address}/report-date/arranged", data=done)
    assert refused.status_code == 409
    assert "Will ask the court for an adjournment" in refused.get_data(as_text=True)
    assert late.at_work.id


def test_who_may_not(client: PageClient) -> None:
    late = Seen()
    late.say(READY, late.lead)
    client.sign_in(late.court.author)
    assert client.get(f"{late.address}/report-date").status_code in (403, 404)
    other = make_staff(Role.ASSESSOR, organisation=late.court.trust)
    client.sign_in(other)
    page = client.page(f"{late.address}/report-date")
    assert "Tell probation" not in page
    assert client.post(f"{late.address}/report-date", data=late.said()).status_code == 422
    stranger: Staff = make_staff(Role.CLINICAL_LEAD)
    client.sign_in(stranger)
    assert client.get(f"{late.address}/report-date").status_code == 404


def test_what_waits_for_a_colleague_who_is_away_is_on_the_leads_today(
    client: PageClient, set_clock: SetClock
) -> None:
    late = Seen()
    away(late.assessor, date(2026, 11, 18), date(2026, 11, 20))  # back before it is due
    client.sign_in(late.lead)
    page = client.page("/today")
    assert "Reports of colleagues who are away" in page
    assert f"{late.assessor.name} is away" in page
    set_clock.advance(days=5)
    client.sign_in(late.lead)
    assert "Reports of colleagues who are away" not in client.page("/today")
    away(late.assessor, date(2026, 11, 23), date(2026, 11, 27))
    look()
    page = client.page("/today")
    assert "Reports that cannot be ready in time" in page
    assert "Reports of colleagues who are away" not in page  # not twice
