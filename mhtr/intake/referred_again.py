"""A man who is here already is referred again, and what is said leaves open whether he is safe.

Whoever has him finds out, wherever the new referral went: a sign of risk on each of his live
cases, for its assessor or, where it has none, for the clinician on duty. It says no more than
that: who referred him, and what else was said, stays with the trust that received it.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import or_, select

from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.link_queries import linked_ids, trusts_of
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import queries, urgency
from mhtr.intake.identity import SameMan, said
from mhtr.intake.referral_values import Safety
from mhtr.intake.signs import for_a_clinician, signs_in
from mhtr.people.matching import BIRTHS_AGREE, Verdict
from mhtr.people.models import IdentityQuestion
from mhtr.people.queries import live_id, live_ids, record_ids
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

LIVE = BEFORE_SENTENCE | UNDER_ORDER
TITLES = {
    Safety.NOT_KNOWN: "He was referred again by somebody who is not sure that he is safe: find out",
    Safety.HEALTHCARE_TOLD: "He was referred again as not safe now, and custody healthcare was told"
    ": find out how he is",
    Safety.SAFE: "He was referred again, and what was said leaves open whether he is safe: find "
    "out",
}
"""By what was said of his safety now; "safe" is said of one who may harm himself, too."""
MAY_BE = {
    Safety.NOT_KNOWN: "Somebody who may be him was referred again, and it is not sure that he is "
    "safe: find out",
    Safety.HEALTHCARE_TOLD: "Somebody who may be him was referred again as not safe now, and "
    "custody healthcare was told: find out how he is",
    Safety.SAFE: "Somebody who may be him was referred again, and what was said leaves open "
    "whether he is safe: find out",
}
"""Where nobody has answered yet whether he is the man of this record."""


def tell_who_has_him(case: Case, said_now: frozenset[str], *, by: int | None) -> None:
    """Open a sign of risk on every other live case of this man, where there is cause for one.

    Args:
        said_now: the `signs` in the referral, or those that an amendment has added.
    """
    must_be_writing()
    if not for_a_clinician(said_now):
        return
    own = live_id(case.person_id)
    ids = record_ids(own)
    _tell(case, _title(TITLES, said_now), _live(case, [*ids, *linked_ids(own, ids)]), by)
    _tell(case, _title(MAY_BE, said_now), _live(case, _may_be_his(own, ids)), by)


def _title(titles: Mapping[Safety, str], said_now: frozenset[str]) -> str:
    return next((titles[one] for one in Safety if one in said_now), titles[Safety.SAFE])


def _live(case: Case, person_ids: Collection[int]) -> Sequence[int]:
    others = select(Case.id).where(
        Case.person_id.in_(person_ids), Case.id != case.id, Case.state.in_(sorted(LIVE))
    )
    return db.session.scalars(others.order_by(Case.id)).all() if person_ids else ()


def _may_be_his(own: int, ids: Sequence[int]) -> set[int]:
    """Records of which it is asked whether they are his, where much speaks for it.

    A number of his is on both, or, within one trust, the name and the date of birth agree. Nobody
    has to have said so: a file and another system cannot. A referrer who says that he is a
    different man is believed until the question is answered.
    """
    question = IdentityQuestion
    waiting = select(question).where(
        question.answered_at.is_(None),
        or_(question.person_id.in_(ids), question.other_id.in_(ids)),
    )
    ends = [
        end
        for row in db.session.scalars(waiting)
        if said(SameMan.DIFFERENT) not in row.reasons
        for end in (row.person_id, row.other_id)
        if row.verdict == Verdict.SAME_IDENTIFIER.value
        or (BIRTHS_AGREE in row.reasons and _one_trust(own, end))
    ]
    return set(live_ids(ends).values()).difference(ids) if ends else set()


def _one_trust(one_id: int, two_id: int) -> bool:
    ones, twos = ({trust.id for trust in trusts_of(live_id(end))} for end in (one_id, two_id))
    return bool(ones & twos)


def follow_joined(ones: Sequence[int], twos: Sequence[int], by: int) -> None:
    """Two records are one man's: what was said of the one concerns whoever has the other."""
    for case_ids, others in ((ones, twos), (twos, ones)):
        for case in db.session.scalars(select(Case).where(Case.id.in_(case_ids))):
            referral = queries.referral_of(case.id)
            live = select(Case.id).where(Case.id.in_(others), Case.state.in_(sorted(LIVE)))
            if referral is not None and urgency.is_asked(case.id):
                found = db.session.scalars(live.order_by(Case.id)).all()
                title = _title(TITLES, signs_in(referral.answers))
                _tell(case, title, [one for one in found if not _sure(case, one, title, by)], by)


def _sure(case: Case, case_id: int, title: str, by: int) -> bool:
    """Whether a sign waits that said "may be": it says now that it is he, and stays one sign."""
    waiting = [
        task
        for task in tasks.open_tasks(case_id, TaskKind.RISK_REVIEW)
        if task.key.startswith(f"risk:again:{case.id}:{case_id}:")
    ]
    for task in waiting:
        tasks.change(task, title=title, by=by)
    return bool(waiting)


def _tell(case: Case, title: str, others: Sequence[int], by: int | None) -> None:
    referral = queries.referral_of(case.id)
    said = referral.version if referral else 0  # an amendment says it anew
    for case_id in others:
        key = f"risk:again:{case.id}:{case_id}:{case.version}:{said}"
        urgency.open_sign(cases.lock(case_id), key=key, title=title, by=by)


listeners.records_joined.append(follow_joined)
