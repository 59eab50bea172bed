"""Who hears of it when records of two trusts are said to be of one man, or of two after all.

A notice names trusts and no man: what a reader may see of him he sees on the page it leads to.
"""

from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff, StaffRole
from mhtr.cases import question_owners
from mhtr.cases.link_queries import linked_ids, trusts_of, trusts_of_case
from mhtr.cases.models import Case, IdentityAnswer, IdentityProposal
from mhtr.cases.question_owners import (
    CONFIRM,
    CONFIRM_UNDO,
    QUESTION_PAGE,
    UNDO_PAGE,
    proposal_key,
)
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.people.asking import QUESTION_DUE, TITLE, question_key
from mhtr.people.models import Person
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind


def asked(row: IdentityProposal, ref: object, own_id: int, other_id: int) -> None:
    """It is the other trust's turn; the privacy officers of both learn of it."""
    theirs = trusts_of(other_id)
    if theirs and row.question_id is not None:
        _hand_over(row.question_id, ref, theirs[0], row.proposed_by)
    elif theirs:
        tasks.open_task(
            TaskKind.IDENTITY_QUESTION,
            key=proposal_key(row),
            title=CONFIRM_UNDO,
            owner_principal_id=theirs[0].principal_id,
            due_at=clock.now() + QUESTION_DUE,
            by=row.proposed_by,
            endpoint=UNDO_PAGE,
            subject_ref=ref,
        )
    question_owners.settle(own_id, other_id, by=row.proposed_by)
    _tell_privacy(row, [*trusts_of(own_id), *theirs], done=False)


def gone_back(row: IdentityProposal, question_id: int) -> None:
    """It was taken back: the question waits with the trust of whoever had proposed it."""
    task = tasks.with_key(question_key(question_id))
    staff = db.session.get_one(Staff, row.proposed_by)
    if task is not None:
        tasks.change(task, title=TITLE, by=row.proposed_by)
        tasks.hand_over(
            task,
            to_principal_id=staff.organisation.principal_id,
            to_staff_id=None,
            by=row.proposed_by,
        )
        question_owners.settle(row.side_id, by=row.proposed_by)


def kept(row: IdentityProposal, *, mine: bool) -> None:
    """That they are two men was taken back, or turned down by the other side."""
    task = tasks.with_key(proposal_key(row))
    if task is not None and mine:
        tasks.withdraw(task, by=row.settled_by, because="people.link_kept")
    elif task is not None:
        tasks.finish(task, by=row.settled_by)
    if not mine:
        tasks.tell(
            db.session.get_one(Staff, row.proposed_by).principal_id,
            key=f"two-trusts:{row.id}:turned-down",
            text="The other trust answered: the two records stay those of one man.",
        )


def done(row: IdentityProposal, own_id: int, other_id: int) -> None:
    """Whoever works on either case hears of it, and the privacy officers of both trusts."""
    task = tasks.with_key(proposal_key(row)) if row.link_id is not None else None
    if task is not None:
        tasks.finish(task, by=row.settled_by)
    trusts = {end: trusts_of(end) for end in (own_id, other_id)}
    for end, elsewhere in ((own_id, other_id), (other_id, own_id)):
        _tell_workers(row, end, trusts[end], trusts[elsewhere])
    _tell_privacy(row, [*trusts[own_id], *trusts[other_id]], done=True)


