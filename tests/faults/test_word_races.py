"""Two of the service act at once on what probation told, or one acts while it is taken back."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Flag
from mhtr.probation import word_acts, word_service, word_tasks
from mhtr.probation.word_acts import Warn
from mhtr.probation.word_queries import words_of
from mhtr.probation.word_rules import State, StepKind, Subject
from mhtr.tasks import service as tasks
from tests.compliance.test_decisions import under_order
from tests.faults.invariants import assert_sound
from tests.faults.test_races import at_once
from tests.probation.test_words import told
from tests.sessions.seen import Treated

Do = Callable[[], None]


def warns(man: Treated, by: int) -> Do:
    case_id, ref = man.case.id, words_of(man.case.id)[0].row.ref
    said = Warn("Kyle Brandt", "Mine", man.therapist.id, clock.today() + timedelta(days=30))

    def run() -> None:
        with writing():
            word_acts.warn(case_id=case_id, ref=ref, said=said, by=by)

    return run


def flags() -> int:
    return db.session.scalars(select(func.count()).select_from(Flag)).one()


def test_of_two_who_act_at_once_one_does(either_app: Flask) -> None:
    man = under_order()
    told(man, Subject.NO_CONTACT)
    case_id = man.case.id
    does = [warns(man, who) for who in (man.therapist.id, man.world.office.id, man.world.lead.id)]
    db.session.remove()
    said = at_once(either_app, does)
    assert said == ["done", "stale", "stale"]
    steps = [step.row.kind for step in words_of(case_id)[0].steps]
    assert flags() == 1 and steps == [StepKind.RECEIVED, StepKind.CHANGED]
    assert_sound()


def test_acted_on_while_it_is_taken_back(either_app: Flask) -> None:
    """Whichever comes first: nothing is made of what was taken back that nobody looks at."""
    man = under_order()
    ref = told(man, Subject.NO_CONTACT).row.ref
    case_id, officer = man.case.id, man.world.officer.id

    def takes_back() -> None:
        with writing():
            word_service.withdraw(case_id=case_id, ref=ref, why="Another man", by=officer)

    does = [warns(man, man.therapist.id), takes_back]
    db.session.remove()
    said = at_once(either_app, does)
    assert words_of(case_id)[0].state is State.WITHDRAWN
    waiting = tasks.open_tasks(case_id, *word_tasks.KINDS)
    assert (flags(), len(waiting)) == ((1, 1) if said == ["done", "done"] else (0, 0))
    assert_sound()
