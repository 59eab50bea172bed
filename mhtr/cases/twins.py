"""Records of which it is asked, and not answered yet, whether they are one man."""

from sqlalchemy import Integer, Select, bindparam, or_, select

from mhtr.cases.link_queries import trusts_of
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.people.matching import Verdict
from mhtr.people.models import IdentityQuestion, Permission, Person
from mhtr.people.queries import live_ids, record_ids


def asked_about(person_id: int, verdict: Verdict | None = None) -> set[int]:
    """Live records of which it is asked whether they are his."""
    ids, question = record_ids(person_id), IdentityQuestion
    waiting = select(question.person_id, question.other_id).where(
        question.answered_at.is_(None),
        or_(question.person_id.in_(ids), question.other_id.in_(ids)),
    )
    if verdict is not None:
        waiting = waiting.where(question.verdict == verdict.value)
    ends = {end for row in db.session.execute(waiting) for end in row}
    return set(live_ids(ends).values()).difference(ids) if ends else set()


def may_say_no(person_id: int) -> bool:
    """Whether any record that is asked about may say of a way of reaching him that it is not safe.

    One question for a man's every page; only where it finds something are the others asked.
    """
    return _MAY_SAY_NO.first({"person": person_id}) is not None


def _says_no() -> Select[int]:
    him = bindparam("person", type_=Integer()).label("id")
    merged = select(him).cte("merged", recursive=True)
    merged = merged.union(select(Person.id).where(Person.merged_into_id == merged.c.id))
    own, question = select(merged.c.id), IdentityQuestion
    said = (Person.safe_to_text, Person.safe_to_voicemail, Person.safe_to_write)
    return (
        select(Person.id)
        .join(question, or_(question.person_id == Person.id, question.other_id == Person.id))
        .where(
            question.answered_at.is_(None),
            or_(question.person_id.in_(own), question.other_id.in_(own)),
            # A record that was absorbed speaks through the one that is left.
            or_(Person.merged_into_id.is_not(None), *(way == Permission.NO for way in said)),
        )
        .limit(1)
    )


_MAY_SAY_NO = Prepared(_says_no())


def are_of_two_trusts(one_id: int, two_id: int) -> bool:
    """Whether each is of a trust, and none has both."""
    ones, twos = ({trust.id for trust in trusts_of(end)} for end in (one_id, two_id))
    return bool(ones and twos) and not ones & twos
