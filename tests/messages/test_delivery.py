"""Messages leave once, for what was really saved, and what cannot leave becomes somebody's task.

Against a real mail server on this machine.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.intake.closing import withdraw_messages
from mhtr.messages import delivery, kinds, service, transports
from mhtr.messages.kinds import STAFF_EMAIL, MessageKind, NotWanted
from mhtr.messages.mail import Mail, NeverTaken
from tests.faults.test_races import at_once
from tests.makers import make_staff
from tests.messages.servers import Box, mail_server
from tests.overview.things import a_case

S = OutboxState


class Post:
    """The server's box, the app that sends, and the keys of messages that failed for good."""

    def __init__(self, app: Flask, box: Box) -> None:
        self.app, self.box, self.failed = app, box, list[str]()
        self.wanted = True

    def compose(self, row: OutboxMessage) -> Mail:
        if not self.wanted:
            raise NotWanted
        if row.payload["to"] == "broken":
            raise RuntimeError("a fault of the program")
        if not row.payload["to"]:
            raise NeverTaken("Nobody is named.")
        return Mail(row.payload["to"], "Something is recorded", "Read it.", row.key)

    def failing(self, row: OutboxMessage) -> None:
        self.failed.append(row.key)


@pytest.fixture
def post(either_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with mail_server() as (box, url):
        either_app.config["MAIL"] = url
        made = Post(either_app, box)
        monkeypatch.setitem(kinds.KINDS, "test", MessageKind("test", made.compose, made.failing))
        yield made


def put(key: str, to: str = "duty@unit.example", case_id: int | None = None) -> bool:
    with writing():
        return service.put(
            key=key, channel=STAFF_EMAIL, template="test", payload={"to": to}, case_id=case_id,
            by=None,
        )  # fmt: skip


def state(key: str) -> tuple[OutboxState, str]:
    db.session.rollback()
    row = db.session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()
    return row.state, row.problem


def deliver() -> int:
    return delivery.deliver(clock.now())


def test_it_is_sent_once_whatever_is_run_or_put_again(post: Post) -> None:
    assert put("a:1") and not put("a:1")
    assert deliver() == 1 and deliver() == 0
    assert not put("a:1") and deliver() == 0
    [mail] = post.box.taken
    assert (post.box.to, mail["Subject"]) == (["duty@unit.example"], "Something is recorded")
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Message-ID"]
    assert state("a:1") == (S.SENT, "") and post.failed == []
    actions = list(db.session.scalars(select(AuditEvent.action)))
    assert actions[-2:] == ["messages.put", "messages.sent"]


def test_what_was_undone_is_never_sent(post: Post) -> None:
    with pytest.raises(RuntimeError), writing():
        service.put(
            key="a:1", channel=STAFF_EMAIL, template="test", payload={}, case_id=None, by=None
        )
        raise RuntimeError("undone")
    assert deliver() == 0 and not post.box.taken


def test_a_kind_nobody_knows_is_refused_when_it_is_put(app: Flask) -> None:
    with pytest.raises(LookupError), writing():
        service.put(key="a", channel=STAFF_EMAIL, template="?", payload={}, case_id=None, by=None)
    assert not db.session.scalars(select(OutboxMessage)).all()


def test_a_busy_server_is_asked_again_and_in_the_end_a_person(
    post: Post, set_clock: SetClock
) -> None:
    post.box.to_rcpt = "450 greylisted"
    put("a:1")
    assert deliver() == 1 and state("a:1") == (S.WAITING, transports.BUSY)
    assert deliver() == 0, "not before its time"
    for pause in delivery.AGAIN_AFTER[:2]:
        set_clock.advance(seconds=pause.total_seconds())
        assert deliver() == 1
    post.box.to_rcpt = "250 OK"
    set_clock.advance(hours=1)
    assert deliver() == 1 and state("a:1") == (S.SENT, "") and len(post.box.taken) == 1


def test_it_is_given_up_within_the_day(post: Post, set_clock: SetClock) -> None:
    post.app.config["MAIL"] = "smtp://127.0.0.1:9"  # discard: nobody listens
    put("a:1")
    tried = 0
    while state("a:1")[0] is S.WAITING:
        tried += deliver()
        set_clock.advance(minutes=1)
    assert tried == len(delivery.AGAIN_AFTER) + 1
    assert state("a:1") == (S.FAILED, transports.NOBODY_THERE) and post.failed == ["a:1"]
    assert sum(delivery.AGAIN_AFTER, timedelta()) < timedelta(hours=8)


@pytest.mark.parametrize(("rcpt", "data"), [("550 no such user", "250 OK"), ("250 OK", "554 no")])
def test_what_is_refused_for_good_is_not_tried_again(post: Post, rcpt: str, data: str) -> None:
    post.box.to_rcpt, post.box.to_data = rcpt, data
    put("a:1")
    assert deliver() == 1 and deliver() == 0
    assert state("a:1") == (S.FAILED, transports.REFUSED) and post.failed == ["a:1"]


def test_a_server_that_falls_silent_may_have_taken_it_so_it_is_not_sent_again(
    post: Post, set_clock: SetClock
) -> None:
    post.box.drops = True
    put("a:1")
    deliver()
    assert state("a:1") == (S.FAILED, service.NOT_KNOWN) and post.failed == ["a:1"]
    set_clock.advance(days=1)
    assert deliver() == 0 and len(post.box.taken) == 1


def test_a_sender_that_dies_after_sending_sends_nothing_twice(
    post: Post, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a:1")
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(delivery, "_record", _dies)
        deliver()
    db.session.remove()
    assert deliver() == 0 and state("a:1")[0] is S.WAITING, "the lease still runs"
    set_clock.advance(minutes=11)
    assert deliver() == 1 and len(post.box.taken) == 1
    assert state("a:1") == (S.FAILED, service.NOT_KNOWN) and post.failed == ["a:1"]


def _dies(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_is_taken_back_in_time_does_not_leave(post: Post) -> None:
    put("a:1")
    with writing():
        assert service.withdraw("a:1", by=None)
        assert service.withdraw("never:put", by=None)
    assert deliver() == 0 and state("a:1") == (S.WITHDRAWN, "")


def test_what_has_left_or_is_leaving_cannot_be_taken_back(post: Post) -> None:
    put("a:1")
    deliver()
    put("a:2")
    claim = delivery._claim()
    assert claim is not None
    with writing():
        assert not service.withdraw("a:1", by=None)
        assert not service.withdraw("a:2", by=None), "somebody is sending it"
    assert state("a:1")[0] is S.SENT


def test_what_has_no_sense_any_more_when_it_is_sent_is_dropped(post: Post) -> None:
    put("a:1")
    post.wanted = False
    assert deliver() == 1 and state("a:1") == (S.WITHDRAWN, "")
    assert not post.box.taken and not post.failed


def test_one_that_is_taken_back_while_it_is_tried_stays_so(post: Post) -> None:
    """He dies while the server is busy: it is not tried again, and nobody is asked to see to it."""
    case_id = a_case(make_staff(Role.ASSESSOR)).id
    post.box.to_rcpt = "450 greylisted"
    put("a:1", case_id=case_id)
    claim = delivery._claim()
    assert claim is not None
    outcome = delivery._attempt(claim, transports.transport_for(post.app.config))
    with writing():
        withdraw_messages(case_id)
    delivery._record(claim, outcome)
    assert state("a:1")[0] is S.WITHDRAWN and not post.failed and deliver() == 0


def test_one_that_cannot_be_written_stops_no_other(post: Post) -> None:
    put("a:1", to="broken")
    put("a:2", to="")
    put("a:3")
    assert deliver() == 3
    assert state("a:1") == (S.FAILED, delivery.WENT_WRONG)
    assert state("a:2") == (S.FAILED, "Nobody is named.")
    assert state("a:3")[0] is S.SENT and post.failed == ["a:1", "a:2"]


def test_without_a_mail_server_a_person_sees_to_it(post: Post) -> None:
    post.app.config["MAIL"] = ""
    put("a:1")
    deliver()
    assert state("a:1") == (S.FAILED, delivery.NO_SERVER) and post.failed == ["a:1"]


def test_two_processes_send_each_message_once(post: Post) -> None:
    for number in range(12):
        put(f"a:{number}")
    assert at_once(post.app, [lambda: _ran(deliver), lambda: _ran(deliver)]) == ["done", "done"]
    assert len(post.box.taken) == 12
    assert len({mail["Message-ID"] for mail in post.box.taken}) == 12


def _ran(does: object) -> None:
    assert callable(does)
    does()


def test_the_console_sends_nothing_and_says_what_it_would(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = transports.transport_for({"MAIL": "console"})
    assert made is not None and transports.transport_for({"MAIL": ""}) is None
    with caplog.at_level("INFO"):
        made.send(Mail("duty@unit.example", "Subject", "Body"))
    assert "duty@unit.example" in caplog.text
