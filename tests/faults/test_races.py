"""Two at once: one wins, the other is told, and the records are as one of them left them."""

import threading
import uuid
from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.sessions import viewer_of
from mhtr.cases import identity
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.intake import drafts
from mhtr.intake.models import ReferralDraft
from mhtr.intake.steps import FormStep
from mhtr.people import service as people
from mhtr.people.models import Merge
from mhtr.tasks.models import Task
from outcome_measures.contact_rules import Planned
from outcome_measures.models import MeasureContact, MeasureMode, MeasureOccasion, OccasionState
from outcome_measures.recording import contacts, taking_back
from outcome_measures.recording import service as measures
from outcome_measures.recording.putting_right import correct_contact
from outcome_measures.time_points import TimePoint
from tests.counts import count
from tests.faults.invariants import assert_sound
from tests.makers import make_case, make_organisation, make_person, make_staff
from tests.outcome_measures import treatment


def at_once(app: Flask, does: list[Callable[[], None]]) -> list[str]:
    """What became of each of them, started together."""
    gate, answers = threading.Barrier(len(does)), []

    def run(do: Callable[[], None]) -> None:
        with app.app_context():
            gate.wait(20)
            try:
                do()
                answers.append("done")
            except Refused as refused:
                answers.append(refused.reasons[0])
            except Stale:
                answers.append("stale")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(do,)) for do in does]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(answers)


def test_two_administrators_merge_the_same_pair_each_the_other_way(either_app: Flask) -> None:
    trust = make_organisation()
    staff = [make_staff(Role.ADMINISTRATOR, organisation=trust).id for _ in range(2)]
    trust_principal_id = trust.principal_id
    rounds = count(2, 50)
    for number in range(rounds):
        pair = [make_person(f"Tunde{number}"), make_person(f"Tunde{number}")]
        for person in pair:
            case = make_case(person)
            with writing():
                access.grant(
                    case.id, Purpose.ADMINISTRATION, trust_principal_id, because="test", by=None
                )
        one, two = (person.id for person in pair)
        with writing():
            question = people.raise_identity_question(
                person_id=one, other_id=two, verdict="possible", reasons=["Same name"], by=staff[0]
            )
            assert question is not None
            question_id = question.id
        db.session.remove()

        def merge(kept_id: int, by: int, question_id: int = question_id) -> None:
            with writing():
                identity.answer_same(
                    question_id=question_id, kept_id=kept_id, right={}, reason="Same man", by=by
                )

        answers = at_once(
            either_app,
            [lambda one=one: merge(one, staff[0]), lambda two=two: merge(two, staff[1])],  # type: ignore[misc]
        )
        assert answers.count("done") == 1, answers
        assert len(answers) == 2
        assert db.session.scalar(select(func.count(Merge.id))) == number + 1
    assert_sound()


def test_the_same_draft_in_two_tabs_loses_nothing_that_was_acknowledged(either_app: Flask) -> None:
    author = make_staff(Role.LD_PRACTITIONER).id
    for _ in range(count(2, 50)):
        with writing():
            ref = drafts.begin(FormStep.SAFETY, {"safety": "safe"}, by=author).ref
        db.session.remove()
        kept: list[str] = []

        def save(name: str, ref: uuid.UUID = ref, kept: list[str] = kept) -> None:
            answers = {"given_name": name, "family_name": "Okafor"}
            with writing():
                drafts.save_step(ref, FormStep.PERSON, answers, version=0, by=author)
            kept.append(name)

        answers = at_once(either_app, [lambda: save("Tunde"), lambda: save("Kwame")])
        assert answers == ["done", "stale"]
        draft = db.session.scalars(select(ReferralDraft).where(ReferralDraft.ref == ref)).one()
        said = drafts.given(draft)
        assert [said["given_name"]] == kept
        assert said["safety"] == "safe"
        db.session.remove()
    assert_sound()


