"""His plan and his letters for tests: written, signed, given."""

from datetime import date
from typing import Any

from mhtr.accounts.models import Staff
from mhtr.cases import consent_service
from mhtr.compliance.contact_rules import Way
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.discharge import copy_service, letter_service, owed, plan_service, queries
from mhtr.discharge.building import Built, build
from mhtr.discharge.letter_content import content_hash
from mhtr.discharge.letter_kinds import LetterKind, shape_of
from mhtr.discharge.letter_service import Compiled, Written
from mhtr.discharge.models import CaseLetter, LaterPlan, LetterCopy, LetterVersion
from mhtr.discharge.owed import Standing
from mhtr.discharge.rules import Copy, Plan, Sent, Stance, To
from mhtr.people.kinds import GpStatus
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from tests.ending.makers import Finishing

PLAN = Plan(
    signs="I stop answering my phone",
    helps="Walking with my brother",
    call="My brother, 07700 900123",
    after="The allotment on Saturdays",
    stance=Stance.AGREED,
)
FILE = b"%PDF-1.7 a file"
GP = "Fictional Lane Surgery"


def planned(of: Finishing, plan: Plan = PLAN, *, seen: int | None = None) -> LaterPlan:
    """His plan, as his therapist writes it down with him."""
    case_id, by = of.case.id, of.man.therapist.id
    before = queries.plan_now(case_id)
    number = seen if seen is not None else (before.number if before else 0)
    way = None if plan.stance is Stance.NOT_ASKED else Way.IN_PERSON
    with writing():
        return plan_service.write(case_id=case_id, plan=plan, way=way, seen=number, by=by)


def begun(of: Finishing, kind: LetterKind = LetterKind.SUMMARY) -> CaseLetter:
    """A letter is begun by his therapist."""
    case_id, by = of.case.id, of.man.therapist.id
    with writing():
        return letter_service.begin(case_id=case_id, kind=kind, by=by)


def now(row: CaseLetter) -> CaseLetter:
    """A letter as it stands."""
    return db.session.get_one(CaseLetter, row.id, populate_existing=True)


def written(of: Finishing, row: CaseLetter, words: str = "It went well", **said: Any) -> CaseLetter:
    """Every part of it is written."""
    letter_id, kind = row.id, now(row).kind
    version, by = now(row).version, of.man.therapist.id
    parts = {part.key: f"{words}: {part.key}" for part in shape_of(kind).parts}
    with writing():
        letter_service.write(
            letter_id=letter_id, said=Written(parts, **said), version=version, by=by
        )
    return now(row)


def built(of: Finishing, row: CaseLetter, by: Staff) -> Built:
    """What somebody would sign now."""
    found = build(of.case, now(row), by=by.id)
    db.session.rollback()
    return found


def compiled(of: Finishing, row: CaseLetter, by: Staff) -> Compiled:
    """What somebody would sign now, with a stand-in for the file."""
    letter = built(of, row, by).letter
    return Compiled(FILE, content_hash(letter) if letter else "")


def signs(
    of: Finishing, row: CaseLetter, by: Staff, what: Compiled | None = None
) -> LetterVersion | None:
    """Somebody signs it."""
    found = what or compiled(of, row, by)
    letter_id, version, by_id = row.id, now(row).version, by.id
    db.session.rollback()
    with writing():
        return letter_service.sign(letter_id=letter_id, compiled=found, version=version, by=by_id)


def signed(of: Finishing, row: CaseLetter) -> LetterVersion:
    """His therapist, who is not registered, signs it, and the lead after him."""
    assert signs(of, row, of.man.therapist) is None
    made = signs(of, row, of.world.lead)
    assert made is not None
    return made


def summary(of: Finishing, **said: Any) -> tuple[CaseLetter, LetterVersion]:
    """A discharge summary that was signed."""
    row = written(of, begun(of), **said)
    return row, signed(of, row)


def anew(of: Finishing, row: CaseLetter, **said: Any) -> LetterVersion:
    """Another version of it, signed."""
    letter_id, version, by = row.id, now(row).version, of.man.therapist.id
    with writing():
        letter_service.issue_anew(letter_id=letter_id, version=version, by=by)
    written(of, row, **{"why_again": "A day was wrong", **said})
    return signed(of, row)


def copied(
    of: Finishing,
    version: LetterVersion,
    to: To = To.HIM,
    sent: Sent = Sent.HANDED,
    *,
    on: date | None = None,
    by: Staff | None = None,
    **said: Any,
) -> LetterCopy:
    """A copy was given or sent today."""
    version_id, by_id, day = version.id, (by or of.man.therapist).id, on or clock.today()
    with writing():
        return copy_service.record(
            version_id=version_id, said=Copy(to, sent, **said), on=day, by=by_id
        )


def says(of: Finishing, decision: ConsentDecision = ConsentDecision.GIVEN) -> None:
    """What he says to his GP being told."""
    case_id, by = of.case.id, of.man.therapist.id
    with writing():
        consent_service.record_consent(
            case_id=case_id,
            item=ConsentItem.GP,
            decision=decision,
            how="face_to_face",
            at=clock.now(),
            by=by,
        )


def has_gp(of: Finishing, name: str = GP) -> None:
    """He is registered with a practice."""
    case_id = of.case.id
    with writing():
        person = of.case.person
        person.gp_status, person.gp_name = GpStatus.REGISTERED, name
    assert of.case.id == case_id


def standing(of: Finishing) -> list[Standing]:
    """His letters as they stand."""
    return owed.letters_now(of.case)


def waiting(of: Finishing, kind: TaskKind = TaskKind.LETTER) -> dict[str, int | None]:
    """Titles of the open tasks around letters, with who has each."""
    return {one.title: one.owner_staff_id for one in tasks.open_tasks(of.case.id, kind)}
