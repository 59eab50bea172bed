"""Sessions of a course added, changed, skipped, repeated and moved: order and history hold."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import writing
from sessions.courses import listeners, queries, service, therapist_service
from sessions.courses import session_service as sessions
from sessions.courses.kinds import CourseChangeKind, CourseEnd, Priority
from sessions.courses.models import Course, CourseChange, CourseSession
from sessions.courses.rules import planned_of
from tests.orders.makers import Sentenced, sentenced
from tests.sessions.courses.makers import course_of, pathway_of, planned, twelve

K = CourseChangeKind


class Man:
    """A man with a course of four sessions, and what can be done with it."""

    def __init__(self) -> None:
        self.world: Sentenced = sentenced()
        lead = self.world.lead
        pathway = pathway_of(lead.organisation_id, lead.id, twelve()[:4])
        self.course_id = course_of(self.world, pathway).id
        self.by = self.world.assessor.id

    @property
    def course(self) -> Course:
        return db.session.get_one(Course, self.course_id)

    def do(self, what: Callable[..., Any], **said: Any) -> Any:
        version = said.pop("version", self.course.version)
        with writing():
            return what(course_id=self.course_id, version=version, by=self.by, **said)

    def all(self) -> list[CourseSession]:
        return queries.sessions_of(self.course_id, skipped=True, replaced=True)

    def names(self) -> list[str]:
        return [row.name for row in queries.sessions_of(self.course_id)]

    def id_of(self, name: str) -> int:
        return next(row.id for row in self.all() if row.name == name and row.repeats_id is None)

    def kinds(self) -> list[CourseChangeKind]:
        return [row.kind for row in reversed(queries.changes_of(self.course_id))]


@pytest.fixture
def uses(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[str, bool]]:
    """Sessions that are booked (False) or were held (True), with the words."""
    kept: dict[int, tuple[str, bool]] = {}

    def words(ids: Collection[int]) -> Mapping[int, str]:
        return {key: kept[key][0] for key in ids if key in kept}

    def held(ids: Collection[int]) -> Collection[int]:
        return [key for key in ids if key in kept and kept[key][1]]

    monkeypatch.setattr(listeners, "in_use", [words])
    monkeypatch.setattr(listeners, "held", [held])
    return kept


def test_each_change_is_kept_with_who_and_why(either_app: Flask) -> None:
    man = Man()
    man.do(sessions.add_session, said=planned("New"), after=1, reason="He asked")
    assert man.names() == ["Session 1", "New", "Session 2", "Session 3", "Session 4"]
    third = man.id_of("Session 3")
    man.do(sessions.skip, session_id=third, reason="Knows it")
    assert man.names() == ["Session 1", "New", "Session 2", "Session 4"]
    man.do(sessions.bring_back, session_id=third)
    man.do(sessions.repeat, session_id=third, reason="He was ill")
    assert man.names()[-3:] == ["Session 3", "Session 3", "Session 4"]
    man.do(sessions.move, session_id=man.id_of("Session 4"), after=0)
    assert man.names()[0] == "Session 4"
    said = planned_of(db.session.get_one(CourseSession, third))
    longer = replace(said, minutes=90, required=False)
    man.do(sessions.change_session, session_id=third, said=longer, reason="")
    assert man.kinds() == [
        K.MADE,
        K.ADDED,
        K.SKIPPED,
        K.BROUGHT_BACK,
        K.REPEATED,
        K.MOVED,
        K.CHANGED,
    ]
    newest = queries.changes_of(man.course_id)[0]
    assert newest.before == {"minutes": 60, "required": True}
    assert {row.by_id for row in queries.changes_of(man.course_id)} == {man.by}


def test_history_cannot_be_changed(either_app: Flask) -> None:
    Man()
    with pytest.raises(DBAPIError, match="append_only"), writing():
        db.session.query(CourseChange).update({"kind": K.ENDED})


def test_what_is_refused(app: Flask) -> None:
    man = Man()
    first = man.id_of("Session 1")
    same = planned_of(db.session.get_one(CourseSession, first))
    for what, said, words in (
        (sessions.skip, {"session_id": first, "reason": " "}, "Say why"),
        (sessions.repeat, {"session_id": first, "reason": ""}, "Say why"),
        (sessions.bring_back, {"session_id": first}, "not skipped"),
        (sessions.move, {"session_id": first, "after": 0}, "that place already"),
        (sessions.move, {"session_id": first, "after": 1}, "that place already"),
        (
            sessions.change_session,
            {"session_id": first, "said": same, "reason": ""},
            "recorded already",
        ),
        (
            sessions.add_session,
            {"said": planned(minutes=5), "after": 0, "reason": ""},
            "between 15 and 240",
        ),
        (service.set_priority, {"priority": Priority.ROUTINE, "reason": "x"}, "recorded already"),
        (service.set_priority, {"priority": Priority.SOON, "reason": ""}, "Say why"),
        (service.end_course, {"how": CourseEnd.EARLY, "reason": ""}, "Say why"),
        (service.end_course, {"how": CourseEnd.CASE, "reason": "x"}, "how the course ended"),
        (service.reopen_course, {"reason": "x"}, "has not ended"),
    ):
        with pytest.raises(Refused, match=words):
            man.do(what, **said)
    with pytest.raises(NotFound):
        man.do(sessions.add_session, said=planned(), after=9, reason="")
    assert man.kinds() == [K.MADE]


def test_a_page_read_before_a_change_saves_nothing(app: Flask) -> None:
    man = Man()
    version = man.course.version
    man.do(sessions.skip, session_id=man.id_of("Session 1"), reason="x")
    with pytest.raises(Stale):
        man.do(sessions.skip, session_id=man.id_of("Session 2"), reason="x", version=version)


def test_the_last_session_is_not_skipped(app: Flask) -> None:
    man = Man()
    for number in (1, 2, 3):
        man.do(sessions.skip, session_id=man.id_of(f"Session {number}"), reason="x")
    with pytest.raises(Refused, match="only session left"):
        man.do(sessions.skip, session_id=man.id_of("Session 4"), reason="x")


@pytest.mark.parametrize("held", [True, False])
def test_a_session_that_is_booked_or_was_held_never_changes_silently(
    app: Flask, uses: dict[int, tuple[str, bool]], held: bool
) -> None:
    man = Man()
    second = man.id_of("Session 2")
    uses[second] = ("held on 3 March", True) if held else ("booked for 3 March at 10am", False)
    words = "It stays as it is" if held else "booked for 3 March at 10am. Cancel the booking"
    longer = replace(planned_of(db.session.get_one(CourseSession, second)), minutes=90)
    for what, said in (
        (sessions.skip, {"reason": "x"}),
        (sessions.move, {"after": 4}),
        (sessions.change_session, {"said": longer, "reason": ""}),
    ):
        with pytest.raises(Refused, match=words):
            man.do(what, session_id=second, **said)
    man.do(sessions.repeat, session_id=second, reason="He missed it")
    assert man.names() == ["Session 1", "Session 2", "Session 2", "Session 3", "Session 4"]


def test_nothing_goes_before_a_session_that_was_held(
    app: Flask, uses: dict[int, tuple[str, bool]]
) -> None:
    man = Man()
    man.do(sessions.skip, session_id=man.id_of("Session 1"), reason="x")
    uses[man.id_of("Session 3")] = ("held on 3 March", True)
    with pytest.raises(Refused, match="before a session that was held"):
        man.do(sessions.add_session, said=planned(), after=2, reason="")
    with pytest.raises(Refused, match="before a session that was held"):
        man.do(sessions.move, session_id=man.id_of("Session 4"), after=0)
    man.do(sessions.bring_back, session_id=man.id_of("Session 1"))
    assert man.names() == ["Session 2", "Session 3", "Session 1", "Session 4"]


def test_a_pathway_is_changed_for_what_is_to_come(
    either_app: Flask, uses: dict[int, tuple[str, bool]]
) -> None:
    man = Man()
    uses[man.id_of("Session 1")] = ("held on 3 March", True)
    man.do(sessions.skip, session_id=man.id_of("Session 2"), reason="x")
    other = pathway_of(
        man.world.lead.organisation_id,
        man.world.lead.id,
        [planned("Grounding"), planned("Safe place")],
        name="Trauma-informed",
    ).id
    man.do(service.change_pathway, pathway_id=other, reason="Trauma came up")
    assert man.names() == ["Session 1", "Grounding", "Safe place"]
    assert [row.name for row in queries.sessions_of(man.course_id, skipped=True)] == man.names()
    assert len(man.all()) == 6, "nothing is deleted"
    assert man.course.pathway_id == other
    with pytest.raises(Refused, match="took the place"):
        man.do(sessions.bring_back, session_id=man.id_of("Session 2"))


def test_a_pathway_is_not_changed_while_sessions_to_come_are_booked(
    app: Flask, uses: dict[int, tuple[str, bool]]
) -> None:
    man = Man()
    uses[man.id_of("Session 3")] = ("booked for 3 March at 10am", False)
    pathway_id = man.course.pathway_id
    with pytest.raises(Refused, match="Session 3 is booked for 3 March"):
        man.do(service.change_pathway, pathway_id=pathway_id, reason="x")
    with pytest.raises(Refused, match="Session 3 is booked for 3 March"):
        man.do(service.end_course, how=CourseEnd.EARLY, reason="x")
    assert man.course.ended_at is None


def test_therapist_priority_end_and_reopening(either_app: Flask) -> None:
    man = Man()
    lead = man.world.lead.id
    man.do(therapist_service.set_therapist, therapist_id=lead, reason="On leave")
    man.do(service.set_priority, priority=Priority.URGENT, reason="Worse")
    assert (man.course.therapist_id, man.course.priority) == (lead, Priority.URGENT)
    man.do(service.end_course, how=CourseEnd.DONE, reason="")
    with pytest.raises(Refused, match="has ended"):
        man.do(sessions.skip, session_id=man.id_of("Session 1"), reason="x")
    man.do(service.reopen_course, reason="By mistake")
    assert man.course.ended_at is None
    assert man.kinds() == [K.MADE, K.THERAPIST, K.PRIORITY, K.ENDED, K.REOPENED]
    assert [row.before for row in reversed(queries.changes_of(man.course_id))][1] == {
        "therapist_id": man.by
    }


ACTS = st.lists(
    st.tuples(st.sampled_from(["add", "skip", "back", "repeat", "move"]), st.integers(0, 9)),
    max_size=12,
)


def _act(man: Man, verb: str, pick: int) -> bool:
    rows = man.all()
    row_id = rows[pick % len(rows)].id
    after = pick % (len(rows) + 1)
    try:
        if verb == "add":
            man.do(sessions.add_session, said=planned(), after=after, reason="")
        elif verb == "skip":
            man.do(sessions.skip, session_id=row_id, reason="x")
        elif verb == "back":
            man.do(sessions.bring_back, session_id=row_id)
        elif verb == "repeat":
            man.do(sessions.repeat, session_id=row_id, reason="x")
        else:
            man.do(sessions.move, session_id=row_id, after=after)
    except Refused:
        return False
    return True


@pytest.fixture
def man(app: Flask) -> Man:
    return Man()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_the_order_is_whole_and_the_history_complete(
    man: Man, acts: list[tuple[str, int]]
) -> None:
    for verb, pick in acts:
        ids = {row.id for row in man.all()}
        length = len(man.kinds())
        done = _act(man, verb, pick)
        rows = man.all()
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        assert ids <= {row.id for row in rows}, "nothing is deleted"
        assert len(man.kinds()) == length + done
        assert man.course.version == len(man.kinds())
        assert man.names(), "somebody who has a course has a session"
