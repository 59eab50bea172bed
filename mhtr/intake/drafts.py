"""The writer of referral drafts: saved at each step, seen by their author alone, sent once."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import policy, service
from mhtr.intake.identity import SameMan
from mhtr.intake.models import ReferralDraft
from mhtr.intake.referral import CodeLists, ReferralSubmission, read_referral
from mhtr.intake.steps import FIELDS_OF, FormStep
from mhtr.intake.whose_record import sketch
from mhtr.people import queries as people_queries
from mhtr.people.queries import Candidate

GIVEN, VERSIONS, SAME_MAN, SAFETY_AT = "given", "versions", "same_man", "safety_at"


class AskSafety(Refused):
    """Whether he is safe was answered too long ago to be sent as an answer of now."""


class AskFirst(Refused):
    """There may be a record of him already, and the practitioner has not been asked about it."""


def given(draft: ReferralDraft) -> dict[str, str]:
    """The answers saved so far, as strings."""
    return dict(draft.answers.get(GIVEN, {}))


def step_version(draft: ReferralDraft, step: FormStep) -> int:
    """How often this step was saved; a page that was read earlier carries a lower number."""
    return int(draft.answers.get(VERSIONS, {}).get(step.value, 0))


def saved_steps(draft: ReferralDraft) -> frozenset[str]:
    """The steps saved at least once."""
    return frozenset(draft.answers.get(VERSIONS, {}))


def safety_at(draft: ReferralDraft) -> datetime | None:
    """When "Is he safe now?" was answered; None where it is not answered."""
    if not given(draft).get("safety"):
        return None
    said = draft.answers.get(SAFETY_AT)
    # Drafts of before this was kept: it is the first page, so not before the draft was begun.
    return datetime.fromisoformat(said) if said else draft.created_at


def asks_safety_again(draft: ReferralDraft) -> bool:
    """Whether the answer to "Is he safe now?" is older than the service lets it stand."""
    said = safety_at(draft)
    hours = int(values(policy.SAFETY_HOURS)["safety_hours"])
    return said is not None and clock.now() - said > timedelta(hours=hours)


def find(author_id: int, ref: uuid.UUID) -> ReferralDraft:
    """A practitioner's own draft that is not discarded.

    Raises:
        NotFound: no such draft, or somebody else's.
    """
    return _found(
        select(ReferralDraft).where(
            ReferralDraft.ref == ref,
            ReferralDraft.author_id == author_id,
            ReferralDraft.discarded_at.is_(None),
        )
    )


def _found(query: Any) -> ReferralDraft:
    draft: ReferralDraft | None = db.session.scalars(query).one_or_none()
    if draft is None:
        raise NotFound
    return draft


def _lock(author_id: int, ref: uuid.UUID) -> ReferralDraft:
    must_be_writing()
    return _found(
        select(ReferralDraft)
        .where(
            ReferralDraft.ref == ref,
            ReferralDraft.author_id == author_id,
            ReferralDraft.discarded_at.is_(None),
        )
        .with_for_update()
    )


def unsent(author_id: int, *, limit: int) -> list[ReferralDraft]:
    """A practitioner's drafts that are neither sent nor discarded, the newest first."""
    return list(
        db.session.scalars(
            select(ReferralDraft)
            .where(
                ReferralDraft.author_id == author_id,
                ReferralDraft.submitted_at.is_(None),
                ReferralDraft.discarded_at.is_(None),
            )
            .order_by(ReferralDraft.saved_at.desc(), ReferralDraft.id.desc())
            .limit(limit)
        )
    )


def begin(step: FormStep, answers: Mapping[str, str], *, by: int) -> ReferralDraft:
    """Begin a draft with the answers of its first step."""
    must_be_writing()
    draft = ReferralDraft(author_id=by, answers={}, saved_at=clock.now())
    _put(draft, step, answers)
    db.session.add(draft)
    db.session.flush()
    audit.record("intake.draft_begun", by=by, draft=draft.id)
    return draft


def save_step(
    ref: uuid.UUID, step: FormStep, answers: Mapping[str, str], *, version: int, by: int
) -> ReferralDraft:
    """Save one step.

    Args:
        version: the `step_version` of the page the answers were typed on.

    Raises:
        Stale: the step was saved from another page meanwhile; carries the answers saved there.
        Refused: the draft has been sent.
    """
    draft = _lock(by, ref)
    if draft.submitted_at is not None:
        raise Refused("This referral has been sent. Amend it instead.")
    held = given(draft)
    saved = {name: held.get(name, "") for name in FIELDS_OF[step]}
    if step_version(draft, step) != version and saved != _whole(step, answers):
        raise Stale(saved)
    _put(draft, step, answers)
    audit.record("intake.draft_saved", by=by, draft=draft.id, step=step.value)
    return draft


