"""How a case stands, and what may happen to it next.

`fold` turns the facts into a `CaseStanding`; `can` answers whether one more fact of a kind is
allowed. Both give reasons in words that a page can show. Neither reads a clock: `today` is the
calendar day in London.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from mhtr.cases.away import Stay
from mhtr.cases.facts import (
    CaseState,
    CloseReason,
    Decision,
    Fact,
    FactKind,
    PauseReason,
    Recommendation,
    ReportProgress,
    StageOfCase,
)
from mhtr.cases.standing import (
    AFTER_RELEASE,
    BEFORE_SENTENCE,
    Account,
    no_report_since,
    read,
    rests,
    withdrawn_words,
)
from mhtr.cases.steps import objections
from mhtr.cases.wording import (
    AWAY_WORDS,
    CLOSE_WORDS,
    CONCERN_HIM,
    FACT_WORDS,
    PAUSE_WORDS,
    RESTS_WORDS,
    day_words,
)

__all__ = [
    "CaseStanding",
    "CaseState",
    "CloseReason",
    "Decision",
    "Fact",
    "FactKind",
    "PauseReason",
    "Recommendation",
    "ReportProgress",
    "StageOfCase",
    "can",
    "can_each",
    "fold",
]


@dataclass(frozen=True)
class CaseStanding:
    """How a case stands on one day.

    `since` is the London day of the fact that brought the state about (None before a referral).
    `reasons` explain the state, then whatever holds it up, then records that could not be counted.
    `hearing_on` is the hearing that counts now, never one after a sentence; `result_awaited` says
    that it has passed with no result recorded, which may be so before a report was released.
    `no_report_since`: the day from which no report will follow, because he said no before release.
    `rests`: work on a report was begun, and no guilty plea or finding is on record any more.
    `stays` are the times when he was in hospital or custody under an order.
    `possible_next` are the kinds that `can` would allow, for somebody who is not the author.
    """

    state: CaseState
    since: date | None
    reasons: tuple[str, ...]
    paused: PauseReason | None
    closed_reason: CloseReason | None
    report: ReportProgress
    recommendation: Recommendation | None
    stage: StageOfCase | None
    hearing_on: date | None
    result_awaited: bool
    consent_withdrawn_on: date | None
    no_report_since: date | None
    rests: bool
    sentenced_on: date | None
    stays: tuple[Stay, ...]
    _account: Account = field(repr=False, compare=False)

    @property
    def away(self) -> Stay | None:
        """The stay that lasts; None while he can attend."""
        return self._account.stay

    @property
    def possible_next(self) -> tuple[FactKind, ...]:
        """Worked out where somebody asks: most who want to know how a case stands do not."""
        return tuple(kind for kind in FactKind if not objections(kind, self._account, None, {}))


def fold(facts: tuple[Fact, ...] | list[Fact], today: date) -> CaseStanding:
    """Work out how a case stands. The order of `facts` does not matter.

    Facts count in the order in which things happened (`on`, then `recorded_at`), so one that
    arrives late takes its right place. Corrected facts and facts dated after `today` are left out.
    Raises KeyError or ValueError for a fact whose `detail` lacks what its kind requires.
    """
    account = read(facts, today)
    awaited = _result_awaited(account, today)
    state, since = account.state, account.since
    if awaited and state in AFTER_RELEASE:
        state = CaseState.AWAITING_RESULT
        if account.hearing_on is not None and account.hearing_on < today:
            since = account.hearing_on + timedelta(days=1)
    return CaseStanding(
        state=state,
        since=since,
        reasons=_reasons(account, awaited),
        paused=account.paused,
        closed_reason=account.closed_reason,
        report=account.report,
        recommendation=account.recommendation,
        stage=account.stage,
        hearing_on=account.hearing_on,
        result_awaited=awaited,
        consent_withdrawn_on=account.withdrawn_on,
        no_report_since=no_report_since(account),
        rests=rests(account),
        sentenced_on=account.sentenced_on,
        stays=account.stays,
        _account=account,
    )


def can(
    kind: FactKind,
    facts: tuple[Fact, ...] | list[Fact],
    today: date,
    *,
    by_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> Decision:
    """Whether a fact of this kind may be recorded now, with every reason against it.

    `by_id` is the member of staff who would record it; without it the checks on who signs are
    left out, so a service that writes must pass it. `detail` is what the fact would carry.
    """
    found = objections(kind, read(facts, today), by_id, detail or {})
    return Decision(not found, found)


def can_each(
    kinds: Iterable[FactKind],
    facts: tuple[Fact, ...] | list[Fact],
    today: date,
    *,
    by_id: int | None = None,
) -> dict[FactKind, Decision]:
    """What `can` says of each of these kinds, without detail, from one reading of the facts."""
    account = read(facts, today)
    found = {kind: objections(kind, account, by_id, {}) for kind in kinds}
    return {kind: Decision(not against, against) for kind, against in found.items()}


def held_up_from(facts: tuple[Fact, ...] | list[Fact], today: date) -> int | None:
    """What the last fact ended: where in `facts` the case paused, closed or came to rest first.

    None where it did none of these until then.
    """
    found = None
    for end in range(len(facts) - 1, 0, -1):
        standing = fold(facts[:end], today)
        if standing.paused is None and standing.closed_reason is None and not standing.rests:
            break
        found = end - 1
    return found


def said_no(facts: tuple[Fact, ...] | list[Fact], today: date) -> str:
    """That he declined or took his consent back, and when, in words; empty where he did not."""
    return withdrawn_words(read(facts, today))


def reasons_to_close(facts: tuple[Fact, ...] | list[Fact], today: date) -> tuple[CloseReason, ...]:
    """For which reasons that concern him the service may close the case now."""
    account = read(facts, today)
    return tuple(
        reason
        for reason in CloseReason
        if reason in CONCERN_HIM
        and not objections(FactKind.CLOSED, account, None, {"reason": reason.value})
    )


def _result_awaited(account: Account, today: date) -> bool:
    if account.state not in BEFORE_SENTENCE or account.paused is not None:
        return False
    over = account.hearing_on is not None and account.hearing_on < today
    return over or account.hearing_past


def _reasons(account: Account, awaited: bool) -> tuple[str, ...]:
    words: list[str] = []
    if account.moved_by is not None and account.since is not None:
        words.append(f"{FACT_WORDS[account.moved_by]} on {day_words(account.since)}.")
    if account.closed_reason is not None:
        words.append(f"Closed: {CLOSE_WORDS[account.closed_reason]}.")
    to_come = account.state in BEFORE_SENTENCE
    if to_come and account.report is ReportProgress.WITH_CLINICAL_LEAD:
        words.append("The report is waiting for a clinical lead's countersignature.")
    if to_come and account.report is ReportProgress.RETURNED:
        words.append("A clinical lead returned the report with comments.")
    if account.paused is not None:
        words.append(f"Paused: {PAUSE_WORDS[account.paused]}.")
    if account.stay is not None:
        where, since = account.stay.where, day_words(account.stay.since)
        if where is None:
            words.append(f"He cannot attend since {since}, as another case of his says.")
        else:
            words.append(f"He is {AWAY_WORDS[where]} since {since} and cannot attend.")
    if rests(account):
        words.append(RESTS_WORDS)
    if account.withdrawn_on is not None or no_report_since(account) is not None:
        words.append(withdrawn_words(account))
    if awaited:
        held = f" of {day_words(account.hearing_on)}" if account.hearing_on else ""
        words.append(f"The hearing{held} has passed and no result is recorded.")
    return tuple(words + account.notes)
