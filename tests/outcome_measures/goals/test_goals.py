"""His own goals: up to three, ended and never rewritten, asked in his words."""

import importlib
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text

from mhtr.accounts.models import Staff
from mhtr.core import access, clock, policy
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.flags.queries import states_of
from outcome_measures.goals import service as goals
from outcome_measures.instruments.registry import PACKS
from outcome_measures.models import MeasureGoal, MeasureMode, MeasureOccasion, OccasionState
from outcome_measures.policy import EACH_SESSION, WHEN
from outcome_measures.reading import queries
from outcome_measures.recording import service
from outcome_measures.recording.contacts import ask
from outcome_measures.recording.ending import close_unfinished, go_on
from outcome_measures.time_points import TimePoint
from tests.makers import make_staff
from tests.outcome_measures import treatment
from tests.outcome_measures.treatment import sentenced
from tests.pages import PageClient
from tests.suitability.journey import People, allocated

pytestmark = pytest.mark.skipif("gbo" not in PACKS, reason="the pack was deleted")


@pytest.fixture
def people(app: Flask) -> People:
    return allocated()


def set_goal(people: People, words: str) -> MeasureGoal:
    with writing():
        return goals.set_goal(case_id=people.case.id, words=words, by=people.assessor.id)


def end_goal(people: People, ref: uuid.UUID) -> None:
    with writing():
        goals.end_goal(case_id=people.case.id, goal_ref=ref, by=people.assessor.id)


def numbered(people: People) -> dict[int, str]:
    return {number: goal.words for number, goal in goals.goals_of(people.case.id).items()}


def test_up_to_three_and_a_number_is_free_once_its_goal_is_ended(people: People) -> None:
    first = set_goal(people, " See my daughter on Sundays ").ref
    set_goal(people, "Sleep through")
    set_goal(people, "Get on a bus")
    assert numbered(people) == {
        1: "See my daughter on Sundays",
        2: "Sleep through",
        3: "Get on a bus",
    }
    with pytest.raises(Refused, match="three goals"):
        set_goal(people, "A fourth")
    end_goal(people, first)
    set_goal(people, "Ring my brother")
    assert numbered(people)[1] == "Ring my brother"
    assert [goal.words for goal in goals.every_goal(people.case.id)][0].startswith("See")


def test_a_goal_is_ended_once_and_only_in_its_own_case(people: People, set_clock: SetClock) -> None:
    goal = set_goal(people, "Sleep through").ref
    with pytest.raises(NotFound):
        end_goal(people, uuid4())
    set_clock.advance(days=7)
    end_goal(people, goal)
    (kept,) = goals.every_goal(people.case.id)
    assert (kept.ended_on, kept.words) == (clock.today(), "Sleep through")
    with pytest.raises(Refused, match="ended before"):
        end_goal(people, goal)


def test_without_words_there_is_no_goal(people: People) -> None:
    with pytest.raises(Refused, match="his words"):
        set_goal(people, "  ")
    assert goals.every_goal(people.case.id) == []


def test_his_words_are_encrypted(people: People) -> None:
    set_goal(people, "See my daughter on Sundays")
    stored = db.session.execute(text("SELECT words FROM measure_goals")).scalar_one()
    assert "daughter" not in str(stored)


def test_he_is_asked_in_his_words_and_what_he_did_not_set_does_not_apply(
    client: PageClient, people: People
) -> None:
    set_goal(people, "Sleep through")
    with writing():
        occasion = service.open_occasion(
            case_id=people.case.id,
            context="test:1",
            instrument="gbo",
            mode=MeasureMode.IN_PERSON,
            asked_on=clock.today(),
            by=people.assessor.id,
        )
    client.sign_in(people.assessor)
    path = f"/cases/{people.case.ref}/measures/forms/{occasion.ref}"
    page = client.page(path)
    assert "Goal 1: Sleep through" in page
    assert page.count('value="not_applicable" checked') == 2
    typed = {"item_1": "7", "item_2": "not_applicable", "item_3": "not_applicable"}
    answer = client.post(path, data=form(version="1", action="submit", **typed))
    assert answer.status_code == 303
    (point,) = queries.points_of([people.case.id])[people.case.id]
    assert point.total == 7


