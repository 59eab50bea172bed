"""His consent, and what it means for his case: a withdrawal before release stops the release."""

from datetime import datetime, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import confirming, listeners, rules
from mhtr.cases.consent_queries import (
    OF_THE_CASE,
    REPORT_ITEMS,
    events_of,
    says_no,
    standing_of,
    taken_back,
)
from mhtr.cases.facts import Fact, FactKind, ReportProgress
from mhtr.cases.models import Case, CaseFact, ConsentAsked
from mhtr.cases.service import add_fact, facts_of, lock
from mhtr.cases.who_has import who_asks
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentEvent, ConsentItem
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

LOOK_WITHIN = timedelta(hours=4)
DECLINED = "He declined: ask him again another time, or close the case"
WITHDREW = "He withdrew his consent: ask him again, or close the case"
AFTER_RELEASE = "He took his consent back after the report went out: speak with him"
LONG_BEFORE = timedelta(days=366)
"""Nobody reads him this service's text, and records the answer, so long before his referral."""
TOO_EARLY = "This lies more than a year before he was referred. Check the year."


def record_consent(
    *,
    case_id: int,
    item: ConsentItem,
    decision: ConsentDecision,
    how: str,
    at: datetime,
    by: int,
    scope: str = "",
) -> ConsentEvent:
    """Record what he said: for this case, or for the man where the item is of the man.

    Taking back assessment or treatment, or refusing the assessment, stops the release and opens a
    task for whoever works on the case. Refusing treatment when first asked does not: the report
    says so. The stop ends when nothing is taken back any more. Other cases go on: `confirming`.

    Raises:
        Refused: as `people.consent.record_consent`.
    """
    must_be_writing()
    cases = lock_cases(case_id)
    case = next(one for one in cases if one.id == case_id)
    about = [case] if item in OF_THE_CASE else cases
    event = consent.record_consent(
        person_id=case.person_id,
        item=item,
        decision=decision,
        how=how,
        at=at,
        by=by,
        scope=scope,
        held=standing_of(case),
    )
    if at < min(one.opened_at for one in about) - LONG_BEFORE:
        raise consent.WrongDay(TOO_EARLY)
    db.session.add(ConsentAsked(event_id=event.id, case_id=case.id))
    db.session.flush()
    _follow(case, event, by)
    _call_listeners([one.id for one in about], item, decision, by)
    return event


def _follow(case: Case, event: ConsentEvent, by: int) -> None:
    """What it means for the report on its case, and whom it has asked on others."""
    if event.item not in REPORT_ITEMS:
        return
    if says_no(event.item, event.decision):
        _stop(case, event, by)
    elif event.decision is ConsentDecision.GIVEN and not taken_back(case):
        _lift(case, event, by)
    confirming.look(case.person_id, by=by)


def lock_cases(case_id: int) -> list[Case]:
    """Lock every case of the man of this one, and return those of his record.

    What is said on one may be asked on the others; see `confirming`.
    """
    person_id = db.session.scalars(select(Case.person_id).where(Case.id == case_id)).one()
    return confirming.lock_all(person_id)


def follow_merge(person_id: int, *, by: int) -> list[int]:
    """After two records became one: wishes of the man hold for each case.

    Of decisions that name no case, what he took back stops the report of each case that it counts
    for. Returns the facts that were added, to be taken back should the merge be undone.
    """
    must_be_writing()
    cases = confirming.lock_all(person_id)
    against = [(case, taken_back(case)) for case in cases]
    added = [_stop(case, stands[0], by) for case, stands in against if stands]
    for item, said in sorted(consent.standing(person_id).items()):
        if said.decision is not ConsentDecision.GIVEN and item not in OF_THE_CASE:
            _call_listeners([case.id for case in cases], item, said.decision, by)
    return [fact_id for fact_id in added if fact_id is not None]


def follow_unmerge(fact_ids: list[int], *, by: int) -> None:
    """After the records became two again: take back what stopped a report for the other man only.

    One that his own record calls for as well stays, and so does one that was lifted since.
    """
    must_be_writing()
    rows = db.session.scalars(select(CaseFact).where(CaseFact.id.in_(fact_ids))).all()
    for row in sorted(rows, key=lambda one: (one.case_id, one.id)):
        case, facts, today = lock(row.case_id), facts_of(row.case_id), clock.today()
        lifted = rules.fold(facts, today).consent_withdrawn_on is None
        detail = {"fact_id": row.id}
        if lifted or taken_back(case):
            continue
        if rules.can(FactKind.CORRECTED, facts, today, by_id=by, detail=detail).allowed:
            add_fact(case, FactKind.CORRECTED, by=by, detail=detail)
            for task in tasks.open_tasks(case.id, TaskKind.CONSENT_WITHDRAWN):
                if task.key == f"consent:{case.id}:{row.detail['event']}":
                    tasks.withdraw(task, by=by, because="people.unmerged")


def follow_reopening(case_id: int, kind: FactKind, by: int | None) -> None:
    """What he said while the case was closed counts once it is open again."""
    if kind is not FactKind.REOPENED:
        return
    case = lock(case_id)
    against = taken_back(case)
    if against:
        _stop(case, against[0], by)
    else:
        _agreed_meanwhile(case, by)
    _ask_again(case, against, by)


