"""A way of reaching a man that he calls unsafe in one trust counts as safe in no other.

Where two records of two trusts are linked, or may be one man's, a no (or another number) on the
one takes back the yes on the other, and a clinician there asks him again. Neither the record nor
the task says who said what.
"""

from collections.abc import Collection

from sqlalchemy import select

from mhtr.cases.link_queries import linked_ids
from mhtr.cases.models import Case
from mhtr.cases.service import lock
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.cases.twins import are_of_two_trusts, asked_about
from mhtr.cases.who_has import who_asks
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import listeners
from mhtr.people.asking import QUESTION_DUE
from mhtr.people.learning import hold_contact
from mhtr.people.learning_rules import noes, taken_back_elsewhere
from mhtr.people.matching import Verdict
from mhtr.people.models import IdentityQuestion, Person
from mhtr.people.queries import live_id
from mhtr.people.sections import Section
from mhtr.people.values import values_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

LIVE = BEFORE_SENTENCE | UNDER_ORDER
TITLE = "Ask him again which ways of reaching him are safe"
REASON = "Ask him again: a way of reaching him may not be safe any more."


def said(person_id: int, no: Collection[str], number: str, asked: bool, by: int | None) -> None:
    """What was said just now of reaching the man of a record holds on his others too.

    Args:
        no: the ways that are not safe.
        number: the telephone number that was given; empty where none was.
        asked: he was asked for this record, which is what its task waits for.
    """
    must_be_writing()
    own = live_id(person_id)
    if asked:
        _answered(own, by)
    if not (no or number):
        return
    linked = linked_ids(own)
    surely = linked | asked_about(own, Verdict.SAME_IDENTIFIER)
    for other_id in sorted(linked | asked_about(own)):
        _hold(own, other_id, no, number if other_id in surely else "", by)


def met(one_id: int, two_id: int, *, by: int | None) -> None:
    """Two records are found, or may be, to be of one man: a no on either holds on the other.

    Where both gave a yes for different numbers nobody knows which telephone is still his.
    """
    must_be_writing()
    db.session.flush()
    for own, other in ((one_id, two_id), (two_id, one_id)):
        held = values_of(db.session.get_one(Person, own), Section.CONTACT)
        linked = other in linked_ids(own)
        _hold(own, other, noes(held), str(held["phone"] or "") if linked else "", by)


def _hold(own: int, other_id: int, no: Collection[str], number: str, by: int | None) -> None:
    if not are_of_two_trusts(own, other_id):
        return
    held = values_of(db.session.get_one(Person, other_id), Section.CONTACT)
    channels = taken_back_elsewhere(held, no=no, number=number)
    if not channels:
        return
    hold_contact(person_id=other_id, reason=REASON, by=None, channels=channels)
    audit.record("people.contact_held", by=by, person=other_id)
    for case in _cases(other_id):
        _ask(lock(case.id), by)


def _cases(person_id: int) -> list[Case]:
    live = select(Case).where(Case.person_id == person_id, Case.state.in_(sorted(LIVE)))
    return list(db.session.scalars(live.order_by(Case.id)))


def _ask(case: Case, by: int | None) -> None:
    asks = who_asks(case)
    if asks is None or tasks.open_tasks(case.id, TaskKind.ASK_CONTACT):
        return
    staff_id, principal_id = asks
    tasks.open_task(
        TaskKind.ASK_CONTACT,
        key=f"ask-contact:{case.id}:{case.person.version}",
        title=TITLE,
        owner_principal_id=principal_id,
        owner_staff_id=staff_id,
        due_at=clock.now() + QUESTION_DUE,
        by=by,
        case_id=case.id,
        endpoint="people.details",
        subject_ref=case.ref,
    )


def _answered(person_id: int, by: int | None) -> None:
    for case in _cases(person_id):
        for task in tasks.open_tasks(case.id, TaskKind.ASK_CONTACT):
            tasks.finish(task, by=by)


def _asked(question: IdentityQuestion, by: int | None) -> None:
    met(live_id(question.person_id), live_id(question.other_id), by=by)


listeners.contact_said.append(said)
listeners.identity_asked.append(_asked)
