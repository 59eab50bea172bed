"""Records are made and changed in canonical form, found again, and keep their history."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import NotWriting, writing
from mhtr.people import listeners, service
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.learning import learn
from mhtr.people.matching import PersonSketch, Verdict
from mhtr.people.models import IdentifierKind, IdentityQuestion, MatchKey, Person, PersonChange
from mhtr.people.names import PersonName
from mhtr.people.queries import candidates, sketch_of
from mhtr.people.rules import Accepts
from mhtr.people.sections import Section, Value
from mhtr.people.values import mark, values_of
from mhtr.tasks.models import Task
from tests.makers import make_person, make_staff

FICTION = Accepts(NhsNumberRange.TEST, fictional=True)
NHS = "9990000018"
OTHER_NHS = "9990000026"


def create(**changes: object) -> Person:
    given = {
        "given_name": "Tunde",
        "family_name": "Okafor",
        "born": date(1990, 2, 3),
        "settings": FICTION,
        "by": None,
    } | changes
    with writing():
        return service.create_person(**given)  # type: ignore[arg-type]


def test_a_record_is_kept_in_canonical_form(either_app: Flask) -> None:
    person = create(
        identifiers={IdentifierKind.NHS: "999 000 0018", IdentifierKind.CRN: "x 123456"},
        aliases=["Tee Okafor", " Tee  Okafor "],
        phone="07700 900123",
        no_fixed_abode=True,
        postcode="SW1A 1AA",
        needs=("communication_support:plain-words",),
        equality={"religion": "declined", "ethnic_category": "code:N"},
    )
    held = {row.kind: row.value for row in person.identifiers}
    assert held == {IdentifierKind.NHS: NHS, IdentifierKind.CRN: "X123456"}
    assert (person.phone, person.postcode) == ("+447700900123", "ZZ99 3VZ")
    assert values_of(person, Section.NAMES)["aliases"] == ("Tee Okafor",)
    equality = values_of(person, Section.EQUALITY)
    assert equality["religion"] == "declined"
    assert equality["ethnic_category"] == "code:N"
    assert equality["disability"] == "not_asked"


def test_outside_production_real_numbers_are_refused(app: Flask) -> None:
    with pytest.raises(Refused, match="999"):
        create(identifiers={IdentifierKind.NHS: "943 476 5919"})
    with pytest.raises(Refused, match="reserved for fiction"):
        create(phone="020 7230 1212")
    with pytest.raises(Refused, match="not in use"):
        create(identifiers={IdentifierKind.PNC: "2002/0073319Z"})
    on = Accepts(NhsNumberRange.TEST, extra=frozenset({"pnc"}), fictional=True)
    assert create(identifiers={IdentifierKind.PNC: "02/73319Z"}, settings=on).identifiers


def test_a_service_runs_inside_a_write_only(app: Flask) -> None:
    with pytest.raises(NotWriting):
        service.create_person(given_name="A", family_name="B", born=None, settings=FICTION, by=None)


def test_he_is_found_by_number_and_by_likeness(either_app: Flask) -> None:
    person = create(identifiers={IdentifierKind.NHS: NHS})
    by_number = candidates(PersonSketch((PersonName("Tunde", "Okafor"),), None, {"nhs": NHS}))
    assert [(c.person_id, c.match.verdict) for c in by_number] == [
        (person.id, Verdict.SAME_IDENTIFIER)
    ]
    assert by_number[0].person_ref == person.ref
    alike = candidates(PersonSketch((PersonName("Tunde", "Okafar"),), date(1990, 2, 3)))
    assert [c.match.verdict for c in alike] == [Verdict.POSSIBLE]
    assert not candidates(PersonSketch((PersonName("Tunde", "Okafor"),), date(1961, 2, 3)))
    assert not candidates(sketch_of(person), leave_out=[person.id])


def test_he_is_found_by_a_new_name_and_no_longer_by_a_dropped_number(app: Flask) -> None:
    person = create(identifiers={IdentifierKind.NHS: NHS})
    with writing():
        service.update_person(
            person_id=person.id,
            changes={"nhs": OTHER_NHS, "aliases": ("John Smith",)},
            settings=FICTION,
            by=None,
            reason="The number was another man's",
        )
    assert not candidates(PersonSketch((), None, {"nhs": NHS}))
    keys = set(db.session.scalars(select(MatchKey.key).where(MatchKey.person_id == person.id)))
    assert "w:smith" in keys
    assert f"nhs:{OTHER_NHS}" in keys


def test_putting_a_name_right_needs_a_reason_and_keeps_what_it_was(app: Flask) -> None:
    person, staff = create(), make_staff()
    with pytest.raises(Refused, match="Say why"), writing():
        service.update_person(
            person_id=person.id, changes={"family_name": "Okoro"}, settings=FICTION, by=staff.id
        )
    with writing():
        service.update_person(
            person_id=person.id,
            changes={"family_name": "Okoro", "given_name": "Tunde"},
            settings=FICTION,
            by=staff.id,
            reason="Spelt wrongly by the court",
        )
    change = db.session.scalars(select(PersonChange)).one()
    assert change.before == {"family_name": "Okafor"}
    assert (change.by_id, change.section) == (staff.id, "names")
    assert change.reason == "Spelt wrongly by the court"
    entry = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "people.changed")
    ).one()
    assert entry.detail["fields"] == ["family_name"]
    assert "Okafor" not in str(entry.detail)


def test_only_another_name_is_told_to_who_compares_names(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(listeners, "named_anew", [lambda person_id, _by: told.append(person_id)])
    person = create(born=None)

    def change(**said: Value) -> None:
        with writing():
            service.update_person(
                person_id=person.id, changes=said, settings=FICTION, by=None, reason="He said so"
            )

    def hear(**said: Value) -> None:
        with writing():
            learn(person_id=person.id, said=said, reason="Referred again", by=None)

    change(born=date(1990, 2, 3), nhs=NHS)
    hear(crn="X123456")
    assert not told
    change(family_name="Okoro")
    assert told == [person.id]
    hear(aliases=("John Smith",))
    assert told == [person.id] * 2


def test_adding_what_was_not_known_needs_no_reason(app: Flask) -> None:
    person = create(born=None)
    with writing():
        service.update_person(
            person_id=person.id, changes={"born": date(1990, 2, 3)}, settings=FICTION, by=None
        )
    assert person.born == date(1990, 2, 3)


def test_an_edit_of_an_outdated_page_is_refused_section_by_section(either_app: Flask) -> None:
    person, staff = create(), make_staff()
    seen = {s: mark(values_of(person, s)) for s in (Section.GP, Section.LANGUAGE)}

    def save(section: Section, values: dict[str, object]) -> None:
        with writing():
            service.change_section(
                person_id=person.id,
                section=section,
                values=values,  # type: ignore[arg-type]
                seen=seen[section],
                settings=FICTION,
                by=staff.id,
            )

    save(Section.GP, {"gp_status": "willing", "gp_name": ""})
    with pytest.raises(Stale):
        save(Section.GP, {"gp_status": "no", "gp_name": ""})
    save(Section.LANGUAGE, {"language": "so", "interpreter": "yes"})
    db.session.refresh(person)
    assert (person.gp_status, person.language) == ("willing", "so")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"safe_to_text": "yes"}, "how you know"),
        ({"safe_to_text": "yes", "contact_known_how": "someone_else"}, "Only he can say"),
        ({"born": date(2027, 1, 1)}, "in the past"),
        ({"died_on": date(1980, 1, 1)}, "after the date of birth"),
        ({"given_name": "", "family_name": ""}, "at least one name"),
    ],
)
def test_what_cannot_be_is_refused(app: Flask, changes: dict[str, object], words: str) -> None:
    person = create()
    with pytest.raises(Refused, match=words), writing():
        service.update_person(
            person_id=person.id,
            changes=changes,  # type: ignore[arg-type]
            settings=FICTION,
            by=None,
            reason="Test",
        )


def test_a_question_is_asked_once_in_either_order(either_app: Flask) -> None:
    one, two, owner = make_person(), make_person(), make_staff()

    def ask(a: int, b: int) -> IdentityQuestion | None:
        with writing():
            return service.raise_identity_question(
                person_id=a,
                other_id=b,
                verdict="possible",
                reasons=["The names are the same"],
                by=owner.id,
                owner_principal_id=owner.principal_id,
            )

    assert ask(two.id, one.id) is not None
    assert ask(one.id, two.id) is None
    assert ask(one.id, one.id) is None
    task = db.session.scalars(select(Task)).one()
    assert "Okafor" not in task.title
