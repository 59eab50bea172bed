"""His own goals: up to three, ended and never rewritten, asked in his words."""

import re
import uuid
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from mhtr.accounts.models import Staff
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.goals import service as goals
from outcome_measures.instruments.registry import PACKS
from outcome_measures.models import MeasureGoal, MeasureMode, MeasureOccasion
from outcome_measures.reading import queries
from outcome_measures.recording import service
from outcome_measures.time_points import TimePoint
from tests.makers import make_staff
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


def rate(people: People, session: int, *ratings: int) -> MeasureOccasion:
    """Ratings of his goals by number today; those he did not rate do not apply to him."""
    with writing():
        occasion = service.open_occasion(
            case_id=people.case.id,
            context=f"test:{session}",
            instrument="gbo",
            mode=MeasureMode.IN_PERSON,
            asked_on=clock.today(),
            by=people.assessor.id,
            point=TimePoint.SESSION,
            session_number=session,
        )
        answers = {number: Answer(AnswerState.NOT_APPLICABLE) for number in (1, 2, 3)}
        answers |= {n: Answer(AnswerState.ANSWERED, value) for n, value in enumerate(ratings, 1)}
        service.submit(occasion, answers, version=1, by=people.assessor.id)
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
