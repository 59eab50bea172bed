"""What must be true before each step of a case, and the words that say why it is not.

Private to `mhtr.cases`: everybody else asks `can` of `mhtr.cases.rules`.
"""

from collections.abc import Callable, Mapping

from mhtr.cases.away import may_begin, may_end
from mhtr.cases.facts import (
    AFTER_PLEA_OR_FINDING,
    CaseState,
    CloseReason,
    FactKind,
    Recommendation,
    ReportProgress,
)
from mhtr.cases.signers import is_another_person
from mhtr.cases.standing import (
    BEFORE_SENTENCE,
    HEARINGS,
    MOVES,
    RESULTS,
    UNDER_ORDER,
    Account,
    no_report_since,
    rests,
    withdrawn_words,
)
from mhtr.cases.wording import CLOSE_WORDS, PAUSE_WORDS, RESTS_WORDS, STATE_WORDS

K = FactKind

_ON_A_CLOSED_CASE = frozenset({K.REOPENED, K.CORRECTED, K.ROUTED_ON})
_WHILE_PAUSED = (
    HEARINGS
    | RESULTS
    | {
        K.STAGE_RECORDED,
        K.HEARING_PAST,
        K.ROUTED_ON,
        K.CONSENT_WITHDRAWN,
        K.CONSENT_GIVEN,
        K.PAUSED,
        K.RESUMED,
        K.REOPENED,
        K.CLOSED,
        K.DECLINED_BY_SERVICE,
        K.CORRECTED,
    }
)
_BEFORE_SENTENCE_ONLY = HEARINGS | {
    K.HEARING_PAST,
    K.ACCEPTED,
    K.DECLINED_BY_SERVICE,
    K.SUITABILITY_REQUESTED,
    K.REPORT_HEARD,
}
_ENDINGS_BEFORE_SENTENCE = frozenset(
    {CloseReason.NO_FURTHER_ACTION, CloseReason.DISCONTINUED, CloseReason.ACQUITTED}
)
_TAKE_IT_BACK = (
    "The court has already sentenced. If that is wrong, take the result back first: "
    "“Court result”, “No sentence yet”."
)
_NEEDS_PLEA_OR_FINDING = frozenset(
    {
        K.SUITABILITY_REQUESTED,
        K.ASSESSMENT_STARTED,
        K.COUNTERSIGN_REQUESTED,
        K.RELEASED,
        K.ADDENDUM_WRITTEN,
        K.ADDENDUM_COUNTERSIGNED,
        K.ADDENDUM_RELEASED,
    }
)
_RESTS_WITHOUT = frozenset({K.ASSESSMENT_FINISHED, K.COUNTERSIGNED, K.RETURNED, K.REPORT_HEARD})
"""What else is not done while the work rests, because a plea or finding was taken back."""
_NEEDS_CONSENT = frozenset(
    {
        K.ASSESSMENT_STARTED,
        K.COUNTERSIGN_REQUESTED,
        K.COUNTERSIGNED,
        K.RETURNED,
        K.RELEASED,
        K.ADDENDUM_WRITTEN,
        K.ADDENDUM_COUNTERSIGNED,
        K.ADDENDUM_RELEASED,
    }
)

Details = Mapping[str, object]


def objections(
    kind: FactKind, account: Account, by_id: int | None, detail: Details
) -> tuple[str, ...]:
    """Every reason against recording a fact of this kind now, in words; empty if it may be."""
    closed = account.closed_reason
    if closed is not None and kind not in _ON_A_CLOSED_CASE and not _death(kind, closed, detail):
        return (f"The case is closed: {CLOSE_WORDS[closed]}. Reopen it first.",)
    found: list[str] = []
    if account.paused is not None and kind not in _WHILE_PAUSED:
        found.append(f"The case is paused: {PAUSE_WORDS[account.paused]}. Resume it first.")
    if kind in MOVES and account.state not in MOVES[kind][0]:
        found.append(f"This is not possible while the case is {STATE_WORDS[account.state]}.")
    if kind in _BEFORE_SENTENCE_ONLY and account.state not in BEFORE_SENTENCE:
        found.append(_TAKE_IT_BACK if kind in HEARINGS else "The court has already sentenced.")
    if kind in _NEEDS_PLEA_OR_FINDING and account.stage not in AFTER_PLEA_OR_FINDING:
        found.append("No guilty plea or finding is recorded yet. Until then: referral only.")
    if kind in _RESTS_WITHOUT and rests(account):
        found.append(RESTS_WORDS)
    if kind in _NEEDS_CONSENT and (account.withdrawn_on is not None or no_report_since(account)):
        found.append(withdrawn_words(account))
    guard = _GUARDS.get(kind)
    return tuple(found) + (guard(account, by_id, detail) if guard else ())


def _death(kind: FactKind, closed: CloseReason, detail: Details) -> bool:
    """A death is recorded on a closed case too, once."""
    died = CloseReason.DIED
    return kind is K.CLOSED and detail.get("reason") == died and closed is not died