def found(ref: uuid.UUID) -> MeasureOccasion:
    return db.session.scalars(select(MeasureOccasion).where(MeasureOccasion.ref == ref)).one()


def form(**typed: str) -> dict[str, str]:
    return {"submission_key": str(uuid4()), **typed}


def test_the_page_sets_and_ends(client: PageClient, people: People) -> None:
    client.sign_in(people.assessor)
    path = f"/cases/{people.case.ref}/measures/goals"
    assert "No goal is set yet" in client.page(path)
    assert client.post(path, data=form(words=" ")).status_code == 422
    assert client.post(path, data=form(words="Sleep through")).status_code == 303
    assert "Sleep through" in client.page(path)
    (goal,) = goals.every_goal(people.case.id)
    assert "Sleep through" in client.page(f"{path}/{goal.ref}/end")
    assert client.post(f"{path}/{goal.ref}/end", data=form()).status_code == 303
    page = client.page(path)
    assert "Goals of before" in page and "No goal is set yet" in page
    assert client.post(f"{path}/{goal.ref}/end", data=form()).status_code == 422
    assert client.post(f"{path}/{uuid4()}/end", data=form()).status_code == 404


def opened(people: People, session: int, on: date | None = None) -> MeasureOccasion:
    """The form of a session, today unless a day is given."""
    with writing():
        return service.open_occasion(
            case_id=people.case.id,
            context=f"test:{session}",
            instrument="gbo",
            mode=MeasureMode.IN_PERSON,
            asked_on=on or clock.today(),
            by=people.assessor.id,
            point=TimePoint.SESSION,
            session_number=session,
        )


def rate(people: People, session: int, *ratings: int) -> MeasureOccasion:
    """Ratings of his goals by number today; those he did not rate do not apply to him."""
    occasion = opened(people, session)
    with writing():
        answers = {number: Answer(AnswerState.NOT_APPLICABLE) for number in (1, 2, 3)}
        answers |= {n: Answer(AnswerState.ANSWERED, value) for n, value in enumerate(ratings, 1)}
        service.submit(occasion, answers, version=occasion.version, by=people.assessor.id)
    return occasion