def test_two_clinicians_submit_the_same_form(either_app: Flask) -> None:
    """One is kept, the other is refused; whoever answered with risk has his review."""
    people = treatment.sentenced()
    assessor, lead = people.assessor.id, people.lead.id
    for number in range(count(2, 50)):
        day = clock.today() - timedelta(days=number % 30)
        form = treatment.forms(treatment.contact(people, None, on=day, instruments=("phq9",))).get(
            "phq9"
        )
        if form is None:
            break
        form_id, version = form.id, form.version
        db.session.rollback()

        def send(by: int, item_9: int, form_id: int = form_id, version: int = version) -> None:
            with writing():
                measures.submit(
                    db.session.get_one(MeasureOccasion, form_id),
                    treatment.phq(treatment.said(item_9)),
                    version=version,
                    by=by,
                )

        answers = at_once(either_app, [lambda: send(assessor, 1), lambda: send(lead, 2)])
        assert answers == ["done", "stale"]
        reviews = select(func.count(Task.id)).where(
            Task.key.startswith(f"risk:occasion:{form_id}:")
        )
        assert db.session.scalar(reviews) == 1
        db.session.rollback()
    assert_sound()


def test_two_contacts_of_a_day_ask_a_measure_once(either_app: Flask) -> None:
    people = treatment.sentenced()
    case_id, by = people.case.id, people.assessor.id
    db.session.remove()

    def record() -> None:
        with writing():
            contacts.record_contact(
                case_id=case_id,
                planned=Planned(clock.today(), TimePoint.BETWEEN),
                mode=MeasureMode.TELEPHONE,
                instruments=["phq9"],
                by=by,
            )

    assert at_once(either_app, [record, record]) == ["done", "done"]
    assert db.session.scalar(select(func.count(MeasureOccasion.id))) == 1
    assert db.session.scalar(select(func.count(MeasureContact.id))) == 2
    assert_sound()


def test_two_put_one_contact_right_at_once(either_app: Flask) -> None:
    people = treatment.sentenced()
    viewer, by = viewer_of(people.lead), people.assessor.id
    prepared = []
    for number in range(count(2, 30)):
        day = treatment.SENTENCED_ON + timedelta(days=number)
        made = treatment.contact(people, number + 1, on=day, instruments=("phq9",))
        form = treatment.forms(made)["phq9"]
        treatment.submit(people, form, treatment.phq(treatment.said(1)))
        prepared.append((made.id, form.id, made.version, day))
    db.session.remove()
    for key, form_key, version, day in prepared:

        def correct(
            mode: MeasureMode, key: int = key, version: int = version, day: date = day
        ) -> None:
            with writing():
                correct_contact(
                    contact_id=key,
                    planned=Planned(day, TimePoint.BETWEEN),
                    mode=mode,
                    language=None,
                    reason="Slip",
                    version=version,
                    by=by,
                )

        def take(key: int = form_key) -> None:
            with writing():
                taking_back.take_back(occasion_id=key, reason="Slip", viewer=viewer)

        def take_contact(key: int = key, version: int = version) -> None:
            with writing():
                taking_back.take_contact_back(
                    contact_id=key, reason="Slip", version=version, viewer=viewer
                )

        assert at_once(either_app, [take, take]) == ["This was taken back already.", "done"]
        both = [lambda: correct(MeasureMode.VIDEO), lambda: correct(MeasureMode.PAPER)]
        assert at_once(either_app, both) == ["done", "stale"]
        last = db.session.get_one(MeasureContact, key)
        again = last.version
        db.session.remove()
        both = [lambda: take_contact(version=again), lambda: take_contact(version=again)]  # noqa: B023
        assert at_once(either_app, both) == ["done", "stale"]
    assert_sound()


def test_a_form_put_back_and_asked_again_at_once_stands_once(either_app: Flask) -> None:
    people = treatment.sentenced()
    viewer = viewer_of(people.lead)
    made = treatment.contact(people, None, instruments=("gad7",))
    form = treatment.forms(made)["gad7"]
    key, form_key = made.id, form.id
    with writing():
        taking_back.take_back(occasion_id=form_key, reason="Slip", viewer=viewer)
    version = form.version
    case_id, by = people.case.id, people.assessor.id
    db.session.remove()

    def put_back() -> None:
        with writing():
            taking_back.put_back(occasion_id=form_key, reason="His", version=version, viewer=viewer)

    def ask_again() -> None:
        with writing():
            contacts.record_contact(
                case_id=case_id,
                planned=Planned(clock.today(), TimePoint.SESSION, 1),
                mode=MeasureMode.IN_PERSON,
                instruments=["gad7"],
                by=by,
            )

    answers = at_once(either_app, [put_back, ask_again])
    standing = [
        row
        for row in db.session.scalars(select(MeasureOccasion))
        if row.state is not OccasionState.WITHDRAWN
    ]
    assert len(standing) == 1, answers
    assert (standing[0].contact_id == key) == (answers == ["done", "done"])
    assert_sound()
