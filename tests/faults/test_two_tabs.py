"""One draft sent from two tabs in the same moment: one is saved, the other is shown both texts."""

import re
import threading
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.intake import drafts
from mhtr.intake.models import ReferralDraft
from mhtr.suitability.assessment_queries import section_rows
from mhtr.suitability.sections import Section
from mhtr.web.models import Submission
from tests.faults.invariants import assert_sound
from tests.intake import journey as referring
from tests.makers import make_staff
from tests.pages import PageClient
from tests.suitability.journey import allocated, started

ROUNDS = 3


@dataclass(frozen=True)
class Answer:
    """What a tab was answered."""

    tab: int
    status: int
    page: str


def tab_of(app: Flask, staff: Staff) -> PageClient:
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made.sign_in(staff)


def both_at_once(tabs: list[PageClient], path: str, sent: list[dict[str, Any]]) -> list[Answer]:
    """Post a form in each tab, let go together; the saved one first."""
    db.session.remove()
    gate, answers = threading.Barrier(len(tabs)), []

    def post(number: int) -> None:
        gate.wait(20)
        answer = tabs[number].post(path, data=sent[number])
        answers.append(Answer(number, answer.status_code, answer.get_data(as_text=True)))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(len(tabs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == len(tabs)
    return sorted(answers, key=lambda answer: answer.status != 303)


def on_page(page: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.partition("<main")[2])
    pairs = [(re.search(r'name="([^"]*)"', t), re.search(r'value="([^"]*)"', t)) for t in tags]
    return {name[1]: value[1] for name, value in pairs if name and value}


def key() -> dict[str, str]:
    return {"submission_key": str(uuid.uuid4())}


def test_a_referral_draft_in_two_tabs(either_app: Flask) -> None:
    referring.make_trust()
    staff = make_staff(Role.LD_PRACTITIONER)
    tabs = [tab_of(either_app, staff) for _ in range(2)]
    for _ in range(ROUNDS):
        draft = referring.begin(tabs[0])
        path, ref = f"{draft}/person", uuid.UUID(draft.rpartition("/")[2])
        names = ["Babatunde", "Olatunde"]
        sent = [{**key(), "version": "0", **referring.PERSON, "given_name": n} for n in names]
        won, lost = both_at_once(tabs, path, sent)
        assert (won.status, lost.status) == (303, 409)
        saved, typed = names[won.tab], names[lost.tab]
        assert saved in lost.page and typed in lost.page
        assert kept_name(ref) == saved
        again = {**on_page(lost.page), **referring.PERSON, "given_name": typed}
        assert tabs[lost.tab].post(path, data=again).status_code == 303
        assert kept_name(ref) == typed
    assert_sound()


def kept_name(ref: uuid.UUID) -> object:
    db.session.remove()
    row = db.session.scalars(select(ReferralDraft).where(ReferralDraft.ref == ref)).one()
    return drafts.given(row)["given_name"]


def test_a_section_of_an_assessment_in_two_tabs(either_app: Flask) -> None:
    people = allocated()
    assessment_id = started(people).id
    path = f"/cases/{people.case.ref}/assessment/history"
    tabs = [tab_of(either_app, people.assessor) for _ in range(2)]
    for number in range(ROUNDS):
        held = [on_page(tab.page(path)) for tab in tabs]
        texts = [f"round {number} typed in tab {tab}" for tab in ("one", "two")]
        sent = [{**h, "past_treatment": text} for h, text in zip(held, texts, strict=True)]
        won, lost = both_at_once(tabs, path, sent)
        assert (won.status, lost.status) == (303, 422)
        saved, typed = texts[won.tab], texts[lost.tab]
        assert saved in lost.page and typed in lost.page and "Saved meanwhile by" in lost.page
        assert kept_history(assessment_id) == saved
        again = {**on_page(lost.page), "past_treatment": typed}
        assert tabs[lost.tab].post(path, data=again).status_code == 303
        assert kept_history(assessment_id) == typed
        assert saved in tabs[0].page(path)
    assert_sound()


def kept_history(assessment_id: int) -> object:
    db.session.remove()
    return section_rows(assessment_id)[Section.HISTORY].answers["past_treatment"]


def test_one_form_sent_from_two_tabs_has_one_effect(either_app: Flask) -> None:
    """A tab that was duplicated holds the same form: both are led to the one draft."""
    referring.make_trust()
    staff = make_staff(Role.LD_PRACTITIONER)
    tabs = [tab_of(either_app, staff) for _ in range(2)]
    for number in range(ROUNDS):
        form = {**key(), **referring.SAFETY}
        answers = both_at_once(tabs, "/referrals/new", [form, form])
        assert [answer.status for answer in answers] == [303, 303]
        assert db.session.scalar(select(func.count(ReferralDraft.id))) == number + 1
        assert db.session.scalar(select(func.count(Submission.id))) == number + 1
        db.session.remove()
    assert_sound()
