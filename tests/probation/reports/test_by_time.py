"""Compliance reports by time: when each is due, made once, nothing lost, and stopped truthfully."""

from datetime import date, timedelta
from typing import Any

import pytest
import typst
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.messages.delivery import deliver
from mhtr.probation.reports import by_time, schedule_service, service
from mhtr.probation.reports.files import FORMATS
from mhtr.probation.reports.making import report_of
from mhtr.probation.reports.release_kinds import To, Way
from mhtr.probation.reports.schedule_models import ComplianceSchedule, Ended
from mhtr.probation.reports.schedule_rules import Every, Rhythm, next_run, occasion
from mhtr.tasks.models import Notice, Task, TaskKind, TaskState
from tests.compliance.test_decisions import under_order
from tests.makers import make_staff
from tests.orders.test_reassign import asked, give
from tests.probation.reports.makers import releases, weekly
from tests.probation.reports.test_releases import mailbox
from tests.reviews.makers import arranged, due, held, review_of
from tests.suitability.browsing import as_, refused, send

PAGE = "/my-people/reports-by-time"
WED = date(2026, 11, 18)
W, M, C, R = Every.WEEK, Every.MONTH, Every.COURT, Every.REVIEW


@pytest.mark.parametrize(
    ("every", "number", "since", "today", "court", "made", "due", "following"),
    [
        (W, 2, WED, WED, None, None, WED, WED),
        (W, 2, WED, WED, None, WED, WED, date(2026, 11, 25)),
        (W, 0, WED, WED, None, None, None, date(2026, 11, 23)),
        (W, 0, WED, date(2026, 12, 9), None, date(2026, 11, 23), date(2026, 12, 7),
         date(2026, 12, 9)),
        (M, 1, WED, WED, None, None, None, date(2026, 12, 1)),
        (M, 28, date(2026, 1, 1), date(2026, 3, 1), None, None, date(2026, 2, 28),
         date(2026, 3, 1)),
        (M, 28, date(2026, 1, 1), date(2026, 3, 1), None, date(2026, 2, 28), date(2026, 2, 28),
         date(2026, 3, 28)),
        (C, 5, WED, WED, None, None, None, None),
        (C, 5, WED, WED, date(2026, 11, 30), None, None, date(2026, 11, 25)),
        (C, 5, WED, date(2026, 11, 26), date(2026, 11, 30), None, date(2026, 11, 30),
         date(2026, 11, 26)),
        (C, 5, WED, date(2026, 11, 26), date(2026, 11, 30), date(2026, 11, 30),
         date(2026, 11, 30), None),
        (C, 5, WED, date(2026, 11, 26), date(2026, 12, 20), date(2026, 11, 30), None,
         date(2026, 12, 15)),
        (R, 3, WED, WED, None, None, None, None),
        (R, 3, WED, WED, date(2026, 11, 21), None, date(2026, 11, 21), WED),
        (R, 3, WED, WED, date(2026, 11, 22), None, None, date(2026, 11, 19)),
    ],
)  # fmt: skip
def test_when_it_is_due(
    every: Every, number: int, since: date, today: date, court: date | None, made: date | None,
    due: date | None, following: date | None,
) -> None:  # fmt: skip
    rhythm = Rhythm(every, number, since)
    assert occasion(rhythm, today, court) == due
    assert next_run(rhythm, today, court, made) == following


def run() -> int:
    db.session.rollback()
    return by_time.make_due(clock.now())


def row_of() -> ComplianceSchedule:
    db.session.expire_all()
    return db.session.scalars(select(ComplianceSchedule)).one()


def open_tasks() -> list[Task]:
    query = select(Task).where(Task.kind == TaskKind.RELEASED_REPORT, Task.state == TaskState.OPEN)
    return list(db.session.scalars(query))


