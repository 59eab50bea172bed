"""Past scores of men on record: matched in the viewer's scope, taken once, looked at later."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Exclusion, Purpose, Role, Viewer
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.people.models import Identifier, IdentifierKind
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.models import MeasureFlag, MeasureMode, MeasureOccasion, PastScoreRun
from outcome_measures.past_scores import service as past_service
from outcome_measures.past_scores.rows import read_past_scores
from outcome_measures.past_scores.whose import NOBODY, Matching, match
from outcome_measures.reading import queries
from outcome_measures.recording import service
from outcome_measures.risk import past_answers
from outcome_measures.time_points import Origin, TimePoint
from tests.faults.every_statement import fail_at_each
from tests.faults.invariants import assert_sound
from tests.makers import make_case, make_person, make_staff
from tests.outcome_measures.treatment import sentence
from tests.pages import PageClient
from tests.suitability.journey import People, allocated

TODAY = date(2026, 11, 18)
SENTENCED_ON = date(2026, 2, 16)
NHS, OTHER_NHS, CRN = "9990000018", "9990000026", "X123456"
HEAD = "nhs_number,crn,born,date,measure,items,total,session_number"
KEY = "0b51a5b6-6e2c-4a5e-9d7b-5f6f0e3f7a11"
GAD = f"{NHS},,,2026-03-02,GAD-7,1;1;1;1;1;1;2,,1"
PHQ_QUIET = f"{NHS},,,2026-03-02,PHQ-9,1;1;1;1;1;1;1;1;0,,1"
PHQ_RISK = f"{NHS},,,2026-03-09,PHQ-9,1;1;1;1;1;1;1;1;2,,2"
PHQ_BLANK = f"{NHS},,,2026-03-16,PHQ-9,1;1;1;1;1;1;1;1;,,3"
PHQ_TOTAL = f"{NHS},,,2026-03-23,PHQ-9,,11,4"


def numbered(person_id: int, nhs: str = "", crn: str = "") -> None:
    with writing():
        for kind, value in ((IdentifierKind.NHS, nhs), (IdentifierKind.CRN, crn)):
            if value:
                db.session.add(Identifier(person_id=person_id, kind=kind, value=value))


def on_record() -> People:
    people = sentence(allocated(), on=SENTENCED_ON)
    numbered(people.case.person_id, NHS, CRN)
    return people


@pytest.fixture
def people(app: Flask) -> People:
    return on_record()


def content(*lines: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *lines, ""]).encode()


def matching(
    people: People, *lines: str, viewer: Viewer | None = None, head: str = HEAD
) -> Matching:
    reading = read_past_scores(content(*lines, head=head), clock.today())
    assert not reading.faults
    assert not reading.refused
    return match(viewer or viewer_of(people.lead), reading.good)


def take(people: People, *lines: str, head: str = HEAD) -> list[bool]:
    viewer, taken = viewer_of(people.lead), []
    found = matching(people, *lines, head=head)
    assert not found.refused
    for each in (*found.new, *found.known):
        with writing():
            taken.append(past_service.take_row(matched=each, viewer=viewer))
    return taken


def reasons(found: Matching) -> list[tuple[int, str, str]]:
    return [(cell.line, cell.column, cell.reason) for cell in found.refused]


def past_tasks() -> list[Task]:
    query = select(Task).where(Task.kind == TaskKind.PAST_ANSWER).order_by(Task.id)
    return list(db.session.scalars(query))


def live_reviews() -> int:
    query = select(func.count(Task.id)).where(Task.kind == TaskKind.RISK_REVIEW)
    return db.session.scalar(query) or 0


def occasions() -> list[MeasureOccasion]:
    return list(db.session.scalars(select(MeasureOccasion).order_by(MeasureOccasion.id)))


def test_scores_are_kept_as_historic_and_read_like_others(either_app: Flask) -> None:
    people = on_record()
    assert take(people, GAD, PHQ_TOTAL) == [True, True]
    gad, phq = occasions()
    assert gad.historic and phq.historic
    assert (gad.origin, gad.typed_total, len(gad.answers)) == (Origin.ITEMS, None, 7)
    assert (phq.origin, phq.typed_total, phq.answers) == (Origin.TOTAL, 11, [])
    assert gad.mode is MeasureMode.PAPER
    points = queries.points_of([people.case.id])[people.case.id]
    assert [(p.instrument, p.total, p.historic, p.session_number) for p in points] == [
        ("gad7", 8, True, 1),
        ("phq9", 11, True, 4),
    ]
    assert points[0].point is TimePoint.SESSION
    assert_sound()


def test_subscales_are_kept_beside_their_total_and_known_again(either_app: Flask) -> None:
    people = on_record()
    text = f"{HEAD},subscale_clarity,subscale_goals\r\n{NHS},,,2026-03-02,DERS-16,,36,,9,%s\r\n"

    def found(goals: str) -> Matching:
        reading = read_past_scores((text % goals).encode(), clock.today())
        assert not reading.refused
        return match(viewer_of(people.lead), reading.good)

    (one,) = found("8").new
    with writing():
        assert past_service.take_row(matched=one, viewer=viewer_of(people.lead))
    (occasion,) = occasions()
    assert (occasion.typed_total, occasion.typed_parts) == (36, {"clarity": 9, "goals": 8})
    taken = queries.taken(occasion)
    assert taken.score.subscales == (), "not before they are signed"
    assert "The subscale Clarity is not yet verified, so it is not shown." in taken.score.reasons
    assert [len(found("8").known), len(found("8").new)] == [1, 0]
    assert [cell.column for cell in found("7").refused] == ["date"], "another score of that day"


def test_the_same_file_again_changes_nothing(either_app: Flask) -> None:
    people = on_record()
    assert take(people, GAD, PHQ_RISK) == [True, True]
    before = (len(occasions()), len(past_tasks()), [t.about for t in past_tasks()])
    again = matching(people, GAD, PHQ_RISK)
    assert (again.new, len(again.known)) == ([], 2)
    assert take(people, GAD, PHQ_RISK) == [False, False]
    assert (len(occasions()), len(past_tasks()), [t.about for t in past_tasks()]) == before


def test_of_two_imports_at_once_the_second_takes_nothing(either_app: Flask) -> None:
    people = on_record()
    earlier = matching(people, GAD).new
    take(people, GAD)
    with writing():
        assert not past_service.take_row(matched=earlier[0], viewer=viewer_of(people.lead))
    assert len(occasions()) == 1


def test_a_corrected_import_is_left_as_it_is_by_the_file(people: People) -> None:
    take(people, GAD)
    (gad,) = occasions()
    with writing():
        service.correct(
            gad,
            7,
            Answer(AnswerState.ANSWERED, 0),
            reason="Misread",
            version=1,
            by=people.assessor.id,
        )
    assert len(matching(people, GAD).known) == 1
    assert queries.points_of([people.case.id])[people.case.id][0].total == 6


def test_another_score_of_that_day_is_refused(people: People) -> None:
    take(people, GAD)
    found = matching(people, GAD.replace("1;1;1;1;1;1;2", "0;1;1;1;1;1;2"))
    assert reasons(found) == [
        (2, "date", "Another score of this measure on this day was imported before")
    ]


def test_a_score_kept_here_on_that_day_is_never_doubled(people: People) -> None:
    with writing():
        occasion = service.open_occasion(
            case_id=people.case.id,
            context="test:1",
            instrument="gad7",
            mode=MeasureMode.VIDEO,
            asked_on=date(2026, 3, 2),
            by=people.assessor.id,
        )
        answers = {n: Answer(AnswerState.ANSWERED, 1) for n in range(1, 8)}
        service.submit(occasion, answers, version=1, by=people.assessor.id)
    found = matching(people, GAD)
    assert reasons(found) == [(2, "date", "There is a score of this measure on this day already")]


def test_a_row_that_is_refused_stands_in_no_other_rows_way(people: People) -> None:
    later = GAD.replace("2026-03-02", "2026-03-09")
    found = matching(people, PHQ_QUIET, later, later.removesuffix("1") + "2")
    assert [cell.line for cell in found.refused] == [3], "session 1 was a week before"
    assert [one.row.line for one in found.new] == [2, 4]


def test_a_row_twice_in_a_file_is_refused_the_second_time(people: People) -> None:
    by_crn = GAD.replace(NHS, "").replace(",,,", f",{CRN},1990-02-03,", 1)
    found = matching(people, GAD, by_crn)
    assert len(found.new) == 1
    assert reasons(found) == [
        (3, "", "The same measure of the same man and day is on line 2"),
    ]


OTHER_GAD = GAD.replace("1;1;1;1;1;1;2", "0;1;1;1;1;1;2")
GAD_TOTAL = f"{NHS},,,2026-03-02,GAD-7,,8,1"


@pytest.mark.parametrize(
    ("one", "other", "columns", "gives"),
    [
        (GAD, OTHER_GAD, ("items", "items"), ("other answers", "other answers")),
        (
            GAD_TOTAL,
            GAD_TOTAL.replace(",8,", ",9,"),
            ("total", "total"),
            ("another total", "another total"),
        ),
        (GAD, GAD_TOTAL, ("items", "total"), ("only a total", "answers")),
        (
            GAD,
            GAD.removesuffix(",1") + ",",
            ("point", "point"),
            ("another point in time", "another point in time"),
        ),
        (
            GAD,
            GAD.removesuffix(",1") + ",2",
            ("session_number", "session_number"),
            ("another session", "another session"),
        ),
    ],
)
def test_of_two_lines_that_contradict_each_other_neither_is_taken(
    people: People, one: str, other: str, columns: tuple[str, str], gives: tuple[str, str]
) -> None:
    found = matching(people, one, PHQ_QUIET, other)
    assert [matched.row.line for matched in found.new] == [3], "the line between them is taken"
    assert found.refused == found.contradicting
    assert [(cell.line, cell.column) for cell in found.refused] == [
        (2, columns[0]),
        (4, columns[1]),
    ]
    for cell, what, line in zip(found.refused, gives, (4, 2), strict=True):
        assert cell.reason.startswith(f"Line {line} gives {what} for the same man, day and measure")


def test_lines_are_of_the_same_man_whatever_he_is_named_by(people: People) -> None:
    by_crn = OTHER_GAD.replace(NHS, "").replace(",,,", f",{CRN},1990-02-03,", 1)
    found = matching(people, GAD, by_crn, GAD)
    assert not found.new
    assert [cell.line for cell in found.contradicting] == [2, 3, 4]


def test_a_contradiction_stands_in_no_other_lines_way(people: People) -> None:
    """Session 1 on a day that is not certain does not bar the line that is certain of it."""
    later = PHQ_QUIET.replace("2026-03-02", "2026-03-03")
    found = matching(people, GAD, GAD.removesuffix(",1") + ",", later)
    assert [matched.row.line for matched in found.new] == [4]
    assert [cell.line for cell in found.refused] == [2, 3]


def test_a_contradiction_changes_nothing_that_is_on_record(people: People) -> None:
    take(people, GAD)
    found = matching(people, GAD, OTHER_GAD)
    assert not found.new
    assert [cell.line for cell in found.contradicting] == [2, 3]
    take(people, PHQ_QUIET)
    assert sorted(one.instrument for one in occasions()) == ["gad7", "phq9"]


@pytest.mark.parametrize(
    ("who", "column"),
    [
        (f"{OTHER_NHS},,", "nhs_number"),
        (",X999999,1990-02-03", "crn"),
        (f",{CRN},1990-02-04", "born"),
        (f"{NHS},,1990-02-04", "born"),
    ],
)
def test_a_row_that_does_not_match_is_refused(people: People, who: str, column: str) -> None:
    assert db.session.get_one(Case, people.case.id).person.born == date(1990, 2, 3)
    found = matching(people, GAD.replace(f"{NHS},,", who))
    assert [cell.column for cell in found.refused] == [column]
    assert found.new == []


def test_numbers_of_two_men_are_refused(people: People) -> None:
    other = make_person("Kofi", "Boateng")
    give(people, make_case(other))
    numbered(other.id, OTHER_NHS)
    found = matching(people, GAD.replace(f"{NHS},,", f"{OTHER_NHS},{CRN},"))
    assert reasons(found) == [(2, "crn", "This is another man's CRN")]


def give(people: People, case: Case) -> None:
    with writing():
        trust = people.lead.organisation.principal_id
        access.grant(case.id, Purpose.CLINICAL, trust, because="test", by=None)


def test_one_number_on_two_records_is_refused(people: People) -> None:
    other = make_person("Kofi", "Boateng")
    give(people, make_case(other))
    numbered(other.id, NHS)
    (reason,) = reasons(matching(people, GAD))
    assert reason[1] == "nhs_number"
    assert "Two records" in reason[2]


def test_of_several_cases_it_is_the_latest_that_had_begun(
    people: People, set_clock: SetClock
) -> None:
    first = people.case.id
    set_clock.advance(days=60)
    second = make_case(db.session.get_one(Case, first).person)
    give(people, second)
    second_id = second.id
    sentence(replace(people, case=second), on=clock.today())
    set_clock.advance(days=30)

    def of(day: str) -> Matching:
        return matching(people, GAD.replace("2026-03-02", day))

    assert [each.man.case_id for each in of("2026-12-01").new] == [first]
    assert [each.man.case_id for each in of("2027-01-20").new] == [second_id]
    assert "none had begun" in reasons(of("2026-03-02"))[0][2]


def stranger(people: People) -> Staff:
    return make_staff(Role.CLINICAL_LEAD, name="Dr From Elsewhere")


def test_a_man_out_of_scope_is_as_one_who_is_not_there(people: People) -> None:
    viewer = viewer_of(stranger(people))
    out_of_scope = reasons(matching(people, GAD, viewer=viewer))
    not_there = reasons(matching(people, GAD.replace(NHS, OTHER_NHS), viewer=viewer))
    assert out_of_scope == not_there == [(2, "nhs_number", NOBODY)]


def test_scope_is_asked_again_when_the_row_is_taken(people: People) -> None:
    (found,) = matching(people, GAD).new
    elsewhere = viewer_of(stranger(people))
    with pytest.raises(Refused, match="no longer"), writing():
        past_service.take_row(matched=found, viewer=elsewhere)
    with writing():
        db.session.add(
            Exclusion(
                case_id=people.case.id,
                principal_id=people.lead.principal_id,
                because="Knows him",
                starts_at=clock.now(),
            )
        )
    lead = viewer_of(people.lead)
    with pytest.raises(Refused, match="no longer"), writing():
        past_service.take_row(matched=found, viewer=lead)
    assert occasions() == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (PHQ_RISK, "Harm to himself: question 9 was answered “More than half the days”."),
        (PHQ_BLANK, "Harm to himself: question 9 has no answer: skipped."),
        (PHQ_TOTAL, "Harm to himself: question 9 is not known (total typed in)."),
    ],
)
def test_a_past_sign_of_risk_goes_to_the_list_and_is_never_escalated(
    people: People, line: str, words: str
) -> None:
    take(people, line)
    (task,) = past_tasks()
    assert (task.owner_staff_id, task.state) == (people.lead.id, TaskState.OPEN)
    assert task.due_at == clock.now() + timedelta(days=7)
    (occasion,) = occasions()
    assert past_answers.past_signals(occasion) == (words,)
    assert live_reviews() == 0
    kinds = {flag.kind.value for flag in db.session.scalars(select(MeasureFlag))}
    assert "risk" not in kinds


def test_without_a_sign_of_risk_there_is_nothing_to_look_at(people: People) -> None:
    take(people, GAD, PHQ_QUIET)
    assert past_tasks() == []


def test_one_task_a_case_lists_every_past_answer(people: People) -> None:
    take(people, PHQ_RISK, PHQ_BLANK)
    take(people, PHQ_TOTAL)
    (task,) = past_tasks()
    assert past_answers.occasions_of(task) == [each.id for each in occasions()]


def look(people: People, seen: int, outcome: str = "Talked it over with him") -> None:
    with writing():
        past_answers.record_look(
            case_id=people.case.id, seen=seen, outcome=outcome, by=people.assessor.id
        )


def test_a_clinician_says_that_he_looked_and_later_imports_begin_anew(people: People) -> None:
    take(people, PHQ_RISK)
    look(people, 1)
    (task,) = past_tasks()
    assert (task.state, task.finished_by) == (TaskState.DONE, people.assessor.id)
    assert task.outcome == "Talked it over with him"
    take(people, PHQ_RISK)
    assert len(past_tasks()) == 1
    take(people, PHQ_BLANK)
    assert [each.state for each in past_tasks()] == [TaskState.DONE, TaskState.OPEN]
    assert past_answers.occasions_of(past_tasks()[1]) == [occasions()[1].id]


@pytest.mark.parametrize(
    ("seen", "outcome", "words"),
    [(1, "Looked", "More past answers"), (2, "  ", "Say what you found"), (-1, "x", "More past")],
)
def test_what_was_not_seen_or_not_said_is_not_recorded(
    people: People, seen: int, outcome: str, words: str
) -> None:
    take(people, PHQ_RISK, PHQ_BLANK)
    with pytest.raises(Refused, match=words):
        look(people, seen, outcome)
    assert past_tasks()[0].state is TaskState.OPEN


def test_two_clinicians_cannot_both_have_looked_first(people: People) -> None:
    take(people, PHQ_RISK)
    look(people, 1)
    with pytest.raises(Refused, match="meanwhile"):
        look(people, 1)


def correct(people: People, item: int, value: int) -> None:
    occasion = occasions()[0]
    with writing():
        service.correct(
            occasion,
            item,
            Answer(AnswerState.ANSWERED, value),
            reason="Misread",
            version=occasion.version,
            by=people.assessor.id,
        )


def test_correcting_a_past_answer_opens_no_live_review_and_closes_nothing(people: People) -> None:
    take(people, PHQ_RISK)
    correct(people, 9, 0)
    (task,) = past_tasks()
    assert task.state is TaskState.OPEN
    look(people, 1)
    correct(people, 1, 3)
    assert len(past_tasks()) == 1
    correct(people, 9, 3)
    assert [each.state for each in past_tasks()] == [TaskState.DONE, TaskState.OPEN]
    assert live_reviews() == 0


def test_an_answer_that_changes_while_it_waits_is_listed_once(people: People) -> None:
    take(people, PHQ_RISK)
    correct(people, 9, 3)
    (task,) = past_tasks()
    assert past_answers.occasions_of(task) == [occasions()[0].id]


def test_another_answer_put_right_does_not_bring_back_what_was_looked_at(people: People) -> None:
    take(people, PHQ_RISK)
    look(people, 1)
    correct(people, 1, 3)
    assert [each.state for each in past_tasks()] == [TaskState.DONE]


def test_a_score_recorded_since_the_file_was_looked_at_is_never_doubled(people: People) -> None:
    other = matching(people, GAD.replace("1;1;1;1;1;1;2", "0;1;1;1;1;1;2")).new
    take(people, GAD)
    lead = viewer_of(people.lead)
    with pytest.raises(Refused, match="imported before"), writing():
        past_service.take_row(matched=other[0], viewer=lead)
    assert len(occasions()) == 1


def test_imported_scores_raise_the_flags_of_scores(people: People) -> None:
    later = GAD.replace("2026-03-02", "2026-03-09").replace("1;1;1;1;1;1;2,,1", "3;3;3;3;3;3;3,,2")
    take(people, GAD, later)
    kinds = {flag.kind.value for flag in db.session.scalars(select(MeasureFlag))}
    assert "worse" in kinds


def test_an_assessors_file_is_his_alone(people: People) -> None:
    with writing():
        run = past_service.keep_file(file_name="a.csv", text="x", by=people.lead.id)
        ref = run.ref
    assert past_service.find_run(ref, people.lead.id).content == "x"
    with pytest.raises(NotFound):
        past_service.find_run(ref, people.other_lead.id)


def test_the_file_is_encrypted_where_it_is_kept(people: People) -> None:
    with writing():
        past_service.keep_file(file_name="a.csv", text=f"canary {NHS}", by=people.lead.id)
    raw = db.session.connection().exec_driver_sql("SELECT content FROM past_score_runs").scalar()
    assert NHS.encode() not in bytes(raw or b"")


def test_killed_at_any_statement_a_past_answer_is_never_kept_without_its_list(
    either_app: Flask,
) -> None:
    people = on_record()
    (found,) = matching(people, PHQ_RISK).new
    viewer = viewer_of(people.lead)

    def step() -> None:
        with writing():
            past_service.take_row(matched=found, viewer=viewer)

    assert fail_at_each(step, stride=2, sound=assert_sound) > 3
    assert len(past_tasks()) == 1


def test_a_number_left_on_a_merged_record_matches_nobody(people: People) -> None:
    kept = make_person("Kofi", "Boateng")
    kept_id = kept.id
    with writing():
        db.session.get_one(Case, people.case.id).person.merged_into_id = kept_id
    assert reasons(matching(people, GAD)) == [(2, "nhs_number", NOBODY)]


# The pages.


def upload(client: PageClient, *lines: str, key: str = KEY) -> str:
    answer = client.post(
        "/measures/past-scores",
        data={"submission_key": key, "file": (io.BytesIO(content(*lines)), "past.csv")},
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def test_a_file_is_looked_at_taken_and_its_result_read(client: PageClient) -> None:
    people = on_record()
    client.sign_in(people.lead)
    assert "Import past scores" in client.page("/measures/past-scores")
    bad = GAD.replace(NHS, OTHER_NHS)
    path = upload(client, GAD, bad, PHQ_RISK, GAD.replace("GAD-7", "PHQ-15"))
    db.session.rollback()
    assert occasions() == []
    preview = client.page(path)
    assert "2 will be taken" in preview
    assert "Marlon Ekwueme" in preview
    assert "To be looked at" in preview
    assert "Line 3" in preview
    assert "Line 5" in preview
    listed = client.get(f"{path}/refused.csv").get_data(as_text=True)
    assert "3,nhs_number," in listed
    assert OTHER_NHS not in listed
    assert client.post(path, data={"submission_key": KEY}).status_code == 303
    result = client.page(path)
    assert "Line 3" in result
    assert "Line 5" in result
    db.session.rollback()
    assert len(occasions()) == 2
    assert db.session.scalars(select(PastScoreRun.content)).one() is None
    assert "2 taken, 2 refused" in client.page("/measures/past-scores")
    assert client.get(f"{path}/refused.csv").get_data(as_text=True).count("\n") == 3


def test_the_preview_shows_a_contradiction_and_the_import_leaves_it_out(
    client: PageClient,
) -> None:
    people = on_record()
    client.sign_in(people.lead)
    path = upload(client, GAD, PHQ_QUIET, OTHER_GAD)
    preview = client.page(path)
    assert "Lines that contradict each other" in preview
    assert "1 will be taken" in preview
    assert "Line 2, items: Line 4 gives other answers for the same man, day and measure" in preview
    listed = client.get(f"{path}/refused.csv").get_data(as_text=True)
    assert '2,items,"Line 4 gives other answers' in listed
    assert '4,items,"Line 2 gives other answers' in listed
    assert client.post(path, data={"submission_key": KEY}).status_code == 303
    assert "Line 2 gives other answers" in client.page(path)
    db.session.rollback()
    assert [one.instrument for one in occasions()] == ["phq9"]


def test_what_the_preview_shows_is_audited(client: PageClient) -> None:
    people = on_record()
    client.sign_in(people.lead)
    client.page(upload(client, GAD))
    db.session.rollback()
    shown = [
        event.detail["shown"]
        for event in db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "page.viewed")
        )
        if event.detail["page"] == "measures.past_file"
    ]
    assert shown == [{"case": [people.case.id]}]


def test_a_file_thrown_away_is_gone_and_a_wrong_file_is_refused(client: PageClient) -> None:
    people = on_record()
    client.sign_in(people.lead)
    path = upload(client, GAD)
    assert client.post(f"{path}/throw-away").status_code == 303
    assert client.get(path).status_code == 404
    assert client.get(f"{path}/refused.csv").status_code == 404
    assert client.post(path).status_code == 303
    db.session.rollback()
    assert occasions() == []
    wrong = client.post(
        "/measures/past-scores",
        data={"submission_key": KEY, "file": (io.BytesIO(b"x"), "picture.png")},
    )
    assert wrong.status_code == 422
    faulty = client.page(upload(client, key=KEY.replace("0b51", "0b52")))
    assert "Nothing in this file can be taken" in faulty


def test_nobody_else_opens_a_file_and_other_roles_import_nothing(client: PageClient) -> None:
    people = on_record()
    client.sign_in(people.lead)
    path = upload(client, GAD)
    client.sign_in(people.other_lead)
    for address in (path, f"{path}/refused.csv"):
        assert client.get(address).status_code == 404
    assert client.post(path).status_code == 404
    assert client.post(f"{path}/throw-away").status_code == 404
    client.sign_in(people.assessor)
    assert client.get("/measures/past-scores").status_code == 403
    assert client.post("/measures/past-scores").status_code == 403


def test_past_answers_are_listed_looked_at_and_kept(client: PageClient) -> None:
    people = on_record()
    take(people, PHQ_RISK, PHQ_BLANK)
    ref = people.case.ref
    client.sign_in(people.assessor)
    listed = client.page("/measures/past-answers")
    assert "Marlon Ekwueme" in listed
    page = client.page(f"/cases/{ref}/past-answers")
    assert "More than half the days" in page
    assert "question 9 has no answer" in page
    path = f"/cases/{ref}/past-answers"
    empty = client.post(path, data={"submission_key": KEY, "seen": "2", "outcome": ""})
    assert empty.status_code == 422
    stale = client.post(path, data={"submission_key": KEY, "seen": "1", "outcome": "Looked"})
    assert stale.status_code == 422
    assert "More past answers were imported" in stale.get_data(as_text=True)
    done = client.post(path, data={"submission_key": KEY, "seen": "2", "outcome": "Safe then"})
    assert done.status_code == 303
    assert "No past answers are waiting" in client.page("/measures/past-answers")
    assert "Marlon Ekwueme" in client.page("/measures/past-answers?state=done")
    assert "Safe then" in client.page(path)


def test_past_answers_of_others_are_not_shown(client: PageClient) -> None:
    people = on_record()
    take(people, PHQ_RISK)
    ref = people.case.ref
    client.sign_in(stranger(people))
    assert "Ekwueme" not in client.page("/measures/past-answers")
    assert client.get(f"/cases/{ref}/past-answers").status_code == 404
    form = {"submission_key": KEY, "seen": "1", "outcome": "Looked"}
    assert client.post(f"/cases/{ref}/past-answers", data=form).status_code == 404
    db.session.rollback()
    assert past_tasks()[0].state is TaskState.OPEN
