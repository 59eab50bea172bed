"""The measures of a case as pages: who reads them, what they say, the chart by its own address."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from jinja2 import DictLoader

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview.measure_words import measures_of
from outcome_measures import listeners, page_parts
from outcome_measures.charts import drawing as charts
from outcome_measures.charts.store import ChartStore, Drawing
from outcome_measures.definitions import AnswerState
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import MeasureAnswer, OccasionState
from outcome_measures.page_parts import Part, Place
from outcome_measures.reading import chart_routes
from outcome_measures.reading.lines import lines_of
from outcome_measures.reading.queries import points_of
from outcome_measures.time_points import TimePoint
from tests.makers import make_staff
from tests.outcome_measures.occasions import asked, corrected, held
from tests.outcome_measures.signing.test_service import sign, withdraw
from tests.overview.things import a_case, give
from tests.pages import PageClient

FIRST = date(2026, 9, 7)


def day(session: int) -> date:
    return FIRST + timedelta(days=7 * (session - 1))


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChartStore]:
    fresh = ChartStore()
    monkeypatch.setattr(chart_routes, "charts", fresh)
    yield fresh


def treated(assessor: Staff, *totals: int | None, case: Case | None = None) -> Case:
    """A case with PHQ-9 at each session."""
    made = case or a_case(assessor)
    for number, total in enumerate(totals, start=1):
        held(made, assessor, day(number), number)
        asked(made, assessor, "phq9", day(number), total, session=number)
    return made


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def test_the_page_says_the_finding_the_facts_and_every_occasion(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR, name="Amara Nwosu")
    case = treated(staff, 21, 19, None, 12)
    asked(case, staff, "phq9", date(2026, 6, 1), 22, point=TimePoint.PRE_SENTENCE)
    asked(case, staff, "phq9", day(5), 11, session=5, typed=True)
    asked(case, staff, "gad7", day(1), 15, session=1)
    page = client.sign_in(staff).page(f"/cases/{case.ref}/measures")
    said = text(page)
    assert (
        "PHQ-9 down 10 points since the start: reliable improvement; still above the cut-off."
    ) in said
    assert "Moderate (10 to 14)" in said
    assert "Before sentence 22, on 1 June 2026" in said
    assert "No score: 8 of 9 answered" in said
    assert "Estimate 0.0, not a score" in said
    assert "Typed in" in said
    assert "Not known (total typed in)" in said
    assert "Session 4, in person, Amara Nwosu" in said
    assert "one score so far" in said
    assert said.index("Mon 5 Oct 2026") < said.index("Mon 7 Sep 2026")


def test_the_classes_are_interim_while_the_episode_is_open(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = treated(staff, 21, 12)
    for number, total in ((1, 15), (2, 6)):
        asked(case, staff, "gad7", day(number), total, session=number)
    said = text(client.sign_in(staff).page(f"/cases/{case.ref}/measures"))
    assert "Calculated by the NHS Talking Therapies rules" in said
    assert "Interim" in said
    assert "Reliable improvement Yes" in said
    assert "Improved on at least one of PHQ-9 and GAD-7 Yes" in said
    assert "Improved on at least two of PHQ-9, GAD-7 and CORE-OM Yes" in said


def test_nothing_asked_is_said_kindly(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = a_case(staff)
    page = client.sign_in(staff).page(f"/cases/{case.ref}/measures")
    assert "No measure was asked yet." in page
    assert "<img" not in page[page.index("<main") :]


def test_a_form_still_open_is_named_and_has_no_chart(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = a_case(staff)
    asked(case, staff, "phq9", FIRST, 5, session=1, state=OccasionState.OPEN)
    page = client.sign_in(staff).page(f"/cases/{case.ref}/measures")
    assert "PHQ-9 is begun." in page
    assert "Begun: 9 of 9 answered" in page
    assert "chart.svg" not in page


def test_the_lines_of_the_table_hold_the_scores_that_are_compared(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = treated(staff, 21, None, 12)
    asked(case, staff, "gad7", day(3), 9, session=3, typed=True, historic=True)
    asked(case, staff, "gad7", day(4), 9, session=4, state=OccasionState.CLOSED)
    lines = [line.point for line in lines_of(case.id) if line.state is OccasionState.SUBMITTED]
    assert tuple(lines) == points_of([case.id])[case.id]
    (closed,) = [line for line in lines_of(case.id) if line.state is OccasionState.CLOSED]
    assert (closed.point.total, closed.score) == (None, None)


def test_the_answers_of_an_occasion_with_what_was_corrected(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR, name="Amara Nwosu")
    case = a_case(staff)
    made = asked(case, staff, "phq9", FIRST, 20, session=1)
    corrected(made, staff, 9, before=0, now=1)
    ref = made.ref
    client.sign_in(staff)
    assert "Corrected" in client.page(f"/cases/{case.ref}/measures")
    said = text(client.page(f"/cases/{case.ref}/measures/answers/{ref}"))
    assert "PHQ-9 on 7 September 2026" in said
    assert "Question 9 was “Not at all” until Amara Nwosu corrected it" in said
    assert "Copyright © Pfizer" in said


def test_the_answers_of_another_case_are_not_found(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    mine, other = a_case(staff), a_case(staff)
    made = asked(other, staff, "phq9", FIRST, 20, session=1)
    answer = client.sign_in(staff).get(f"/cases/{mine.ref}/measures/answers/{made.ref}")
    assert answer.status_code == 404


NO_CLINICIAN = sorted(set(Role) - CLINICAL_ROLES)


@pytest.mark.parametrize("role", NO_CLINICIAN)
def test_no_other_role_gets_page_answers_or_chart(client: PageClient, role: Role) -> None:
    clinician, other = make_staff(Role.ASSESSOR), make_staff(role)
    case = treated(clinician, 21, 12)
    for purpose in Purpose:
        give(case.id, purpose, other)
    ref = lines_of(case.id)[0].ref
    client.sign_in(other)
    for path in ("", f"/answers/{ref}", "/phq9/chart.svg"):
        answer = client.get(f"/cases/{case.ref}/measures{path}")
        assert answer.status_code == 403
        assert b"PHQ" not in answer.data


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - {Purpose.CLINICAL}))
def test_a_clinician_gets_nothing_for_another_purpose(client: PageClient, purpose: Purpose) -> None:
    clinician, other = make_staff(Role.ASSESSOR), make_staff(Role.ASSESSOR)
    case = treated(clinician, 21, 12)
    give(case.id, purpose, other)
    client.sign_in(other)
    assert client.get(f"/cases/{case.ref}/measures").status_code == 404
    assert client.get(f"/cases/{case.ref}/measures/phq9/chart.svg").status_code == 404


def charts_of(page: str) -> list[str]:
    found = re.findall(r'(?:src|srcset)="([^"]*chart\.svg[^"]*)"', page)
    return [href.replace("&amp;", "&") for href in found]


def test_the_chart_is_drawn_once_for_each_content(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = treated(staff, 21, 12)
    drawn: list[str] = []
    draw = charts.draw

    def counting(shown, size):  # type: ignore[no-untyped-def]
        assert not db.session().in_transaction(), "a picture is drawn inside a transaction"
        drawn.append(size)
        return draw(shown, size)

    monkeypatch.setattr(chart_routes, "draw", counting)
    wide, narrow = charts_of(client.sign_in(staff).page(f"/cases/{case.ref}/measures"))
    first = client.get(wide)
    assert (first.status_code, first.mimetype) == (200, "image/svg+xml")
    assert first.headers["Cache-Control"] == "no-store"
    assert client.get(wide).data == first.data
    assert client.get(f"/cases/{case.ref}/measures/phq9/chart.svg").data == first.data
    assert drawn == ["wide"]
    assert client.get(narrow).data != first.data
    again = client.get(wide, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert drawn == ["wide", "narrow"]


def test_another_score_is_another_chart(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = treated(staff, 21, 12)
    path = f"/cases/{case.ref}/measures/phq9/chart.svg"
    before = client.sign_in(staff).get(path)
    asked(case, staff, "phq9", day(3), 6, session=3)
    after = client.get(path)
    assert after.data != before.data
    assert after.headers["ETag"] != before.headers["ETag"]


def test_another_mans_chart_is_never_shown(client: PageClient, nothing_kept: ChartStore) -> None:
    """Not by the name of its content, and not although both have been drawn."""
    staff = make_staff(Role.ASSESSOR)
    mine, other = treated(staff, 21, 12), treated(staff, 5, 4, case=a_case(staff))
    client.sign_in(staff)
    (his, _) = charts_of(client.page(f"/cases/{other.ref}/measures"))
    theirs = client.get(his)
    own = client.get(f"/cases/{mine.ref}/measures/phq9/chart.svg")
    swapped = client.get(his.replace(str(other.ref), str(mine.ref)))
    assert swapped.data == own.data != theirs.data
    stranger = make_staff(Role.ASSESSOR)
    give(mine.id, Purpose.CLINICAL, stranger)
    client.sign_in(stranger)
    assert client.get(his).status_code == 404
    assert client.get(his.replace(str(other.ref), str(mine.ref))).data == own.data


@pytest.mark.parametrize("tail", ["nonsense/chart.svg", "gad7/chart.svg", "phq9/chart.svg?size=x"])
def test_a_chart_that_is_not_there_is_not_found(client: PageClient, tail: str) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = treated(staff, 21)
    assert client.sign_in(staff).get(f"/cases/{case.ref}/measures/{tail}").status_code == 404


def test_looking_at_a_chart_is_audited(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = treated(staff, 21, 12)
    client.sign_in(staff).get(f"/cases/{case.ref}/measures/phq9/chart.svg")
    last = db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert last is not None
    assert (last.action, last.case_id) == ("page.viewed", case.id)


def test_missed_sessions_of_other_features_are_marked(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = treated(staff, 21, 12)
    path = f"/cases/{case.ref}/measures"
    client.sign_in(staff)
    before = client.get(f"{path}/phq9/chart.svg").data
    monkeypatch.setattr(
        listeners, "missed_sessions", [lambda cases: dict.fromkeys(cases, [date(2026, 10, 5)])]
    )
    assert "1 session missed" in client.page(path)
    after = client.get(f"{path}/phq9/chart.svg").data
    assert before != after
    assert b"session missed: no score" in after


def test_parts_of_other_features_stand_where_they_say(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = a_case(staff)
    monkeypatch.setattr(page_parts, "_parts", {})
    part = Part("outcome_measures/answers_part_test.html", lambda _v, c: {"n": c.id}, Place.ABOVE)
    page_parts.add_part(part)
    env = client.application.jinja_env
    assert env.loader is not None
    loaders = env.loader.loaders  # type: ignore[attr-defined]
    extra = DictLoader({part.template: "<p>Part of case {{ part.n }}</p>"})
    monkeypatch.setattr(env.loader, "loaders", [*loaders, extra])
    assert f"Part of case {case.id}" in client.sign_in(staff).page(f"/cases/{case.ref}/measures")


def test_the_store_forgets_what_was_not_looked_at_for_longest() -> None:
    store = ChartStore(most=2)
    one, two, three = (Drawing(1, "phq9", "wide", name) for name in "abc")
    store.put(one, b"1")
    store.put(two, b"2")
    assert store.get(one) == b"1"
    store.put(three, b"3")
    assert (store.get(one), store.get(two), store.get(three)) == (b"1", None, b"3")


def test_the_store_keeps_cases_instruments_and_formats_apart() -> None:
    store = ChartStore()
    store.put(Drawing(1, "phq9", "wide", "a"), b"1")
    for other in (
        Drawing(2, "phq9", "wide", "a"),
        Drawing(1, "gad7", "wide", "a"),
        Drawing(1, "phq9", "narrow", "a"),
        Drawing(1, "phq9", "wide", "b"),
    ):
        assert store.get(other) is None


def test_the_case_page_shows_the_finding_beside_a_chart_for_clinicians(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = treated(staff, 21, 12)
    asked(case, staff, "gad7", day(1), 15, session=1)
    asked(case, staff, "wsas", day(1), 30, session=1, typed=True)
    page = client.sign_in(staff).page(f"/cases/{case.ref}")
    assert "PHQ-9 down 9 points since the start: reliable improvement" in text(page)
    (chart,) = charts_of(page)
    assert "/phq9/chart.svg" in chart and "size=narrow" in chart
    assert client.get(chart).status_code == 200
    assert "GAD-7, 7 September 2026 15 out of 21, severe, at or above the cut-off" in text(page)
    assert "30 out of 40" in text(page)
    assert f"/cases/{case.ref}/measures/answers/" in page
    other = make_staff(Role.ADMINISTRATOR)
    give(case.id, Purpose.ADMINISTRATION, other)
    page = client.sign_in(other).page(f"/cases/{case.ref}")
    assert "PHQ" not in page and "/measures" not in page


def test_before_sentence_the_score_is_read_with_its_band_and_cut_off(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = a_case(staff)
    asked(case, staff, "phq9", date(2026, 6, 1), 12, point=TimePoint.PRE_SENTENCE)
    asked(case, staff, "gad7", date(2026, 6, 1), 8, point=TimePoint.PRE_SENTENCE)
    said = text(client.sign_in(staff).page(f"/cases/{case.ref}/measures"))
    assert "PHQ-9 was 12 before sentence, above the cut-off; there is no score since" in said
    assert "Severity band before sentence Moderate (10 to 14)" in said
    assert "Cut-off before sentence At or above the cut-off of 10: a case" in said
    # Two facts: a score of mild severity can be a case.
    assert "Severity band before sentence Mild (5 to 9)" in said
    assert "Cut-off before sentence At or above the cut-off of 8: a case" in said
    assert "Last score" not in said


def test_what_is_due_stands_on_the_page_of_the_man(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = treated(staff, 12)
    said = text(client.sign_in(staff).page(f"/cases/{case.ref}/measures"))
    due = said[said.index("What is due") :]
    assert "GAD-7" in due[:200] and "Nothing is due" not in due


@pytest.mark.parametrize(
    ("total", "result"), [(36, "complex PTSD"), (0, "neither PTSD nor complex PTSD")]
)
def test_the_result_of_a_screen_comes_before_its_sum(
    client: PageClient, total: int, result: str
) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = a_case(staff)
    occasion = asked(case, staff, "itq", FIRST, total, session=1)
    with writing():
        # What it asks about the effect on his life is in the screen and not in the sum.
        for item in INSTRUMENTS["itq"].items:
            if not item.scored:
                value = 3 if total else 0
                db.session.add(
                    MeasureAnswer(
                        occasion_id=occasion.id,
                        item=item.number,
                        state=AnswerState.ANSWERED,
                        value=value,
                    )
                )
    client.sign_in(staff)
    found = f"{result[:1].upper()}{result[1:]}. PTSD symptoms:"
    said = text(client.page(f"/cases/{case.ref}/measures"))
    assert f"Screen on 7 September 2026: {result}. ITQ is {total}" in said
    assert found in said
    assert "never a diagnosis" in said
    assert found in text(client.page(f"/cases/{case.ref}/measures/answers/{occasion.ref}"))


def test_a_score_says_that_nobody_stands_for_its_words(client: PageClient) -> None:
    """Wherever it is read: its page, its answers, beside what happened; and not while one does."""
    staff, lead = make_staff(Role.ASSESSOR), make_staff(Role.CLINICAL_LEAD, hcpc="PYL000456")
    case = a_case(staff)
    occasion = asked(case, staff, "itq", FIRST, 36, session=1)
    pages = [
        f"/cases/{case.ref}/measures",
        f"/cases/{case.ref}/measures/answers/{occasion.ref}",
    ]
    client.sign_in(staff)

    def said_everywhere(words: str) -> bool:
        found = {words in text(client.page(page)) for page in pages}
        assert len(found) == 1
        return found.pop()

    card = "no clinical lead stands for the words of its form"
    assert said_everywhere("No clinical lead has signed for its wording")
    assert card in measures_of(lines_of(case.id))[0].words
    sign(lead, "itq", "wording")
    assert not said_everywhere("No clinical lead")
    assert card not in measures_of(lines_of(case.id))[0].words
    withdraw(lead, "itq", "wording")
    assert said_everywhere(
        "No clinical lead stands for its wording any more: signatures were withdrawn, the last on "
        f"{day_words(clock.today())}. Its scores are kept as they were given."
    )
    assert card in measures_of(lines_of(case.id))[0].words


def test_core_om_is_told_by_its_clinical_score_too(client: PageClient) -> None:
    staff = make_staff(Role.ASSESSOR)
    case = a_case(staff)
    asked(case, staff, "coreom", FIRST, 68, session=1)
    said = text(client.sign_in(staff).page(f"/cases/{case.ref}/measures"))
    assert "Clinical score (mean of the statements times ten) 20.0" in said
