"""Reading a case's facts, one after the other, into a single account of how it stands.

Private to `mhtr.cases`: everybody else uses `fold` and `can` of `mhtr.cases.rules`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from mhtr.cases.away import Stay, stays_among
from mhtr.cases.facts import (
    AFTER_PLEA_OR_FINDING,
    CaseState,
    CloseReason,
    Fact,
    FactKind,
    PauseReason,
    Recommendation,
    ReportProgress,
    StageOfCase,
    effective_facts,
)
from mhtr.cases.signers import author_of, hash_of, is_another_person
from mhtr.cases.wording import FACT_WORDS, STATE_WORDS, day_words

S = CaseState
K = FactKind

FINISHED = frozenset({S.SUITABLE, S.SUITABLE_NOT_READY, S.UNSUITABLE, S.DECLINED})
AFTER_RELEASE = frozenset({S.RELEASED, S.PROPOSED, S.NOT_PROPOSED, S.AWAITING_RESULT})
BEFORE_SENTENCE = (
    frozenset({S.REFERRED, S.SCREENED, S.ASSESSING, S.COUNTERSIGNED}) | FINISHED | AFTER_RELEASE
)
UNDER_ORDER = frozenset({S.SENTENCED_WITH_MHTR, S.INDUCTION, S.IN_TREATMENT})

# Which fact moves a case, from which states, to which. Everything else leaves the state alone.
MOVES: Mapping[FactKind, tuple[frozenset[CaseState], CaseState]] = MappingProxyType(
    {
        K.SCREENED: (frozenset({S.REFERRED}), S.SCREENED),
        K.ASSESSMENT_STARTED: (frozenset({S.REFERRED, S.SCREENED}), S.ASSESSING),
        # The state after this one is the recommendation; see `_finish`.
        K.ASSESSMENT_FINISHED: (frozenset({S.ASSESSING}), S.SUITABLE),
        K.ASSESSMENT_REOPENED: (FINISHED | {S.COUNTERSIGNED}, S.ASSESSING),
        K.COUNTERSIGN_REQUESTED: (FINISHED, S.SUITABLE),
        K.RETURNED: (FINISHED, S.ASSESSING),
        K.COUNTERSIGNED: (FINISHED, S.COUNTERSIGNED),
        K.RELEASED: (frozenset({S.COUNTERSIGNED}), S.RELEASED),
        K.PROPOSED: (AFTER_RELEASE, S.PROPOSED),
        K.NOT_PROPOSED: (AFTER_RELEASE, S.NOT_PROPOSED),
        K.SENTENCED_WITH_MHTR: (BEFORE_SENTENCE, S.SENTENCED_WITH_MHTR),
        K.SENTENCED_WITHOUT_MHTR: (BEFORE_SENTENCE, S.SENTENCED_WITHOUT_MHTR),
        K.INDUCTION_STARTED: (frozenset({S.SENTENCED_WITH_MHTR}), S.INDUCTION),
        K.TREATMENT_STARTED: (
            frozenset({S.SENTENCED_WITH_MHTR, S.INDUCTION}),
            S.IN_TREATMENT,
        ),
        K.TREATMENT_ENDED: (UNDER_ORDER, S.ENDED),
        K.ORDER_REVOKED: (UNDER_ORDER, S.ENDED),
        K.DISCHARGED: (frozenset({S.ENDED}), S.DISCHARGED),
    }
)
HEARINGS = frozenset(
    {K.HEARING_SET, K.HEARING_ADJOURNED, K.HEARING_ADVANCED, K.HEARING_TRANSFERRED}
)
RESULTS = frozenset({K.SENTENCED_WITH_MHTR, K.SENTENCED_WITHOUT_MHTR})


@dataclass
class Account:
    """The facts read so far. Mutable, and never leaves `mhtr.cases`."""

    state: CaseState = S.REFERRED
    since: date | None = None
    moved_by: FactKind | None = None
    state_before_close: CaseState = S.REFERRED
    report: ReportProgress = ReportProgress.NOT_STARTED
    recommendation: Recommendation | None = None
    authors: set[int] = field(default_factory=set)
    author_known: bool = False
    content_hash: str | None = None
    heard: bool = False
    addendum_authors: set[int] = field(default_factory=set)
    addendum: ReportProgress = ReportProgress.NOT_STARTED
    addendum_hash: str | None = None
    stage: StageOfCase | None = None
    seen: set[FactKind] = field(default_factory=set)
    kinds: dict[int, FactKind] = field(default_factory=dict)
    withdrawn_on: date | None = None
    refused: bool = False
    declined_on: date | None = None
    agreed_since: bool = False
    """Whether he agreed after he was found to have declined."""
    paused: PauseReason | None = None
    closed_reason: CloseReason | None = None
    hearing_on: date | None = None
    hearing_past: bool = False
    sentenced_on: date | None = None
    stays: tuple[Stay, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def stay(self) -> Stay | None:
        """The one that lasts."""
        return self.stays[-1] if self.stays and self.stays[-1].until is None else None

    def move(self, state: CaseState, fact: Fact) -> None:
        self.state, self.since, self.moved_by = state, fact.day, fact.kind


def read(facts: tuple[Fact, ...] | list[Fact], today: date) -> Account:
    """Read every fact that counts, oldest first."""
    account = Account(kinds={fact.id: fact.kind for fact in facts})
    counting = effective_facts(facts, today)
    account.stays = stays_among(counting)
    for fact in counting:
        _background(account, fact)
        if fact.kind in (K.CLOSED, K.DECLINED_BY_SERVICE, K.REOPENED):
            _open_or_close(account, fact)
        elif fact.kind in MOVES:
            _advance(account, fact)
        account.seen.add(fact.kind)
    if account.sentenced_on and account.hearing_on and account.hearing_on > account.sentenced_on:
        account.hearing_on = None  # The sentence came first: nothing is heard there any more.
    return account


def _background(account: Account, fact: Fact) -> None:
    """Take in what does not move the state: true whether the case is open, paused or closed."""
    if fact.kind is K.REFERRED and account.since is None:
        account.since, account.moved_by = fact.day, K.REFERRED
    elif fact.kind is K.STAGE_RECORDED:
        account.stage = StageOfCase(str(fact.detail["stage"]))
    elif fact.kind is K.CONSENT_WITHDRAWN:
        account.withdrawn_on = fact.day
        account.refused = fact.detail.get("refused") is True
    elif fact.kind is K.CONSENT_GIVEN:
        account.withdrawn_on, account.refused, account.agreed_since = None, False, True
        if account.report is ReportProgress.BEING_WRITTEN:
            account.declined_on = None
    elif fact.kind is K.REPORT_HEARD:
        account.heard = True
    elif fact.kind is K.PAUSED:
        account.paused = PauseReason(str(fact.detail["reason"]))
    elif fact.kind is K.RESUMED:
        account.paused = None
    elif fact.kind in HEARINGS:
        hearing_on = fact.detail.get("hearing_on")
        account.hearing_on = hearing_on if isinstance(hearing_on, date) else None
        account.hearing_past = False
    elif fact.kind is K.HEARING_PAST:
        account.hearing_past = True
    elif fact.kind is K.ASSESSMENT_TAKEN_OVER:
        _taken_over(account, fact)
    else:
        _addendum(account, fact)


def _taken_over(account: Account, fact: Fact) -> None:
    """Whoever wrote it until then stays one of its authors."""
    former = fact.detail.get("from_id")
    account.authors |= {each for each in (former, fact.by_id) if isinstance(each, int)}


def _addendum(account: Account, fact: Fact) -> None:
    if fact.kind is K.ADDENDUM_WRITTEN:
        author = author_of(fact)
        account.addendum_authors = set() if author is None else {author}
        account.addendum = ReportProgress.WITH_CLINICAL_LEAD
    elif fact.kind is K.ADDENDUM_COUNTERSIGNED:
        waiting = account.addendum is ReportProgress.WITH_CLINICAL_LEAD
        if waiting and is_another_person(fact.by_id, account.addendum_authors):
            account.addendum = ReportProgress.COUNTERSIGNED
            account.addendum_hash = hash_of(fact)
        else:
            _not_counted(account, fact, "it was not signed by somebody other than its author")
    elif fact.kind is K.ADDENDUM_RELEASED:
        if account.addendum is ReportProgress.COUNTERSIGNED:
            account.addendum = ReportProgress.RELEASED
        else:
            _not_counted(account, fact, "it was not countersigned")


def _open_or_close(account: Account, fact: Fact) -> None:
    if fact.kind is K.REOPENED:
        if account.state is S.CLOSED:
            account.closed_reason = account.paused = None
            account.move(account.state_before_close, fact)
        return
    if fact.kind is K.DECLINED_BY_SERVICE:
        reason = CloseReason.DECLINED_BY_SERVICE
    else:
        reason = CloseReason(str(fact.detail["reason"]))
    if account.state is not S.CLOSED:
        account.state_before_close = account.state
    elif reason is not CloseReason.DIED:
        return
    account.closed_reason = reason
    account.move(S.CLOSED, fact)


def _advance(account: Account, fact: Fact) -> None:
    sources, target = MOVES[fact.kind]
    if account.state not in sources:
        if account.state is not target:
            _not_counted(account, fact, f"the case was {STATE_WORDS[account.state]} then")
        return
    if fact.kind is K.ASSESSMENT_FINISHED:
        _finish(account, fact)
    elif fact.kind is K.COUNTERSIGN_REQUESTED:
        account.report = ReportProgress.WITH_CLINICAL_LEAD
        if fact.by_id is not None:
            account.authors.add(fact.by_id)
    elif fact.kind in (K.COUNTERSIGNED, K.RETURNED):
        _lead_decides(account, fact, target)
    else:
        account.move(target, fact)
        _after_move(account, fact)


def _finish(account: Account, fact: Fact) -> None:
    account.recommendation = Recommendation(str(fact.detail["recommendation"]))
    author = author_of(fact)
    if author is not None:
        account.authors.add(author)
    account.author_known = author is not None
    account.report = ReportProgress.FINISHED
    account.heard = False
    declined = account.recommendation is Recommendation.DECLINED
    if declined and fact.detail.get("agreed") is False:
        account.declined_on, account.agreed_since = fact.day, False
    account.move(CaseState(account.recommendation.value), fact)


def _lead_decides(account: Account, fact: Fact, target: CaseState) -> None:
    if account.report is not ReportProgress.WITH_CLINICAL_LEAD:
        _not_counted(account, fact, "the report was not with a clinical lead")
    elif fact.kind is K.RETURNED:
        account.report = ReportProgress.RETURNED
        account.move(target, fact)
    elif account.author_known and is_another_person(fact.by_id, account.authors):
        account.report = ReportProgress.COUNTERSIGNED
        account.content_hash = hash_of(fact)
        account.move(target, fact)
    else:
        _not_counted(account, fact, "it was not signed by somebody other than the author")


def _after_move(account: Account, fact: Fact) -> None:
    if fact.kind in (K.ASSESSMENT_STARTED, K.ASSESSMENT_REOPENED):
        account.report = ReportProgress.BEING_WRITTEN
        account.content_hash = None
        if account.agreed_since:
            account.declined_on = None  # Opened again before he agrees, no report is to follow yet.
    elif fact.kind is K.RELEASED:
        account.report = ReportProgress.RELEASED
        if account.withdrawn_on is not None:
            account.notes.append(
                f"The report was released on {day_words(fact.day)}, but he had withdrawn his "
                f"consent on {day_words(account.withdrawn_on)}. Tell the privacy officer."
            )
    elif fact.kind in RESULTS:
        account.paused, account.sentenced_on = None, fact.day


def no_report_since(account: Account) -> date | None:
    """Since when no report will follow: he declined the assessment, or took his consent back.

    None once a report was released, and once the court has decided or the case is closed.
    """
    if account.report is ReportProgress.RELEASED or account.state not in BEFORE_SENTENCE:
        return None
    days = [day for day in (account.withdrawn_on, account.declined_on) if day is not None]
    return min(days, default=None)


def rests(account: Account) -> bool:
    """Whether work on a report was begun, and its plea or finding is on record no more."""
    to_come = account.state in BEFORE_SENTENCE and account.report is not ReportProgress.RELEASED
    begun = account.seen & {K.SUITABILITY_REQUESTED, K.ASSESSMENT_STARTED}
    return to_come and bool(begun) and account.stage not in AFTER_PLEA_OR_FINDING


def withdrawn_words(account: Account) -> str:
    """That he said no, and when; empty where he did not."""
    if account.withdrawn_on is not None and not account.refused:
        return f"He withdrew his consent on {day_words(account.withdrawn_on)}."
    declined_on = account.withdrawn_on or account.declined_on
    return f"He declined on {day_words(declined_on)}." if declined_on is not None else ""


def _not_counted(account: Account, fact: Fact, why: str) -> None:
    account.notes.append(
        f"“{FACT_WORDS[fact.kind]}”, {day_words(fact.day)}, does not count: {why}."
    )
