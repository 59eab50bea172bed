"""Consent: added to, never deleted; what taking it back stops."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from mhtr.accounts.models import Staff
from mhtr.cases import consent_service, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case, CaseFact
from mhtr.cases.service import facts_of
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import consent
from mhtr.people.consent_wording import WORDINGS, current
from mhtr.people.models import ConsentDecision, ConsentEvent, ConsentItem, Person
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.counts import some
from tests.makers import make_case, make_staff
from tests.pages import PageClient
from tests.people.merged import merge
from tests.people.test_pages import insider, submission
from tests.people.test_service import create


def say(
    case: Case, decision: ConsentDecision, by: Staff, item: ConsentItem = ConsentItem.ASSESSMENT
) -> ConsentEvent:
    with writing():
        return consent_service.record_consent(
            case_id=case.id,
            item=item,
            decision=decision,
            how="face_to_face",
            at=clock.now(),
            by=by.id,
        )


SAID_NO = ("He withdrew his consent on ", "He declined on ")
"""Whoever never agreed declined: nothing of his is said to have been withdrawn."""


def no_words(case: Case) -> list[str]:
    """What he said, in the words that stand against releasing a report of him."""
    reasons = rules.can(FactKind.RELEASED, facts_of(case.id), clock.today()).reasons
    return [said for said in SAID_NO if any(reason.startswith(said) for reason in reasons)]


def may_release(case: Case) -> bool:
    return not no_words(case)


def test_a_withdrawal_stops_the_release_of_its_case_and_opens_a_task(
    either_app: Flask,
) -> None:
    person, staff, assessor = create(), make_staff(), make_staff(Role.ASSESSOR)
    case, other = make_case(person), make_case(person)
    with writing():
        db.session.get_one(Case, case.id).assessor_id = assessor.id
    say(case, ConsentDecision.GIVEN, staff)
    assert may_release(case)
    say(case, ConsentDecision.WITHDRAWN, staff)
    assert not may_release(case)
    assert may_release(other)
    task = db.session.scalars(select(Task).where(Task.case_id == case.id)).one()
    assert (task.kind, task.owner_staff_id) == (TaskKind.CONSENT_WITHDRAWN, assessor.id)
    with pytest.raises(Refused, match="has not agreed"):
        say(case, ConsentDecision.WITHDRAWN, staff)
    say(case, ConsentDecision.GIVEN, staff)
    assert may_release(case)
    assert not db.session.scalars(select(Task).where(Task.state == TaskState.OPEN)).all()
    assert len(consent.events(person.id)) == 3


def test_what_he_took_back_on_one_record_stops_no_report_of_the_other(app: Flask) -> None:
    staff, assessor = make_staff(), make_staff(Role.ASSESSOR)
    case, other = make_case(create()), make_case(create())
    with writing():
        db.session.get_one(Case, case.id).assessor_id = assessor.id
    for one in (case, other):
        say(one, ConsentDecision.GIVEN, staff)
    say(other, ConsentDecision.WITHDRAWN, staff)
    assert may_release(case)
    merge(case.person, other.person, staff.id)
    assert may_release(case) and not may_release(other)
    (task,) = db.session.scalars(select(Task).where(Task.case_id == case.id)).all()
    assert (task.kind, task.state) == (TaskKind.CONFIRM_CONSENT, TaskState.OPEN)


def test_a_team_looks_after_it_where_there_is_no_assessor(app: Flask) -> None:
    from tests.makers import make_organisation, make_team

    case, staff = make_case(), make_staff()
    team = make_team(make_organisation())
    with writing():
        access.grant(case.id, Purpose.CLINICAL, team.principal_id, because="test", by=None)
    say(case, ConsentDecision.REFUSED, staff)
    assert db.session.scalars(select(Task.owner_principal_id)).one() == team.principal_id


def test_refusing_treatment_when_first_asked_stops_nothing(app: Flask) -> None:
    case, staff = make_case(), make_staff()
    say(case, ConsentDecision.REFUSED, staff, ConsentItem.TREATMENT)
    assert may_release(case)
    say(case, ConsentDecision.GIVEN, staff, ConsentItem.TREATMENT)
    say(case, ConsentDecision.WITHDRAWN, staff, ConsentItem.TREATMENT)
    assert not may_release(case)


def test_agreeing_to_treatment_does_not_lift_a_refused_assessment(app: Flask) -> None:
    case, staff = make_case(), make_staff()
    say(case, ConsentDecision.REFUSED, staff)
    say(case, ConsentDecision.GIVEN, staff, ConsentItem.TREATMENT)
    assert no_words(case) == ["He declined on "]
    say(case, ConsentDecision.GIVEN, staff)
    assert may_release(case)
    say(case, ConsentDecision.REFUSED, staff)
    say(case, ConsentDecision.GIVEN, staff, ConsentItem.TREATMENT)
    assert no_words(case) == ["He withdrew his consent on "]


G, R, W = ConsentDecision.GIVEN, ConsentDecision.REFUSED, ConsentDecision.WITHDRAWN
A, T = ConsentItem.ASSESSMENT, ConsentItem.TREATMENT
Said = tuple[ConsentItem, ConsentDecision]


def stands_against(said: list[Said]) -> bool | None:
    """Whether he has taken back what a report rests on; None where it cannot have been said."""
    against: set[ConsentItem] = set()
    last: dict[ConsentItem, ConsentDecision] = {}
    for item, decision in said:
        if decision is W and last.get(item) is not G:
            return None
        last[item] = decision
        if decision is G:
            against.discard(item)
        elif decision is W or item is A:
            against.add(item)
    return bool(against)


def test_in_every_order_only_what_was_taken_back_and_given_again_lifts_the_stop(app: Flask) -> None:
    staff_id = make_staff().id
    every = [(item, decision) for item in (A, T) for decision in (G, R, W)]
    orders = [[(A, G), (T, G), *said] for said in product(every, repeat=3)]
    orders += [[(T, G), *said] for said in product(every, repeat=2)]
    possible = [said for said in orders if stands_against(said) is not None]
    assert [(T, G), (T, W), (A, G)] in possible
    assert len(possible) > 100
    for said in [*some(possible, 4), [(T, G), (T, W), (A, G)]]:
        case = make_case()
        with writing():
            for item, decision in said:
                consent_service.record_consent(
                    case_id=case.id, item=item, decision=decision, how="video", at=clock.now(),
                    by=staff_id,
                )  # fmt: skip
        assert may_release(case) is not stands_against(said), said


def test_what_he_takes_back_while_the_case_is_closed_stops_it_once_it_is_open(app: Flask) -> None:
    case, staff = make_case(), make_staff()
    say(case, ConsentDecision.GIVEN, staff)
    with writing():
        cases.add_fact(
            cases.lock(case.id), FactKind.CLOSED, by=staff.id, detail={"reason": "discontinued"}
        )
    say(case, ConsentDecision.WITHDRAWN, staff)
    with writing():
        cases.add_fact(cases.lock(case.id), FactKind.REOPENED, by=staff.id)
    assert not may_release(case)
    (task,) = db.session.scalars(select(Task).where(Task.state == TaskState.OPEN)).all()
    assert task.kind is TaskKind.CONSENT_WITHDRAWN


@pytest.mark.parametrize("item", [ConsentItem.GP, ConsentItem.LINK_WORKER])
def test_other_items_leave_the_case_alone(app: Flask, item: ConsentItem) -> None:
    case, staff = make_case(), make_staff()
    say(case, ConsentDecision.GIVEN, staff, item)
    say(case, ConsentDecision.WITHDRAWN, staff, item)
    kinds = db.session.scalars(select(CaseFact.kind)).all()
    assert set(kinds) == {FactKind.REFERRED, FactKind.STAGE_RECORDED}


def test_a_decision_is_never_changed_or_deleted(either_app: Flask) -> None:
    case, staff = make_case(), make_staff()
    event = say(case, ConsentDecision.GIVEN, staff)
    for statement in ("UPDATE consent_events SET how = 'video'", "DELETE FROM consent_events"):
        with pytest.raises(DBAPIError, match="append_only"), writing():
            db.session.execute(text(statement))
    assert db.session.get_one(ConsentEvent, event.id).how == "face_to_face"


def test_sharing_more_says_what(app: Flask) -> None:
    case, staff = make_case(), make_staff()
    with pytest.raises(Refused, match="what may be told"):
        say(case, ConsentDecision.GIVEN, staff, ConsentItem.SHARING_MORE)


def test_a_decision_of_the_future_is_refused(app: Flask) -> None:
    case, staff = make_case(), make_staff()
    with pytest.raises(Refused, match="future"), writing():
        consent_service.record_consent(
            case_id=case.id,
            item=ConsentItem.GP,
            decision=ConsentDecision.GIVEN,
            how="video",
            at=clock.now() + timedelta(minutes=1),
            by=staff.id,
        )


def test_every_item_has_its_texts_and_every_version_its_own_name() -> None:
    assert {w.item for w in WORDINGS} == set(ConsentItem)
    assert len({w.version for w in WORDINGS}) == len(WORDINGS)
    for item in ConsentItem:
        assert current(item, date(2026, 11, 18)).item is item


def test_consent_is_recorded_from_its_page_with_the_text_read(client: PageClient) -> None:
    case = make_case()
    client.sign_in(insider(case, Role.ASSESSOR))
    address = f"/cases/{case.ref}/consent/assessment"
    page = client.page(address)
    assert "it may be read out in court" in page
    data = {"decision": "given", "how": "video", "submission_key": submission(page)}
    data |= {"said_on-day": "18", "said_on-month": "11", "said_on-year": "2026"}
    assert client.post(address, data=data | {"said_at": "11:30"}).status_code == 303
    shown = client.page(f"/cases/{case.ref}/consent")
    assert "assessment-1" in shown
    assert "18 November 2026 at 11:30, by video" in shown
    assert "We do not need your agreement for it" in shown


def test_an_administrator_reads_consent_and_cannot_record_it(client: PageClient) -> None:
    case = make_case()
    client.sign_in(insider(case, Role.ADMINISTRATOR))
    assert "Ask him" not in client.page(f"/cases/{case.ref}/consent")
    assert client.get(f"/cases/{case.ref}/consent/gp").status_code == 403


def test_a_dead_mans_banner_says_so(client: PageClient) -> None:
    case = make_case(create(died_on=date(2026, 11, 1)))
    client.sign_in(insider(case, Role.ASSESSOR))
    assert "Died 1 November 2026" in client.page(f"/cases/{case.ref}/person")
    assert db.session.get_one(Person, case.person_id).died_on == date(2026, 11, 1)


def test_he_is_told_not_asked_and_that_is_noted(client: PageClient) -> None:
    case = make_case()
    client.sign_in(insider(case, Role.ASSESSOR))
    assert "Not told yet" in client.page(f"/cases/{case.ref}/consent")
    address = f"/cases/{case.ref}/consent/told"
    data = {"submission_key": submission(client.page(address))}
    assert client.post(address, data=data).status_code == 422
    assert client.post(address, data=data | {"how": "video"}).status_code == 303
    assert "18 November 2026 at 12:00, by video" in client.page(f"/cases/{case.ref}/consent")
    with pytest.raises(DBAPIError, match="append_only"), writing():
        db.session.execute(text("DELETE FROM told_events"))


def test_noon_that_an_earlier_version_wrote_is_shown_as_a_day(client: PageClient) -> None:
    case = make_case()
    assessor = insider(case, Role.ASSESSOR)
    for item, day, hour in (
        (ConsentItem.ASSESSMENT, 17, 12),
        (ConsentItem.TREATMENT, 17, 14),
        (ConsentItem.GP, 18, 12),
    ):
        with writing():
            consent_service.record_consent(
                case_id=case.id,
                item=item,
                decision=ConsentDecision.GIVEN,
                how="video",
                at=datetime(2026, 11, day, hour, tzinfo=clock.LONDON),
                by=assessor.id,
            )
    ref = case.ref
    client.sign_in(assessor)
    for page in (client.page(f"/cases/{ref}/consent"), client.page(f"/cases/{ref}")):
        assert "17 November 2026 at 12:00" not in page
        assert "17 November 2026 at 14:00" in page and "18 November 2026 at 12:00" in page
    assert "17 November 2026, by video" in client.page(f"/cases/{ref}/consent")