def test_it_is_made_once_and_a_week_that_was_missed_is_made_good_once(
    either_app: Flask, set_clock: SetClock
) -> None:
    man = under_order()
    weekly(man, weekday=clock.today().weekday())
    assert (run(), run()) == (1, 0)
    (row,) = releases()
    assert (row.way, row.to_staff_id) == (Way.SCHEDULE, man.world.officer.id)
    told = db.session.scalars(select(Notice.key).where(Notice.key == f"report:{row.ref}"))
    assert len(told.all()) == 1
    set_clock.advance(days=24)
    assert (run(), run()) == (1, 0)
    assert row_of().last_id == releases()[-1].id and len(releases()) == 2


def test_before_a_review_it_follows_the_day_that_is_arranged(
    app: Flask, set_clock: SetClock
) -> None:
    of = due()
    weekly(of.man, every=R, number=3)
    due_on = review_of(of).due_on
    assert by_time.days_of([row_of()], clock.today()) == {row_of().id: due_on} and run() == 0
    arranged(of, at=clock.now() + timedelta(days=4))
    assert run() == 0
    page = as_(app, of.world.officer).page(PAGE)
    assert "3 days before his next three-way review" in page and "19 November 2026" in page
    set_clock.advance(days=1)
    assert (run(), run()) == (1, 0)
    set_clock.advance(days=4)
    held(of)
    assert run() == 0  # the one at the end is far ahead


def test_what_is_killed_half_way_is_made_by_the_next_run(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    man = under_order()
    weekly(man, To.UNIT, weekday=clock.today().weekday())
    whole = service.release

    def killed(**given: Any) -> Any:
        whole(**given)
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "release", killed)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.undo()
    db.session.rollback()
    assert not releases() and row_of().made_for is None
    assert run() == 1
    mails = select(OutboxMessage).where(OutboxMessage.template == "reports.released")
    assert len(db.session.scalars(mails).all()) == 1


