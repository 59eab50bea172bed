"""Letters on both engines: signed by two, stopped at his word, corrected for whoever has them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.compliance.attendance import Happened
from mhtr.core import clock
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.core.transaction import writing
from mhtr.discharge import copy_service, follow, letter_service, queries
from mhtr.discharge.building import NOT_ENDED
from mhtr.discharge.letter_kinds import LetterKind
from mhtr.discharge.rules import NO_GP, Agreed, Sent, Stance, To
from mhtr.people.kinds import Permission
from mhtr.people.models import ConsentDecision
from mhtr.tasks.models import Notice, TaskKind
from tests.discharge.makers import (
    GP,
    PLAN,
    anew,
    begun,
    built,
    compiled,
    copied,
    has_gp,
    planned,
    says,
    signed,
    signs,
    standing,
    summary,
    waiting,
    written,
)
from tests.ending.makers import finished, finishing
from tests.outcome_measures.occasions import asked


def test_a_plan_is_kept_in_versions_with_what_he_says_to_it(either_app: Flask) -> None:
    of = finishing()
    first = planned(of)
    assert (first.number, queries.said_of(first)) == (1, PLAN)
    with pytest.raises(Refused, match="already"):
        planned(of)
    with pytest.raises(Stale):
        planned(of, replace(PLAN, helps="Swimming"), seen=0)
    with pytest.raises(CannotBe):
        planned(of, replace(PLAN, stance=Stance.DISSENTS))
    db.session.rollback()
    dissents = replace(PLAN, stance=Stance.DISSENTS, dissent="I would not ring a line")
    second = planned(of, dissents)
    assert second.number == 2 and queries.said_of(second) == dissents
    assert [one.stance for one in queries.plans_of(of.case.id)] == [Stance.AGREED, Stance.DISSENTS]


def test_an_author_without_registration_signs_first_and_a_lead_after(
    either_app: Flask,
) -> None:
    of = finished()
    therapist, lead = of.man.therapist, of.world.lead
    assert waiting(of) == {follow.WRITE: therapist.id}
    row = written(of, begun(of))
    assert signs(of, row, therapist) is None
    assert not queries.versions_of(of.case.id)
    assert waiting(of, TaskKind.SIGN_LETTER) == {follow.SIGN: lead.id}
    assert "You have signed it" in built(of, row, therapist).against[0]
    written(of, row, "Other words")
    assert waiting(of, TaskKind.SIGN_LETTER) == {}
    assert built(of, row, lead).first == ""
    version = signed(of, row)
    assert (version.signed_by, version.countersigned_by) == (therapist.id, lead.id)
    assert waiting(of, TaskKind.SIGN_LETTER) == {}
    assert waiting(of) == {follow.GIVE: therapist.id}
    letter = queries.verified(version)
    assert letter is not None and letter.countersigner == lead.name
    assert letter.facts[-1][0] == "How it ended" and "As planned" in letter.facts[-1][1]
    with pytest.raises(Refused, match="one already"):
        begun(of)


def test_what_changed_after_the_first_signature_is_signed_anew(app: Flask) -> None:
    of = finished()
    row = written(of, begun(of))
    signs(of, row, of.man.therapist)
    read = compiled(of, row, of.world.lead)
    of.is_seen(1, Happened.DID_NOT_COME, why="He was taken for another")
    assert built(of, row, of.world.lead).first == ""
    with pytest.raises(Refused):
        signs(of, row, of.world.lead, read)


def test_a_summary_waits_for_the_end_and_for_every_part(app: Flask) -> None:
    of = finishing()
    row = begun(of)
    against = built(of, row, of.man.therapist).against
    assert NOT_ENDED in against and len(against) == 5
    written(of, row, with_plan=True)
    against = built(of, row, of.man.therapist).against
    assert len(against) == 2 and "none yet" in against[1]
    with pytest.raises(Stale):
        with writing():
            letter_service.drop(letter_id=row.id, version=1, by=of.man.therapist.id)
    start = written(of, begun(of, LetterKind.START))
    assert built(of, start, of.man.therapist).letter is not None


def test_first_and_last_scores_stand_in_it_as_the_measures_read_them(app: Flask) -> None:
    of = finished()
    on = clock.today()
    asked(of.case, of.man.therapist, "phq9", on - timedelta(days=7), 18, session=1)
    asked(of.case, of.man.therapist, "phq9", on, 7, session=2)
    found = built(of, written(of, begun(of)), of.man.therapist).looks
    assert found is not None
    rows = dict(found.facts)
    said = next(words for name, words in rows.items() if name.startswith("PHQ-9"))
    assert said.startswith("18 points") and "7 points" in said


def test_his_gp_has_none_without_his_word_or_a_practice_and_its_withdrawal_stops_it(
    either_app: Flask,
) -> None:
    of = finished()
    _, version = summary(of)
    with pytest.raises(Refused, match="not recorded that he agrees"):
        copied(of, version, To.GP, Sent.POST)
    says(of)
    with pytest.raises(Refused, match="No GP practice"):
        copied(of, version, To.GP, Sent.POST)
    has_gp(of)
    copied(of, version)
    assert [one.owed for one in standing(of)] == [(To.GP,)]
    with writing():
        follow.follow(of.case, by=None)
    assert list(waiting(of)) == [follow.GIVE]
    says(of, ConsentDecision.WITHDRAWN)
    assert waiting(of) == {}
    with pytest.raises(Refused, match="took back"):
        copied(of, version, To.GP, Sent.POST)
    says(of)
    assert list(waiting(of)) == [follow.GIVE]
    made = copied(of, version, To.GP, Sent.SECURE_MAIL)
    assert (made.gp_name, made.consent_id is not None) == (GP, True)
    assert waiting(of) == {} and NO_GP not in made.gp_name
    assert queries.gp_of(of.case).agreed is Agreed.YES


def test_a_correction_asks_for_whoever_has_the_earlier_one(
    either_app: Flask,
) -> None:
    of = finished()
    says(of)
    has_gp(of)
    row, first = summary(of)
    copied(of, first)
    copied(of, first, To.GP, Sent.POST)
    second = anew(of, row)
    assert [one.outdated for one in standing(of)] == [((To.HIM, 1), (To.GP, 1))]
    assert list(waiting(of)) == [follow.AGAIN]
    with pytest.raises(Refused, match="took its place"):
        copied(of, first, To.GP, Sent.POST)
    copied(of, second)
    mistaken = copied(of, second, To.GP, Sent.POST)
    assert waiting(of) == {}
    copy_id, by = mistaken.id, of.man.therapist.id
    with writing():
        copy_service.take_back(copy_id=copy_id, by=by)
    assert list(waiting(of)) == [follow.AGAIN]
    assert [one.outdated for one in standing(of)] == [((To.GP, 1),)]
    letter = queries.verified(second)
    assert letter is not None and letter.why_again == "A day was wrong"
    assert [one.number for one in queries.versions_of(of.case.id)] == [1, 2]


def test_a_copy_has_a_day_and_a_way_that_can_be(app: Flask) -> None:
    of = finished()
    _, version = summary(of)
    for day in (clock.today() + timedelta(days=1), clock.today() - timedelta(days=1)):
        with pytest.raises(CannotBe):
            copied(of, version, on=day)
    with writing():
        of.case.person.safe_to_write = Permission.NO
    with pytest.raises(CannotBe, match="not safe"):
        copied(of, version, sent=Sent.POST)
    with pytest.raises(CannotBe):
        copied(of, version, To.HIM, Sent.NOT_WANTED, on=clock.today() + timedelta(days=2))
    copied(of, version, To.HIM, Sent.NOT_WANTED)
    assert waiting(of) == {}


def test_a_risk_goes_without_his_word_only_with_reason_and_another_lead(
    either_app: Flask,
) -> None:
    of = finished()
    has_gp(of)
    row = written(of, begun(of, LetterKind.RISK))
    signs(of, row, of.man.therapist)
    version = signs(of, row, of.world.lead)
    assert version is not None
    lead = of.world.lead
    for said in ({}, {"exception_why": "He has a date"}, {"approver_id": lead.id}):
        with pytest.raises(CannotBe):
            copied(of, version, To.GP, Sent.SECURE_MAIL, **said)
    with pytest.raises(CannotBe):
        copied(
            of, version, To.GP, Sent.SECURE_MAIL, by=lead,
            exception_why="He has a date", approver_id=lead.id,
        )  # fmt: skip
    made = copied(
        of, version, To.GP, Sent.SECURE_MAIL, exception_why="He has a date", approver_id=lead.id
    )
    assert (made.exception_why, made.approver_id, made.consent_id) == (
        "He has a date", lead.id, None,
    )  # fmt: skip
    told = select(func.count()).select_from(Notice).where(Notice.principal_id == lead.principal_id)
    assert db.session.scalar(told.where(Notice.key.startswith("letter_approved"))) == 1
    logged = select(AuditEvent).where(AuditEvent.action == "discharge.copy_recorded")
    assert db.session.scalars(logged).one().detail["exception"] is True


def test_his_death_ends_what_is_asked_for(app: Flask) -> None:
    of = finished()
    assert waiting(of)
    with writing():
        of.case.person.died_on = clock.today()
        follow.follow(of.case, by=None)
    assert waiting(of) == {}
