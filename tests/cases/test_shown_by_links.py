"""What a link shows follows restrictions, and is over when it is undone: in the history too."""

from flask import Flask
from sqlalchemy import select

from mhtr.cases import access_service, linking
from mhtr.cases.access_service import RESTRICTED_ELSEWHERE
from mhtr.cases.link_history import history_of
from mhtr.cases.models import PersonLink
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people import service as people
from mhtr.people.history import ANOTHERS
from mhtr.people.models import IdentifierKind, Person, PersonChange
from mhtr.people.sections import Section
from mhtr.tasks.models import Notice
from tests.cases.test_after_linking import linked
from tests.cases.test_two_trusts import Two, words_on
from tests.pages import PageClient
from tests.people.test_flags import FACT
from tests.people.test_service import FICTION


def restrict(two: Two, *, lifted: bool = False) -> None:
    case_id, version, by = two.known.id, two.known.version, two.southern.id
    with writing():
        if lifted:
            access_service.lift(case_id, reason="Over", version=version, by=by)
        else:
            access_service.restrict(
                case_id, staff_ids=[by], reason="He is known there.", version=version, by=by
            )
    db.session.expire_all()


def part(two: Two) -> None:
    link_id, lead, southern = (
        db.session.scalars(select(PersonLink.id)).one(),
        two.lead,
        two.southern,
    )
    first, second = lead.id, southern.id
    with writing():
        linking.propose_undo(link_id=link_id, reason="Brothers", by=first)
    with writing():
        linking.undo(link_id=link_id, settings=FICTION, by=second)
    db.session.expire_all()


def test_what_a_link_shows_follows_a_later_restriction(client: PageClient) -> None:
    two = linked()
    client.sign_in(two.lead)
    pages = [f"/cases/{two.case.ref}{page}" for page in ("/person", "/flags")]
    for page in pages:
        assert FACT in client.page(page)
    assert "South Trust" in client.page(pages[0])
    restrict(two)
    for page in pages:
        shown = client.page(page)
        assert FACT not in shown and "South Trust" not in shown
    client.sign_in(two.southern)
    assert "West Trust" in client.page(f"/cases/{two.known.ref}/person")
    restrict(two, lifted=True)
    client.sign_in(two.lead)
    assert all(FACT in client.page(page) for page in pages)


def test_who_decides_in_the_other_trust_hears_of_a_restriction(either_app: Flask) -> None:
    two = linked()
    restrict(two)
    told = select(Notice.case_id).where(
        Notice.principal_id == two.lead.principal_id, Notice.text == RESTRICTED_ELSEWHERE
    )
    assert db.session.scalars(told).all() == [two.case.id]
    assert len(RESTRICTED_ELSEWHERE) <= 300


def test_after_undoing_each_side_reads_its_own_man_only(
    client: PageClient, set_clock: SetClock
) -> None:
    two = linked()
    set_clock.advance(hours=1)
    person_id, by = two.case.person_id, two.administrator.id
    with writing():
        people.update_person(
            person_id=person_id,
            changes={"family_name": "Zulu"},
            settings=FICTION,
            by=by,
            reason="No Odukoya",
        )
    client.sign_in(two.lead)
    address = f"/cases/{two.case.ref}/person/history"
    assert "Family name was: Odukoya" in client.page(address), "while both say that he is one man"
    set_clock.advance(hours=1)
    client.sign_in(two.lead)
    part(two)
    page = client.page(address)
    assert words_on(page) == [] and "No Odukoya" not in page
    for said in (ANOTHERS, "Family name was: Qq", linking.TWO_MEN, linking.ONE_MAN):
        assert said in page
    client.sign_in(two.southern)
    known = client.page(f"/cases/{two.known.ref}/person/history")
    assert "was: Qq" not in known and "Zz Qq" not in known
    rows = select(PersonChange).where(PersonChange.person_id == person_id)
    stored = [row.before.get("family_name") for row in db.session.scalars(rows)]
    assert "Odukoya" in stored, "what is stored stays"


def test_what_is_written_after_a_link_is_shown_whole(
    either_app: Flask, set_clock: SetClock
) -> None:
    two = linked()
    set_clock.advance(hours=1)
    part(two)
    set_clock.advance(hours=1)
    person_id, by = two.case.person_id, two.administrator.id
    for name in ("Young", "Old"):
        with writing():
            people.update_person(
                person_id=person_id,
                changes={"family_name": name},
                settings=FICTION,
                by=by,
                reason="Asked him",
            )
    newest, *_ = history_of(person_id, [Section.NAMES])
    assert newest.text == "Family name was: Young\nWhy: Asked him"
    person = db.session.get_one(Person, person_id)
    assert IdentifierKind.NHS not in {row.kind for row in person.identifiers}
