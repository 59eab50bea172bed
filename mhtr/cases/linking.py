"""One man with records in two trusts: one person of each side says so before anything changes.

Both records stay where they are, with their cases, addresses, ways of reaching him, reasons of
warnings and consents. What both sides come to share is what every banner shows: name, birth date,
numbers, the facts of warnings; and who must not see him sees neither.
"""

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import (
    away_service,
    confirming,
    contact_elsewhere,
    link_news,
    link_shares,
    shared_access,
)
from mhtr.cases.answering import DIFFERENT, SAME, open_question, said_two, settle, settle_proposal
from mhtr.cases.identity_queries import judged
from mhtr.cases.link_queries import in_one_trust, open_proposal, trusts_of
from mhtr.cases.link_rules import Held, not_yet, whose_name
from mhtr.cases.models import Case, IdentityProposal, PersonLink, ProposalOutcome
from mhtr.cases.service import lock
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.people.merging import must_not_be_kept_apart
from mhtr.people.models import Person
from mhtr.people.queries import live_id, pair_question
from mhtr.people.rules import Accepts

ONE_MAN = "One man with a record of another trust: somebody of each has confirmed it."
TWO_MEN = "Not one man with the record of another trust after all."


def propose(*, question_id: int, name_of: int | None, reason: str, by: int) -> IdentityProposal:
    """Say that two records, one of them another trust's, are one man. Nothing changes yet.

    Args:
        name_of: the record whose name and birth date should hold; None leaves it to the rule.

    Raises:
        Refused: no reason; it was proposed or answered before; both records or neither are his;
            the records have to be put right first.
    """
    question = open_question(question_id)
    if not reason.strip():
        raise Refused("Say how you know that they are one man.")
    if open_proposal(question_id=question.id) is not None:
        raise Refused("It was proposed already, and waits for the other trust.")
    own, other = _sides((question.person_id, question.other_id), by)
    _must_have_somebody(other)
    _must_agree(own, other)
    row = IdentityProposal(
        question_id=question.id,
        side_id=own,
        name_of_id=name_of if name_of in (own, other) else None,
        reason=reason.strip(),
        proposed_by=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("people.link_proposed", by=by, question=question.id)
    link_news.asked(row, question.ref, own, other)
    return row


def take_back(*, question_id: int, by: int) -> None:
    """Whoever proposed it is no longer sure: the question waits as before.

    Raises:
        Refused: nothing of his waits.
    """
    question = open_question(question_id)
    row = open_proposal(question_id=question.id)
    if row is None or row.proposed_by != by:
        raise Refused("Nothing that you proposed waits for an answer.")
    settle_proposal(row, ProposalOutcome.TAKEN_BACK, by=by)
    audit.record("people.link_taken_back", by=by, question=question.id)
    link_news.gone_back(row, question.id)


def confirm(*, question_id: int, name_of: int | None, settings: Accepts, by: int) -> PersonLink:
    """Somebody of the other trust says so too: from now on the two records are one man's.

    Raises:
        Refused: nothing was proposed; he proposed it himself or does not hold the other record;
            the records have to be put right first.
    """
    question = open_question(question_id)
    row = _waiting(open_proposal(question_id=question.id), by)
    own, other = _confirmed_by_the_other_side(row, question.person_id, question.other_id, by)
    held = [_cases(own), _cases(other)]
    _must_agree(own, other)
    kept_id, why = whose_name(_held(own), _held(other), (row.name_of_id, name_of))
    reason = f"{ONE_MAN} The name and birth date of the record that holds: {why}."
    settle_proposal(row, ProposalOutcome.CONFIRMED, by=by)
    settle(question, SAME, by=by)
    taken = link_shares.share((own, other), kept_id, settings=settings, reason=reason, by=by)
    shared_access.keep_out(*held, by=by)
    link = PersonLink(
        one_id=own, two_id=other, proposed_by=row.proposed_by, confirmed_by=by, taken=taken
    )
    with away_service.followed([*held[0], *held[1]], by=by):
        db.session.add(link)
        db.session.flush()
    audit.record("people.linked", by=by, question=question.id, people=sorted((own, other)))
    link_news.done(row, own, other)
    contact_elsewhere.met(own, other, by=by)
    return link


def propose_undo(*, link_id: int, reason: str, by: int) -> IdentityProposal:
    """Say that two linked records are of two men. Nothing changes before the other side agrees.

    Raises:
        Refused: no reason; it was proposed or undone already; not one side's record.
    """
    link = standing(link_id)
    if not reason.strip():
        raise Refused("Say why they are not one man.")
    if open_proposal(link_id=link.id) is not None:
        raise Refused("It was proposed already, and waits for the other trust.")
    own, other = _ends_of(link, by)
    _must_have_somebody(other)
    row = IdentityProposal(
        link_id=link.id, side_id=own, reason=reason.strip(), proposed_by=by, name_of_id=None
    )
    db.session.add(row)
    db.session.flush()
    audit.record("people.unlink_proposed", by=by, link=link.id)
    link_news.asked(row, link.ref, own, other)
    return row


def keep(*, link_id: int, by: int) -> None:
    """They are one man: what was proposed is turned down, or taken back.

    Raises:
        Refused: nothing waits.
    """
    link = standing(link_id)
    row = open_proposal(link_id=link.id)
    if row is None:
        raise Refused("Nothing was proposed, or it was answered already.")
    mine = row.proposed_by == by
    _ends_of(link, by)
    outcome = ProposalOutcome.TAKEN_BACK if mine else ProposalOutcome.TURNED_DOWN
    settle_proposal(row, outcome, by=by)
    audit.record("people.link_kept", by=by, link=link.id)
    link_news.kept(row, mine=mine)


def undo(*, link_id: int, settings: Accepts, by: int) -> None:
    """The other side agrees: two men again. What the link put on each record is taken back.

    Raises:
        Refused: as `confirm`.
    """
    link = standing(link_id)
    row = _waiting(open_proposal(link_id=link.id), by)
    if in_one_trust(link.one_id, link.two_id):
        own, other = _ends_of(link, by)
    else:
        own, other = _confirmed_by_the_other_side(row, link.one_id, link.two_id, by)
    ones, twos = (_cases(end) for end in sorted((own, other)))
    link_shares.take_back(link.taken, settings=settings, reason=TWO_MEN, by=by)
    with away_service.followed(ones, by=by), away_service.followed(twos, by=by):
        link.undone_at, link.undone_by = clock.now(), by
        db.session.flush()
    settle_proposal(row, ProposalOutcome.CONFIRMED, by=by)
    question = pair_question(own, other)
    if question is not None:
        question.answer, question.answered_at, question.answered_by = DIFFERENT, clock.now(), by
        said_two(question, row.reason, for_both=True, by=by)
    confirming.look(own, other, by=by)
    audit.record("people.unlinked", by=by, link=link.id)
    link_news.done(row, own, other)


def standing(link_id: int) -> PersonLink:
    """A link that stands, locked until commit.

    Raises:
        NotFound: there is none.
        Refused: it was undone, or a merge took its place.
    """
    must_be_writing()
    link = db.session.scalars(
        select(PersonLink).where(PersonLink.id == link_id).with_for_update()
    ).one_or_none()
    if link is None:
        raise NotFound
    if link.undone_at is not None:
        raise Refused("This was undone already.")
    if link.merge_id is not None:
        raise Refused("The two records were made one. Undo that first.")
    return link


def _ends_of(link: PersonLink, by: int) -> tuple[int, int]:
    """The two records of a link, his own first."""
    if not in_one_trust(link.one_id, link.two_id):
        return _sides((link.one_id, link.two_id), by)
    ends = live_id(link.one_id), live_id(link.two_id)
    held = judged(viewer_of(db.session.get_one(Staff, by)), ends).values()
    if not all(one.own for one in held) or any(one.barred for one in held):
        raise Refused("This is answered by two people of the trust that has both records.")
    return ends


def _sides(ends: tuple[int, int], by: int) -> tuple[int, int]:
    """His record and the other trust's, of two."""
    first, second = (live_id(end) for end in ends)
    held = judged(viewer_of(db.session.get_one(Staff, by)), (first, second))
    own = [end for end in (first, second) if held[end].own]
    if len(own) != 1 or any(one.barred for one in held.values()):
        raise Refused("This is answered by one person of each of the two trusts.")
    return own[0], second if own[0] == first else first


def _waiting(row: IdentityProposal | None, by: int) -> IdentityProposal:
    if row is None:
        raise Refused("Nothing was proposed, or it was answered already.")
    if row.proposed_by == by:
        raise Refused("You proposed it: somebody of the other trust confirms it.")
    return row


def _confirmed_by_the_other_side(
    row: IdentityProposal, one: int, two: int, by: int
) -> tuple[int, int]:
    own, other = _sides((one, two), by)
    if live_id(row.side_id) == own:
        raise Refused("Somebody of your trust proposed it: somebody of the other confirms it.")
    return own, other


def _must_have_somebody(other: int) -> None:
    """Refuse what would wait for an answer that nobody can give."""
    if not trusts_of(other):
        raise Refused(
            "No trust has the other record any more, so nobody there can confirm it. Ask the "
            "privacy officer."
        )


def _must_agree(own: int, other: int) -> None:
    must_not_be_kept_apart(own, other)
    reasons = not_yet(_held(own), _held(other))
    if reasons:
        raise Refused(*reasons)


def _held(person_id: int) -> Held:
    person = db.session.get_one(Person, person_id)
    restricted = select(Case.id).where(Case.person_id == person_id, Case.restricted)
    return Held(
        person_id,
        person.created_at,
        {row.kind.value: row.value for row in person.identifiers},
        person.died_on,
        db.session.scalars(restricted).first() is not None,
    )


def _cases(person_id: int) -> list[int]:
    """His cases, locked."""
    query = select(Case.id).where(Case.person_id == person_id).order_by(Case.id)
    return [lock(case_id).id for case_id in db.session.scalars(query).all()]
