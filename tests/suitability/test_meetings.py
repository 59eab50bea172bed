"""Each meeting of an assessment keeps its day, its manner and who met him; the report says all."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.suitability import meeting_service
from mhtr.suitability.assessment_content import as_of_then, build_report
from mhtr.suitability.meetings import HOW_WORDS, meetings_of, read
from mhtr.suitability.models import Assessment
from mhtr.suitability.psr_paragraph import psr_paragraph
from mhtr.suitability.report_content import (
    HowAssessed,
    Meeting,
    ReportContent,
    content_hash,
    from_json,
    to_json,
)
from mhtr.suitability.report_view import report_view
from tests.suitability.browsing import as_, base, send
from tests.suitability.journey import SEEN_ON, People, allocated, fill, finish, sent, started
from tests.suitability.report_samples import SIGNED
from tests.suitability.test_taking_over import colleague, give_to, handed_on, save_all_again, take


def meet(
    assessment: Assessment, how: HowAssessed, on: date, met_by: int, version: int | None = None
) -> None:
    with writing():
        meeting_service.add(
            assessment,
            how=how,
            on=on,
            met_by=met_by,
            version=assessment.version if version is None else version,
            by=met_by,
        )


def built(people: People, assessment: Assessment) -> ReportContent:
    content = build_report(people.case, assessment).content
    assert content is not None
    return content


def assessed(content: ReportContent) -> str:
    return dict(report_view(content).facts)["Assessed"]


def test_taken_over_the_report_says_who_met_him_and_who_wrote_it(
    either_app: Flask, set_clock: SetClock
) -> None:
    people = allocated()
    assessment, other = handed_on(people, set_clock)
    take(assessment, other)
    today = clock.today()
    meet(assessment, HowAssessed.TELEPHONE, today, other.id)
    save_all_again(assessment, other)
    content = built(people, assessment)
    first = people.assessor.name
    assert content.meetings is not None
    assert [(one.on, one.how, one.by.split(",")[0]) for one in content.meetings] == [
        (SEEN_ON, HowAssessed.VIDEO, first),
        (today, HowAssessed.TELEPHONE, other.name),
    ]
    said = assessed(content)
    assert said.startswith("By video on ") and f"by {first}" in said
    assert "; by telephone on " in said and f"by {other.name}" in said
    author = report_view(content).signatures[0]
    assert author.name == other.name and f"what {first} had begun" in author.detail


def test_one_author_is_not_said_to_have_begun_it(app: Flask, people: People) -> None:
    assessment = started(people)
    fill(assessment, people.assessor.id)
    content = built(people, assessment)
    assert content.begun_by is None and "begun" not in report_view(content).signatures[0].detail
    assert people.assessor.name in assessed(content)


def test_a_former_author_who_wrote_nothing_did_not_begin_the_report(
    app: Flask, people: People, set_clock: SetClock
) -> None:
    assessment = started(people)
    set_clock.advance(hours=1)
    other = colleague(people)
    give_to(people, other)
    take(assessment, other)
    fill(assessment, other.id)
    content = built(people, assessment)
    assert content.begun_by is None and content.author_name == other.name
    assert people.assessor.name in assessed(content)


def test_two_days_each_with_its_own_manner_in_order(app: Flask, people: People) -> None:
    assessment = started(people)
    before = SEEN_ON - timedelta(days=1)
    meet(assessment, HowAssessed.IN_PERSON, before, people.assessor.id)
    assert [(m.on, m.how) for m in read(assessment.meetings)] == [
        (before, HowAssessed.IN_PERSON),
        (SEEN_ON, HowAssessed.VIDEO),
    ]
    with pytest.raises(Refused, match="recorded already"):
        meet(assessment, HowAssessed.VIDEO, SEEN_ON, people.assessor.id)
    with pytest.raises(Stale):
        meet(assessment, HowAssessed.TELEPHONE, SEEN_ON, people.assessor.id, version=0)


def test_nobody_named_the_report_lacks_it(app: Flask, people: People) -> None:
    assessment = started(people)
    fill(assessment, people.assessor.id)
    with writing():
        db.session.refresh(assessment)
        assessment.meetings = [{**assessment.meetings[0], "by_id": None}]
    lacks = build_report(people.case, assessment).lacks
    assert [lack for lack in lacks if lack.startswith("Who met him on ")]


def test_a_finished_one_keeps_its_meetings(app: Flask, people: People) -> None:
    assessment = started(people)
    fill(assessment, people.assessor.id)
    finish(assessment, people)
    with pytest.raises(Refused):
        meet(assessment, HowAssessed.VIDEO, SEEN_ON - timedelta(days=1), people.assessor.id)
    with pytest.raises(Refused), writing():
        meeting_service.remove(assessment, 1, version=assessment.version, by=people.assessor.id)
    assert sent(assessment, people).content["meetings"]


def test_on_the_page_one_is_added_and_one_taken_out(app: Flask, people: People) -> None:
    assessment = started(people)
    client, path = as_(app, people.assessor), f"{base(people)}/assessment/meeting"
    page = client.page(path)
    assert "Save another meeting" in page
    answer = send(
        client,
        path,
        page,
        mode="in_person",
        met_by=str(people.lead.ref),
        **{"seen_on-day": "16", "seen_on-month": "11", "seen_on-year": "2026"},
    )
    assert answer.status_code == 303
    page = client.page(path)
    assert "In person" in page and people.lead.name in page
    stale = send(client, f"{path}/remove", page, meeting="1", version="0")
    assert stale.status_code == 422 or "changed this meanwhile" in stale.get_data(as_text=True)
    for wrong in ("0", "3", "-1", "x", "99999"):
        send(client, f"{path}/remove", client.page(path), meeting=wrong)
    db.session.expire_all()
    assert len(assessment.meetings) == 2
    assert send(client, f"{path}/remove", page, meeting="1").status_code == 303
    db.session.expire_all()
    assert [m.how for m in read(assessment.meetings)] == [HowAssessed.VIDEO]


def test_older_reports_read_as_they_were_released() -> None:
    stored = to_json(SIGNED)
    assert "meetings" not in stored and "begun_by" not in stored
    assert from_json(stored) == SIGNED
    assert meetings_of(SIGNED) == "by video, 24 November 2026"


TWO = replace(
    SIGNED,
    assessed_on=(),
    how_assessed=None,
    meetings=(
        Meeting(date(2026, 11, 24), HowAssessed.VIDEO, "Tomasz Whitfield, Senior practitioner"),
        Meeting(date(2026, 11, 25), HowAssessed.IN_PERSON, "Ifeoma Brandt, Psychologist"),
    ),
)


def test_meetings_are_kept_with_a_report() -> None:
    again = from_json(to_json(TWO))
    assert again == TWO and content_hash(again) == content_hash(TWO)
    assert "(by video and in person; report" in psr_paragraph(TWO)
    assert assessed(TWO) == (
        "By video on 24 November 2026, by Tomasz Whitfield, Senior practitioner; in person on "
        "25 November 2026, by Ifeoma Brandt, Psychologist"
    )
    assert set(HOW_WORDS) == set(HowAssessed)


def test_what_was_signed_in_the_older_form_stands_only_where_it_is_true() -> None:
    own = Meeting(
        SIGNED.assessed_on[0], HowAssessed.VIDEO, f"{SIGNED.author_name}, {SIGNED.author_title}"
    )
    now = replace(SIGNED, assessed_on=(), how_assessed=None, meetings=(own,))
    assert as_of_then(now, SIGNED) == SIGNED
    untrue = (
        replace(now, begun_by="Ifeoma Brandt"),
        replace(now, meetings=(replace(own, by="Ifeoma Brandt, Psychologist"),)),
        replace(now, meetings=(replace(own, how=HowAssessed.TELEPHONE),)),
        replace(now, meetings=(replace(own, on=date(2026, 11, 20)),)),
    )
    for one in untrue:
        assert as_of_then(one, SIGNED) == one
    assert as_of_then(now, TWO) == now
