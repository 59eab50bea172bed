"""What a trust agreed with probation changes by two signatures, and every report follows."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.intake.models import Referral
from mhtr.intake.referral_values import Safety
from mhtr.probation.reports import service as reports
from mhtr.probation.reports.queries import verified
from mhtr.tasks.models import Notice
from mhtr.wall import agreement_service as service
from mhtr.wall.agreement_models import AgreementAnswer, AgreementChange
from mhtr.wall.agreement_queries import in_force
from mhtr.wall.agreement_rules import (
    NEEDED,
    NEVER,
    NOT_BOTH,
    NOT_YOURS,
    ONE_OF_EACH,
    Answer,
    Proposed,
    Side,
)
from tests.compliance.test_decisions import under_order
from tests.makers import make_staff
from tests.probation.reports.makers import MYSELF, compiled, releases, said, taken
from tests.sessions.seen import Treated
from tests.suitability.browsing import as_, send

NEXT, WHERE = "next_session", "/agreements-with-probation"


def propose(
    by: Staff, trust_id: int, item: str = NEXT, *, held: bool = False, days: int = 0
) -> UUID:
    staff_id = by.id
    wanted = Proposed(item, held, clock.today() + timedelta(days=days), "because", "clause 4")
    with writing():
        return service.propose(trust_id=trust_id, said=wanted, by=staff_id).ref


def sign(ref: UUID, trust_id: int, by: Staff) -> None:
    staff_id = by.id
    with writing():
        service.sign(trust_id=trust_id, ref=ref, by=staff_id)


def both(privacy: Role = Role.PRIVACY_OFFICER) -> tuple[Staff, Staff, int]:
    of_trust = make_staff(privacy)
    return of_trust, make_staff(Role.SENIOR_PROBATION), of_trust.organisation_id


def agreed(man: Treated, item: str = NEXT, *, held: bool = False) -> None:
    """The trust that treats him agrees on it with probation, from today."""
    trust = man.therapist.organisation
    senior = make_staff(Role.SENIOR_PROBATION)
    lead = make_staff(Role.PRIVACY_OFFICER, organisation=trust)
    sign(propose(lead, trust.id, item, held=held), trust.id, senior)


def test_nothing_changes_until_the_other_side_signs(either_app: Flask) -> None:
    privacy, senior, trust = both()
    lead = make_staff(Role.CLINICAL_LEAD, organisation=privacy.organisation)
    ref, today = propose(privacy, trust), clock.today()
    texts = {row.principal_id: row.text for row in db.session.scalars(select(Notice))}
    assert set(texts) == {senior.principal_id, lead.principal_id}
    elsewhere = make_staff(Role.CLINICAL_LEAD, Role.PRIVACY_OFFICER)
    for by, words in ((privacy, NOT_BOTH), (lead, ONE_OF_EACH), (elsewhere, NOT_YOURS)):
        with pytest.raises(Refused) as refused:
            sign(ref, trust, by)
        assert words in refused.value.reasons
    with pytest.raises(NotFound):
        sign(ref, elsewhere.organisation_id, senior)
    with pytest.raises(Refused):
        propose(elsewhere, trust)
    assert in_force(trust, today).version == 0 and NEXT in in_force(trust, today).held
    sign(ref, trust, senior)
    held = in_force(trust, today)
    assert (held.version, held.since, NEXT in held.held) == (1, today, False)
    assert in_force(elsewhere.organisation_id, today).version == 0
    with pytest.raises(Refused):
        sign(ref, trust, senior)


def test_what_the_law_needs_stays_in_and_what_never_passes_out(app: Flask) -> None:
    privacy, _, trust = both()
    cases = (("attendance", False, NEEDED), ("scores", True, NEVER), ("report", True, NEVER))
    for item, held, words in cases:
        with pytest.raises(CannotBe) as refused:
            propose(privacy, trust, item, held=held)
        assert refused.value.problems == (("held", words),)
    client = as_(app, privacy)
    assert client.get(f"{WHERE}/{privacy.organisation.ref}/scores").status_code == 404
    page = client.page(f"{WHERE}/{privacy.organisation.ref}/attendance")
    assert "No agreement changes this" in page and "Propose" not in page


def test_it_holds_from_its_day_on_and_is_undone_by_a_new_change(
    either_app: Flask, set_clock: SetClock
) -> None:
    privacy, senior, trust = both()
    today = clock.today()
    sign(propose(privacy, trust, days=3), trust, senior)
    assert NEXT in in_force(trust, today + timedelta(days=2)).held
    assert NEXT not in in_force(trust, today + timedelta(days=3)).held
    set_clock.advance(days=5)
    late, by = propose(senior, trust, held=True), privacy.id
    set_clock.advance(days=1)
    with pytest.raises(Refused):
        sign(late, trust, privacy)
    for who, why in ((by, ""), (make_staff(Role.SERVICE_MANAGER).id, "no")):
        with pytest.raises(Refused), writing():
            service.turn_down(trust_id=trust, ref=late, why=why, by=who)
    with writing():
        service.turn_down(trust_id=trust, ref=late, why="too late", by=by)
    assert NEXT not in in_force(trust, clock.today()).held
    sign(propose(senior, trust, held=True), trust, privacy)
    held = in_force(trust, clock.today())
    assert (held.version, NEXT in held.held) == (2, True)
    assert NEXT not in in_force(trust, today + timedelta(days=4)).held


def test_the_database_refuses_one_side_alone_and_any_change(either_app: Flask) -> None:
    privacy, _, trust = both()
    lead = make_staff(Role.CLINICAL_LEAD, organisation=privacy.organisation).id
    propose(privacy, trust)
    row = db.session.scalars(select(AgreementChange)).one()
    kept = {"change_id": row.id, "proposed_by_id": row.by_id, "answer": Answer.SIGNED}
    for by, side in ((privacy.id, Side.PROBATION), (lead, Side.TRUST)):
        with pytest.raises(DatabaseError), writing():
            db.session.add(AgreementAnswer(**kept, proposed_side=Side.TRUST, side=side, by_id=by))
    with pytest.raises(DatabaseError), writing():
        db.session.execute(update(AgreementChange).values(held=True))


def referred(man: Treated) -> None:
    """The trust of his therapist has him."""
    trust_id, case_id = man.therapist.organisation_id, man.case.id
    with writing():
        db.session.add(
            Referral(
                case_id=case_id,
                trust_id=trust_id,
                organisation_id=trust_id,
                source="custody",
                channel="form",
                referred_at=clock.now(),
                safety=Safety.SAFE,
                answers={},
                routed_because="court",
            )
        )


def test_every_report_follows_and_a_release_keeps_by_which_version_it_left(app: Flask) -> None:
    man = under_order()
    referred(man)
    client, where = as_(app, man.world.officer), f"/cases/{man.case.ref}/compliance-report"
    everywhere = (where, f"{where}/release", "/my-people/compliance-report")
    before = releases()
    taken(client, where)
    trust = man.therapist.organisation.name
    for path in everywhere:
        assert f"{trust}: no agreement changes" in client.page(path)
    stale = compiled(man.world.officer, man)
    agreed(man)
    agreed(man, "reason_kind", held=True)
    with pytest.raises(Refused), writing():
        reports.release(compiled=stale, to=MYSELF, by=man.world.officer.id)
    words = f"{trust}: version 2 of its agreement with probation"
    for path in everywhere:
        page = client.page(path)
        assert words in page and "Left out: The next session, since" in page
        assert "Added: Kind of reason for a missed session, since" in page
    assert "Next session" not in client.page(where) and "No reason yet" in client.page(where)
    made = said(client, where)
    assert "next" not in made["men"][0] and made["agreements"][0]["version"] == 2
    old, new = releases()[len(before) :]
    assert "next" in old.items and "next" not in new.items
    kept = verified(new)
    assert kept is not None and kept.agreements == (made["agreements"][0]["words"],)
    pages = [client.page(f"/released-reports/{one.ref}") for one in (old, new)]
    assert "no agreement changes" in pages[0] and words in pages[1]
    assert all("It says what is on record today" in page for page in pages)
    printed = as_(app, man.therapist).page("/who-sees-what")
    assert "It leaves out:" in printed and "It also says:" in printed


def test_it_is_proposed_and_signed_on_its_page(app: Flask) -> None:
    privacy, senior, _ = both()
    trust, day = privacy.organisation, clock.today()
    path = f"{WHERE}/{trust.ref}/{NEXT}"
    form = {
        "held": "no",
        "first_day-day": str(day.day),
        "first_day-month": str(day.month),
        "first_day-year": str(day.year),
        "reason": "Probation asks us by telephone",
        "clause": "Protocol of 3 November, clause 4",
    }
    client = as_(app, privacy)
    assert client.post(path, data={**form, "clause": "", **key()}).status_code == 422
    assert client.post(path, data={**form, **key()}).status_code == 303
    page = client.page(path)
    assert NOT_BOTH in page.replace("&#39;", "'") and "Sign it</button>" not in page
    client = as_(app, senior)
    assert "Waits for a signature" in client.page(WHERE)
    assert "Waits for a signature" in client.page(f"{WHERE}/{trust.ref}")
    ref = db.session.scalars(select(AgreementChange.ref)).one()
    assert client.post(f"{path}/{ref}/turn-down", data={"why": "", **key()}).status_code == 422
    send(client, f"{path}/{ref}/sign", client.page(path))
    page = client.page(path)
    assert "Left out of reports" in page and "Protocol of 3 November" in page
    assert "Version 1, since" in client.page(WHERE)
    assert "Left out" in client.page(f"{WHERE}/{trust.ref}")
    officer = as_(app, make_staff(Role.PROBATION))
    assert "Propose a change" not in officer.page(path)
    assert officer.post(path, data={**form, "held": "yes", **key()}).status_code == 422


def key() -> dict[str, str]:
    return {"submission_key": str(uuid4())}
