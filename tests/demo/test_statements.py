"""What pages ask the database: read by index, and no more often where there are more rows."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import pytest
from flask import Flask, has_request_context, request
from sqlalchemy import event, func, select

import config as settings
from mhtr.app import create_app
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.demo import bulk
from mhtr.demo.build import Demonstration
from mhtr.demo.databases import application
from mhtr.people.models import Person
from sessions.therapists.kinds import Party
from tests.bench.__main__ import signed_in
from tests.bench.pages import names_of, pages_of, rules
from tests.conftest import NOON

TIMES = 3
GROWING = frozenset(
    "people cases case_facts tasks notices grants referrals match_keys identifiers hearings"
    " report_requests assessments assessment_sections triage_decisions measure_occasions"
    " measure_answers countersign_requests countersign_decisions report_releases court_outcomes"
    " person_changes consent_events flags identity_questions onward_referrals onward_events"
    " referral_amendments section_revisions measure_contacts measure_flags courses course_sessions"
    " treatment_sessions session_places attendance contact_attempts session_notes".split()
)
"""Tables that grow with the years. The audit is only ever read from its end."""
OF_ANY_CASE = ("FROM grants, ", "FROM access_exclusions, ")
"""In a statement whose conditions of access are not about the case of the query around them."""
MOST_OF_A_LIST, MOST_OF_A_CASE = 15, 28
MOST = {
    "/today": 30,  # of a lead who assesses too: something waits in every block, colleagues are away
    "/settings": 4,
    # contacts, sessions without one, baselines, ends of treatment; men with several courses
    "/worklists/measures": 26,
    "/measures/report": 17,  # the courses of those with several, and what they were measured at
    "/measures/report/men": 18,
    # the head of a man's pages, with his other cases, and whether a record that may be his says of
    # a way of reaching him that it is not safe
    "/onward/<uuid:onward_ref>": 17,
    "/onward/<uuid:onward_ref>/hand-over": 18,  # the man, and the link workers who may see him
    "/cases/<uuid:case_ref>/measures": 30,  # charts, contacts, what is due and flags
    "/coverage": 7,
    # every fact of an order and its sessions, what was called off, and the versions made of them
    "/referrals/<uuid:referral_ref>/papers": 44,
    "/referrals/<uuid:referral_ref>/papers/new": 41,
    # what My people reads, every session and decision, and who is named for whom
    "/my-people/compliance-report": 43,
    "/my-people/compliance-report/release": 44,
    "/cases/<uuid:case_ref>/compliance-report": 44,  # the same of one man, and his head
    "/cases/<uuid:case_ref>/compliance-report/release": 46,
    # with every version, and who is in each
    "/released-reports/<uuid:compliance_ref>": 70,
    "/released-reports/<uuid:compliance_ref>/again": 105,
    "/my-people/reports-by-time": 24,
    "/identity": 9,
    "/staff": 8,
    "/cases/<uuid:case_ref>/access": 22,  # also whether another case says that he cannot attend
    "/cases/<uuid:case_ref>/assessment/finish": 29,  # the report as it would go out
    # of a man in treatment: his state, timeline, scores, tasks, his order and his course
    "/cases/<uuid:case_ref>": 36,
    # the answer, the one before, other reviews of it, his safety plan and what was agreed
    "/tasks/<uuid:task_ref>": 33,
    "/identity/<uuid:question_ref>": 22,  # two men, side by side
    "/identity/links/<uuid:link_ref>/undo": 16,  # both records, and who has each
    # what stands against it, with his records elsewhere, whether what went out still stands, and
    # whether a sign of risk waits
    "/cases/<uuid:case_ref>/release": 32,
    # builds the report, looks for what does not belong in it, says who can sign it, and whether
    # a sign of risk waits
    "/cases/<uuid:case_ref>/countersign/request": 32,
    # his course and what is booked of it, clinicians, rooms, hours, closures, leave, what binds
    # him, and his order: as many however long the course is
    "/cases/<uuid:case_ref>/sessions/plan": 56,
    "/cases/<uuid:case_ref>/sessions/find": 58,
    # what he is told of each of the sessions that would go, and of what stays
    "/cases/<uuid:case_ref>/sessions/<uuid:session_ref>/cancel": 63,
    # his orders and who directs under each, his reports, what was sent of them, and by whom
    "/cases/<uuid:case_ref>/end-of-treatment": 52,
    "/cases/<uuid:case_ref>/treatment-end": 52,
    "/cases/<uuid:case_ref>/end-of-treatment/further": 38,
    "/cases/<uuid:case_ref>/treatment-reports/<uuid:written_ref>/write": 39,
    # the report as it would be sent, and what does not belong in it
    "/cases/<uuid:case_ref>/treatment-reports/<uuid:written_ref>/sign": 54,
    "/cases/<uuid:case_ref>/treatment-reports/<uuid:written_ref>/anew": 36,
    "/cases/<uuid:case_ref>/treatment-reports/<uuid:written_ref>/drop": 36,
    "/cases/<uuid:case_ref>/treatment-reports/<uuid:written_ref>/steps": 36,
    "/cases/<uuid:case_ref>/sessions": 30,
    "/cases/<uuid:case_ref>/orders": 30,  # with who directs him, and his days away
    "/cases/<uuid:case_ref>/release/addendum": 29,
    # his course, what is booked of it, who could see him and why others cannot
    "/cases/<uuid:case_ref>/course/therapist": 36,
    "/cases/<uuid:case_ref>/course/therapist/propose": 59,
    # who proposed, who answered, who can answer still, what is booked with his therapist
    "/therapist-changes/<uuid:change_ref>": 46,
    **{f"/therapist-changes/<uuid:change_ref>/answers/{one}": 51 for one in Party},
    "/therapist-changes/<uuid:change_ref>/withdraw": 51,
    # how each pathway would fit his order
    "/cases/<uuid:case_ref>/course/new": 55,
    "/cases/<uuid:case_ref>/course/pathway": 55,
    # his course, with what is booked or held of it
    "/cases/<uuid:case_ref>/course/sessions/<uuid:course_session_ref>/change": 32,
    "/cases/<uuid:case_ref>/course/sessions/<uuid:course_session_ref>/move": 38,
    "/calendar": 25,  # hours, places, closures and leave beside what is booked
    "/calendar/places": 19,
    "/my-hours": 22,
    "/clinicians/<uuid:clinician_ref>": 22,
    # also who of probation was told, and how
    "/places/<uuid:place_ref>/attendance": 28,
    "/places/<uuid:place_ref>/attendance/probation": 30,
    # whether anybody can have been there: leave, and days on which the place or the trust is closed
    "/places/<uuid:place_ref>/attendance/put-right": 26,
    "/sessions/<uuid:session_ref>/register": 18,
    "/places/<uuid:place_ref>/contact": 24,
    # what he said, who recorded each, and until when it is waited for
    "/places/<uuid:place_ref>/explanation": 23,
    "/places/<uuid:place_ref>/explanation/<uuid:explanation_ref>/take-back": 19,
    # what it rests on: how he was told, what was tried, earlier decisions, where each order stands,
    # and his other records, which may say that he cannot attend
    "/cases/<uuid:case_ref>/standing-for-treatment": 30,
    "/cases/<uuid:case_ref>/absences/<uuid:place_ref>": 38,  # with who supervises him, and covers
    # his orders with what bears on each, absences, warnings, who supervised him and who covers
    "/cases/<uuid:case_ref>/standing": 38,  # and adjustments, and how the law is read
    # a review: meetings, points with what was chosen, attendance up to its day, who signs for whom
    # what the record puts into a letter: his course, attendance and every measure
    "/cases/<uuid:case_ref>/letters": 60,
    "/cases/<uuid:case_ref>/letters/new/discharge": 60,
    "/cases/<uuid:case_ref>/letters/new/risk": 60,
    "/cases/<uuid:case_ref>/letters/new/start": 60,
    "/cases/<uuid:case_ref>/letters/new/summary": 60,
    "/cases/<uuid:case_ref>/letters/<uuid:letter_ref>/sign": 68,
    "/cases/<uuid:case_ref>/letters/<uuid:letter_ref>/write": 60,
    "/cases/<uuid:case_ref>/reviews/<uuid:review_ref>": 29,
    "/cases/<uuid:case_ref>/reviews/<uuid:review_ref>/sign/him": 29,
    "/cases/<uuid:case_ref>/reviews/<uuid:review_ref>/sign/therapist": 32,
    "/cases/<uuid:case_ref>/reviews/<uuid:review_ref>/sign/officer": 32,
    # what comes, the last five, what waits for a decision and the clock of each, read together
    "/my-people": 33,  # also whose men, who covers, what no officer has, warnings, courts
    "/places/<uuid:place_ref>/note": 22,
    # who comes and who may, other meetings and what was changed: as many for many men as for one
    "/sessions/groups/<uuid:session_ref>": 32,
    "/sessions/groups/<uuid:session_ref>/cancel": 19,
    "/sessions/groups/<uuid:session_ref>/<uuid:place_ref>/leave": 20,
    # clinicians, rooms, hours, closures, leave, and what binds the men of the group, read together
    "/sessions/groups/<uuid:session_ref>/find": 58,
    "/sessions/groups/new": 20,
    # each man's record in scope, his names, who is left out, and names of clinicians and rooms
    "/proposals/<uuid:proposal_ref>": 24,
    "/sessions/not-booked": 46,  # up to ten times that became free, each with its place
}
"""Pages that once asked for every row by itself, and the one that is put together of most."""

NOT_MEASURED = {
    "/released-reports/<uuid:compliance_ref>/file": "the file that was kept",
    "/agreements-with-probation/<uuid:organisation_ref>/<wall_item>": "rows of the wall are names",
    "/readings-of-the-law/<point>": "the points are names, not references; it asks five times",
    "/calendar-feed/<secret>.ics": "a file for calendar programs",
    "/cases/<uuid:case_ref>/sessions/book": "only with a time that was chosen",
    "/cases/<uuid:case_ref>/sessions/<uuid:session_ref>/move": "only with a time that was chosen",
    "/cases/<uuid:case_ref>/course/reopen": "only of a course that has ended",
    "/sessions/groups/<uuid:session_ref>/move": "only with a time that was chosen",
    "/worklists": "leads on to the first list",
    "/safeguarding/<uuid:safeguarding_ref>": "leads on to the page of the referral",
    "/words/<uuid:word_ref>": "leads on to the page of what was told",
    "/absences/<uuid:place_ref>": "leads on to the page of the absence",
    "/referrals/drafts/<uuid:draft_ref>": "leads on to the step where he stopped",
    "/referrals/drafts/<uuid:draft_ref>/same-man": "only where a man like him is known",
    "/referrals/drafts/<uuid:draft_ref>/sent": "only after a form was sent",
    "/me/authenticator/new": "only for those who have an authenticator",
    "/cases/<uuid:case_ref>/measures/goals/<uuid:goal_ref>/end": "nobody there has set a goal",
    "/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/put-back": "only of one taken back",
    "/cases/<uuid:case_ref>/flags/<uuid:flag_ref>/men/<uuid:man_ref>": "only while it is asked",
    "/identity/links/<uuid:link_ref>/merge": "only where one trust has both of two linked records",
    "/staff/<uuid:staff_ref>/invitation": "only after somebody was invited",
}
"""Pages that `./run bench` does not measure, and these tests do not look at, and why."""


@dataclass
class Asked:
    """How much the last request asked of the database, and every scan there has been.

    Among the scans: whether somebody was given anything at all, where one case was meant.
    """

    count: int = 0
    scans: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    """Statements whose plan was looked at before."""

    def forget(self) -> None:
        """A request begins."""
        self.count = 0


@contextmanager
def listening(app: Flask) -> Iterator[Asked]:
    asked = Asked()

    def before(connection, _cursor, statement, parameters, _context, many):  # type: ignore[no-untyped-def]  # the driver's types
        if statement.startswith(("PRAGMA", "BEGIN")) or not has_request_context():
            return
        asked.count += 1
        if many or not statement.startswith("SELECT") or statement in asked.known:
            return
        asked.known.add(statement)
        if any(each in statement for each in OF_ANY_CASE):
            asked.scans.add(f"{request.path} asks who may see what of no case in particular")
        plan = connection.connection.cursor()
        plan.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        for *_, step in plan.fetchall():
            what, table, *_rest = f"{step} ".split(" ")
            if what == "SCAN" and table in GROWING:
                asked.scans.add(f"{request.path} {step}, ...{statement[statement.find('WHERE') :]}")

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", before)
        try:
            yield asked
        finally:
            event.remove(db.engine, "before_cursor_execute", before)


def _walk(app: Flask, *, cases: bool = True) -> tuple[dict[str, int], set[str]]:
    """Statements of each page by role and name, and the scans of big tables on all of them.

    Each page is fetched once, and each statement's plan looked at once.
    """
    counts: dict[str, int] = {}
    with clock.using(SetClock(NOON)), listening(app) as asked:
        app.before_request_funcs.setdefault(None, []).insert(0, asked.forget)
        for role in Role:
            client = signed_in(app, role)
            if client is None:
                continue
            for page in pages_of(app, client, role, cases=cases):
                counts[f"{role.value} {page.name}"] = asked.count
    return counts, asked.scans


def _app(made: Demonstration) -> Flask:
    app = create_app(settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": made.url}))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture(scope="module")
def once(
    demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, int], set[str]]:
    """Without statistics the database plans for large tables, not for thirty people."""
    made = _copy(demonstration, tmp_path_factory, "once")
    with closing(sqlite3.connect(made.database, isolation_level=None)) as connection:
        connection.execute("DELETE FROM sqlite_stat1")
    return _walk(_app(made))


def _copy(of: Demonstration, folders: pytest.TempPathFactory, name: str) -> Demonstration:
    made = Demonstration(folders.mktemp(name))
    shutil.copyfile(of.database, made.database)
    return made


@pytest.fixture(scope="module")
def thrice(
    demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, int]:
    """The same programme with everybody in it three times over, on the same days."""
    made = _copy(demonstration, tmp_path_factory, "thrice")
    with application(made.url), writing():
        people = db.session.scalar(select(func.count()).select_from(Person)) or 0
        bulk.multiply(people * TIMES, NOON.date(), live=TIMES - 1)
    return _walk(_app(made), cases=False)[0]


def test_every_page_is_measured_or_named_with_a_reason(
    once: tuple[dict[str, int], set[str]], demonstration: Demonstration
) -> None:
    measured = {name.split()[1] for name in once[0]}
    every = {name for rule in rules(_app(demonstration)) for name in names_of(rule)}
    assert len(every) > 150
    assert every - measured == set(NOT_MEASURED)


def test_no_page_goes_through_a_table_that_grows(once: tuple[dict[str, int], set[str]]) -> None:
    assert sorted(once[1]) == []


def test_pages_ask_no_more_often_where_there_are_more_rows(
    once: tuple[dict[str, int], set[str]], thrice: dict[str, int]
) -> None:
    lists = {name: n for name, n in once[0].items() if "<" not in name}
    assert len(lists) > 50
    # A list that was empty may ask for what its first rows need.
    assert lists.keys() <= thrice.keys()
    assert {n: (c, thrice[n]) for n, c in lists.items() if thrice[n] > c + 2} == {}


def test_pages_keep_to_their_number_of_statements(
    once: tuple[dict[str, int], set[str]],
) -> None:
    over = {}
    for name, number in once[0].items():
        page = name.split()[1]
        usual = MOST_OF_A_CASE if page.startswith("/cases/<") else MOST_OF_A_LIST
        if number > MOST.get(page, usual):
            over[name] = number
    assert over == {}
    assert set(MOST) <= {name.split()[1] for name in once[0]}
