"""A "must not meet" that names a man who is not here yet finds him when he comes."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import service as accounts
from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import access_service, flag_man_queries, flag_men, flag_owners, identity
from mhtr.cases.models import Case
from mhtr.cases.queries import purposes_held
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import flags, service
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.models import Flag, FlagKind, FlagQuestion, Merge
from mhtr.people.rules import Accepts
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.house import accept
from tests.intake.two_trusts import NORTH, Two
from tests.makers import make_staff
from tests.pages import PageClient
from tests.people.test_flags import REASON, flag
from tests.people.test_pages import submission

JONAS = {"given_name": "Jonas", "family_name": "Zetterlund", "nhs_number": "", "crn": ""}
MAY_BE = "(may be this man: to be confirmed)"
OF_THE_NAME = "(a man of such a name is on record: not confirmed that it is he)"
SETTINGS = Accepts(NhsNumberRange.TEST, fictional=True)


def raised(two: Two, name: str = "Jonas Zetterlund") -> tuple[Case, Flag]:
    case = two.refer()
    accept(two, case, two.assessor)
    row = flag(case, two.assessor, kind=FlagKind.MUST_NOT_MEET, fact="", other_name=name)
    return case, row


def rename(person_id: int, family: str, by: Staff) -> None:
    with writing():
        service.update_person(
            person_id=person_id,
            changes={"family_name": family},
            settings=SETTINGS,
            by=by.id,
            reason="Misheard",
        )


def asked(state: TaskState = TaskState.OPEN) -> list[Task]:
    db.session.expire_all()
    wanted = select(Task).where(Task.title == flag_men.TITLE, Task.state == state)
    return list(db.session.scalars(wanted.order_by(Task.id)))


def warned(case: Case, staff: Staff) -> list[str]:
    held = purposes_held(viewer_of(staff), case)
    return [shown.fact for shown in flags.flags_shown(case.person_id, held)]


def answer(same: bool, by: Staff) -> None:
    question = db.session.scalars(
        select(FlagQuestion).where(FlagQuestion.answered_at.is_(None))
    ).one()
    with writing():
        flag_men.answer(question_id=question.id, same=same, by=by.id)


def test_whoever_comes_after_the_warning_is_asked_about_and_shown(either_app: Flask) -> None:
    two = Two()
    case, row = raised(two)
    other = two.refer(None, **JONAS)
    task = asked()[0]
    assert (task.kind, task.owner_staff_id) == (TaskKind.FLAG_MAN, two.assessor.id)
    assert (task.case_id, task.endpoint) == (case.id, "people.flags")
    assert warned(case, two.lead) == [f"Jonas Zetterlund {OF_THE_NAME}"]
    assert warned(other, two.lead) == [f"Tunde Okafor {MAY_BE}"]
    [shown] = flags.flags_shown(other.person_id, frozenset({Purpose.CLINICAL}))
    assert shown.mirrored and not shown.reason
    answer(True, two.assessor)
    assert not asked()
    assert row.other_person_id == other.person_id
    assert warned(case, two.lead) == ["Jonas Zetterlund"]
    assert warned(other, two.lead) == ["Tunde Okafor"]


def test_a_no_is_remembered_with_who_and_never_asked_again(either_app: Flask) -> None:
    two = Two()
    case, _ = raised(two)
    other = two.refer(None, **JONAS)
    answer(False, two.assessor)
    assert warned(other, two.lead) == []
    two.refer(None, **JONAS)
    rename(other.person_id, "Zetterlunde", two.lead)
    rename(other.person_id, "Zetterlund", two.lead)
    assert len(asked()) == 1, "the second man of this name is asked about, the first is not"
    men = flag_man_queries.men_of(
        viewer_of(two.lead), case.person_id, frozenset({Purpose.CLINICAL})
    )
    assert (men[0].answer, men[0].answered_by) == ("no", two.assessor.name)


def test_a_name_put_right_raises_it_and_takes_it_back(either_app: Flask) -> None:
    two = Two()
    raised(two)
    other = two.refer(None, **JONAS | {"family_name": "Ek"})
    assert not asked()
    rename(other.person_id, "Zeterlund", two.lead)
    assert asked(), "names that are alike are asked about too"
    rename(other.person_id, "Ek", two.lead)
    assert not asked()
    assert len(asked(TaskState.WITHDRAWN)) == 1
    assert warned(other, two.lead) == []
    with writing():
        service.update_person(
            person_id=other.person_id,
            changes={"aliases": ("Jonas Zetterlund",)},
            settings=SETTINGS,
            by=two.lead.id,
            reason="He said so",
        )
    assert asked(), "an alias is a name"


def test_another_trust_is_not_asked_until_it_has_him(either_app: Flask) -> None:
    two = Two()
    case, _ = raised(two)
    other = two.refer(None, **JONAS, court=NORTH)
    assert not asked()
    assert warned(other, two.north_lead) == []
    two.move(other, court="B01EF")
    assert len(asked()) == 1


def test_it_moves_to_somebody_who_may_see_both(either_app: Flask) -> None:
    two = Two()
    raised(two)
    other = two.refer(None, **JONAS)
    with writing():
        access_service.exclude(
            other.id, username=two.assessor.username, reason="Family", by=two.lead.id
        )
    assert [task.owner_staff_id for task in asked()] == [two.lead.id]


def test_whoever_leaves_gives_it_to_who_has_the_man(either_app: Flask) -> None:
    """Not to the trust's list, which is nobody's: the assessor, or a lead who may see him."""
    two = Two()
    case, row = raised(two)
    two.refer(None, **JONAS)
    (task,) = asked()
    assert task.owner_staff_id == two.assessor.id
    with writing():
        accounts.disable(two.assessor.id, by=None)
    (task,) = asked()
    assert task.owner_staff_id == two.lead.id
    assert task.case_id == case.id
    assert row.owner_staff_id == two.lead.id


def test_nor_does_it_wait_on_a_list_where_the_warning_has_another_owner(app: Flask) -> None:
    """Whoever was asked leaves, and whoever looks after the warning stays: it is his to answer."""
    two = Two()
    _, row = raised(two)
    two.refer(None, **JONAS)
    (task,) = asked()
    colleague = make_staff(Role.ASSESSOR, organisation=two.trust, name="Col League")
    with writing():
        held = db.session.get_one(Task, task.id)
        to = db.session.get_one(Staff, colleague.id)
        tasks.hand_over(held, to_principal_id=to.principal_id, to_staff_id=to.id, by=None)
    with writing():
        accounts.disable(colleague.id, by=None)
    (task,) = asked()
    assert task.owner_staff_id == row.owner_staff_id == two.assessor.id


def test_a_lead_who_may_not_see_the_other_man_is_not_asked(either_app: Flask) -> None:
    two = Two()
    raised(two)
    other = two.refer(None, **JONAS)
    third = make_staff(Role.ASSESSOR, organisation=two.trust)
    for staff in (two.assessor, two.lead):
        with writing():
            access_service.exclude(
                other.id, username=staff.username, reason="Family", by=two.lead.id
            )
    assert [task.owner_staff_id for task in asked()] == [third.id]


def test_two_records_of_whom_it_is_asked_are_not_made_one(either_app: Flask) -> None:
    two = Two()
    case, _ = raised(two)
    other = two.refer(None, **JONAS)
    third = two.refer(None, **JONAS | {"given_name": "Anton", "family_name": "Ek"})
    with pytest.raises(Refused, match="has to be answered first"), writing():
        join(case, other, two.lead)
    with writing():
        join(third, other, two.lead)
    assert len(asked()) == 1
    assert warned(db.session.get_one(Case, third.id), two.lead) == [f"Tunde Okafor {MAY_BE}"]


def test_the_question_is_about_a_man_who_was_made_one_with_another_too(either_app: Flask) -> None:
    two = Two()
    case, _ = raised(two)
    other = two.refer(None, **JONAS)
    third = two.refer(None, **JONAS | {"given_name": "Anton", "family_name": "Ek"})
    with writing():
        join(third, other, two.lead)
    with pytest.raises(Refused, match="has to be answered first"), writing():
        join(case, db.session.get_one(Case, third.id), two.lead)


def test_after_an_undone_merge_it_waits_on_his_own_case_for_the_same_clinician(
    either_app: Flask,
) -> None:
    two = Two()
    case, row = raised(two)
    second = two.refer(None, **JONAS | {"given_name": "Anton", "family_name": "Ek"})
    with writing():
        merge = join(case, second, two.lead)
        flag_owners.settle(case.person_id, by=two.lead.id)
    two.refer(None, **JONAS)
    review = db.session.scalars(select(Task).where(Task.kind == TaskKind.FLAG_REVIEW)).one()
    for task in (*asked(), review):
        assert (task.owner_staff_id, task.case_id) == (two.assessor.id, second.id)
    with writing():
        identity.undo_merge(merge_id=merge.id, reason="Two passports", by=two.lead.id)
    for task in (*asked(), review):
        assert task.owner_staff_id == two.assessor.id
        assert (task.case_id, task.subject_ref) == (case.id, str(case.ref))
    changed = select(AuditEvent.case_id).where(AuditEvent.action == "tasks.changed")
    assert case.id in db.session.scalars(changed).all()


def join(kept: Case, absorbed: Case, by: Staff) -> Merge:
    return identity.join(
        kept.person_id, absorbed.person_id, right={}, chosen={}, reason="His words", by=by.id
    )


def typed(two: Two, page: str, **said: str) -> dict[str, str]:
    return {
        "kind": "must_not_meet",
        "other_name": "Jonas Zetterlund",
        "reason": REASON,
        "owner": str(two.assessor.ref),
        "review_on-day": "1",
        "review_on-month": "12",
        "review_on-year": "2026",
        "submission_key": submission(page),
        **said,
    }


def shown_on(page: str) -> str:
    found = re.search(r'name="shown"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def test_the_warning_that_comes_second_asks_about_whoever_was_not_said_to_be_another(
    client: PageClient,
) -> None:
    two = Two()
    other = two.refer(None, **JONAS)
    case, _ = raised(two)
    client.sign_in(two.lead)
    address = f"/cases/{case.ref}/flags/new"
    first = client.post(address, data=typed(two, client.page(address)))
    shown = shown_on(first.get_data(as_text=True))
    assert first.status_code == 422 and str(other.person.ref) in shown
    said = typed(two, first.get_data(as_text=True), other="name", shown=shown)
    assert client.post(address, data=said).status_code == 303
    assert not asked(), "he was shown, and said to be another man"
    (no,) = db.session.scalars(select(FlagQuestion))
    assert (no.person_id, no.answer, no.answered_by) == (other.person_id, "no", two.lead.id)


def test_of_a_man_who_was_not_shown_no_is_said_for_nobody(client: PageClient) -> None:
    two = Two()
    case = two.refer()
    two.refer(None, **JONAS)
    client.sign_in(two.lead)
    address = f"/cases/{case.ref}/flags/new"
    first = client.post(address, data=typed(two, client.page(address)))
    page = first.get_data(as_text=True)
    came = two.refer(None, **JONAS | {"born": "1990-07-09"})
    late = client.post(address, data=typed(two, page, other="name", shown=shown_on(page)))
    again = late.get_data(as_text=True)
    assert late.status_code == 422 and "not all of them were shown" in again
    assert not db.session.scalars(select(FlagQuestion)).all()
    assert str(came.person.ref) in shown_on(again)
    said = typed(two, again, other="name", shown=shown_on(again))
    assert client.post(address, data=said).status_code == 303
    assert len(db.session.scalars(select(FlagQuestion)).all()) == 2


def test_a_no_is_taken_back_and_asked_again(client: PageClient) -> None:
    two = Two()
    case, row = raised(two)
    other = two.refer(None, **JONAS)
    answer(False, two.assessor)
    question = db.session.scalars(select(FlagQuestion)).one()
    address = f"/cases/{case.ref}/flags/{row.ref}/men/{question.ref}"
    client.sign_in(two.lead)
    assert address in client.page(f"/cases/{case.ref}/flags")
    key = submission(client.page(address))
    assert client.post(address, data={"submission_key": key, "again": "yes"}).status_code == 303
    assert [task.owner_staff_id for task in asked()] == [two.assessor.id]
    assert warned(other, two.lead) == [f"Tunde Okafor {MAY_BE}"]
    answer(True, two.assessor)
    assert warned(other, two.lead) == ["Tunde Okafor"]
    with pytest.raises(Refused, match="not asked again"), writing():
        flag_men.take_back(question_id=question.id, by=two.lead.id)


def test_the_page_asks_and_links_them(client: PageClient) -> None:
    two = Two()
    case, row = raised(two)
    other = two.refer(None, **JONAS)
    client.sign_in(two.assessor)
    page = client.page(f"/cases/{case.ref}/flags")
    assert "Is it Jonas Zetterlund, born" in page
    question = db.session.scalars(select(FlagQuestion)).one()
    address = f"/cases/{case.ref}/flags/{row.ref}/men/{question.ref}"
    key = submission(client.page(address))
    assert client.post(address, data={"submission_key": key}).status_code == 422
    answered = client.post(address, data={"submission_key": key, "same": "yes"})
    assert answered.status_code == 303
    assert db.session.get_one(Flag, row.id).other_person_id == other.person_id
    client.sign_in(two.administrator)
    assert client.get(address).status_code == 403


def test_whoever_may_not_open_the_other_record_reads_no_name_of_it(client: PageClient) -> None:
    two = Two()
    case, row = raised(two, "J Zetterlund")
    other = two.refer(None, **JONAS)
    with writing():
        access_service.exclude(
            other.id, username=two.assessor.username, reason="Family", by=two.lead.id
        )
    client.sign_in(two.assessor)
    page = client.page(f"/cases/{case.ref}/flags")
    assert "Is it a man whose record is closed to you?" in page
    question = db.session.scalars(select(FlagQuestion)).one()
    address = f"/cases/{case.ref}/flags/{row.ref}/men/{question.ref}"
    shown = client.page(address)
    assert "Jonas" not in page + shown
    typed = {"submission_key": "0" * 8, "same": "yes"}
    assert client.post(address, data=typed).status_code in (400, 404)
    assert row.other_person_id is None


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [("yes", "no", "he is the man"), ("no", "yes", "it is somebody else")],
)
def test_the_second_to_answer_reads_who_said_what(
    client: PageClient, first: str, second: str, said: str
) -> None:
    two = Two()
    case, row = raised(two)
    two.refer(None, **JONAS)
    question = db.session.scalars(select(FlagQuestion)).one()
    address = f"/cases/{case.ref}/flags/{row.ref}/men/{question.ref}"
    client.sign_in(two.assessor)
    late = submission(client.page(address))
    answer(first == "yes", two.lead)
    answered = client.post(address, data={"submission_key": late, "same": second})
    page = answered.get_data(as_text=True)
    assert answered.status_code == 409
    assert f"by {two.lead.name}: {said}." in page
    assert "Your answer was not saved" in page
    assert f"by {two.lead.name}: {said}." in client.page(address)
    assert db.session.get_one(FlagQuestion, question.id).answer == first


def test_a_question_that_is_asked_no_more_says_so(client: PageClient) -> None:
    two = Two()
    case, row = raised(two)
    other = two.refer(None, **JONAS)
    question = db.session.scalars(select(FlagQuestion)).one()
    rename(other.person_id, "Ek", two.lead)
    client.sign_in(two.assessor)
    address = f"/cases/{case.ref}/flags/{row.ref}/men/{question.ref}"
    assert "it is asked no more" in client.page(address)
    assert client.get(f"/cases/{case.ref}/flags/{row.ref}/men/{row.ref}").status_code == 404


def test_the_question_waits_on_today_with_a_day_to_answer_and_the_typed_name(
    client: PageClient,
) -> None:
    two = Two()
    case, _ = raised(two, "Jonas Zetterlund (co-defendant)")
    two.refer(None, **JONAS)
    (task,) = asked()
    tomorrow = working_calendar().add(clock.today(), 1)
    assert task.due_at == end_of_day(tomorrow)
    assert "Zetterlund" not in task.title
    client.sign_in(two.assessor)
    for address in ("/today", f"/cases/{case.ref}"):
        page = client.page(address)
        assert f"{flag_men.TITLE} “Jonas Zetterlund (co-defendant)”" in page
        assert "Overdue" not in page


def test_on_the_warning_s_own_record_it_does_not_speak_of_this_man(client: PageClient) -> None:
    two = Two()
    case, _ = raised(two)
    other = two.refer(None, **JONAS)
    client.sign_in(two.administrator)
    assert "may be this man" not in client.page(f"/cases/{case.ref}")
    assert f"Tunde Okafor {MAY_BE}" in client.page(f"/cases/{other.ref}")