def _whole(step: FormStep, answers: Mapping[str, str]) -> dict[str, str]:
    return {name: answers.get(name, "") for name in FIELDS_OF[step]}


def _put(draft: ReferralDraft, step: FormStep, answers: Mapping[str, str]) -> None:
    at = _answered_at(draft, answers) if step is FormStep.SAFETY else safety_at(draft)
    versions = dict(draft.answers.get(VERSIONS, {}))
    versions[step.value] = versions.get(step.value, 0) + 1
    held = given(draft) | _whole(step, answers)
    kept = {name: text for name, text in held.items() if text}
    # Other names or numbers are another question about who he may be.
    same = {} if step is FormStep.PERSON else draft.answers.get(SAME_MAN, {})
    draft.answers = {GIVEN: kept, VERSIONS: versions, SAME_MAN: same}
    if at is not None:
        draft.answers = {**draft.answers, SAFETY_AT: at.isoformat()}
    draft.version = (draft.version or 0) + 1
    draft.saved_at = clock.now()


def _answered_at(draft: ReferralDraft, answers: Mapping[str, str]) -> datetime:
    """Another answer, or one that was asked again, is of now; the same one keeps its moment."""
    said = safety_at(draft)
    same = answers.get("safety", "") == given(draft).get("safety")
    return said if said and same and not asks_safety_again(draft) else clock.now()


def discard(ref: uuid.UUID, *, by: int) -> None:
    """Throw a draft away, its answers with it."""
    draft = _lock(by, ref)
    if draft.submitted_at is not None:
        raise Refused("This referral has been sent. It can no longer be thrown away.")
    draft.discarded_at, draft.answers = clock.now(), {}
    audit.record("intake.draft_discarded", by=by, draft=draft.id)


def answer_same_man(ref: uuid.UUID, answers: Mapping[uuid.UUID, SameMan], *, by: int) -> None:
    """Keep what the practitioner said about possible earlier records."""
    draft = _lock(by, ref)
    said = {str(person): answer.value for person, answer in answers.items()}
    draft.answers = {**draft.answers, SAME_MAN: said}
    audit.record("intake.identity_answered", by=by, draft=draft.id)


def open_candidates(draft: ReferralDraft, submission: ReferralSubmission) -> list[Candidate]:
    """Possible earlier records the practitioner has not been asked about."""
    asked = draft.answers.get(SAME_MAN, {})
    found = people_queries.candidates(sketch(submission))
    return [candidate for candidate in found if str(candidate.person_ref) not in asked]


def read(draft: ReferralDraft, codes: CodeLists) -> ReferralSubmission:
    """The draft as a referral.

    Raises:
        Refused: something is missing or wrong.
    """
    found = read_referral(given(draft), clock.today(), codes, clock.london())
    if isinstance(found, list):
        raise Refused(*(f"{problem.message}." for problem in found))
    return found


def send(ref: uuid.UUID, *, version: int, codes: CodeLists, by: int) -> Case:
    """Send a draft, once: sent again, by whichever page, it answers with the same case.

    Raises:
        AskFirst: there may be a record of him, and nobody has said whether it is.
        AskSafety: whether he is safe was answered too long ago.
        Stale: the draft was changed after its answers were checked.
        Refused: something is missing or wrong.
    """
    draft = _lock(by, ref)
    if draft.submitted_at is not None:
        return db.session.get_one(Case, draft.case_id)
    if draft.version != version:
        raise Stale(draft)
    if asks_safety_again(draft):
        raise AskSafety("Answer again whether he is safe now.")
    submission = read(draft, codes)
    if open_candidates(draft, submission):
        raise AskFirst("There may already be a record of him.")
    staff = db.session.get_one(Staff, by)
    same_man = {
        uuid.UUID(person): SameMan(answer)
        for person, answer in draft.answers.get(SAME_MAN, {}).items()
    }
    case = service.submit_referral(
        submission=submission,
        channel="form",
        referrer_id=by,
        organisation_id=staff.organisation_id,
        by=by,
        same_man=same_man,
        safety_at=safety_at(draft),
    )
    # The referral holds the answers from here on; a second copy would only be forgotten.
    draft.submitted_at, draft.case_id, draft.answers = clock.now(), case.id, {}
    return case
