"""A man whose miss was referred to an enforcement officer, for tests of its papers."""

from mhtr.accounts.models import Staff
from mhtr.compliance.attendance import Happened
from mhtr.compliance.enforcement_models import EnforcementStep
from mhtr.compliance.enforcing import StepKind
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.probation.papers import service
from mhtr.probation.papers.making import papers_of
from mhtr.probation.papers.models import PapersSent, ReferralPapers
from mhtr.probation.papers.page import draft_issue
from mhtr.probation.papers.queries import versions_of
from mhtr.probation.papers.service import Compiled
from mhtr.probation.papers.view import compile_papers
from tests.compliance.test_enforcement import did, failed
from tests.sessions.seen import Treated, tell


def referred() -> tuple[Treated, EnforcementStep]:
    """A man whose miss of today was not accepted and was referred the same day."""
    man = failed()
    return man, did(man, StepKind.REFERRED, named=True)


def compiled(man: Treated, step: EnforcementStep, number: int = 1, why: str = "") -> Compiled:
    """The papers as they would be made now."""
    papers = papers_of(man.case, step)
    return Compiled(papers, compile_papers(papers, draft_issue(number, "Ola Officer", why)))


def made(
    man: Treated,
    step: EnforcementStep,
    *,
    why: str = "",
    by: Staff | None = None,
    seen: int | None = None,
    ready: Compiled | None = None,
) -> ReferralPapers:
    """Make the next version."""
    before = len(versions_of(step.id)) if seen is None else seen
    compiled_now = ready or compiled(man, step, before + 1, why)
    case_id, ref, staff = man.case.id, step.ref, (by or man.world.officer).id
    db.session.rollback()
    with writing():
        return service.make(
            case_id=case_id, step_ref=ref, compiled=compiled_now, seen=before, why=why, by=staff
        )


def sent(
    man: Treated, step: EnforcementStep, number: int = 1, *, by: Staff | None = None
) -> PapersSent:
    """Record today that a version was sent."""
    case_id, ref, staff = man.case.id, step.ref, (by or man.world.officer).id
    with writing():
        return service.send(
            case_id=case_id,
            step_ref=ref,
            number=number,
            on=clock.today(),
            to="Enforcement, north",
            by=staff,
        )


def put_right(man: Treated, happened: Happened = Happened.TOO_LATE) -> None:
    """What happened at the session is put right."""
    tell(man.place, man.therapist, happened, seen=1, why="He was at the door")
