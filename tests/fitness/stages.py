"""More men, each at another step, so that every form of the program is open on somebody."""

from datetime import date
from typing import Any

from mhtr.accounts.models import Organisation
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, StageOfCase
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import service as intake
from mhtr.intake import triage
from mhtr.suitability import request_service
from mhtr.suitability.asked import Asked, Custody, Plea, RiskOfHarm
from mhtr.suitability.deadlines import PsrType
from tests.fitness.records import COURT, HEARING
from tests.fitness.world import World
from tests.intake.samples import submission
from tests.outcome_measures.treatment import contact, forms, sentence
from tests.suitability import journey

STEPS = (
    "referred",
    "accepted",
    "asked",
    "started",
    "filled",
    "finished",
    "sent",
    "signed",
    "sentenced",
)


class Stages:
    """One case at each step of the path, open to everybody of the world who looks."""

    def __init__(self, world: World, steps: tuple[str, ...] = STEPS) -> None:
        self.world = world
        self.asked: dict[int, dict[str, Any]] = {}
        with writing():
            db.session.get_one(Organisation, world.trust.id).area = "south"
        self.refs: dict[str, dict[str, Any]] = {step: self._made(step) for step in steps}

    def _made(self, step: str) -> dict[str, Any]:
        world = self.world
        practitioner = world.staff[Role.LD_PRACTITIONER]
        with writing():
            case = intake.submit_referral(
                submission=submission(
                    given_name=step, family_name="Zqstage", court=COURT, hearing_on=str(HEARING)
                ),
                channel="form",
                referrer_id=practitioner.id,
                organisation_id=practitioner.organisation_id,
                by=practitioner.id,
            )
            case_id, ref = case.id, case.ref
        people = journey.People(
            db.session.get_one(Case, case_id),
            world.staff[Role.ASSESSOR],
            world.staff[Role.CLINICAL_LEAD],
            world.colleagues[Role.CLINICAL_LEAD],
            world.staff[Role.COURT_PROBATION],
            world.team,
        )
        self._walk(people, STEPS.index(step))
        with writing():
            for role in Role:
                for purpose in access.purposes_of([role]):
                    principal_id = world.staff[role].principal_id
                    access.grant(case_id, purpose, principal_id, because="test", by=None)
        return {"case_ref": ref, **self.asked.get(case_id, {})}

    def _walk(self, people: journey.People, far: int) -> None:
        case_id, assessor_id = people.case.id, people.assessor.id
        with writing():
            locked = cases.lock(case_id)
            plea = {"stage": StageOfCase.GUILTY_PLEA.value}
            cases.add_fact(locked, FactKind.STAGE_RECORDED, by=assessor_id, detail=plea)
        if far >= STEPS.index("accepted"):
            with writing():
                version = cases.lock(case_id).version
                triage.accept(
                    case_id=case_id,
                    version=version,
                    assessor_id=assessor_id,
                    by=people.lead.id,
                    to_trust=people.assessor.organisation_id,
                )
        if far >= STEPS.index("asked"):
            self._ask(people)
        if far >= STEPS.index("started"):
            made = journey.started(people)
        if far >= STEPS.index("filled"):
            journey.fill(made, assessor_id)
        if far >= STEPS.index("finished"):
            journey.finish(made, people)
        if far >= STEPS.index("sent"):
            lead_id = people.lead.id if far == STEPS.index("sent") else None
            request = journey.sent(made, people, lead_id)
        if far >= STEPS.index("signed"):
            journey.decided(request, people.lead.id)
            journey.heard(made, people)
        if far >= STEPS.index("sentenced"):
            self._treat(people)

    def _treat(self, people: journey.People) -> None:
        """Sentenced with the requirement, and asked measures at a contact that is open."""
        sentence(people, on=clock.today())
        made = contact(people)
        self.asked[people.case.id] = {
            "contact_ref": made.ref,
            "occasion_ref": forms(made)["phq9"].ref,
        }

    def _ask(self, people: journey.People) -> None:
        with writing():
            request_service.ask(
                case_id=people.case.id,
                asked=Asked(
                    plea=Plea.GUILTY,
                    court_code=COURT,
                    hearing_on=HEARING,
                    custody=Custody.BAIL,
                    risk_of_harm=RiskOfHarm.MEDIUM,
                    psr_type=PsrType.SHORT,
                    psr_filed_on=date(2026, 11, 20),
                    asked_for_on=date(2026, 11, 19),
                ),
                by=people.psr_author.id,
            )