def test_one_that_fails_keeps_no_other_from_being_made(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    man = under_order()
    today = clock.today().weekday()
    first, second = weekly(man, weekday=today), weekly(man, weekday=today)
    failing = [ZeroDivisionError()]

    def made(*given: Any, **more: Any) -> Any:
        if failing:
            raise failing.pop()
        return report_of(*given, **more)

    monkeypatch.setattr("mhtr.probation.reports.by_time.report_of", made)
    with pytest.raises(ZeroDivisionError):
        run()
    db.session.expire_all()
    assert (first.made_for, second.made_for) == (None, clock.today())
    assert run() == 1


def test_a_file_that_cannot_be_made_is_asked_about(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    man = under_order()
    weekly(man, weekday=clock.today().weekday())

    def broken(_report: object) -> bytes:
        raise typst.TypstError("no", "nothing")

    monkeypatch.setitem(FORMATS, "json", ("application/json", broken))
    assert (run(), run()) == (1, 0)
    assert row_of().problem == by_time.NO_FILE and len(open_tasks()) == 1


def test_a_colleague_who_left_gets_no_report_that_nobody_hears_of(app: Flask) -> None:
    man = under_order()
    senior_id = man.world.senior.id
    weekly(man, To.COLLEAGUE, colleague_id=senior_id, weekday=clock.today().weekday())
    with writing():
        db.session.get_one(Staff, senior_id).disabled_at = clock.now()
    assert run() == 1 and not releases()
    assert row_of().problem == service.NO_COLLEAGUE and len(open_tasks()) == 1


def test_nothing_is_lost_when_mail_is_down(app: Flask) -> None:
    man = under_order()
    mailbox(man)
    weekly(man, To.UNIT, weekday=clock.today().weekday())
    assert run() == 1
    mailbox(man, "")
    deliver(clock.now())
    query = select(OutboxMessage).where(OutboxMessage.template == "reports.released")
    assert db.session.scalars(query).one().state is OutboxState.FAILED
    (task,) = open_tasks()
    assert task.owner_staff_id == man.world.officer.id and len(releases()) == 1


def test_who_has_him_no_more_makes_no_report_and_hears_so(app: Flask) -> None:
    man = under_order()
    weekly(man, weekday=clock.today().weekday())
    other = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    give(asked(man), other, man.world.senior)
    assert (run(), run()) == (1, 0)
    row = row_of()
    assert row.ended is Ended.NOT_HIS and not releases()
    told = db.session.scalars(select(Notice).where(Notice.key == f"schedule:{row.ref}")).one()
    assert told.principal_id == man.world.officer.principal_id
    page = as_(app, man.world.officer).page(PAGE)
    assert "You no longer have him" in page and man.case.person.family_name not in page


def test_what_nobody_can_get_is_paused_and_asked_about(app: Flask) -> None:
    man = under_order()
    mailbox(man)
    weekly(man, To.UNIT, weekday=clock.today().weekday())
    mailbox(man, "")
    assert (run(), run()) == (1, 0)
    (task,) = open_tasks()
    client = as_(app, man.world.officer)
    page = client.page(PAGE)
    assert "no mailbox on record" in page and "Paused" in page
    mailbox(man)
    ref = row_of().ref
    assert send(client, f"{PAGE}/{ref}/go-on", client.page(PAGE)).status_code == 303
    assert not open_tasks() and run() == 1


def test_what_is_paused_ends_too_where_who_set_it_up_left(app: Flask) -> None:
    man = under_order()
    mailbox(man)
    weekly(man, To.UNIT, weekday=clock.today().weekday())
    mailbox(man, "")
    assert (run(), run()) == (1, 0) and len(open_tasks()) == 1
    officer_id = man.world.officer.id
    with writing():
        db.session.get_one(Staff, officer_id).disabled_at = clock.now()
    assert (run(), run()) == (1, 0)
    assert row_of().ended is Ended.LEFT and not open_tasks()


def test_the_page_sets_up_pauses_and_ends_what_is_ones_own(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    page = client.page(PAGE)
    assert "Nothing is set up" in page
    said = {"every": "week", "format": "pdf", "to": "myself", "man": str(man.case.ref)}
    assert "Select a weekday" in refused(client, PAGE, page, **said)
    court = {**said, "every": "court", "man": "", "number": "5"}
    assert "about one man" in refused(client, PAGE, page, **court)
    month = {**said, "every": "month", "number": "31"}
    assert "between 1 and 28" in refused(client, PAGE, page, **month)
    assert send(client, PAGE, page, **said, weekday="0").status_code == 303
    page = client.page(PAGE)
    assert "Every Monday" in page and "23 November 2026" in page
    ref = row_of().ref
    other = as_(app, make_staff(Role.PROBATION, organisation=man.world.officer.organisation))
    assert "Nothing is set up" in other.page(PAGE)
    assert send(other, f"{PAGE}/{ref}/end", other.page(PAGE)).status_code == 404
    for act, words in (("pause", "It is paused."), ("go-on", "It goes on."), ("end", "Ended")):
        assert send(client, f"{PAGE}/{ref}/{act}", client.page(PAGE)).status_code == 303
        assert words in client.page(PAGE)


def test_what_cannot_be_set_up(app: Flask) -> None:
    man = under_order()
    mailbox(man, "")
    other = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    with pytest.raises(NotFound):
        weekly(man, by=other)
    with pytest.raises(Refused, match="Only probation"):
        weekly(man, by=man.therapist)
    with pytest.raises(CannotBe, match="no mailbox"):
        weekly(man, To.UNIT)
    with pytest.raises(CannotBe, match="colleague"):
        weekly(man, To.COLLEAGUE, colleague_id=man.therapist.id)
    with pytest.raises(CannotBe, match="colleague"):
        weekly(man, To.PASSED)
    row = weekly(man)
    ref, by = row.ref, man.world.officer.id
    with writing():
        schedule_service.end(ref=ref, by=by)
    with pytest.raises(Refused, match="has ended"), writing():
        schedule_service.go_on(ref=ref, by=by)
