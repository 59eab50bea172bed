"""The released report as its author and her team read it."""

from typing import Any

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import WRITE_OPTION, db
from mhtr.core.transaction import writing
from tests.makers import make_staff
from tests.pages import PageClient
from tests.suitability.asking import asked
from tests.suitability.makers import CourtSide, granted_case, make_man, release


class TestTheReleasedReport:
    """Read as released, or refused; never anything in between."""

    def case(self, court: CourtSide, **made: Any) -> tuple[Case, int]:
        case_id = granted_case(court, make_man()).id
        asked(court, case_id)
        row = release(case_id, make_staff(Role.ASSESSOR), court.author, **made)
        row_id = row.id
        return db.session.get_one(Case, case_id), row_id

    def test_page_paragraph_file_and_log(self, client: PageClient) -> None:
        court = CourtSide()
        case, row_id = self.case(court)
        client.sign_in(court.author)
        page = client.page(f"/cases/{case.ref}/report")
        assert "Suitable for a mental health treatment requirement" in page
        assert "Paragraph for the pre-sentence report" in page
        assert "was assessed for a mental health treatment requirement" in page
        assert page.count("app-hash") == 2
        answer = client.get(f"/cases/{case.ref}/report.pdf")
        assert answer.data == b"%PDF-1.7 the released file"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="SR-2026-0042.pdf"'
        reads = [
            event.detail["page"]
            for event in db.session.scalars(select(AuditEvent))
            if row_id in event.detail.get("shown", {}).get("report_release", [])
        ]
        assert reads == ["suitability.report", "suitability.report_pdf"]
        assert "Report released" in client.page("/requests?shown=released")

    def test_an_addendum_stands_beside_it(self, client: PageClient) -> None:
        court = CourtSide()
        case, _ = self.case(court)
        release(case.id, make_staff(Role.ASSESSOR), court.author, addendum=True)
        client.sign_in(court.author)
        page = client.page(f"/cases/{case.ref}/report")
        assert "An addendum was released after this report" in page
        assert "Appointments can be by video" in page

    def test_content_that_does_not_match_is_refused(self, client: PageClient) -> None:
        court = CourtSide()
        case, _ = self.case(court, content_digest="0" * 64)
        client.sign_in(court.author)
        for path in ("report", "report.pdf"):
            answer = client.get(f"/cases/{case.ref}/{path}")
            text = answer.get_data(as_text=True)
            assert answer.status_code == 409
            assert "It does not match what was released" in text
            assert "Recommendation" not in text
            assert "PDF-1.7" not in text

    def test_a_file_that_does_not_match_is_refused(self, client: PageClient) -> None:
        court = CourtSide()
        case, row_id = self.case(court)
        ref = case.ref
        with db.engine.execution_options(**{WRITE_OPTION: True}).begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER guard_report_releases_update")
            connection.exec_driver_sql(
                "UPDATE report_releases SET pdf = X'00' WHERE id = ?", (row_id,)
            )
        client.sign_in(court.author)
        assert client.get(f"/cases/{ref}/report.pdf").status_code == 409

    def test_a_clinician_reads_the_same_page(self, client: PageClient) -> None:
        court, lead = CourtSide(), make_staff(Role.CLINICAL_LEAD)
        case, _ = self.case(court)
        case_id, ref = case.id, case.ref
        with writing():
            access.grant(case_id, Purpose.CLINICAL, lead.principal_id, because="test", by=None)
        client.sign_in(lead)
        assert "Suitable for a mental health" in client.page(f"/cases/{ref}/report")
        assert "What probation said" in client.page(f"/cases/{ref}/request")
        assert client.get("/requests").status_code == 403
