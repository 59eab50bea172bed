"""His consent, and what it means for his case: a withdrawal before release stops the release."""

from datetime import datetime, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import listeners, rules
from mhtr.cases.facts import Fact, FactKind
from mhtr.cases.models import Case, CaseFact
from mhtr.cases.service import add_fact, facts_of, lock
from mhtr.core import clock
from mhtr.core.access import Grant, Principal, PrincipalKind, Purpose
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentEvent, ConsentItem
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

REPORT_ITEMS = frozenset({ConsentItem.ASSESSMENT, ConsentItem.TREATMENT})
"""Items whose withdrawal stops a report: what it says of him would no longer be true."""
LOOK_WITHIN = timedelta(hours=4)
DECLINED = "He declined: ask him again another time, or close the case"
WITHDREW = "He withdrew his consent: ask him again, or close the case"
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
    """Record what he said, on the person and, where it bears on the report, on his cases.

    Taking back the assessment or the treatment, or refusing the assessment, stops the release
    and opens a task for the assessor, or the team that has the case. Refusing treatment when
    first asked does not: the report then says so. The stop is lifted when he agrees again, and
    nothing that the report rests on is still taken back.

    Raises:
        Refused: as `people.consent.record_consent`.
    """
    must_be_writing()
    cases = lock_cases(case_id)
    person_id = cases[0].person_id
    event = consent.record_consent(
        person_id=person_id, item=item, decision=decision, how=how, at=at, by=by, scope=scope
    )
    if at < min(case.opened_at for case in cases) - LONG_BEFORE:
        raise consent.WrongDay(TOO_EARLY)
    withdrawn = decision is ConsentDecision.WITHDRAWN and item in REPORT_ITEMS
    if withdrawn or (item, decision) == (ConsentItem.ASSESSMENT, ConsentDecision.REFUSED):
        for case in cases:
            _stop(case, event, by)
    elif item in REPORT_ITEMS and decision is ConsentDecision.GIVEN:
        if not taken_back(person_id):
            for case in cases:
                _lift(case, event, by)
    _call_listeners([case.id for case in cases], item, decision, by)
    return event


def lock_cases(case_id: int) -> list[Case]:
    """Lock every case of the man of this one, in the order that all who do so keep to."""
    person_id = db.session.scalars(select(Case.person_id).where(Case.id == case_id)).one()
    return [lock(each) for each in _cases_of(person_id)]


def follow_merge(person_id: int, *, by: int) -> list[int]:
    """After two records became one: what he took back on either stops the report of each case.

    Returns the facts that were added, to be taken back should the merge be undone.
    """
    must_be_writing()
    against = taken_back(person_id)
    added = [
        _stop(lock(case_id), against[0], by)
        for case_id in (_cases_of(person_id) if against else ())
    ]
    for item, said in sorted(consent.standing(person_id).items()):
        if said.decision is not ConsentDecision.GIVEN:
            _call_listeners(_cases_of(person_id), item, said.decision, by)
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
        if lifted or taken_back(case.person_id):
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
    against = taken_back(case.person_id)
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
        for event in consent.events(case.person_id)
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


def _cases_of(person_id: int) -> list[int]:
    query = select(Case.id).where(Case.person_id == person_id).order_by(Case.id)
    return list(db.session.scalars(query))


def taken_back(person_id: int) -> list[ConsentEvent]:
    """What stands against a report of him, by item: a withdrawal, or the assessment refused.

    Only agreeing to the same item again ends it. Treatment refused after a withdrawal is still
    treatment taken back; refused when first asked, it is what the report says.
    """
    found: dict[ConsentItem, ConsentEvent] = {}
    for event in consent.events(person_id):
        if event.item not in REPORT_ITEMS:
            continue
        refused_first = event.decision is ConsentDecision.REFUSED and (
            event.item is not ConsentItem.ASSESSMENT
        )
        if event.decision is ConsentDecision.GIVEN:
            found.pop(event.item, None)
        elif not refused_first:
            found[event.item] = event
    return list(found.values())


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
    said = consent.standing(case.person_id).get(ConsentItem.ASSESSMENT)
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
    return event.decision is ConsentDecision.REFUSED and _never_agreed(case.person_id, event)


def _never_agreed(person_id: int, event: ConsentEvent) -> bool:
    """Whoever had agreed once, and says no now, takes it back."""
    return not any(
        one.item is event.item and one.decision is ConsentDecision.GIVEN
        for one in consent.events(person_id)
    )


def _counts_from(facts: list[Fact], opposite: FactKind, at: datetime) -> datetime:
    """When a stop, or its end, counts from: what is written down late takes no place before
    its opposite about another item, which would undo it."""
    return max([at, *(fact.on for fact in facts if fact.kind is opposite)])


def _owner(case: Case, by: int | None) -> tuple[int | None, int]:
    """The assessor; else the team that has the case for clinical work; else who recorded it."""
    if case.assessor_id is not None:
        return case.assessor_id, db.session.get_one(Staff, case.assessor_id).principal_id
    moment = clock.now()
    team = db.session.scalars(
        select(Grant.principal_id)
        .join(Principal, Principal.id == Grant.principal_id)
        .where(
            Grant.case_id == case.id,
            Grant.purpose == Purpose.CLINICAL,
            Principal.kind != PrincipalKind.STAFF,
            Grant.starts_at <= moment,
            Grant.ends_at.is_(None) | (Grant.ends_at > moment),
        )
        .order_by(Grant.id)
    ).first()
    if team is not None:
        return None, team
    staff = db.session.get_one(Staff, by)
    return staff.id, staff.principal_id


listeners.fact_added.append(follow_reopening)
listeners.fact_added.append(follow_finish)
