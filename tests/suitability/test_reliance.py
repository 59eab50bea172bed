"""A released report that may no longer stand says so to every reader, until it stands again."""

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from mhtr.accounts.models import Staff
from mhtr.cases import rules, shared_access
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, ReportProgress, StageOfCase
from mhtr.cases.reliance import MARK, Doubt, doubts, mark
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people.models import ConsentDecision
from mhtr.suitability import addendum_asked, outcome_service, release_readers
from mhtr.suitability.addendum_asked import NothingAdded
from mhtr.suitability.concerned import current_request
from mhtr.suitability.court_result import Outcome, Result
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.reliance_news import MAY_NOT_STAND, STANDS_AGAIN
from mhtr.suitability.sentence_checks import ReportInQuestion
from mhtr.suitability.sentence_rules import WhyThatDay
from mhtr.tasks.models import TaskKind
from tests.cases.paths import PATH, TODAY, fact, path
from tests.intake.house import notices, open_kinds
from tests.makers import make_organisation, make_staff, make_team
from tests.suitability.browsing import as_, base
from tests.suitability.journey import People, allocated, decided, released, say, signed
from tests.suitability.makers import ASKED
from tests.suitability.requesting import ask
from tests.suitability.test_addenda import write
from tests.suitability.test_plea_taken_back import pause
from tests.suitability.test_request_pages import keyed

K = FactKind
G, W = ConsentDecision.GIVEN, ConsentDecision.WITHDRAWN
OUT = path(*PATH[: PATH.index(K.RELEASED) + 1])


def plea(people: People, stage: StageOfCase) -> None:
    detail = {"stage": stage.value}
    with writing():
        cases.add_fact(
            cases.lock(people.case.id), K.STAGE_RECORDED, by=people.assessor.id, detail=detail
        )


def out(set_clock: SetClock) -> People:
    """A report that went out, of a man who had agreed to it."""
    people = allocated()
    say(people, G)
    released(signed(people), people)
    for principal in (people.psr_author.principal_id, people.team.principal_id):
        with writing():
            access.grant(people.case.id, Purpose.PRE_SENTENCE, principal, because="test", by=None)
    set_clock.advance(minutes=5)
    return people


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ((), ()),
        ((K.CONSENT_WITHDRAWN,), (Doubt.CONSENT,)),
        ((K.CONSENT_WITHDRAWN, K.CONSENT_GIVEN), ()),
        ((K.CONSENT_WITHDRAWN, K.SENTENCED_WITH_MHTR), (Doubt.CONSENT,)),
        ((K.SENTENCED_WITH_MHTR, K.CONSENT_WITHDRAWN), ()),
        ((K.CONSENT_WITHDRAWN, K.CLOSED), (Doubt.CONSENT,)),
    ],
)
def test_what_he_said_before_the_sentence(
    more: tuple[FactKind, ...], found: tuple[Doubt, ...]
) -> None:
    facts = [*OUT, *(fact(len(OUT) + n, kind) for n, kind in enumerate(more, start=1))]
    assert doubts(rules.fold(facts, TODAY)) == found


def test_a_plea_that_is_on_record_no_more() -> None:
    gone = fact(90, K.STAGE_RECORDED, detail={"stage": StageOfCase.NOT_GUILTY_PLEA})
    gone = fact(len(OUT) + 1, K.STAGE_RECORDED, detail=gone.detail)
    assert doubts(rules.fold([*OUT, gone], TODAY)) == (Doubt.NO_PLEA,)
    assert doubts(rules.fold([*OUT[:-1], gone], TODAY)) == (), "none has gone out"