def test_results_show_his_words_on_clinical_pages(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    goal = set_goal(people, "Sleep through").ref
    before = rate(people, 1, 3)
    set_clock.advance(days=7)
    rate(people, 2, 7)
    client.sign_in(people.assessor)
    measures = f"/cases/{people.case.ref}/measures"
    page = client.page(measures)
    assert "<dt>Sleep through</dt>" in page
    assert "7 out of 10 on 25 November 2026, up 4 points from 3 on 18 November 2026" in page
    assert "GBO up 4 points since the start (more is better)." in page
    assert "7 out of 10, on 25 November 2026, session 2" in page, "the sum: of what it could be"
    end_goal(people, goal)
    set_clock.advance(days=1)
    set_goal(people, "Get on a bus")
    client.sign_in(people.assessor)
    for path in (f"{measures}/answers/{before.ref}", f"{measures}/forms/{before.ref}",
                 f"{measures}/forms/{before.ref}/correct/1"):  # fmt: skip
        page = client.page(path)
        assert "Goal 1: Sleep through" in page and "Get on a bus" not in page, path


def replace_goal(people: People, old: uuid.UUID, words: str) -> uuid.UUID:
    end_goal(people, old)
    return set_goal(people, words).ref


def test_a_goal_replaced_after_the_session_leaves_its_ratings_to_the_old_one(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    goal = set_goal(people, "Sleep through").ref
    form_ref = rate(people, 1, 3).ref
    replace_goal(people, goal, "Keep my temper on the bus")
    client.sign_in(people.assessor)
    measures = f"/cases/{people.case.ref}/measures"
    for path in (f"{measures}/answers/{form_ref}", f"{measures}/forms/{form_ref}", measures):
        page = client.page(path)
        assert "Sleep through" in page and "Keep my temper" not in page, path
    set_clock.advance(days=7)
    rate(people, 2, 8)
    client.sign_in(people.assessor)
    page = client.page(measures)
    assert "8 out of 10 on 25 November 2026: rated once so far" in page
    assert "3 out of 10 on 18 November 2026: rated once so far" in page


def test_a_form_that_is_open_asks_about_the_goals_it_was_opened_with(
    client: PageClient, people: People
) -> None:
    goal = set_goal(people, "Sleep through").ref
    occasion = opened(people, 1)
    ref = occasion.ref
    replace_goal(people, goal, "Keep my temper on the bus")
    client.sign_in(people.assessor)
    path = f"/cases/{people.case.ref}/measures/forms/{ref}"
    page = client.page(path)
    assert "Goal 1: Sleep through" in page and "Keep my temper" not in page
    typed = {"item_1": "7", "item_2": "not_applicable", "item_3": "not_applicable"}
    assert client.post(path, data=form(version="1", action="submit", **typed)).status_code == 303
    page = client.page(f"/cases/{people.case.ref}/measures")
    assert "<dt>Sleep through</dt>" in page and "Keep my temper" not in page


def test_a_goal_set_while_a_form_is_open_is_asked_in_it_and_a_page_of_before_is_out_of_date(
    client: PageClient, people: People
) -> None:
    ref = opened(people, 1).ref
    client.sign_in(people.assessor)
    path = f"/cases/{people.case.ref}/measures/forms/{ref}"
    before = client.page(path)
    assert "Sleep through" not in before
    set_goal(people, "Sleep through")
    typed = {f"item_{number}": "not_applicable" for number in (1, 2, 3)}
    answer = client.post(path, data=form(version="1", action="submit", **typed))
    assert answer.status_code == 422 and "saved this measure meanwhile" in answer.text
    assert "Goal 1: Sleep through" in answer.text and "Goal 1: Sleep through" in client.page(path)
    assert found(ref).state is OccasionState.OPEN


def test_a_session_of_an_earlier_day_asks_about_the_goals_of_that_day(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    goal = set_goal(people, "Sleep through").ref
    held_on = clock.today()
    set_clock.advance(days=7)
    replace_goal(people, goal, "Keep my temper on the bus")
    ref = opened(people, 1, held_on).ref
    client.sign_in(people.assessor)
    page = client.page(f"/cases/{people.case.ref}/measures/forms/{ref}")
    assert "Goal 1: Sleep through" in page and "Keep my temper" not in page


def test_only_goals_he_has_are_rated(client: PageClient, people: People) -> None:
    set_goal(people, "Sleep through")
    ref = opened(people, 1).ref
    client.sign_in(people.assessor)
    path = f"/cases/{people.case.ref}/measures/forms/{ref}"
    page = client.page(path)
    assert "Goal 2: not set" in page and page.count("half way to reaching") == 1
    typed = {"item_1": "4", "item_2": "6", "item_3": "not_applicable"}
    assert client.post(path, data=form(version="1", action="submit", **typed)).status_code == 422
    with pytest.raises(Refused, match="Goal 2 is not set"):
        rate(people, 1, 4, 6)
    done = rate(people, 1, 4)
    with pytest.raises(Refused, match="Goal 2 is not set"), writing():
        seven = Answer(AnswerState.ANSWERED, 7)
        service.correct(done, 2, seven, reason="x", version=done.version, by=people.assessor.id)


def test_without_a_goal_nothing_is_asked_and_nothing_due(app: Flask) -> None:
    people = sentenced()
    since = clock.today() - timedelta(days=1)
    with writing():
        db.session.add(
            policy.PolicySetting(
                key=WHEN["gbo"].key, value=EACH_SESSION, valid_from=since, reason="Agreed",
                set_by=people.lead.id, set_at=clock.now(),
            )
        )  # fmt: skip
    made = treatment.contact(people, instruments=("gbo", "gad7"))
    assert set(treatment.forms(made)) == {"gad7"}
    assert "gbo" not in states_of([people.case.id])[people.case.id].schedules
    goal = set_goal(people, "Sleep through").ref
    assert "gbo" in states_of([people.case.id])[people.case.id].schedules
    with writing():
        ask(contact_id=made.id, instruments=["gbo"], version=made.version, by=people.assessor.id)
    assert "gbo" in treatment.forms(made)
    end_goal(people, goal)
    assert "gbo" not in states_of([people.case.id])[people.case.id].schedules


def test_without_a_goal_nothing_is_rated(people: People) -> None:
    with pytest.raises(Refused, match="no goal"):
        rate(people, 1)


def test_a_form_gone_on_with_keeps_its_goals(people: People, set_clock: SetClock) -> None:
    goal = set_goal(people, "Sleep through").ref
    ref = opened(people, 1).ref
    with writing():
        occasion = found(ref)
        close_unfinished(occasion, people.case, by=people.assessor.id)
    replace_goal(people, goal, "Keep my temper on the bus")
    set_goal(people, "Get on a bus")
    with writing():
        occasion = found(ref)
        go_on(occasion, version=occasion.version, by=people.assessor.id)
    asked = goals.goals_asked(found(ref))
    assert {number: goal.words for number, goal in asked.items()} == {
        1: "Sleep through",
        2: "Get on a bus",
    }


def test_forms_of_before_are_about_the_goals_their_page_showed(people: People) -> None:
    """The migration: worked out for each form once, by when it was last saved."""
    migration = importlib.import_module("mhtr.migrations.versions.0031_goals_a_form_asks_about")
    day, noon = date(2026, 5, 4), datetime(2026, 5, 4, 12, tzinfo=UTC)
    hour = timedelta(hours=1)

    def goal(key: int, number: int, at: datetime, ended_on: date | None = None) -> SimpleNamespace:
        return SimpleNamespace(
            id=key, number=number, set_on=at.date(), ended_on=ended_on, created_at=at
        )

    def about(*given: SimpleNamespace, saved: datetime, historic: bool = False) -> list[int]:
        kept = SimpleNamespace(asked_on=day, kept_at=saved, historic=historic)
        return list(migration._about(kept, given))

    old = goal(1, 1, noon - timedelta(days=9), day)
    new = goal(2, 1, noon + hour)
    assert about(old, new, saved=noon) == [1], "replaced after it was saved"
    assert about(old, new, saved=noon + 2 * hour) == [2], "replaced before"
    assert about(old, new, saved=noon, historic=True) == [2], "of a file: by the day"
    assert about(goal(3, 2, noon + hour), saved=noon) == [3], "written down afterwards"
    assert about(goal(4, 1, noon - timedelta(days=9), day - timedelta(days=1)), saved=noon) == []


def test_sums_of_other_goals_are_not_compared(
    client: PageClient, people: People, set_clock: SetClock
) -> None:
    set_goal(people, "Sleep through")
    rate(people, 1, 9)
    set_clock.advance(days=7)
    set_goal(people, "Get on a bus")
    rate(people, 2, 9, 1)
    client.sign_in(people.assessor)
    page = client.page(f"/cases/{people.case.ref}/measures")
    assert "one score so far" in page
    assert "Totals of other questions, or of another number of them, are in the table only" in page
    assert "<strong>9</strong> out of 10" in page and "<strong>10</strong> out of 20" in page
    set_clock.advance(days=7)
    rate(people, 3, 9, 4)
    client.sign_in(people.assessor)
    page = client.page(f"/cases/{people.case.ref}/measures")
    assert "GBO up 3 points since the start (more is better)." in page
    chart = client.get(re.findall(r'src="([^"]*gbo/chart[^"]*)"', page)[0].replace("&amp;", "&"))
    assert chart.status_code == 200


def test_the_case_page_names_no_goal_to_whoever_reads_no_measures(
    client: PageClient, people: People
) -> None:
    set_goal(people, "Sleep through")
    rate(people, 1, 3)
    administrator = make_staff(Role.ADMINISTRATOR)
    with writing():
        access.grant(
            people.case.id,
            Purpose.ADMINISTRATION,
            administrator.principal_id,
            because="test",
            by=None,
        )
    client.sign_in(administrator)
    assert "Sleep through" not in client.page(f"/cases/{people.case.ref}")


def test_a_stranger_finds_nothing(client: PageClient, people: People) -> None:
    stranger: Staff = make_staff(Role.ASSESSOR)
    client.sign_in(stranger)
    path = f"/cases/{people.case.ref}/measures/goals"
    assert client.get(path).status_code == 404
    assert client.post(path, data=form(words="Sleep")).status_code == 404
    assert goals.every_goal(people.case.id) == []


def test_without_the_pack_there_is_no_such_page(
    client: PageClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outcome_measures.goals.routes.INSTRUMENTS", {})
    client.sign_in(people.assessor)
    assert client.get(f"/cases/{people.case.ref}/measures/goals").status_code == 404
