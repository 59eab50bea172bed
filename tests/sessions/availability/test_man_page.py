"""What the page about when he can come is made of, by who looks."""

from flask import Flask

from mhtr.accounts.sessions import viewer_of
from mhtr.cases.queries import find_case
from mhtr.core.access import Purpose
from mhtr.core.transaction import writing
from sessions.availability import man_page, man_service
from tests.sessions.booking.makers import clinic

WHY = "Her flat is opposite."


def test_why_is_not_among_what_an_administrators_page_is_made_of(either_app: Flask) -> None:
    one = clinic()
    case_id, site_id, by = one.case.id, one.site.id, one.people.assessor.id
    with writing():
        man_service.bar_place(case_id=case_id, site_id=site_id, reason=WHY, by=by)
    for staff, reason in ((one.people.assessor, WHY), (one.people.office, "")):
        viewer = viewer_of(staff)
        with either_app.test_request_context():
            case = find_case(viewer, one.case.ref, Purpose.CLINICAL, Purpose.ADMINISTRATION)
            (line,) = man_page.bar_lines(viewer, case)
        assert (line.place, line.reason) == (one.site.name, reason)
