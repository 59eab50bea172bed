"""Warnings: the fact for all, the reason for clinicians, looked at again on their day."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import flags
from mhtr.people.models import Flag, FlagKind
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.makers import make_case, make_person, make_staff
from tests.pages import PageClient
from tests.people.test_pages import insider, share, submission

REASON = "CANARY-REASON he threatened a receptionist"
FACT = "See him with a second member of staff"


def flag(case: Case, by: Staff, **changes: object) -> Flag:
    given = {
        "person_id": case.person_id,
        "kind": FlagKind.STAFF_SAFETY,
        "fact": FACT,
        "reason": REASON,
        "owner_staff_id": by.id,
        "review_on": date(2026, 12, 1),
        "case_id": case.id,
        "case_ref": case.ref,
        "by": by.id,
    } | changes
    with writing():
        return flags.raise_flag(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.LINK_WORKER])
def test_the_reason_never_reaches_those_who_need_only_the_fact(
    client: PageClient, role: Role
) -> None:
    case = make_case()
    lead = make_staff(Role.CLINICAL_LEAD)
    live = flag(case, lead)
    ended = flag(case, lead, fact="Ended fact")
    with writing():
        flags.end_flag(
            flag_ref=ended.ref, person_id=case.person_id, reason=REASON + " end", by=lead.id
        )
    client.sign_in(insider(case, role))
    for page in ("flags", "person", "person/history"):
        shown = client.page(f"/cases/{case.ref}/{page}")
        assert FACT in shown, "the banner holds the fact"
        assert "CANARY-REASON" not in shown
    assert client.get(f"/cases/{case.ref}/flags/{live.ref}").status_code == 403
    assert client.get(f"/cases/{case.ref}/flags/new").status_code == 403


def test_a_clinician_sees_the_reason(client: PageClient) -> None:
    case = make_case()
    flag(case, make_staff(Role.ASSESSOR))
    client.sign_in(insider(case, Role.ASSESSOR))
    assert "CANARY-REASON" in client.page(f"/cases/{case.ref}/flags")


def test_the_reason_is_encrypted_in_the_database(app: Flask) -> None:
    row = flag(make_case(), make_staff())
    blob = db.session.execute(text("SELECT reason FROM flags WHERE id = :id"), {"id": row.id})
    assert b"CANARY" not in bytes(blob.scalar_one())


def test_a_flag_has_a_task_for_its_owner_on_the_day_of_review(app: Flask) -> None:
    case, staff = make_case(), make_staff()
    row = flag(case, staff)
    task = db.session.scalars(select(Task)).one()
    assert (task.kind, task.owner_staff_id) == (TaskKind.FLAG_REVIEW, staff.id)
    assert task.due_at.astimezone(clock.LONDON).date() == date(2026, 12, 1)
    with pytest.raises(Refused, match="why it is still needed"), writing():
        flags.review_flag(
            flag_ref=row.ref,
            person_id=case.person_id,
            review_on=date(2027, 1, 1),
            reason=" ",
            by=staff.id,
        )
    with writing():
        flags.review_flag(
            flag_ref=row.ref,
            person_id=case.person_id,
            review_on=date(2027, 1, 1),
            reason="Still needed",
            by=staff.id,
        )
    states = [t.state for t in db.session.scalars(select(Task).order_by(Task.id))]
    assert states == [TaskState.DONE, TaskState.OPEN]
    with writing():
        flags.end_flag(flag_ref=row.ref, person_id=case.person_id, reason="Over", by=staff.id)
    assert not db.session.scalars(select(Task).where(Task.state == TaskState.OPEN)).all()
    assert [f.fact for f in flags.flags_shown(case.person_id, frozenset(Purpose), ended=True)]
    with pytest.raises(Refused, match="already been ended"), writing():
        flags.end_flag(flag_ref=row.ref, person_id=case.person_id, reason="Over", by=staff.id)


def test_two_men_who_must_not_meet_are_warned_of_on_both_records(app: Flask) -> None:
    case, staff = make_case(), make_staff()
    other = make_person("Kwame", "Mensah")
    flag(case, staff, kind=FlagKind.MUST_NOT_MEET, fact="", other_person_id=other.id)
    own = flags.flags_shown(case.person_id, frozenset({Purpose.ADMINISTRATION}))
    mirrored = flags.flags_shown(other.id, frozenset({Purpose.CLINICAL}))
    assert [f.fact for f in own] == ["Kwame Mensah"]
    assert [(f.fact, f.mirrored) for f in mirrored] == [("Tunde Okafor", True)]
    assert not flags.flags_shown(case.person_id, frozenset({Purpose.PRE_SENTENCE}))
    assert not flags.flags_shown(case.person_id, frozenset({Purpose.REFERRAL}))


def test_whom_he_must_not_meet_is_looked_for_in_scope_only(client: PageClient) -> None:
    case = make_case()
    lead = insider(case, Role.CLINICAL_LEAD)
    seen, unseen = (
        make_case(make_person("Kwame", "Mensah")),
        make_case(make_person("Kwesi", "Mensah")),
    )
    share(seen, lead, Purpose.CLINICAL)
    client.sign_in(lead)
    address = f"/cases/{case.ref}/flags/new"
    typed = {
        "kind": "must_not_meet",
        "other_name": "Mensah",
        "reason": REASON,
        "owner": str(lead.ref),
        "review_on-day": "1",
        "review_on-month": "12",
        "review_on-year": "2026",
        "submission_key": submission(client.page(address)),
    }
    answer = client.post(address, data=typed)
    assert answer.status_code == 422
    assert "Kwame Mensah" in answer.text
    assert "Kwesi" not in answer.text
    forged = client.post(address, data=typed | {"other": str(unseen.person.ref)})
    assert forged.status_code == 422
    assert client.post(address, data=typed | {"other": str(seen.person.ref)}).status_code == 303
    assert db.session.scalars(select(Flag)).one().other_person_id == seen.person_id
