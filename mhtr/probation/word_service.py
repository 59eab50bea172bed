"""What probation tells the service of a man: the only writer of it, and of what becomes of it."""

import uuid

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import audit, clock
from mhtr.core.access import CLINICAL_ROLES, SUPERVISES, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.probation import word_tasks
from mhtr.probation.word_models import ProbationWord, ProbationWordStep
from mhtr.probation.word_queries import Word, word_of
from mhtr.probation.word_rules import CLINICAL, WITH_WHY, Said, StepKind, Subject, may, objections

PROBATION_ONLY = "Only probation tells this, or takes it back."
SERVICE_ONLY = "Only the service says what it does with it."
CLINICIANS_ONLY = "A clinician sees to this."
NO_ORDER = "He is under no order here."
WHY_NOTHING = "Say why nothing is changed by it"
WHY_BACK = "Say why it is taken back"
MEANWHILE = "Something was done with it meanwhile"


def tell(*, case_id: int, said: Said, by: int, replaces: uuid.UUID | None = None) -> ProbationWord:
    """Tell the service something of a man; a task with an owner exists before it is acknowledged.

    Args:
        replaces: what was said before, and is said anew with this.

    Raises:
        CannotBe: something is missing, or a day cannot be.
        NotFound: `by` does not supervise him now, or there is no such thing to replace.
        Refused: `by` is not of probation, he is under no order, or it was taken back already.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _must_supervise(case, by)
    if case.state not in UNDER_ORDER:
        raise Refused(NO_ORDER)
    if wrong := objections(said, clock.today()):
        raise CannotBe(*wrong)
    before = _found(case_id, replaces) if replaces is not None else None
    if before is not None:
        _step(before, StepKind.REPLACED, by=by)
    row = _keep(case_id, said, before, by)
    audit.record("words.told", by=by, case_id=case_id, word=row.id, kind=said.subject.value)
    if before is not None:
        word_tasks.over(before.row, by=by)
    word_tasks.open_for(case, row, by=by)
    return row


def withdraw(*, case_id: int, ref: uuid.UUID, why: str, by: int) -> None:
    """Take back what probation told. Where it was acted on, the service looks at that again.

    Raises:
        CannotBe: no reason is given.
        NotFound, Refused: as `tell`.
    """
    must_be_writing()
    case = cases.lock(case_id)
    _must_supervise(case, by)
    word = _found(case_id, ref)
    if not why.strip():
        raise CannotBe(("why", WHY_BACK))
    made = word.last(StepKind.CHANGED)
    _step(word, StepKind.WITHDRAWN, by=by, back_why=why.strip())
    audit.record("words.withdrawn", by=by, case_id=case_id, word=word.row.id)
    word_tasks.over(word.row, by=by)
    if made is not None:
        word_tasks.open_for(case, word.row, by=by, taken_back=True)


def receive(*, case_id: int, ref: uuid.UUID, by: int) -> None:
    """Say that the service has it. A second time nothing is added.

    Raises:
        NotFound: no such thing of this case, or `by` may not see the case.
        Refused: `by` is not of the service, or it is for clinicians.
    """
    must_be_writing()
    case = cases.lock(case_id)
    word = _for_service(case, ref, by)
    if word.last(StepKind.RECEIVED) is None and may(StepKind.RECEIVED, word.state):
        _step(word, StepKind.RECEIVED, by=by)
        audit.record("words.received", by=by, case_id=case_id, word=word.row.id)
        word_tasks.seen(case, word.row, by=by)


def nothing(*, case_id: int, ref: uuid.UUID, why: str, by: int) -> None:
    """Say that nothing is changed by it, and why.

    Raises:
        CannotBe: no reason is given.
        NotFound, Refused: as `receive`.
        Stale: something was done with it meanwhile.
    """
    must_be_writing()
    case = cases.lock(case_id)
    word = _for_service(case, ref, by)
    if not why.strip():
        raise CannotBe(("why", WHY_NOTHING))
    done(case, word, StepKind.NOTHING, by=by, words=why.strip())


def looked(*, case_id: int, ref: uuid.UUID, by: int) -> None:
    """Say that what was made of something that probation took back was looked at.

    Raises:
        NotFound, Refused: as `receive`; also where nothing of it is to be looked at.
    """
    must_be_writing()
    case = cases.lock(case_id)
    word = _for_service(case, ref, by)
    if not word_tasks.looked(word.row, by=by):
        raise NotFound
    audit.record("words.looked_at_again", by=by, case_id=case.id, word=word.row.id)


def begin_change(*, case_id: int, ref: uuid.UUID, by: int) -> tuple[Case, Word]:
    """The locked case and what was told of it, where `by` may change something because of it.

    Raises:
        NotFound, Refused: as `receive`.
        Stale: something was done with it meanwhile.
    """
    must_be_writing()
    case = cases.lock(case_id)
    word = _for_service(case, ref, by)
    if not may(StepKind.CHANGED, word.state):
        raise Stale(word)
    return case, word


def done(
    case: Case, word: Word, kind: StepKind, *, by: int, what: str = "", words: str = ""
) -> None:
    """Record what came of it, in the transaction that made the change; its task is done.

    Raises:
        Stale: something was done with it meanwhile.
    """
    if not may(kind, word.state):
        raise Stale(word)
    if word.last(StepKind.RECEIVED) is None:
        _step(word, StepKind.RECEIVED, by=by)
    _step(word, kind, by=by, what=what, words=words)
    if kind is StepKind.CHANGED:
        audit.record("words.acted_on", by=by, case_id=case.id, word=word.row.id)
    else:
        audit.record("words.nothing_changed", by=by, case_id=case.id, word=word.row.id)
    word_tasks.finished(case, word.row, by=by)


def _keep(case_id: int, said: Said, before: Word | None, by: int) -> ProbationWord:
    timed = said.subject is Subject.REQUIREMENT
    row = ProbationWord(
        case_id=case_id,
        subject=said.subject,
        source=said.source,
        urgent=said.urgent,
        fact=said.fact.strip() or None,
        why=(said.why.strip() or None) if said.subject in WITH_WHY else None,
        first_day=said.first_day,
        last_day=said.last_day,
        postcode=said.postcode.strip() if said.subject is Subject.ADDRESS else "",
        weekday=said.weekday if timed else None,
        starts=said.starts if timed else None,
        ends=said.ends if timed else None,
        replaces_id=before.row.id if before is not None else None,
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _step(
    word: Word, kind: StepKind, *, by: int, what: str = "", words: str = "", back_why: str = ""
) -> None:
    if not may(kind, word.state) and not (
        kind in (StepKind.CHANGED, StepKind.NOTHING) and word.is_open
    ):
        raise Refused(MEANWHILE)
    db.session.add(
        ProbationWordStep(
            word_id=word.row.id,
            kind=kind,
            what=what,
            words=words or None,
            back_why=back_why or None,
            by_id=by,
        )
    )
    db.session.flush()


def _found(case_id: int, ref: uuid.UUID) -> Word:
    word = word_of(case_id, ref)
    if word is None:
        raise NotFound
    return word


def _must_supervise(case: Case, by: int) -> None:
    who = db.session.get_one(Staff, by)
    if not {*SUPERVISES} & {row.role for row in who.roles}:
        raise Refused(PROBATION_ONLY)
    if not stands(viewer_of(who), case.id, Purpose.SUPERVISION):
        raise NotFound  # he was given to somebody else while the page was open


def _for_service(case: Case, ref: uuid.UUID, by: int) -> Word:
    who = db.session.get_one(Staff, by)
    roles = {row.role for row in who.roles}
    if not roles & (CLINICAL_ROLES | {Role.ADMINISTRATOR}):
        raise Refused(SERVICE_ONLY)
    if not stands(viewer_of(who), case.id, Purpose.CLINICAL, Purpose.ADMINISTRATION):
        raise NotFound
    word = _found(case.id, ref)
    if word.row.subject in CLINICAL and not stands(viewer_of(who), case.id, Purpose.CLINICAL):
        raise Refused(CLINICIANS_ONLY)
    return word
