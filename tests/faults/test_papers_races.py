"""Two of probation issue papers at once, or one does while what happened is put right."""

from collections.abc import Callable

from flask import Flask

from mhtr.compliance.attendance import Happened, Told
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.probation.papers import service
from mhtr.probation.papers.content import content_hash
from mhtr.probation.papers.making import papers_of
from mhtr.probation.papers.queries import versions_of
from sessions.register import service as register
from sessions.register.service import Entry
from tests.counts import count
from tests.faults.invariants import assert_sound
from tests.faults.test_races import at_once
from tests.probation.papers.makers import compiled, referred

Do = Callable[[], None]
ROUNDS = count(2, 20)


def test_of_those_who_issue_at_once_one_does(either_app: Flask) -> None:
    man, step = referred()
    officer, senior = man.world.officer.id, man.world.senior.id
    ready, case_id, ref, step_id = compiled(man, step), man.case.id, step.ref, step.id

    def issues(by: int) -> Do:
        def run() -> None:
            with writing():
                service.make(case_id=case_id, step_ref=ref, compiled=ready, seen=0, why="", by=by)

        return run

    does = [issues(by) for by in (officer, senior) for _ in range(ROUNDS)]
    db.session.remove()
    said = at_once(either_app, does)
    assert said.count("done") == 1, said
    assert [one.row.number for one in versions_of(step_id)] == [1]
    assert_sound()


def test_issued_while_what_happened_is_put_right(either_app: Flask) -> None:
    """Whichever comes first: what is kept is what was on record at that moment."""
    man, step = referred()
    ready, case_id, ref = compiled(man, step), man.case.id, step.ref
    place_id, therapist, officer = man.place.id, man.therapist.id, man.world.officer.id

    def issue() -> None:
        with writing():
            service.make(case_id=case_id, step_ref=ref, compiled=ready, seen=0, why="", by=officer)

    def put_right() -> None:
        with writing():
            register.record(
                place_id=place_id, entry=Entry(Told(Happened.SEEN), 1), why="A slip", by=therapist
            )

    step_id = step.id
    db.session.remove()
    said = at_once(either_app, [issue, put_right])
    assert said[1] == "done"
    versions = versions_of(step_id)
    assert len(versions) == said.count("done") - 1
    for one in versions:
        assert one.content is not None and "Did not come" in one.content.statement[0].happened
        # It is out of date, and the page says so.
        assert content_hash(papers_of(man.case, step)) != one.row.content_hash
    assert_sound()
