"""What was answered meanwhile: somebody comes to a question that a colleague has answered."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request

from mhtr.accounts.models import Staff
from mhtr.cases.answering import DIFFERENT, SAME
from mhtr.cases.identity_queries import THE_PROGRAM, may_judge
from mhtr.cases.models import PersonLink
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.people.asking import WITHDRAWN
from mhtr.people.models import IdentityQuestion, Merge
from mhtr.people.queries import live_id
from mhtr.web.reads import shows

WORDS = {
    SAME: "the two records are one man's",
    DIFFERENT: "the two records are of two men",
    WITHDRAWN: "it is withdrawn, because what had raised it was put right",
}
ASKED_ELSEWHERE = "it is asked in another question about the same two men"
APART = "the two records are of two men again"
TYPED = ("reason", "why_two")


@dataclass(frozen=True)
class Settled:
    """Who answered, when, and what."""

    words: str
    by: str
    at: datetime


def question_page(viewer: Viewer, ref: uuid.UUID) -> tuple[str, int]:
    """Instead of the page of a question that was answered already.

    Raises:
        NotFound: there is no such question, it waits, or it was never this viewer's to answer.
    """
    row = db.session.query(IdentityQuestion).filter_by(ref=ref).one_or_none()
    if row is None or row.answered_at is None:
        raise NotFound
    words = WORDS.get(row.answer or "", ASKED_ELSEWHERE)
    settled = Settled(words, _who(row.answered_by), row.answered_at)
    return _page(viewer, settled, row.person_id, row.other_id)


def undone_page(viewer: Viewer, row: Merge | PersonLink | None) -> tuple[str, int]:
    """Instead of the page that takes apart a merge or a link, where that was done already.

    Raises:
        NotFound: as `question_page`.
    """
    if row is None or row.undone_at is None:
        raise NotFound
    ends = (row.kept_id, row.absorbed_id) if isinstance(row, Merge) else (row.one_id, row.two_id)
    return _page(viewer, Settled(APART, _who(row.undone_by), row.undone_at), *ends)


def link_page(viewer: Viewer, ref: uuid.UUID) -> tuple[str, int]:
    """Instead of the page of a link that was undone already, or whose two records are one by now.

    Raises:
        NotFound: as `question_page`.
    """
    row = db.session.query(PersonLink).filter_by(ref=ref).one_or_none()
    if row is None or row.merge_id is None:
        return undone_page(viewer, row)
    merge = db.session.get_one(Merge, row.merge_id)
    return _page(viewer, Settled(WORDS[SAME], _who(merge.by_id), merge.created_at), merge.kept_id)


def _who(staff_id: int | None) -> str:
    staff = db.session.get(Staff, staff_id) if staff_id is not None else None
    return f"{staff.name}, {staff.organisation.name}" if staff is not None else THE_PROGRAM


def _page(viewer: Viewer, settled: Settled, *person_ids: int) -> tuple[str, int]:
    """What somebody typed is shown to him once more: it was not saved."""
    people = {live_id(person_id) for person_id in person_ids}
    if not may_judge(viewer, *people):
        raise NotFound
    shows("person", *people)
    typed = [text for name in TYPED if (text := request.form.get(name, "").strip())]
    page = render_template("people/settled.html", settled=settled, typed=typed)
    return page, 409 if request.method == "POST" else 200
