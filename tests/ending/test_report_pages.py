"""The pages of a report on treatment: written, read as it is sent, signed, read by his officer."""

import io
from datetime import timedelta
from typing import Any

import pytest
import typst
from flask import Flask
from pypdf import PdfReader

from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.ending import report_queries
from mhtr.ending.report_grounds import Ground, Willing
from mhtr.ending.report_pdf import compile_report
from tests.ending.makers import Finishing, finished
from tests.ending.reporting import anew, begun, sent, signed, written
from tests.makers import make_staff
from tests.suitability.browsing import as_, hidden, refused, send
from tests.suitability.pdf_structure import faults

SECRET = "He told me of the night of the fire"


def end(of: Finishing) -> str:
    return f"/cases/{of.case.ref}/end-of-treatment"


def there(of: Finishing) -> str:
    return f"/cases/{of.case.ref}/treatment-end"


def base(of: Finishing) -> str:
    row = report_queries.reports_of(of.case.id)[-1]
    return f"/cases/{of.case.ref}/treatment-reports/{row.ref}"


def day(name: str, on: str = "18/11/2026") -> dict[str, str]:
    parts = on.split("/")
    return {f"{name}-day": parts[0], f"{name}-month": parts[1], f"{name}-year": parts[2]}


def signing(client: Any, path: str, page: str, **more: Any) -> Any:
    return send(client, path, page, mine="yes", **more)


def test_from_the_draft_to_what_his_officer_reads(app: Flask) -> None:
    of = finished()
    begin = f"/cases/{of.case.ref}/orders/{of.order.ref}/treatment-report"
    client = as_(app, of.man.therapist)
    assert send(client, begin, client.page(begin)).status_code == 303
    write = f"{base(of)}/write"
    page = client.page(write)
    assert "checked" not in page and page.count('name="ground"') == 5
    again = refused(client, write, page, ground="no_further", fact_1="Only words")
    assert "Enter the day and what happened on it" in again
    answer = send(
        client, write, again, ground="no_further", fact_1="The last session was held.",
        opinion="He uses what he learnt.", **day("on_1"),
    )  # fmt: skip
    assert answer.status_code == 303
    page = client.page(f"{base(of)}/sign")
    assert "No HCPC or GMC registration" in page and "Sign it and send" not in page
    assert "You have been given no report" in as_(app, of.world.officer).page(there(of))
    client = as_(app, of.world.lead)
    sign = f"{base(of)}/sign"
    page = client.page(sign)
    assert "This is exactly what is sent." in page and "He uses what he learnt." in page
    assert "Tick that this is your own opinion" in refused(client, sign, page)
    assert signing(client, sign, page).status_code == 303
    officer = as_(app, of.world.officer)
    page = officer.page(there(of))
    assert "Dr Amara Lindqvist" in page and "have one made" in page
    version = report_queries.versions_of(of.case.id)[-1]
    read = f"/cases/{of.case.ref}/treatment-reports/versions/{version.ref}"
    page = officer.page(read)
    assert "He uses what he learnt." in page and version.content_hash in page
    file = officer.get(f"{read}.pdf")
    assert file.mimetype == "application/pdf" and "no-store" in file.headers["Cache-Control"]
    text = " ".join(
        "".join(one.extract_text() for one in PdfReader(io.BytesIO(file.data)).pages).split()
    )
    assert "He does not require further treatment" in text and "He uses what he learnt." in text
    assert "PYL000456" in text


def test_the_file_is_accessible_and_the_same_each_time(app: Flask) -> None:
    of = finished()
    _, made = sent(of)
    report = report_queries.verified(made)
    assert report is not None
    file = compile_report(report)
    assert file == compile_report(report)
    assert faults(file) == []


def test_what_he_wrote_is_not_lost_when_somebody_wrote_meanwhile(app: Flask) -> None:
    of = finished()
    row = begun(of)
    client, write = as_(app, of.man.therapist), f"{base(of)}/write"
    page = client.page(write)
    written(of, row)
    again = refused(client, write, page, opinion="My own words")
    assert "while you had this page" in again and "My own words" in again


def test_of_two_who_sign_one_is_told(app: Flask) -> None:
    of = finished()
    row = written(of, begun(of))
    client, sign = as_(app, of.world.lead), f"{base(of)}/sign"
    page = client.page(sign)
    signed(of, row)
    assert signing(client, sign, page).status_code == 404
    assert len(report_queries.versions_of(of.case.id)) == 1


