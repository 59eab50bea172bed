"""Two of probation decide at once, or one decides while what happened is put right."""

from collections.abc import Callable

from flask import Flask

from mhtr.compliance import decision_service, explanation_service
from mhtr.compliance.attendance import Happened, Told
from mhtr.compliance.deciding import Decision
from mhtr.compliance.decision_queries import decisions_on, waiting_of
from mhtr.compliance.decision_service import Seen
from mhtr.compliance.explanation_queries import explanations_on
from mhtr.compliance.queries import latest
from mhtr.compliance.standing.facts import Opinion
from mhtr.compliance.standing.fold import State
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.register import service as register
from sessions.register.service import Entry
from tests.compliance.test_decisions import EARLY, stands, under_order
from tests.compliance.test_explanations import ILL
from tests.counts import count
from tests.faults.invariants import assert_sound
from tests.faults.test_races import at_once
from tests.sessions.seen import Treated

Do = Callable[[], None]
ROUNDS = count(3, 50)


def decides(man: Treated, by: int, opinion: Opinion, seen: Seen) -> Do:
    case_id, subject = man.world.case.id, man.place.ref

    def run() -> None:
        with writing():
            decision_service.decide(
                case_id=case_id,
                subject=subject,
                decision=Decision(opinion, why=EARLY),
                seen=seen,
                by=by,
            )

    return run


def test_of_those_who_decide_at_once_one_does(either_app: Flask) -> None:
    man = under_order()
    officer, senior = man.world.officer.id, man.world.senior.id
    subject = man.place.ref
    for made in range(ROUNDS):
        seen = Seen(1, made)
        does = [
            decides(man, who, opinion, seen)
            for who in (officer, senior)
            for opinion in (Opinion.EXCUSED, Opinion.NO_EXCUSE)
        ]
        db.session.remove()
        said = at_once(either_app, does)
        assert said.count("done") == 1, said
        assert len(decisions_on(subject)) == made + 1
    assert [row.number for row in decisions_on(subject)] == list(range(1, ROUNDS + 1))
    assert_sound()


def test_a_decision_while_what_happened_is_put_right(either_app: Flask) -> None:
    """Whichever comes first: nothing counts against a man who was there."""
    man = under_order()
    place_id, therapist, subject = man.place.id, man.therapist.id, man.place.ref

    def put_right() -> None:
        with writing():
            register.record(
                place_id=place_id, entry=Entry(Told(Happened.SEEN), 1), why="A slip", by=therapist
            )

    does = [decides(man, man.world.officer.id, Opinion.NO_EXCUSE, Seen(1, 0)), put_right]
    db.session.remove()
    said = at_once(either_app, does)
    assert "done" in said
    row = latest(subject)
    assert row is not None and row.happened is Happened.SEEN
    assert stands(man).state is State.IN_FORCE
    assert_sound()


def test_a_decision_while_he_says_more(either_app: Flask) -> None:
    """Whichever comes first: no decision against him stands unseen beside what he said."""
    man = under_order()
    case_id, therapist, subject = man.case.id, man.therapist.id, man.place.ref

    def says() -> None:
        with writing():
            explanation_service.explain(case_id=case_id, subject=subject, said=ILL, by=therapist)

    for made in range(ROUNDS):
        seen = Seen(1, len(decisions_on(subject)), made)
        does = [decides(man, man.world.officer.id, Opinion.NO_EXCUSE, seen), says]
        db.session.remove()
        said = at_once(either_app, does)
        assert set(said) <= {"done", "stale"} and len(explanations_on(subject)) == made + 1
        assert [row.subject for row in waiting_of([case_id])[case_id]] == [subject]
    assert [row.number for row in explanations_on(subject)] == list(range(1, ROUNDS + 1))
    assert_sound()
