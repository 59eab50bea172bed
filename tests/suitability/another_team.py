"""A man whose report a court team has, and another team that asks for it."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.models import CourtCoverage, Referral
from mhtr.intake.referral_values import Safety
from mhtr.suitability import about_a_man, take_over
from mhtr.suitability.asked import Asked, Man
from mhtr.suitability.models import ReportRequest, TakeOverQuestion
from mhtr.suitability.which_case import Prosecution
from tests import worlds
from tests.makers import make_case, make_organisation, make_staff
from tests.suitability.makers import ASKED, CourtSide, make_man, release
from tests.suitability.requesting import ask

ELSEWHERE = "B01GQ"
MAN = Man("X123456", "Tunde", "Okafor", date(1990, 2, 3))
THEIRS = replace(ASKED, court_code=ELSEWHERE, hearing_on=None)
"""As somebody of another team asks, who writes for another court of another trust."""

FAR = "Far Trust"


@dataclass
class World:
    """A man whose report a court team has, its trust, and another trust with another court."""

    court: CourtSide
    case_id: int
    administrator: Staff
    other_trust: Organisation

    @property
    def case(self) -> Case:
        return db.session.get_one(Case, self.case_id)

    @property
    def trust_id(self) -> int:
        query = select(Referral.trust_id).where(Referral.case_id == self.case_id)
        return db.session.scalars(query).one()


@worlds.world
def world(*, released: bool = False, stands: bool = True) -> World:
    court, other = CourtSide(), make_organisation(name=FAR)
    administrator = make_staff(Role.ADMINISTRATOR, organisation=court.trust, name="Bea Aldous")
    case_id = make_case(make_man()).id
    with writing():
        elsewhere = {"court_code": ELSEWHERE, "live_from": date(2026, 1, 1)}
        team = court.other_team.id
        db.session.add(CourtCoverage(**elsewhere, trust_id=other.id, court_team_id=team))
        case = cases.lock(case_id)
        trust = court.trust.principal_id
        access.grant(case_id, Purpose.ADMINISTRATION, trust, because="test", by=None)
        db.session.add(
            Referral(
                case_id=case_id,
                trust_id=court.trust.id,
                source="court-probation",
                channel="form",
                referred_at=clock.now(),
                safety=Safety.SAFE,
                place_code=ASKED.court_code,
                organisation_id=court.unit.id,
                answers={},
                routed_because="court",
            )
        )
        hearings.record_hearing(case, court_code=ASKED.court_code, on=ASKED.hearing_on, by=None)
    if stands:
        ask(case_id, court.author.id)
    if released:
        assessor = make_staff(Role.ASSESSOR, organisation=court.trust)
        release(case_id, assessor, court.author)
    return World(court, case_id, administrator, other)


def asks(by: int, asked: Asked = THEIRS) -> TakeOverQuestion | ReportRequest:
    with writing():
        same = Prosecution.SAME
        return about_a_man.ask_about(man=MAN, asked=asked, safe=True, by=by, prosecution=same)


def question(here: World) -> TakeOverQuestion:
    made = asks(here.court.stranger.id)
    assert isinstance(made, TakeOverQuestion)
    return made


@worlds.world
def hand_over(one: TakeOverQuestion, by: int) -> None:
    case_id, ref = one.case_id, one.ref
    with writing():
        take_over.hand_over(case_id=case_id, question_ref=ref, by=by, to_trust=far_trust())


def far_trust() -> int:
    """The trust of the court that the other team names."""
    return db.session.scalars(select(Organisation.id).where(Organisation.name == FAR)).one()
