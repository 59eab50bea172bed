"""Makers for the court's side: a court team, a request on a case, a released report."""

from dataclasses import replace
from datetime import date

from mhtr.accounts.models import Organisation, OrganisationKind, Staff, Team
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.models import CourtCoverage
from mhtr.people.models import Identifier, IdentifierKind, Person
from mhtr.suitability.asked import Asked, Custody, Plea, RiskOfHarm
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.models import (
    Assessment,
    CountersignDecision,
    CountersignRequest,
    ReportRelease,
    Verdict,
)
from mhtr.suitability.report_content import content_hash, to_json
from tests.makers import make_case, make_organisation, make_person, make_staff, make_team
from tests.suitability.report_samples import SIGNED
from tests.worlds import world

COURT = "B01KR"
HEARING = date(2026, 12, 11)
ASKED = Asked(
    plea=Plea.GUILTY,
    court_code=COURT,
    hearing_on=HEARING,
    custody=Custody.BAIL,
    risk_of_harm=RiskOfHarm.MEDIUM,
    psr_type=PsrType.SHORT,
)


class CourtSide:
    """A trust, a court team of two with a colleague elsewhere, and the court it writes for."""

    @world
    def __init__(self) -> None:
        self.trust: Organisation = make_organisation()
        self.unit = make_organisation(OrganisationKind.COURT_TEAM)
        self.team: Team = make_team(self.unit)
        self.other_team: Team = make_team(self.unit)
        self.author: Staff = self.officer("Ruth Adeyemi")
        self.colleague: Staff = self.officer("Sam Boateng")
        self.stranger: Staff = make_staff(
            Role.COURT_PROBATION, team=self.other_team, name="Lena Fry"
        )
        with writing():
            db.session.add(
                CourtCoverage(
                    court_code=COURT,
                    live_from=date(2026, 1, 1),
                    trust_id=self.trust.id,
                    court_team_id=self.team.id,
                )
            )

    def officer(self, name: str, *roles: Role) -> Staff:
        """A member of the court team."""
        return make_staff(*(roles or (Role.COURT_PROBATION,)), team=self.team, name=name)


def make_man(crn: str = "X123456", given_name: str = "Tunde") -> Person:
    """A man with a CRN on record."""
    person = make_person(given_name)
    person_id = person.id
    with writing():
        db.session.add(Identifier(person_id=person_id, kind=IdentifierKind.CRN, value=crn))
    return db.session.get_one(Person, person_id)


@world
def granted_case(court: CourtSide, person: Person | None = None) -> Case:
    """A case whose author already has it for the pre-sentence purpose."""
    case_id = make_case(person).id
    with writing():
        access.grant(
            case_id, Purpose.PRE_SENTENCE, court.author.principal_id, because="test", by=None
        )
    return db.session.get_one(Case, case_id)


@world
def release(
    case_id: int,
    assessor: Staff,
    author: Staff,
    *,
    content_digest: str = "",
    addendum: bool = False,
) -> ReportRelease:
    """A released report as the release service would leave it."""
    content = SIGNED
    if addendum:
        content = replace(
            content,
            kind=type(content.kind).ADDENDUM,
            addendum_to=SIGNED.reference,
            addendum_wording="He has since moved. Appointments can be by video.",
        )
    lead = make_staff(Role.CLINICAL_LEAD, hcpc="PYL123")
    with writing():
        case = cases.lock(case_id)
        assessment = Assessment(case_id=case_id, author_id=assessor.id)
        db.session.add(assessment)
        db.session.flush()
        asked = CountersignRequest(
            assessment_id=assessment.id,
            requested_by=assessor.id,
            content=to_json(content),
            content_hash=content_hash(content),
        )
        db.session.add(asked)
        db.session.flush()
        decision = CountersignDecision(
            request_id=asked.id,
            verdict=Verdict.COUNTERSIGNED,
            by_id=lead.id,
            at=clock.now(),
            hcpc_number="PYL123",
            hcpc_checked_on=clock.today(),
            comments=[],
        )
        db.session.add(decision)
        db.session.flush()
        if not addendum:
            through_assessment(case, assessor, lead)
        made = ReportRelease(
            case_id=case_id,
            assessment_id=assessment.id,
            decision_id=decision.id,
            is_addendum=addendum,
            released_at=clock.now(),
            released_by=lead.id,
            to_author_id=author.id,
            to_team_id=None,
            content=to_json(content),
            content_hash=content_digest or content_hash(content),
            pdf=b"%PDF-1.7 the released file",
        )
        db.session.add(made)
    return made


def through_assessment(case: Case, assessor: Staff, lead: Staff) -> None:
    """The facts from allocation to release, inside the caller's transaction."""
    done = {"recommendation": "suitable", "author_id": assessor.id}
    for kind, by, detail in (
        (FactKind.ACCEPTED, assessor.id, {}),
        (FactKind.ALLOCATED, assessor.id, {}),
        (FactKind.ASSESSMENT_STARTED, assessor.id, {}),
        (FactKind.ASSESSMENT_FINISHED, assessor.id, done),
        (FactKind.COUNTERSIGN_REQUESTED, assessor.id, {}),
        (FactKind.COUNTERSIGNED, lead.id, {"content_hash": "x"}),
        (FactKind.REPORT_HEARD, assessor.id, {}),
        (FactKind.RELEASED, lead.id, {"content_hash": "x"}),
    ):
        cases.add_fact(case, kind, by=by, detail=detail)