def test_the_mark_says_nothing_of_what_he_said() -> None:
    assert mark((Doubt.CONSENT,)) == MARK
    assert "consent" not in MARK.lower() and " he " not in MARK.lower()
    assert mark(()) == ""


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize("why", ["consent", "plea"])
def test_every_page_and_file_says_so_until_it_stands_again(
    app: Flask, set_clock: SetClock, why: str
) -> None:
    people = out(set_clock)
    colleague = make_staff(Role.COURT_PROBATION, team=people.team, name="Sam Boateng")
    pages = ("", "/report", "/request", "/outcome")
    author, other, assessor = (as_(app, one) for one in (people.psr_author, colleague, people.lead))
    for page in pages:
        assert MARK not in author.page(f"{base(people)}{page}")
    plain = author.get(f"{base(people)}/report.pdf")
    if why == "consent":
        say(people, W)
    else:
        plea(people, StageOfCase.NOT_GUILTY_PLEA)
    for client in (author, other):
        for page in pages:
            assert MARK in client.page(f"{base(people)}{page}"), page
        assert f"[{MARK}" in client.page(f"{base(people)}/report"), "in the paragraph to copy"
        file = client.get(f"{base(people)}/report.pdf")
        assert "may-no-longer-stand" in file.headers["Content-Disposition"]
        assert "may no longer stand" in " ".join(text_of(file.data).split())
        assert "Report may no longer stand" in client.page("/requests?shown=released&whose=team")
    assert MARK in assessor.page(f"{base(people)}/report")
    assert MARK in as_(app, people.assessor).page(f"{base(people)}/release")
    assert "The report may no longer stand" in author.page("/today")
    if why == "consent":
        say(people, G)
    else:
        plea(people, StageOfCase.FOUND_GUILTY)
    for page in pages:
        assert MARK not in author.page(f"{base(people)}{page}")
    assert author.get(f"{base(people)}/report.pdf").data == plain.data


def test_everybody_it_was_released_or_opened_to_is_told(app: Flask, set_clock: SetClock) -> None:
    people = out(set_clock)
    elsewhere = make_team(make_organisation(), "Another court team")
    later = make_staff(Role.COURT_PROBATION, team=elsewhere, name="Lena Fry")
    request = current_request(people.case.id)
    assert request is not None
    with writing():
        mine = db.session.get_one(ReportRequest, request.id)
        mine.author_id, mine.team_id = later.id, elsewhere.id
        release_readers.note_later(mine, by=people.assessor.id)
    say(people, W)
    for staff in (people.psr_author, later):
        assert MAY_NOT_STAND in notices(staff)
    assert of_team(people.team.principal_id) == of_team(elsewhere.principal_id) == [MAY_NOT_STAND]
    assert MAY_NOT_STAND not in notices(people.assessor), "it was the assessor who recorded it"
    plea(people, StageOfCase.NOT_GUILTY_PLEA)
    say(people, G)
    assert STANDS_AGAIN not in notices(later), "there is no plea still"
    plea(people, StageOfCase.GUILTY_PLEA)
    assert STANDS_AGAIN in notices(later) and STANDS_AGAIN in notices(people.psr_author)


def test_who_cannot_go_on_is_told_no_more(app: Flask, set_clock: SetClock) -> None:
    people = out(set_clock)
    gone = make_staff(Role.COURT_PROBATION, team=people.team)
    request = current_request(people.case.id)
    assert request is not None
    with writing():
        db.session.get_one(ReportRequest, request.id).author_id = gone.id
        shared_access.exclude(people.case.id, gone.principal_id, because="family", by=None)
    say(people, W)
    assert MAY_NOT_STAND not in notices(gone)
    assert MAY_NOT_STAND in of_team(people.team.principal_id)


def of_team(principal_id: int) -> list[str]:
    from sqlalchemy import select

    from mhtr.tasks.models import Notice

    query = select(Notice.text).where(Notice.principal_id == principal_id)
    return [text for text in db.session.scalars(query) if "stand" in text]


@pytest.mark.parametrize("why", ["consent", "plea"])
def test_nothing_is_added_to_it_meanwhile(app: Flask, set_clock: SetClock, why: str) -> None:
    def doubt() -> None:
        say(people, W) if why == "consent" else plea(people, StageOfCase.NOT_GUILTY_PLEA)

    def stand() -> None:
        set_clock.advance(minutes=2)
        say(people, G) if why == "consent" else plea(people, StageOfCase.GUILTY_PLEA)
        set_clock.advance(minutes=2)

    people = allocated()
    say(people, G)
    assessment = signed(people)
    released(assessment, people)
    assert people.case.progress is ReportProgress.RELEASED
    doubt()
    with pytest.raises(Refused):
        write(people, assessment)
    stand()
    request = write(people, assessment)
    doubt()
    assert TaskKind.COUNTERSIGN not in open_kinds(people.case)
    with pytest.raises(Refused, match="may no longer stand"):
        decided(request, people.lead.id)
    with pytest.raises(Refused, match="may no longer stand"):
        decided(request, people.lead.id, comment="Say more.")
    stand()
    assert TaskKind.COUNTERSIGN in open_kinds(people.case)
    decided(request, people.lead.id)
    assert TaskKind.RELEASE in open_kinds(people.case)
    doubt()
    assert TaskKind.RELEASE not in open_kinds(people.case)
    with pytest.raises(Refused):
        released(assessment, people, addendum=True)
    stand()
    assert TaskKind.RELEASE in open_kinds(people.case)
    assert released(assessment, people, addendum=True).is_addendum