def test_a_prompt_is_ticked_or_nothing_is_sent(app: Flask) -> None:
    of = finished()
    written(of, begun(of), opinion="Ring him on 020 7946 0123.")
    client, sign = as_(app, of.world.lead), f"{base(of)}/sign"
    page = client.page(sign)
    assert "telephone number" in page
    refused(client, sign, page, mine="yes")
    key = hidden(page.replace('type="checkbox" value', "value"), "looked_at")
    assert signing(client, sign, page, looked_at=key).status_code == 303
    log = client.page(end(of))
    assert "Version" in log or "What was sent" in log


def test_his_officer_is_asked_for_no_application_once_the_requirement_has_run_out(
    app: Flask,
) -> None:
    of = finished()
    sent(of)
    tag = "Application to the court"
    assert tag in as_(app, of.world.officer).page(there(of))
    assert "Issue it anew" in as_(app, of.world.lead).page(end(of))
    with clock.using(SetClock(clock.now() + timedelta(days=300))):
        assert tag not in as_(app, of.world.officer).page(there(of))
        assert "Issue it anew" not in as_(app, of.world.lead).page(end(of))


def test_a_draft_is_nobodys_of_probation(app: Flask) -> None:
    of = finished()
    row = written(of, begun(of), opinion=SECRET)
    officer = as_(app, of.world.officer)
    assert SECRET not in officer.page(there(of)) and "draft" not in officer.page(there(of)).lower()
    for path in ("write", "sign", "anew", "drop"):
        assert officer.get(f"{base(of)}/{path}").status_code in (403, 404)
    assert officer.get(f"{base(of)}/steps").status_code == 404
    assert row.opinion == SECRET


def test_nobody_else_reads_what_was_sent(app: Flask) -> None:
    of = finished()
    _, made = sent(of)
    read = f"/cases/{of.case.ref}/treatment-reports/versions/{made.ref}"
    stranger = make_staff(Role.PROBATION)
    court = make_staff(Role.COURT_PROBATION)
    for staff in (of.world.office, stranger, court):
        client = as_(app, staff)
        assert client.get(read).status_code in (403, 404)
        assert client.get(f"{read}.pdf").status_code in (403, 404)


def test_an_old_version_says_that_it_does_not_count(app: Flask) -> None:
    of = finished()
    row, first = sent(of)
    anew(of, row)
    written(of, row, why_again="The number of sessions was wrong.")
    second = signed(of, row)
    officer = as_(app, of.world.officer)
    page = officer.page(f"/cases/{of.case.ref}/treatment-reports/versions/{first.ref}")
    assert "Version 2 took its place" in page
    page = officer.page(f"/cases/{of.case.ref}/treatment-reports/versions/{second.ref}")
    assert "This takes the place of version 1: The number of sessions was wrong." in page
    assert "(superseded)" in officer.page(there(of))


def test_it_is_issued_anew_and_given_up_on_pages(app: Flask) -> None:
    of = finished()
    sent(of)
    client = as_(app, of.man.therapist)
    path = f"{base(of)}/anew"
    assert send(client, path, client.page(path)).status_code == 303
    assert "is being written" in client.page(end(of))
    path = f"{base(of)}/drop"
    assert send(client, path, client.page(path)).status_code == 303
    assert "is being written" not in client.page(end(of))
    assert client.get(f"{base(of)}/write").status_code == 404


def test_the_officer_records_what_became_of_it_and_takes_it_back(app: Flask) -> None:
    of = finished()
    more = {"proposed": "Until 1 March 2027.", "willing_said": "In hospital"}
    sent(of, ground=Ground.LONGER, willing=Willing.NOT_ASKED, **more)
    client, path = as_(app, of.world.officer), f"{base(of)}/steps"
    page = client.page(path)
    assert "checked" not in page
    again = refused(client, path, page, kind="replaced", **day("on"))
    assert "Record first that an application was made" in again
    assert send(client, path, again, kind="applied", **day("on")).status_code == 303
    page = client.page(path)
    assert send(client, path, page, kind="replaced", **day("on")).status_code == 303
    page = client.page(there(of))
    assert "The court replaced the requirement" in page and "willing to comply" in page
    assert f"/orders/{of.order.ref}/change" in page and "18(7)" in page
    step = report_queries.steps_of(of.case.id)[-1]
    back = f"/cases/{of.case.ref}/treatment-report-steps/{step.ref}/take-back"
    assert send(client, back, client.page(back)).status_code == 303
    assert "Taken back." in client.page(there(of))


def test_a_layout_that_fails_keeps_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_report: object) -> bytes:
        raise typst.TypstError("no", "")

    of = finished()
    written(of, begun(of))
    monkeypatch.setattr("mhtr.ending.report_routes.compile_report", fails)
    client, sign = as_(app, of.world.lead), f"{base(of)}/sign"
    again = refused(client, sign, client.page(sign), mine="yes")
    assert "could not be made into a file" in again
    assert report_queries.versions_of(of.case.id) == []
