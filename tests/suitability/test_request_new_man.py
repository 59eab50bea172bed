"""The PSR author's form about a man the service may not know."""

import re
from datetime import date
from typing import Any

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.suitability.models import ReportRequest
from tests.makers import make_case
from tests.pages import PageClient
from tests.suitability.makers import CourtSide, make_man
from tests.suitability.request_forms import date_parts, form_of_request


def form_about(**change: Any) -> dict[str, Any]:
    man = {
        "crn": "x123456",
        "given_name": "Tunde",
        "family_name": "Okafor",
        **date_parts("born", date(1990, 2, 3)),
        "safe": "yes",
    }
    return {**form_of_request(), **man, **change}


class TestAskingAboutAMan:
    """Known or not, the answer is the same but for the address of her request."""

    def sent(self, client: PageClient, **change: Any) -> tuple[int, str]:
        answer = client.post("/requests/new", data=form_about(**change))
        return answer.status_code, re.sub(r"[0-9a-f-]{36}", "REF", answer.location or "")

    def test_the_answer_does_not_tell_whether_he_is_known(self, client: PageClient) -> None:
        court = CourtSide()
        make_case(make_man("X123456"))
        client.sign_in(court.author)
        known = self.sent(client)
        unknown = self.sent(client, crn="X777777", family_name="Nobody")
        assert known == unknown == (303, "/cases/REF/request")
        assert len(db.session.scalars(select(Case)).all()) == 2

    def test_the_page_that_follows_does_not_tell_either(self, client: PageClient) -> None:
        court = CourtSide()
        make_case(make_man("X123456"))
        client.sign_in(court.author)
        pages = []
        for crn, born in (("X123456", date(1990, 2, 3)), ("X777777", date(1990, 2, 4))):
            data = form_about(crn=crn, **date_parts("born", born))
            page = client.page(client.post("/requests/new", data=data).location)
            page = page.replace(crn, "CRN").replace("4 February", "3 February")
            pages.append(re.sub(r'[0-9a-f-]{36}|(nonce|content|value)="[^"]*"', "", page))
        assert pages[0] == pages[1]
        listed = client.page("/referrals")
        assert "Okafor" not in listed

    def test_a_form_sent_twice_is_one_request(self, client: PageClient) -> None:
        court = CourtSide()
        client.sign_in(court.author)
        data = form_about()
        first, second = (client.post("/requests/new", data=data) for _ in range(2))
        assert first.location == second.location
        assert len(db.session.scalars(select(ReportRequest)).all()) == 1

    def test_no_personal_data_in_the_address(self, client: PageClient) -> None:
        court = CourtSide()
        client.sign_in(court.author)
        answer = client.post("/requests/new", data=form_about())
        assert "okafor" not in answer.location.lower()
        assert "123456" not in answer.location

    def test_a_crn_that_is_none_is_refused(self, client: PageClient) -> None:
        court = CourtSide()
        client.sign_in(court.author)
        answer = client.post("/requests/new", data=form_about(crn="12"))
        assert answer.status_code == 422
        assert "A CRN is one letter and 6 digits" in answer.get_data(as_text=True)
