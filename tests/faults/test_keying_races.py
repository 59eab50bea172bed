"""Two officers mark one entry at once, or one marks while what happened is put right."""

from collections.abc import Callable

from flask import Flask

from mhtr.compliance.attendance import Happened, Told
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.probation import keyed_service
from mhtr.probation.keyed_queries import entry_of, keyed_of
from mhtr.probation.keying_rules import Kind, Stand
from sessions.register import service as register
from sessions.register.service import Entry
from tests.compliance.test_decisions import under_order
from tests.counts import count
from tests.faults.invariants import assert_sound
from tests.faults.test_races import at_once
from tests.sessions.seen import Treated

Do = Callable[[], None]
ROUNDS = count(3, 30)


def marks(man: Treated, by: int) -> Do:
    case_id, subject = man.world.case.id, man.place.ref

    def run() -> None:
        with writing():
            keyed_service.mark(
                case_id=case_id, subject=subject, kind=Kind.CONTACT, number=1, outcome="", by=by
            )

    return run


def test_of_two_officers_one_marks_and_the_other_is_told(either_app: Flask) -> None:
    man = under_order()
    case_id = man.case.id
    officer, senior = man.world.officer.id, man.world.senior.id
    for made in range(ROUNDS):
        does = [marks(man, officer), marks(man, senior)]
        db.session.remove()
        said = at_once(either_app, does)
        assert said.count("done") == 1, said
        rows = keyed_of(case_id)
        assert len(rows) == made + 1
        with writing():
            keyed_service.take_back(case_id=case_id, ref=rows[0].row.ref, why="Again", by=officer)
    assert_sound()


def test_the_same_officer_twice_marks_once(either_app: Flask) -> None:
    man = under_order()
    case_id, officer = man.case.id, man.world.officer.id
    does = [marks(man, officer) for _ in range(3)]
    db.session.remove()
    assert at_once(either_app, does) == ["done"] * 3
    assert len(keyed_of(case_id)) == 1
    assert_sound()


def test_a_mark_while_what_happened_is_put_right(either_app: Flask) -> None:
    """Whichever comes first: what was keyed in is on record, and is to be corrected."""
    man = under_order()
    case_id, place_id, subject = man.case.id, man.place.id, man.place.ref
    therapist = man.therapist.id

    def put_right() -> None:
        with writing():
            register.record(
                place_id=place_id, entry=Entry(Told(Happened.SEEN), 1), why="A slip", by=therapist
            )

    does = [marks(man, man.world.officer.id), put_right]
    db.session.remove()
    assert at_once(either_app, does) == ["done", "done"]
    entry = entry_of(case_id, subject, Kind.CONTACT)
    assert entry is not None and entry.stand is Stand.TO_CORRECT
    assert [one.row.code for one in keyed_of(case_id)] == ["AFTA"]
    assert_sound()