def claimed(case_id: int, trust_id: int, other_id: int) -> None:
    """A referrer said that a man referred to one trust is on record in another: nothing is joined.

    The other trust and the privacy officers of both hear of it, as where somebody of a trust had
    proposed it.
    """
    there, theirs = db.session.get_one(Organisation, trust_id), trusts_of(other_id)
    key, names = f"said-same:{case_id}:{other_id}", " and ".join(trust.name for trust in theirs)
    cases = select(Case).where(Case.person_id == other_id).order_by(Case.id)
    for case in db.session.scalars(cases).all():
        for trust in trusts_of_case(case.id):
            tasks.tell(
                trust.principal_id,
                key=f"{key}:{case.id}",
                text=f"Whoever referred a man to {there.name} says that it is he. Nothing was "
                "joined or shown: one person of each trust has to say so first.",
                case_id=case.id,
                endpoint="people.details",
                subject_ref=case.ref,
            )
    for officer in _officers([there, *theirs]):
        text = (
            f"Whoever referred a man to {there.name} says that he is on record in "
            f"{names or 'another trust'}. It "
            "waits for one person of each trust."
        )
        tasks.tell(officer.principal_id, key=key, text=text)


def merged(merge_id: int, person_id: int, *, by: int) -> None:
    """Two records that one person held became one: a trust that has him too hears of it."""
    said = "Two records of his were made one by {maker}."
    _tell_other_trusts(f"merged:{merge_id}", said, (person_id,), by)


def said_two(question_id: int, answer_id: int, ends: tuple[int, int], *, by: int) -> None:
    """One trust alone answered that its record and another trust's are of two men.

    The other trust and the privacy officers of both hear of it, since nobody is asked again.
    """
    maker = db.session.get_one(Staff, by)
    trusts, key = trusts_of(*ends), f"two-men:{question_id}:{answer_id}"
    if all(trust.id == maker.organisation_id for trust in trusts):
        return
    said = (
        "{maker} answered that he and a man on record there are two men. If you know better, take "
        "it back under Identity questions."
    )
    _tell_other_trusts(key, said, ends, by)
    names = " and ".join(trust.name for trust in trusts)
    for officer in _officers(trusts):
        text = f"{maker.name}, {maker.organisation.name}: records of {names} are of two men."
        tasks.tell(officer.principal_id, key=key, text=text)


def asked_again(answer: IdentityAnswer, ends: tuple[int, int], *, by: int) -> None:
    """That two records are of two men was taken back: who had said so and other trusts hear it."""
    maker, key = db.session.get_one(Staff, by), f"two-men-back:{answer.id}"
    if answer.by_id is not None and answer.by_id != by:
        tasks.tell(
            db.session.get_one(Staff, answer.by_id).principal_id,
            key=key,
            text=f"{maker.name} took back your answer that two records are of two men: it is a "
            "question again.",
        )
    said = "{maker} asks again whether he and a man on record there are one man."
    _tell_other_trusts(key, said, ends, by)


def parted(merge_id: int, person_ids: tuple[int, int], *, by: int) -> None:
    """A merge was undone: a trust that has either record hears that they are two men's again."""
    said = "Two records that had been made one were taken apart by {maker}. Look at the warnings."
    _tell_other_trusts(f"parted:{merge_id}", said, person_ids, by)


def put_right(person_id: int, *, by: int) -> None:
    """A name, birth date or number that linked records shared was put right on one of them."""
    key = f"put-right:{person_id}:{db.session.get_one(Person, person_id).version}"
    said = (
        "{maker} put his name, birth date or a number right on a record of his there. Nothing "
        "changed on yours: ask there what is so."
    )
    _tell_other_trusts(key, said, tuple(linked_ids(person_id)), by)


def of_death(person_id: int, key: str, said: str, *, by: int) -> bool:
    """What a linked record says of his death: whoever works on his cases elsewhere hears at once.

    Returns whether any of them had not heard it before, or there is nobody to hear it.
    """
    new = _tell_other_trusts(key, said, (person_id,), by)
    maker = db.session.get_one(Staff, by)
    text = said.format(maker=f"{maker.name}, {maker.organisation.name}")
    own = select(Case).where(Case.person_id == person_id, Case.assessor_id.is_not(None))
    for case in db.session.scalars(own.order_by(Case.id)).all():
        new.append(
            tasks.tell(
                db.session.get_one(Staff, case.assessor_id).principal_id,
                key=f"{key}:{case.id}:assessor",
                text=text,
                case_id=case.id,
                endpoint="people.details",
                subject_ref=case.ref,
            )
        )
    return any(new) or not new