def test_an_addendum_asked_for_rests_meanwhile(app: Flask, set_clock: SetClock) -> None:
    people = allocated()
    say(people, G)
    assessment = signed(people)
    released(assessment, people)
    ask(people.case.id, people.psr_author.id, replace(ASKED, no_contact="His sister"))
    asked = TaskKind.ADDENDUM_ASKED
    assert asked in open_kinds(people.case)
    say(people, W)
    assert asked not in open_kinds(people.case), "nobody could write it"
    with pytest.raises(Refused), writing():
        addendum_asked.nothing_added(
            case_id=people.case.id, why=NothingAdded.NO_BEARING, by=people.assessor.id
        )
    set_clock.advance(minutes=2)
    ask(people.case.id, people.psr_author.id, replace(ASKED, no_contact="His mother"))
    assert asked not in open_kinds(people.case), "asked for while it is in doubt"
    say(people, G)
    assert asked in open_kinds(people.case)
    set_clock.advance(minutes=2)
    request = write(people, assessment)
    say(people, W)
    say(people, G)
    assert asked not in open_kinds(people.case), "it is before the lead"
    decided(request, people.lead.id)
    released(assessment, people, addendum=True)
    say(people, W)
    say(people, G)
    assert asked not in open_kinds(people.case), "it went out"


@pytest.mark.parametrize("when", ["before", "during"])
def test_a_pause_opens_no_addendum_of_a_report_in_doubt(
    app: Flask, set_clock: SetClock, when: str
) -> None:
    people = allocated()
    say(people, G)
    released(signed(people), people)
    ask(people.case.id, people.psr_author.id, replace(ASKED, no_contact="His sister"))
    if when == "before":
        say(people, W)
    pause(people, on=True)
    if when == "during":
        say(people, W)
    pause(people, on=False)
    assert TaskKind.ADDENDUM_ASKED not in open_kinds(people.case)
    say(people, G)
    assert TaskKind.ADDENDUM_ASKED in open_kinds(people.case)


def propose(people: People, by: Staff) -> None:
    outcome = Outcome(
        proposed=True,
        result=Result.CO_MHTR,
        sentenced_on=clock.today(),
        why_that_day=WhyThatDay.EARLIER_HEARING,
    )
    with writing():
        outcome_service.record_outcome(case_id=people.case.id, outcome=outcome, by=by.id)


def test_proposed_asks_whether_the_service_was_asked(app: Flask, set_clock: SetClock) -> None:
    people = out(set_clock)
    say(people, W)
    with pytest.raises(ReportInQuestion, match="may no longer stand"):
        propose(people, people.psr_author)
    client, where = as_(app, people.psr_author), f"{base(people)}/outcome"
    assert "I have asked the service" not in client.page(where)
    refused = client.post(where, data=keyed(version="0", proposed="yes"))
    assert refused.status_code == 422
    assert "I have asked the service" in refused.get_data(as_text=True)
    sent = keyed(version="0", proposed="yes", asked_service="yes")
    assert client.post(where, data=sent).status_code == 303
    kept = [one.detail for one in cases.facts_of(people.case.id) if one.kind is K.PROPOSED]
    assert kept == [{"asked_service": True}]
    other = keyed(version="1", proposed="no", correction="wrong_answer")
    assert client.post(where, data=other).status_code == 303, "that it was not asks nothing"


def test_proposed_of_a_report_that_stands_asks_nothing(app: Flask, set_clock: SetClock) -> None:
    people = out(set_clock)
    propose(people, people.psr_author)
    kept = [one.detail for one in cases.facts_of(people.case.id) if one.kind is K.PROPOSED]
    assert kept == [{}]
