"""Are two records one man? The answer, with the cases that move with it, and its undoing."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import (
    access_service,
    away_service,
    confirming,
    consent_service,
    death,
    flag_men,
    flag_owners,
    link_ends,
    link_news,
    listeners,
    needs_review,
    question_owners,
    shared_access,
)
from mhtr.cases.answering import (
    DIFFERENT,
    SAME,
    after_merge,
    ask_again,
    open_question,
    said_two,
    settle,
    settle_pair,
)
from mhtr.cases.identity_queries import judged
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.people import merging
from mhtr.people.models import IdentifierKind, IdentityQuestion, Merge
from mhtr.people.queries import live_id

STILL_CLOSED = (
    "Two records were taken apart again. Who was kept from one man's cases is still kept from the "
    "other's: look at who may see this one."
)


def answer_different(*, question_id: int, reason: str, by: int) -> None:
    """They are two men. It is remembered, and asked again only if that is taken back.

    A trust that has the other record can ask no more either: it hears who answered.

    Raises:
        Refused: no reason; somebody answered before.
    """
    must_be_writing()
    question = open_question(question_id)
    if not reason.strip():
        raise Refused("Say how you know that they are two men.")
    settle(question, DIFFERENT, by=by)
    ends = live_id(question.person_id), live_id(question.other_id)
    held = judged(viewer_of(db.session.get_one(Staff, by)), ends).values()
    for_both = not all(one.own for one in held)
    answer = said_two(question, reason, for_both=for_both, by=by)
    link_news.said_two(question.id, answer.id, ends, by=by)


def answer_same(
    *,
    question_id: int,
    kept_id: int,
    right: Mapping[IdentifierKind, str],
    reason: str,
    by: int,
    chosen: Mapping[str, int] = MappingProxyType({}),
) -> Merge:
    """They are one man: merge the other record into the kept one, its cases too.

    Args:
        right: the right number of each kind of which they hold different ones.
        chosen: of each other part on which they differ, the id of the record that is right.

    Raises:
        Refused: as `merging.merge`; or somebody answered before.
    """
    question = open_question(question_id)
    absorbed_id = the_other((question.person_id, question.other_id), kept_id)
    row = join(kept_id, absorbed_id, right=right, chosen=chosen, reason=reason, by=by)
    settle(question, SAME, by=by)
    settled = after_merge(kept_id, by=by)
    row.moved = {**row.moved, "settled": settled}
    link_news.merged(row.id, kept_id, by=by)
    return row


def join(
    kept_id: int,
    absorbed_id: int,
    *,
    right: Mapping[IdentifierKind, str],
    chosen: Mapping[str, int],
    reason: str,
    by: int,
) -> Merge:
    """Make two records of one man one, with their cases; a link between them ends in it.

    Raises:
        Refused: as `merging.merge`; or one of them is not his trust's.
    """
    must_be_writing()
    _must_hold_both(by, kept_id, absorbed_id)
    held, ids = locked_cases(kept_id, absorbed_id)
    row = merging.merge(
        kept_id=kept_id,
        absorbed_id=absorbed_id,
        right=right,
        chosen=chosen,
        moved_above={"cases": ids},
        reason=reason,
        by=by,
    )
    with away_service.followed([*held, *ids], by=by):
        _move(ids, kept_id, by=by)
    closed = shared_access.bring_together(held, ids, by=by)
    stopped = consent_service.follow_merge(kept_id, by=by)
    death.follow(kept_id, by=by)
    row.moved = {**row.moved, "consent_stopped": stopped, "closed": closed}
    flag_men.look(kept_id, by=by)
    needs_review.follow(kept_id, by=by)
    link_ends.end_into(row, by=by)
    return row


def _must_hold_both(by: int, *person_ids: int) -> None:
    """One person alone makes two records one only where both are his trust's to decide on."""
    viewer = viewer_of(db.session.get_one(Staff, by))
    if not all(one.own for one in judged(viewer, person_ids).values()):
        raise Refused(
            "One of the two records is another trust's. Nothing is merged before somebody there "
            "has confirmed that they are one man."
        )


