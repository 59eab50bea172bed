"""One man with records in two trusts: nothing is seen or changed by one side alone."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from mhtr.accounts.models import Organisation, Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import break_glass_service, death, identity, linking
from mhtr.cases.break_glass_service import Wanted
from mhtr.cases.identity_queries import find_question, judged
from mhtr.cases.link_queries import linked_ids, open_proposal, trusts_of, trusts_of_case
from mhtr.cases.models import Case, IdentityProposal, PersonLink
from mhtr.cases.queries import find_case
from mhtr.core import access, clock
from mhtr.core.access import Exclusion, Purpose, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people.flags import flags_shown
from mhtr.people.models import FlagKind, IdentifierKind, IdentityQuestion, Merge, Person
from mhtr.people.queries import live_id
from mhtr.people.sections import Section
from mhtr.people.values import mark, values_of
from mhtr.tasks.models import Notice, Task, TaskState
from tests.makers import make_case, make_organisation, make_staff
from tests.pages import PageClient
from tests.people.merged import ask
from tests.people.test_flags import flag
from tests.people.test_pages import submission
from tests.people.test_service import FICTION, NHS, OTHER_NHS, create

CANARIES = (
    "Odukoya",
    "Wale",
    "14 May 1985",
    "07700 900555",
    "CANARY-STREET",
    "SE1 1AA",
    "CANARY-PHRASE",
    "CANARY-REASON",
    "CANARY-PRACTICE",
)
"""What only the southern record holds."""


@dataclass
class Two:
    """A man referred in the west under a wrong name, who has long been known in the south."""

    west: Organisation
    south: Organisation
    lead: Staff
    administrator: Staff
    southern: Staff
    officers: tuple[Staff, Staff]
    case: Case
    known: Case
    question: IdentityQuestion

    @property
    def address(self) -> str:
        return f"/identity/{self.question.ref}"


def trusts_case(trust: Organisation, person: Person) -> Case:
    case = make_case(person)
    with writing():
        for purpose in (Purpose.CLINICAL, Purpose.ADMINISTRATION):
            access.grant(case.id, purpose, trust.principal_id, because="test", by=None)
    return case


def made(**changes: object) -> Two:
    """The southern record is the older one and holds the number; both hold it at first."""
    west, south = make_organisation(name="West Trust"), make_organisation(name="South Trust")
    southern = make_staff(Role.CLINICAL_LEAD, organisation=south, name="Southern Lead")
    details: dict[str, object] = {
        "given_name": "Wale",
        "family_name": "Odukoya",
        "born": date(1985, 5, 14),
        "identifiers": {IdentifierKind.NHS: NHS},
        "phone": "07700 900555",
        "safe_to_text": "yes",
        "contact_known_how": "in_person",
        "contact_phrase": "CANARY-PHRASE",
        "address": "CANARY-STREET",
        "postcode": "SE1 1AA",
        "gp_status": "registered",
        "gp_name": "CANARY-PRACTICE",
    }
    known = trusts_case(south, create(**(details | changes)))
    flag(known, southern)
    ours = {"given_name": "Zz", "family_name": "Qq", "born": None, "phone": "07700 900111"}
    case = trusts_case(west, create(**ours))
    lead = make_staff(Role.CLINICAL_LEAD, organisation=west, name="Western Lead")
    question_id = ask(case.person, known.person, lead.id)
    with writing():
        db.session.get_one(IdentityQuestion, question_id).reasons = ["The names differ"]
    return Two(
        west,
        south,
        lead,
        make_staff(Role.ADMINISTRATOR, organisation=west),
        southern,
        (
            make_staff(Role.PRIVACY_OFFICER, organisation=west),
            make_staff(Role.PRIVACY_OFFICER, organisation=south),
        ),
        case,
        known,
        db.session.get_one(IdentityQuestion, question_id),
    )


def propose(two: Two, *, name_of: int | None = None) -> None:
    question_id, by = two.question.id, two.lead.id
    with writing():
        linking.propose(question_id=question_id, name_of=name_of, reason="His mother rang", by=by)


def confirm(two: Two, *, by: Staff | None = None, name_of: int | None = None) -> None:
    question_id, by_id = two.question.id, (by or two.southern).id
    with writing():
        linking.confirm(question_id=question_id, name_of=name_of, settings=FICTION, by=by_id)
    db.session.expire_all()


def words_on(page: str) -> list[str]:
    return [canary for canary in CANARIES if canary in page]


def notices_of(*staff: Staff) -> list[str]:
    whom = [one.principal_id for one in staff]
    return list(db.session.scalars(select(Notice.text).where(Notice.principal_id.in_(whom))))


def task_of(two: Two) -> Task:
    key = f"identity:{two.question.id}"
    return db.session.scalars(select(Task).where(Task.key == key)).one()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CLINICAL_LEAD])
def test_of_another_trusts_record_nothing_is_shown(client: PageClient, role: Role) -> None:
    two = made()
    client.sign_in(make_staff(role, organisation=two.west))
    for page in (client.page("/identity"), client.page(two.address)):
        assert words_on(page) == [] and "another trust" in page
        assert "South Trust" not in page and "Southern Lead" not in page
    page = client.page(two.address)
    assert re.search(r"Name</th>.*?Different", page, re.S)
    assert re.search(r"Date of birth</th>.*?Only one has it", page, re.S)
    assert "999 000 0018" not in page


def test_what_agrees_is_said(client: PageClient) -> None:
    two = made(given_name="Zz", family_name="Qq", born=None)
    client.sign_in(two.lead)
    page = client.page(two.address)
    assert re.search(r"Name</th>.*?The same", page, re.S)
    assert "Date of birth" not in page


def test_a_look_alike_of_another_trust_is_offered_without_a_name(client: PageClient) -> None:
    two = made(given_name="Tunde", family_name="Okafor", born=date(1990, 2, 3))
    own = trusts_case(two.west, create(family_name="Okafar"))
    client.sign_in(two.lead)
    page = client.page(f"/cases/{own.ref}/duplicates")
    assert "A record of another trust" in page
    assert not re.search(r"<h2[^>]*>Tunde Okafor", page)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CLINICAL_LEAD])
def test_nobody_merges_another_trusts_record_alone(either_app: Flask, role: Role) -> None:
    two = made()
    question_id, kept_id = two.question.id, two.case.person_id
    by = make_staff(role, organisation=two.west).id
    with pytest.raises(Refused, match="another trust's"), writing():
        identity.answer_same(
            question_id=question_id, kept_id=kept_id, right={}, reason="One man", by=by
        )
    assert db.session.scalars(select(Merge)).first() is None
    assert live_id(two.known.person_id) == two.known.person_id


def test_emergency_access_lets_nobody_judge(either_app: Flask) -> None:
    """It opens a record to be read for a time; who a man is, is for those who have him."""
    two = made()
    with writing():
        break_glass_service.open_access(
            Wanted(NHS), reason="He is in the waiting room, not safe.", by=two.lead.id
        )
    person_id, question_id, by = two.known.person_id, two.question.id, two.lead.id
    with either_app.test_request_context():
        # On a page that shows, emergency access counts: and lets him compare nothing.
        viewer = replace(viewer_of(db.session.get_one(Staff, by)), emergency=True)
        assert find_case(viewer, two.known.ref, Purpose.CLINICAL).person_id == person_id
        assert not judged(viewer, [person_id])[person_id].own
        assert find_question(viewer, two.question.ref).elsewhere == {person_id}
    with pytest.raises(Refused, match="another trust's"), writing():
        identity.answer_same(
            question_id=question_id, kept_id=person_id, right={}, reason="One man", by=by
        )


def test_two_men_is_for_one_person(client: PageClient) -> None:
    two = made()
    client.sign_in(two.administrator)
    data = {"submission_key": submission(client.page(two.address)), "answer": "different"}
    data["why_two"] = "Two passports"
    assert client.post(two.address, data=data).status_code == 303
    db.session.expire_all()
    assert two.question.answer == "different"


def test_one_man_is_said_by_one_person_of_each_trust(client: PageClient) -> None:
    two = made()
    client.sign_in(two.administrator)
    data = {"submission_key": submission(client.page(two.address)), "answer": "same"}
    silent = client.post(two.address, data=data)
    assert silent.status_code == 422 and "Say how you know" in silent.text
    data |= {"name": "own", "reason": "His mother rang"}
    assert client.post(two.address, data=data).status_code == 303
    # Nothing has changed, and nothing is shown.
    db.session.expire_all()
    assert (two.case.person.name, two.known.person.name) == ("Zz Qq", "Wale Odukoya")
    assert words_on(client.page(two.address)) == []
    assert linked_ids(two.case.person_id) == frozenset()
    # It is the other trust's turn: its task, and the privacy officers of both know.
    task = task_of(two)
    assert (task.owner_principal_id, task.state) == (two.south.principal_id, TaskState.OPEN)
    for officer in two.officers:
        (told,) = notices_of(officer)
        assert "South Trust" in told and "West Trust" in told and "Odukoya" not in told
    # Her own trust cannot confirm it.
    client.sign_in(two.lead)
    page = client.page(two.address)
    assert "Waits for the other trust" in page and "confirm it" not in page
    client.sign_in(two.southern)
    page = client.page(two.address)
    assert "It is for you to confirm" in page and "West Trust" in page
    assert "Zz Qq" not in page and "900111" not in page
    data = {"submission_key": submission(page), "answer": "same", "name": "undecided"}
    assert client.post(two.address, data=data).status_code == 303
    db.session.expire_all()
    assert (two.case.person.name, two.known.person.name) == ("Wale Odukoya", "Wale Odukoya")
    assert task_of(two).state is TaskState.DONE
    assert all(len(notices_of(officer)) == 2 for officer in two.officers)
    assert "He has a record in South Trust too" in notices_of_trust(two.west)[0]
    # Each still opens only its own case.
    assert client.get(f"/cases/{two.case.ref}").status_code == 404
    client.sign_in(two.administrator)
    assert client.get(f"/cases/{two.known.ref}").status_code == 404
    page = client.page(f"/cases/{two.case.ref}/person")
    assert "He has a record in South Trust too" in page
    assert words_on(page) == ["Odukoya", "Wale", "14 May 1985"]


def test_where_name_and_birth_date_agree_nobody_chooses_between_them(client: PageClient) -> None:
    two = made(given_name="Zz", family_name="Qq", born=None)
    for staff, extra in ((two.lead, {"reason": "His mother rang"}), (two.southern, {})):
        client.sign_in(staff)
        page = client.page(two.address)
        assert "Whose name and birth date hold" not in page
        data = {"submission_key": submission(page), "answer": "same", **extra}
        assert client.post(two.address, data=data).status_code == 303
    assert linked_ids(two.case.person_id) == {two.known.person_id}


def notices_of_trust(trust: Organisation) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id == trust.principal_id)
    return list(db.session.scalars(query))


def test_reasons_and_ways_of_reaching_him_stay_where_they_are(client: PageClient) -> None:
    two = made()
    propose(two)
    confirm(two)
    client.sign_in(two.lead)
    for page in ("", "/person", "/person/history", "/person/contact", "/flags", "/consent"):
        found = words_on(client.page(f"/cases/{two.case.ref}{page}"))
        assert set(found) <= {"Odukoya", "Wale", "14 May 1985"}, page
    shared = flags_shown(
        two.case.person_id,
        frozenset({Purpose.CLINICAL}),
        elsewhere=linked_ids(two.case.person_id),
    )
    assert [(one.elsewhere, one.reason) for one in shared] == [(True, "")]
    assert shared[0].fact in client.page(f"/cases/{two.case.ref}")
    page = client.page(f"/cases/{two.case.ref}/flags")
    assert "kept on his record in another trust" in page and "Look at it again" not in page
    assert {row.value for row in two.case.person.identifiers} == {NHS}
    client.sign_in(two.southern)
    assert "900111" not in client.page(f"/cases/{two.known.ref}/person")


def test_the_same_person_or_side_never_confirms(either_app: Flask) -> None:
    two = made()
    with pytest.raises(Refused, match="Nothing was proposed"):
        confirm(two)
    propose(two)
    for by, words in (
        (two.lead, "You proposed it"),
        (two.administrator, "Somebody of your trust"),
        (make_staff(Role.CLINICAL_LEAD), "one person of each"),
    ):
        with pytest.raises(Refused, match=words):
            confirm(two, by=by)
    with pytest.raises(Refused, match="proposed already"):
        propose(two)
    assert db.session.scalars(select(PersonLink)).first() is None


def test_the_database_itself_wants_two_people(either_app: Flask) -> None:
    two = made()
    propose(two)
    with pytest.raises(IntegrityError), writing():
        db.session.execute(
            update(IdentityProposal).values(
                outcome="confirmed",
                settled_by=IdentityProposal.proposed_by,
                settled_at=IdentityProposal.created_at,
            )
        )
    db.session.rollback()
    one, other, by = two.case.person_id, two.known.person_id, two.lead.id
    with pytest.raises(IntegrityError), writing():
        db.session.add(
            PersonLink(one_id=one, two_id=other, proposed_by=by, confirmed_by=by, taken={})
        )
        db.session.flush()


@pytest.mark.parametrize(
    ("ours", "theirs", "name"),
    [
        (None, None, "Wale Odukoya"),  # it has the number, and is older
        ("west", None, "Wale Odukoya"),
        ("west", "south", "Wale Odukoya"),
        ("west", "west", "Zz Qq"),
    ],
)
def test_whose_name_holds(
    either_app: Flask, ours: str | None, theirs: str | None, name: str
) -> None:
    two = made()
    ids = {"west": two.case.person_id, "south": two.known.person_id}
    propose(two, name_of=ids.get(ours or ""))
    confirm(two, name_of=ids.get(theirs or ""))
    assert [case.person.name for case in (two.case, two.known)] == [name, name]
    renamed = two.known if name == "Zz Qq" else two.case
    other = "Wale Odukoya" if name == "Zz Qq" else "Zz Qq"
    assert [f"{a.given_name} {a.family_name}" for a in renamed.person.aliases] == [other]


def test_what_differs_is_put_right_first_by_those_who_hold_it(either_app: Flask) -> None:
    two = made()
    with writing():
        db.session.get_one(Person, two.known.person_id).died_on = date(2026, 10, 1)
    with pytest.raises(Refused, match="his death"):
        propose(two)
    with writing():
        db.session.get_one(Person, two.known.person_id).died_on = None
        db.session.get_one(Case, two.known.id).restricted = True
    with pytest.raises(Refused, match=r"restricted|one person of each"):
        propose(two)


def test_men_who_must_not_meet_are_never_one(either_app: Flask) -> None:
    from mhtr.people import flags

    two = made()
    with writing():
        flags.raise_flag(
            person_id=two.known.person_id,
            kind=FlagKind.MUST_NOT_MEET,
            fact="",
            reason="",
            owner_staff_id=two.southern.id,
            review_on=date(2027, 1, 1),
            other_person_id=two.case.person_id,
            by=two.southern.id,
        )
    with pytest.raises(Refused, match="must not meet"):
        propose(two)


def test_whoever_is_shut_out_of_one_record_is_shut_out_of_both(either_app: Flask) -> None:
    two = made()
    sister = make_staff(Role.ASSESSOR, organisation=two.west)
    case_id, principal_id = two.known.id, sister.principal_id
    with writing():
        db.session.add(
            Exclusion(
                case_id=case_id,
                principal_id=principal_id,
                because="Family",
                starts_at=two.known.opened_at,
            )
        )
    propose(two)
    confirm(two)
    shut = select(Exclusion.case_id).where(Exclusion.principal_id == principal_id)
    assert set(db.session.scalars(shut)) == {two.case.id, two.known.id}


def test_taken_back_or_turned_down_nothing_is_left(either_app: Flask) -> None:
    two = made()
    question_id, by, southern = two.question.id, two.lead.id, two.southern.id
    propose(two)
    with pytest.raises(Refused, match="Nothing that you proposed"), writing():
        linking.take_back(question_id=question_id, by=southern)
    with writing():
        linking.take_back(question_id=question_id, by=by)
    assert task_of(two).owner_principal_id == two.west.principal_id
    propose(two)
    with writing():
        identity.answer_different(question_id=question_id, reason="Two passports", by=southern)
    assert [row.outcome for row in db.session.scalars(select(IdentityProposal))] == [
        "taken_back",
        "turned_down",
    ]
    assert "two men" in notices_of(two.lead)[0]
    with pytest.raises(Refused, match="answered"):
        confirm(two)


def snapshot(*people: Person) -> list[dict[str, object]]:
    db.session.expire_all()
    return [
        {name: value for section in Section for name, value in values_of(one, section).items()}
        for one in people
    ]


def test_undone_by_one_person_of_each_trust(client: PageClient) -> None:
    two = made(phone="07700 900111")  # another number would have to be asked about again
    before = snapshot(two.case.person, two.known.person)
    propose(two)
    confirm(two)
    assert snapshot(two.case.person, two.known.person) != before
    link = db.session.scalars(select(PersonLink)).one()
    address = f"/identity/links/{link.ref}/undo"
    client.sign_in(make_staff(Role.CLINICAL_LEAD))
    assert client.get(address).status_code == 404
    client.sign_in(two.southern)
    data = {"submission_key": submission(client.page(address)), "answer": "same"}
    assert client.post(address, data=data).status_code == 303
    assert open_proposal(link_id=link.id) is None
    data = {"submission_key": submission(client.page(address)), "answer": "different"}
    data["why_two"] = "Two passports"
    assert client.post(address, data=data).status_code == 422
    assert client.post(address, data=data | {"reason": "Brothers"}).status_code == 303
    db.session.expire_all()
    assert link.undone_at is None and two.case.person.name == "Wale Odukoya"
    task = db.session.scalars(select(Task).where(Task.key.startswith("two-trusts:"))).one()
    assert (task.owner_principal_id, task.endpoint) == (two.west.principal_id, "people.undo_link")
    with pytest.raises(Refused, match="You proposed it"), writing():
        linking.undo(link_id=link.id, settings=FICTION, by=two.southern.id)
    client.sign_in(two.lead)
    page = client.page(address)
    assert "It is for you to confirm" in page and "Brothers" in page
    data = {"submission_key": submission(page), "answer": "different"}
    data["why_two"] = "Two passports"
    assert client.post(address, data=data).status_code == 303
    assert snapshot(two.case.person, two.known.person) == before
    assert linked_ids(two.case.person_id) == frozenset()
    assert "Answered already" in client.page(address)
    assert two.question.answer == "different"
    assert all(len(notices_of(officer)) == 4 for officer in two.officers)
    db.session.refresh(task)
    assert task.state is TaskState.DONE


def test_they_stay_one_man(either_app: Flask) -> None:
    two = made()
    propose(two)
    confirm(two)
    link_id = db.session.scalars(select(PersonLink.id)).one()
    southern, by = two.southern.id, two.lead.id
    for keeper in (southern, by):
        with writing():
            linking.propose_undo(link_id=link_id, reason="Brothers", by=southern)
        with writing():
            linking.keep(link_id=link_id, by=keeper)
    assert linked_ids(two.case.person_id) == {two.known.person_id}
    tasks = db.session.scalars(select(Task.state).where(Task.key.startswith("two-trusts:"))).all()
    assert set(tasks) == {TaskState.WITHDRAWN, TaskState.DONE}


def test_the_audit_says_who_proposed_and_who_confirmed(either_app: Flask) -> None:
    two = made()
    propose(two)
    confirm(two)
    rows = db.session.execute(
        select(AuditEvent.action, AuditEvent.actor_id)
        .where(AuditEvent.action.like("people.link%"))
        .order_by(AuditEvent.id)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("people.link_proposed", two.lead.id),
        ("people.linked", two.southern.id),
    ]


def test_a_trust_that_has_him_too_hears_of_a_merge(either_app: Flask) -> None:
    """One person who holds both records merges them alone; the other trust is told."""
    two = made()
    with writing():
        access.grant(two.case.id, Purpose.CLINICAL, two.south.principal_id, because="test", by=None)
    question_id, kept_id, by = two.question.id, two.known.person_id, two.southern.id
    with writing():
        identity.answer_same(
            question_id=question_id,
            kept_id=kept_id,
            right={},
            chosen={"phone": kept_id},
            reason="Passport",
            by=by,
        )
    (told,) = notices_of_trust(two.west)
    assert "made one by Southern Lead, South Trust" in told


def test_typing_another_trusts_number_tells_nothing(client: PageClient) -> None:
    two = made()
    person_id, by = two.case.person_id, two.lead.id
    with writing():
        seen = mark(values_of(two.case.person, Section.IDENTIFIERS))
        death.change_section(
            person_id=person_id,
            section=Section.IDENTIFIERS,
            values={"nhs": NHS, "crn": ""},
            seen=seen,
            settings=FICTION,
            by=by,
        )
    client.sign_in(two.lead)
    for page in ("/identity", two.address, f"/cases/{two.case.ref}/person"):
        assert words_on(client.page(page)) == []
    assert OTHER_NHS not in client.page(two.address)


def test_a_trust_has_him_by_a_grant_to_it_or_to_its_staff(either_app: Flask) -> None:
    two = made()
    third = make_organisation(name="Third Trust")
    assessor = make_staff(Role.ASSESSOR, organisation=third)
    make_staff(Role.ASSESSOR)
    case_id, person_id = two.known.id, two.known.person_id
    assert [trust.name for trust in trusts_of(person_id)] == ["South Trust"]
    with writing():
        access.grant(
            case_id,
            Purpose.CLINICAL,
            assessor.principal_id,
            because="for a time",
            by=None,
            until=clock.now() + timedelta(hours=1),
        )
    assert [trust.name for trust in trusts_of(person_id)] == ["South Trust"]
    with writing():
        access.grant(case_id, Purpose.CLINICAL, assessor.principal_id, because="test", by=None)
    assert [trust.name for trust in trusts_of(person_id)] == ["South Trust", "Third Trust"]
    assert [trust.name for trust in trusts_of_case(two.case.id)] == ["West Trust"]
