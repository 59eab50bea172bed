"""The pages of the court case, who reads them, and the courts a trust covers."""

from datetime import date

import pytest
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import coverage
from mhtr.intake.models import CourtCoverage
from tests.intake.house import House
from tests.intake.posting import post
from tests.makers import make_staff
from tests.pages import PageClient


def test_the_pages(client: PageClient, house: House) -> None:
    case = house.refer()
    path = f"/cases/{case.ref}/hearing"
    client.sign_in(house.practitioner)
    assert "2 December 2026" in client.page(path)
    for what in ("date", "stage", "ending"):
        client.page(f"{path}/{what}")
        assert post(client, f"{path}/{what}", version=str(case.version)).status_code in (409, 422)
    moved = {"court": "B01EF", "hearing_on-day": "9", "hearing_on-month": "12"}
    moved |= {"hearing_on-year": "2026", "reason": "report", "version": str(case.version)}
    assert post(client, f"{path}/date", **moved).status_code == 303
    assert post(client, f"{path}/date", **moved, purpose="plea").status_code == 409
    page = client.page(path)
    assert "9 December 2026" in page and "Superseded" in page and "needs more time" in page
    case = db.session.get_one(Case, case.id)
    assert (
        post(client, f"{path}/ending", ending="remanded", version=str(case.version)).status_code
        == 303
    )
    assert "Resume the case" in client.page(path)
    version = str(db.session.get_one(Case, case.id).version)
    assert post(client, f"{path}/go-on", version=version).status_code == 303
    assert "Resume the case" not in client.page(path)


def test_nobody_elsewhere_reads_or_records(client: PageClient, house: House) -> None:
    case = house.refer()
    client.sign_in(make_staff(Role.LD_PRACTITIONER))
    path = f"/cases/{case.ref}/hearing"
    assert client.get(path).status_code == 404
    for what in ("date", "stage", "ending", "go-on"):
        assert post(client, f"{path}/{what}", version="1").status_code == 404


def test_no_trust_takes_another_ones_courts(client: PageClient, house: House) -> None:
    other = make_staff(Role.ADMINISTRATOR)
    row = db.session.scalars(select(CourtCoverage).order_by(CourtCoverage.id)).first()
    assert row is not None
    row_id, path = row.id, f"/coverage/{row.ref}/end"
    last = {"last_day-day": "30", "last_day-month": "11", "last_day-year": "2026"}
    first = {"live_from-day": "1", "live_from-month": "12", "live_from-year": "2026"}
    client.sign_in(other)
    assert path not in client.page("/coverage")
    assert post(client, path, **last).status_code == 409
    theirs = post(client, "/coverage", court="B01IX", trust=str(house.trust.id), **first)
    assert theirs.status_code == 422
    assert db.session.get_one(CourtCoverage, row_id).live_to is None
    with pytest.raises(Refused, match="another trust"), writing():
        coverage.cover(
            court="B01IX",
            trust_id=house.trust.id,
            court_team_id=None,
            live_from=date(2026, 12, 1),
            live_to=None,
            by=other.id,
        )
    client.sign_in(make_staff(Role.SYSTEM_ADMINISTRATOR))
    assert post(client, path, **last).status_code == 303


def test_coverage_is_dated_and_never_overlaps(client: PageClient, house: House) -> None:
    client.sign_in(house.administrator)
    assert "Croydon Magistrates" in client.page("/coverage")
    first = {"live_from-day": "1", "live_from-month": "12", "live_from-year": "2026"}
    trust = {"trust": str(house.trust.id)}
    twice = post(client, "/coverage", court="B01EF", **trust, **first)
    assert twice.status_code == 409 and "covered already" in twice.get_data(as_text=True)
    assert post(client, "/coverage", court="B01IX", **first).status_code == 422
    assert post(client, "/coverage", court="B01IX", **trust, **first).status_code == 303
    assert "To come" in client.page("/coverage")
    row = db.session.scalars(select(CourtCoverage).order_by(CourtCoverage.id)).first()
    assert row is not None
    path = f"/coverage/{row.ref}/end"
    client.page(path)
    last = {"last_day-day": "30", "last_day-month": "11", "last_day-year": "2026"}
    assert post(client, path, **last).status_code == 303
    assert post(client, path, **last).status_code == 409
    assert post(client, "/coverage", court="B01EF", **trust, **first).status_code == 303
    client.sign_in(house.assessor)
    assert client.get("/coverage").status_code == 403