def the_other(ends: tuple[int, int], kept_id: int) -> int:
    """The record of two that is not kept.

    Raises:
        Refused: the kept one is none of them, or they are one by now.
    """
    pair = {live_id(end) for end in ends}
    if kept_id not in pair or len(pair) != 2:
        raise Refused("Choose which of the two records is kept.")
    return (pair - {kept_id}).pop()


def undo_merge(*, merge_id: int, reason: str, by: int) -> Merge:
    """The two records become two again; the question counts as answered: different men.

    Where the merge had ended a link, that two people had confirmed, it stands again: to say that
    they are two men takes two people still.
    Whoever may look after a warning is asked anew for both; a trust that has either hears of it.

    Raises:
        Refused: as `merging.unmerge`.
    """
    must_be_writing()
    locked_cases(*merging.ends_of(merge_id))
    row = merging.unmerge(merge_id=merge_id, reason=reason, by=by)
    own = select(Case.id).where(Case.id.in_(row.moved["cases"]), Case.person_id == row.kept_id)
    moved = list(db.session.scalars(own))
    rest = select(Case.id).where(Case.person_id == row.kept_id, Case.id.not_in(moved))
    stay = list(db.session.scalars(rest.order_by(Case.id)))
    with away_service.followed(stay, by=by), away_service.followed(moved, by=by):
        _move(moved, row.absorbed_id, by=by)
    consent_service.follow_unmerge(row.moved.get("consent_stopped", []), by=by)
    _tell_still_closed(row)
    pair = (row.kept_id, row.absorbed_id)
    for person_id in pair:
        death.follow(person_id, by=by)
    ask_again(row.moved.get("settled", []), by=by)
    if not link_ends.stand_again(row, by=by):
        _two_men_again(pair, reason, by)
    for person_id in pair:
        flag_owners.settle(person_id, by=by)
        flag_men.look(person_id, by=by)
        needs_review.follow(person_id, by=by)
    question_owners.settle(*pair, by=by)
    confirming.look(*pair, by=by)
    link_news.parted(row.id, pair, by=by)
    return row


def _two_men_again(pair: tuple[int, int], reason: str, by: int) -> None:
    questions = select(IdentityQuestion).where(
        IdentityQuestion.person_id.in_(pair), IdentityQuestion.other_id.in_(pair)
    )
    for question in db.session.scalars(questions).all():
        question.answer, question.answered_at, question.answered_by = DIFFERENT, clock.now(), by
        said_two(question, reason, for_both=False, by=by)
    db.session.flush()
    settle_pair(pair, DIFFERENT, by=by)


def locked_cases(one: int, two: int) -> tuple[list[int], list[int]]:
    """The cases of two records, locked in one order whichever of them is kept."""
    query = select(Case).where(Case.person_id.in_((one, two))).order_by(Case.id)
    found = db.session.scalars(query.with_for_update(of=Case)).all()
    ids = {end: [case.id for case in found if case.person_id == end] for end in (one, two)}
    return ids[one], ids[two]


def _move(case_ids: list[int], person_id: int, *, by: int) -> None:
    was_ids = set()
    for case in db.session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id)):
        was_ids.add(case.person_id)
        case.person_id = person_id
        case.version += 1
        audit.record("cases.moved_to_record", by=by, case_id=case.id, person=person_id)
    db.session.flush()
    for was_id in was_ids:
        for listener in listeners.moved_to_record:
            listener(case_ids, was_id, person_id)
    db.session.expire_all()


def _tell_still_closed(row: Merge) -> None:
    """What the merge closed stays closed: of either man something may stand there by now."""
    for case_id in row.moved.get("closed", []):
        case = db.session.get_one(Case, case_id)
        access_service.tell_deciders(case, key=f"parted:{row.id}:{case_id}", text=STILL_CLOSED)