def follow_finish(case_id: int, kind: FactKind, by: int | None) -> None:
    """Finished as declined, though nobody asked him what he agrees to: somebody asks him."""
    if kind is not FactKind.ASSESSMENT_FINISHED:
        return
    case = lock(case_id)
    if rules.fold(facts_of(case_id), clock.today()).consent_withdrawn_on is None:
        _ask_again(case, [], by)


def _ask_again(case: Case, against: list[ConsentEvent], by: int | None) -> None:
    """His no stands, and no task asks him: he was never asked, or closing the case settled it."""
    no_report = rules.fold(facts_of(case.id), clock.today()).no_report_since is not None
    if no_report and not tasks.open_tasks(case.id, TaskKind.CONSENT_WITHDRAWN):
        first = against[0] if against else None
        title = WITHDREW if first and not _refused_at_first(case, first) else DECLINED
        _open(case, f"again:{case.version}", title, by, first.recorded_by if first else by)


def _agreed_meanwhile(case: Case, by: int | None) -> None:
    given = [
        event
        for event in events_of(case)
        if event.item in REPORT_ITEMS and event.decision is ConsentDecision.GIVEN
    ]
    for event in given[-1:]:
        _lift(case, event, by or event.recorded_by)


def _call_listeners(
    case_ids: list[int], item: ConsentItem, decision: ConsentDecision, by: int
) -> None:
    for case_id in case_ids:
        for listener in listeners.consent_said:
            listener(case_id, item, decision, by)


def _lift(case: Case, event: ConsentEvent, by: int) -> None:
    facts, today = facts_of(case.id), clock.today()
    if rules.fold(facts, today).consent_withdrawn_on is None and not _agrees_after_all(case, facts):
        return
    if rules.can(FactKind.CONSENT_GIVEN, facts, today, by_id=by).allowed:
        at = _counts_from(facts, FactKind.CONSENT_WITHDRAWN, event.at)
        add_fact(case, FactKind.CONSENT_GIVEN, by=by, at=at, detail={"event": event.id})
        tasks.settle(case.id, TaskKind.CONSENT_WITHDRAWN, by=by)


def _agrees_after_all(case: Case, facts: list[Fact]) -> bool:
    """Found to have declined, without a word of his on record; now he agrees to the report."""
    if rules.fold(facts, clock.today()).no_report_since is None:
        return False
    finished = max(f.id for f in facts if f.kind is FactKind.ASSESSMENT_FINISHED)
    said = standing_of(case).get(ConsentItem.ASSESSMENT)
    agrees = said is not None and said.decision is ConsentDecision.GIVEN
    return agrees and not any(f.kind is FactKind.CONSENT_GIVEN and f.id > finished for f in facts)


def _stop(case: Case, event: ConsentEvent, by: int | None) -> int | None:
    facts = facts_of(case.id)
    if not rules.can(FactKind.CONSENT_WITHDRAWN, facts, clock.today(), by_id=by).allowed:
        return None  # closed, or withdrawn before: nothing is left to stop
    at = _counts_from(facts, FactKind.CONSENT_GIVEN, event.at)
    refused = _refused_at_first(case, event)
    detail = {"event": event.id} | ({"refused": True} if refused else {})
    fact = add_fact(case, FactKind.CONSENT_WITHDRAWN, by=by, at=at, detail=detail)
    title = DECLINED if refused else WITHDREW
    if case.progress is ReportProgress.RELEASED:
        title = AFTER_RELEASE
    _open(case, str(event.id), title, by, event.recorded_by)
    return fact.id


def _open(case: Case, about: str, title: str, by: int | None, recorded_by: int | None) -> None:
    """The task of asking him again."""
    staff_id, principal_id = _owner(case, by or recorded_by)
    tasks.open_task(
        TaskKind.CONSENT_WITHDRAWN,
        key=f"consent:{case.id}:{about}",
        title=title,
        owner_principal_id=principal_id,
        owner_staff_id=staff_id,
        due_at=clock.now() + LOOK_WITHIN,
        by=by,
        case_id=case.id,
        endpoint="people.consent",
        subject_ref=case.ref,
    )


def _refused_at_first(case: Case, event: ConsentEvent) -> bool:
    """Whoever had agreed once, and says no now, takes it back."""
    return event.decision is ConsentDecision.REFUSED and not any(
        one.item is event.item and one.decision is ConsentDecision.GIVEN for one in events_of(case)
    )


def _counts_from(facts: list[Fact], opposite: FactKind, at: datetime) -> datetime:
    """When a stop, or its end, counts from: what is written down late takes no place before
    its opposite about another item, which would undo it."""
    return max([at, *(fact.on for fact in facts if fact.kind is opposite)])


def _owner(case: Case, by: int | None) -> tuple[int | None, int]:
    """Whoever works on the case; else who recorded it."""
    staff = db.session.get_one(Staff, by)
    return who_asks(case) or (staff.id, staff.principal_id)


listeners.fact_added.append(follow_reopening)
listeners.fact_added.append(follow_finish)