def _referred(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    return ("This case has its referral already.",) if K.REFERRED in account.seen else ()


def _started(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    if K.ALLOCATED in account.seen:
        return ()
    return ("The case is not allocated to an assessor yet.",)


def _allocated(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    if account.state in UNDER_ORDER:
        return ()  # The court has decided: whether he is accepted is no question any more.
    if account.state not in BEFORE_SENTENCE:
        return ("The court has already sentenced.",)
    return () if K.ACCEPTED in account.seen else ("The referral is not accepted yet.",)


def _with_lead(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    if account.report is ReportProgress.WITH_CLINICAL_LEAD:
        return ()
    return ("The report is not waiting for a countersignature.",)


def _requested(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    if account.report is ReportProgress.WITH_CLINICAL_LEAD:
        return ("The report is with a clinical lead already.",)
    return ()


def _countersigned(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    found = list(_with_lead(account, by_id, detail))
    if not found and not account.author_known:
        found.append("The record does not say who wrote the report.")
    if by_id is not None and by_id in account.authors:
        found.append("You wrote this report. Somebody else must countersign it.")
    return tuple(found)


def _released(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    found: list[str] = []
    if account.report is not ReportProgress.COUNTERSIGNED:
        found.append("The report is not countersigned.")
    if not account.heard:
        found.append("Record first that he read or heard the report, or why he could not.")
    return tuple(found) + _same_content(account.content_hash, detail)


def _same_content(signed: str | None, detail: Details) -> tuple[str, ...]:
    offered = detail.get("content_hash")
    if signed is None or offered is None or offered == signed:
        return ()
    return ("The report has changed since it was countersigned. It needs a new signature.",)


def _addendum_written(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    if K.RELEASED in account.seen and account.report is ReportProgress.RELEASED:
        return ()
    return ("There is no released report to add to.",)


def _addendum_signed(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    if account.addendum is not ReportProgress.WITH_CLINICAL_LEAD:
        return ("No addendum is waiting for a countersignature.",)
    if by_id is not None and not is_another_person(by_id, account.addendum_authors):
        return ("Somebody other than the author must countersign the addendum.",)
    return ()


def _addendum_released(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    if account.addendum is not ReportProgress.COUNTERSIGNED:
        return ("The addendum is not countersigned.",)
    return _same_content(account.addendum_hash, detail)


def _hearing_moved(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    return () if HEARINGS & account.seen else ("No hearing is recorded yet.",)


def _only_before_sentence(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    """What happens in court before a sentence does not happen after it, whatever is recorded."""
    return () if account.state in BEFORE_SENTENCE | {CaseState.CLOSED} else (_TAKE_IT_BACK,)


def _closed(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    reason = detail.get("reason")
    if reason in _ENDINGS_BEFORE_SENTENCE:
        return _only_before_sentence(account, by_id, detail)
    withdrew = account.withdrawn_on is not None and not account.refused
    said_no = no_report_since(account) is not None
    if reason == CloseReason.HE_WITHDREW and not (said_no and withdrew):
        return ("He has not withdrawn his consent.",)
    if reason == CloseReason.HE_DECLINED and not (
        said_no and (account.refused or account.declined_on is not None)
    ):
        return ("He has not declined the assessment.",)
    if reason == CloseReason.NOT_SUITABLE:
        return _not_suitable(account)
    return ()


def _not_suitable(account: Account) -> tuple[str, ...]:
    """Found so by an assessment that is finished; what the court decides comes first."""
    found = account.recommendation is Recommendation.UNSUITABLE
    if found and account.state in BEFORE_SENTENCE and account.state is not CaseState.ASSESSING:
        return ()
    return ("No finished assessment has found him unsuitable.",)


def _taken_over(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    if account.state is CaseState.ASSESSING:
        return ()
    return ("Only an assessment that is open can be taken over. Reopen it first.",)


def _resumed(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    return () if account.paused is not None else ("The case is not paused.",)


def _reopened(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    if account.closed_reason is None:
        return ("The case is open.",)
    if account.closed_reason in (CloseReason.DIED, CloseReason.MERGED):
        return ("Correct the record that closed it instead of reopening the case.",)
    return ()


def _away(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    return may_begin(account.stay, under_order=account.state in UNDER_ORDER)


def _back(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    return may_end(account.stay)


def _withdrawn(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    return ("His withdrawal is recorded already.",) if account.withdrawn_on is not None else ()


def _corrected(account: Account, by_id: int | None, detail: Details) -> tuple[str, ...]:
    target = detail.get("fact_id")
    if target is None:
        return ()
    kind = account.kinds.get(target) if isinstance(target, int) else None
    if kind is None:
        return ("The record to correct is not part of this case.",)
    gone_out = account.report is ReportProgress.RELEASED
    if kind in (K.RELEASED, K.ADDENDUM_RELEASED) or (kind is K.COUNTERSIGNED and gone_out):
        return ("The report has gone out and cannot be called back. Write an addendum.",)
    return ()


_GUARDS: Mapping[FactKind, Callable[[Account, int | None, Details], tuple[str, ...]]] = {
    K.REFERRED: _referred,
    K.ALLOCATED: _allocated,
    K.ASSESSMENT_STARTED: _started,
    K.ASSESSMENT_TAKEN_OVER: _taken_over,
    K.COUNTERSIGN_REQUESTED: _requested,
    K.RETURNED: _with_lead,
    K.COUNTERSIGNED: _countersigned,
    K.RELEASED: _released,
    K.ADDENDUM_WRITTEN: _addendum_written,
    K.ADDENDUM_COUNTERSIGNED: _addendum_signed,
    K.ADDENDUM_RELEASED: _addendum_released,
    K.HEARING_ADJOURNED: _hearing_moved,
    K.HEARING_ADVANCED: _hearing_moved,
    K.HEARING_TRANSFERRED: _hearing_moved,
    K.STAGE_RECORDED: _only_before_sentence,
    K.PAUSED: _only_before_sentence,
    K.CLOSED: _closed,
    K.RESUMED: _resumed,
    K.REOPENED: _reopened,
    K.CONSENT_WITHDRAWN: _withdrawn,
    K.CORRECTED: _corrected,
    K.AWAY: _away,
    K.BACK: _back,
}
