"""Two trusts, each with a court of its own, and a case that moves from one to the other."""

from datetime import date

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.models import CourtCoverage
from tests.intake import journey
from tests.intake.house import House
from tests.makers import make_staff
from tests.worlds import world

NORTH = "B01IX"


class Two(House):
    """The house, and a second trust that covers a court of its own."""

    @world
    def __init__(self) -> None:
        super().__init__()
        self.north = journey.make_trust("north")
        with writing():
            db.session.add(
                CourtCoverage(court_code=NORTH, live_from=date(2026, 1, 1), trust_id=self.north.id)
            )
        self.north_lead = make_staff(Role.CLINICAL_LEAD, organisation=self.north, hcpc="PYL000777")
        self.north_assessor = make_staff(Role.ASSESSOR, organisation=self.north)

    def move(self, case: Case, court: str = NORTH, by: Staff | None = None) -> None:
        case_id, version, by = case.id, case.version, by or self.practitioner
        to = self.north.id if court == NORTH else self.trust.id
        with writing():
            court_case.record_hearing(
                case_id=case_id,
                version=version,
                court=court,
                on=date(2026, 12, 9),
                purpose="sentence",
                psr_kind="short",
                reason="court",
                by=by.id,
                to_trust=to,
            )
