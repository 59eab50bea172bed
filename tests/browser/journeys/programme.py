"""A small programme made through the services: its staff, and one man on his way to a report."""

from dataclasses import replace
from datetime import date

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.models import CourtCoverage
from mhtr.suitability import request_service
from mhtr.suitability.asked import Asked
from tests.intake.house import House, accept
from tests.makers import make_hours, make_organisation, make_staff, make_team
from tests.suitability.journey import People
from tests.suitability.makers import ASKED
from tests.worlds import world

COURT = "B01EF"
HEARING = date(2026, 12, 11)
CRN = "X123456"
MAN = "Tunde Okafor"


class Programme:
    """A trust with a court it covers, a court team, link workers, and who looks after it all."""

    @world
    def __init__(self) -> None:
        self.house = House()
        trust = self.house.trust
        self.second_lead = make_staff(
            Role.CLINICAL_LEAD, organisation=trust, name="Dr Hannah Sorensen", hcpc="PYL000123"
        )
        self.team = make_team(make_organisation(OrganisationKind.COURT_TEAM), "Court team")
        self.author = make_staff(Role.COURT_PROBATION, team=self.team, name="Ruth Adeyemi")
        self.link_worker = make_staff(Role.LINK_WORKER, name="Kwame Boateng")
        self.privacy_officer = make_staff(Role.PRIVACY_OFFICER, organisation=trust)
        self.system_administrator = make_staff(Role.SYSTEM_ADMINISTRATOR, organisation=trust)
        self.duty_clinician = make_staff(Role.DUTY_CLINICIAN)
        team_id, lead_id = self.team.id, self.house.lead.id
        with writing():
            lead = db.session.get_one(Staff, lead_id)
            lead.hcpc_number, lead.hcpc_checked_on = "PYL000456", clock.today()
            for coverage in db.session.query(CourtCoverage):
                coverage.court_team_id = team_id
        make_hours(trust.id)

    @world
    def referred(self) -> Case:
        """A man referred from custody, with a CRN on record."""
        return self.house.refer(court=COURT, hearing_on=HEARING.isoformat(), crn=CRN)

    @world
    def allocated(self) -> People:
        """The same man, accepted and given to the assessor."""
        case = self.referred()
        accept(self.house, case, self.house.assessor)
        return People(
            case, self.house.assessor, self.house.lead, self.second_lead, self.author, self.team
        )

    @world
    def asked(self, **changes: object) -> People:
        """A report on him is asked for."""
        people = self.allocated()
        asked: Asked = replace(ASKED, court_code=COURT, hearing_on=HEARING, **changes)  # type: ignore[arg-type]
        case_id, by = people.case.id, self.author.id
        with writing():
            request_service.ask(case_id=case_id, asked=asked, by=by)
        return people