def _tell_other_trusts(key: str, said: str, person_ids: tuple[int, ...], by: int) -> list[bool]:
    maker = db.session.get_one(Staff, by)
    if all(trust.id == maker.organisation_id for trust in trusts_of(*person_ids)):
        return []
    text = said.format(maker=f"{maker.name}, {maker.organisation.name}")
    cases = select(Case).where(Case.person_id.in_(person_ids)).order_by(Case.id)
    return [
        tasks.tell(
            trust.principal_id,
            key=f"{key}:{case.id}",
            text=text,
            case_id=case.id,
            endpoint="people.details",
            subject_ref=case.ref,
        )
        for case in db.session.scalars(cases).all()
        for trust in trusts_of_case(case.id)
        if trust.id != maker.organisation_id
    ]


def _hand_over(question_id: int, ref: object, trust: Organisation, by: int) -> None:
    """One task asks a question: it belongs to the trust whose turn it is."""
    task = tasks.with_key(question_key(question_id))
    if task is None:
        task = tasks.open_task(
            TaskKind.IDENTITY_QUESTION,
            key=question_key(question_id),
            title=CONFIRM,
            owner_principal_id=trust.principal_id,
            due_at=clock.now() + QUESTION_DUE,
            by=by,
            endpoint=QUESTION_PAGE,
            subject_ref=ref,
        )
    elif task.owner_principal_id != trust.principal_id:
        tasks.hand_over(task, to_principal_id=trust.principal_id, to_staff_id=None, by=by)
        tasks.move(task, due_at=clock.now() + QUESTION_DUE, by=by)
    tasks.change(task, title=CONFIRM, by=by)


def _tell_workers(
    row: IdentityProposal,
    person_id: int,
    own: list[Organisation],
    elsewhere: list[Organisation],
) -> None:
    names = " and ".join(trust.name for trust in elsewhere) or "another trust"
    text = (
        f"He has a record in {names} too: one person of each trust has confirmed it. His name, "
        "birth date or numbers may have changed. Look at the warnings."
        if row.question_id is not None
        else f"His record and one in {names} are of two men after all. His name, birth date or "
        "numbers may have changed back."
    )
    cases = select(Case).where(Case.person_id == person_id).order_by(Case.id)
    for case in db.session.scalars(cases).all():
        assessor = db.session.get(Staff, case.assessor_id) if case.assessor_id else None
        told = [assessor.principal_id] if assessor else [trust.principal_id for trust in own]
        for principal_id in told:
            tasks.tell(
                principal_id,
                key=f"two-trusts:{row.id}:done:{case.id}",
                text=text,
                case_id=case.id,
                endpoint="people.details",
                subject_ref=case.ref,
            )


def _tell_privacy(row: IdentityProposal, trusts: list[Organisation], *, done: bool) -> None:
    names = " and ".join(dict.fromkeys(trust.name for trust in trusts))
    what = "of one man" if row.question_id is not None else "of two men after all"
    text = (
        f"Confirmed by both: records of {names} are {what}."
        if done
        else f"Records of {names} were said to be {what}. It waits for the second trust."
    )
    for officer in _officers(trusts):
        tasks.tell(
            officer.principal_id,
            key=f"two-trusts:{row.id}:{'privacy-done' if done else 'privacy'}",
            text=text,
        )


def _officers(trusts: list[Organisation]) -> list[Staff]:
    """The privacy officers of these trusts; where one of them has none, those of every trust."""
    found = db.session.scalars(
        select(Staff)
        .where(Staff.disabled_at.is_(None), Staff.roles.any(StaffRole.role == Role.PRIVACY_OFFICER))
        .order_by(Staff.id)
    ).all()
    wanted = {trust.id for trust in trusts}
    if not wanted <= {officer.organisation_id for officer in found}:
        return list(found)
    return [officer for officer in found if officer.organisation_id in wanted]
