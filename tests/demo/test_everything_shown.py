"""Every value that a record can hold has a record in the demonstration that holds it."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from mhtr.accounts.models import BreakGlass
from mhtr.cases import rules, service
from mhtr.cases.break_glass_service import Finding
from mhtr.cases.facts import (
    Away,
    CaseState,
    CloseReason,
    FactKind,
    PauseReason,
    Recommendation,
    ReportProgress,
    StageOfCase,
)
from mhtr.cases.models import Case, CaseFact, Hearing, HearingChange, Restriction
from mhtr.compliance.attendance import Happened
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanations import GivenBy, SeenBy
from mhtr.compliance.models import Attendance, SessionNotice
from mhtr.compliance.notices import Came
from mhtr.compliance.standing.facts import Opinion
from mhtr.core.access_models import Exclusion
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.intake.eligibility import Willingness
from mhtr.intake.models import ImportRun, OnwardReferral, Referral, TriageDecision
from mhtr.intake.onward_rules import OnwardState
from mhtr.intake.referral_values import HearingPurpose, PsrKind, Safety, Urgency
from mhtr.intake.routing import RoutedBecause
from mhtr.intake.rules import DeclineReason, ReferralSource, TriageOutcome
from mhtr.intake.service import SOURCES
from mhtr.people.models import ConsentDecision, ConsentEvent, ConsentItem, Flag, FlagKind, Told
from mhtr.suitability.asked import Custody, DateAnswer, OtherRequirement, Plea, RiskOfHarm
from mhtr.suitability.concerned import current_request, nobody_reads
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.meetings import read
from mhtr.suitability.models import (
    Assessment,
    AssessmentSection,
    CountersignDecision,
    CountersignRequest,
    CourtOutcome,
    DateAnswered,
    LaterReader,
    ReadyFrom,
    ReportRelease,
    ReportRequest,
    TakeOverAnswer,
    TakeOverQuestion,
    Verdict,
)
from mhtr.suitability.outcome_service import Result
from mhtr.suitability.ready_from import Reason
from mhtr.suitability.release_service import Heard
from mhtr.suitability.report_content import HisAnswer, HowAssessed
from mhtr.suitability.sections import Section
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.risk.service import NotSaved
from sessions.availability.kinds import CannotReason, HoursUse, SiteKind
from sessions.availability.models import (
    DatedHours,
    HowHeCanCome,
    PlaceBarred,
    PlaceClosure,
    Site,
    TimeHeCannot,
    WeeklyHours,
)
from sessions.planning.kinds import ProposalState
from sessions.planning.models import Proposal, ProposalPart
from tests.conftest import NOON

NOT_SHOWN: dict[str, tuple[StrEnum, ...]] = {
    "what follows the sentence is not part of the program yet": (CloseReason.COMPLETED,),
    "no page of the program records it yet": (
        CloseReason.MERGED,
        CloseReason.REFERRAL_WITHDRAWN,
        CloseReason.TRANSFERRED,
    ),
    "every court and place of the shipped lists is some trust's": (
        RoutedBecause.DEFAULT,
        RoutedBecause.UNDECIDED,
        DeclineReason.COURT_NOT_COVERED,
    ),
    "something else says the same: a fact of its own, the date, an empty answer": (
        CloseReason.SENTENCED_WITHOUT_MHTR,
        FactKind.HEARING_PAST,
        HisAnswer.NOT_YET,
    ),
    "in records of elsewhere only": (Opinion.UNACCEPTABLE,),
    "in older reports only": (HisAnswer.COULD_NOT_BE_READ,),
}
"""Values without a record in the demonstration, by the reason."""


def values(column: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> set[str]:
    found = db.session.scalars(select(column).where(*where).distinct())
    return {str(value) for value in found if value}


def details(of: InstrumentedAttribute[Any], key: str, *where: ColumnElement[bool]) -> set[str]:
    found: set[str] = set()
    for row in db.session.scalars(select(of).where(*where)):
        held = (row or {}).get(key) or ()
        found |= {str(held)} if isinstance(held, str) else {str(each) for each in held}
    return found


def states_today() -> set[str]:
    """As the facts give them today: what was written down may be older than the hearing."""
    ids = db.session.scalars(select(Case.id)).all()
    return {rules.fold(service.facts_of(case_id), NOON.date()).state.value for case_id in ids}


KINDS: dict[type[StrEnum], Callable[[], Iterable[str]]] = {
    ReferralSource: lambda: {SOURCES[code] for code in values(Referral.source)},
    RoutedBecause: lambda: values(Referral.routed_because),
    Safety: lambda: values(Referral.safety),
    Urgency: lambda: details(Referral.answers, "urgency"),
    Willingness: lambda: details(Referral.answers, "willing"),
    TriageOutcome: lambda: values(TriageDecision.outcome),
    DeclineReason: lambda: values(TriageDecision.reason),
    OnwardState: lambda: values(OnwardReferral.state),
    CaseState: states_today,
    ReportProgress: lambda: values(Case.progress),
    StageOfCase: lambda: values(Case.stage),
    FactKind: lambda: values(CaseFact.kind),
    PauseReason: lambda: details(CaseFact.detail, "reason", CaseFact.kind == FactKind.PAUSED),
    Away: lambda: details(CaseFact.detail, "where", CaseFact.kind == FactKind.AWAY),
    CloseReason: lambda: (
        details(CaseFact.detail, "reason", CaseFact.kind == FactKind.CLOSED)
        # Declining is a fact of its own, which closes the case.
        | values(CaseFact.kind, CaseFact.kind == FactKind.DECLINED_BY_SERVICE)
    ),
    HearingChange: lambda: values(Hearing.change),
    HearingPurpose: lambda: values(Hearing.purpose),
    PsrKind: lambda: values(Hearing.psr_kind),
    PsrType: lambda: values(ReportRequest.psr_type),
    Plea: lambda: details(ReportRequest.details, "plea"),
    Custody: lambda: details(ReportRequest.details, "custody"),
    RiskOfHarm: lambda: details(ReportRequest.details, "risk_of_harm"),
    OtherRequirement: lambda: details(ReportRequest.details, "other_requirements"),
    DateAnswer: lambda: values(DateAnswered.answer),
    Reason: lambda: values(ReadyFrom.reason),
    TakeOverAnswer: lambda: values(TakeOverQuestion.answer),
    HowAssessed: lambda: {
        met.how.value for of in db.session.scalars(select(Assessment.meetings)) for met in read(of)
    },
    Section: lambda: values(AssessmentSection.section),
    Recommendation: lambda: values(Assessment.recommendation),
    Verdict: lambda: values(CountersignDecision.verdict),
    Heard: lambda: values(Assessment.heard_how),
    HisAnswer: lambda: values(Assessment.his_answer),
    Result: lambda: values(CourtOutcome.result),
    ConsentItem: lambda: values(ConsentEvent.item),
    ConsentDecision: lambda: values(ConsentEvent.decision),
    FlagKind: lambda: values(Flag.kind),
    Finding: lambda: values(BreakGlass.finding),
    Happened: lambda: values(Attendance.happened),
    Came: lambda: values(SessionNotice.came),
    Opinion: lambda: values(AbsenceDecision.opinion),
    GivenBy: lambda: values(AbsenceExplanation.given_by),
    SeenBy: lambda: values(AbsenceExplanation.seen_by),
    TaskKind: lambda: values(Task.kind),
    TaskState: lambda: values(Task.state),
    NotSaved: lambda: details(Task.about, "why"),
    SiteKind: lambda: values(Site.kind),
    HoursUse: lambda: values(WeeklyHours.use) | values(DatedHours.use),
    CannotReason: lambda: values(TimeHeCannot.reason),
}
"""Where the values of each kind are kept."""

STILL_TO_DO = set(TaskKind)
"""Kinds of task of which one is open, so that Today and the worklists can be tried."""

ROWS: dict[str, tuple[InstrumentedAttribute[Any], ColumnElement[bool]]] = {
    "told, not asked": (Told.id, Told.id > 0),
    "a restricted record": (Restriction.id, Restriction.lifted_at.is_(None)),
    "a restriction that was lifted": (Restriction.id, Restriction.lifted_at.is_not(None)),
    "a member of staff who is shut out": (Exclusion.id, Exclusion.ends_at.is_(None)),
    "a report taken back before it was signed": (
        CountersignRequest.id,
        CountersignRequest.withdrawn_at.is_not(None),
    ),
    "an addendum waiting": (CountersignRequest.id, CountersignRequest.is_addendum.is_(True)),
    "a question of another team still to answer": (
        TakeOverQuestion.id,
        TakeOverQuestion.answer == "",
    ),
    "a request that left its case: it was about another prosecution": (
        AuditEvent.id,
        AuditEvent.action == "suitability.request_parted",
    ),
    "a released report opened to another team": (LaterReader.id, LaterReader.id > 0),
    "an addendum sent": (ReportRelease.id, ReportRelease.is_addendum.is_(True)),
    "a referral sent by another trust's court": (
        Referral.id,
        Referral.routed_because == RoutedBecause.COURT,
    ),
    "emergency access that waits for its review": (BreakGlass.id, BreakGlass.reviewed_at.is_(None)),
    "a date that cannot be met": (ReportRequest.id, ReportRequest.earliest_on.is_not(None)),
    "a warning that has ended": (Flag.id, Flag.ended_at.is_not(None)),
    "a place he may not go to": (PlaceBarred.id, PlaceBarred.ended_at.is_(None)),
    "a place that is closed for some days": (PlaceClosure.id, PlaceClosure.id > 0),
    "a man who asks for a therapist's gender": (
        HowHeCanCome.id,
        HowHeCanCome.therapist_gender != "not_said",
    ),
    "a plan of the caseload to look at": (Proposal.id, Proposal.state == ProposalState.READY),
    "a plan of the caseload that was booked": (
        Proposal.id,
        Proposal.state == ProposalState.APPLIED,
    ),
    "what is proposed for a man": (ProposalPart.id, ProposalPart.applied_at.is_(None)),
    "a file looked at and not imported": (ImportRun.id, ImportRun.imported_at.is_(None)),
}
"""What is no value of a kind."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_value_is_shown(shown: Flask, kind: type[StrEnum]) -> None:
    there = {str(value) for value in KINDS[kind]()}
    excused = {each.value for some in NOT_SHOWN.values() for each in some if isinstance(each, kind)}
    assert {value.value for value in kind} - there - excused == set(), "no row shows it"
    assert excused & there == set(), "it is shown, so it needs no excuse"


@pytest.mark.parametrize("what", ROWS)
def test_every_thing_is_shown(shown: Flask, what: str) -> None:
    column, where = ROWS[what]
    assert db.session.scalar(select(func.count(column)).where(where))


def test_a_request_that_nobody_at_probation_can_read(shown: Flask) -> None:
    requested = {row.case_id for row in db.session.scalars(select(ReportRequest))}
    standing = [current_request(case_id) for case_id in sorted(requested)]
    assert any(request is not None and nobody_reads(request) for request in standing)


def test_referrals_came_by_every_channel(shown: Flask) -> None:
    assert values(Referral.channel) == {"form", "csv", "api"}


def test_of_every_kind_of_task_one_is_still_to_do(shown: Flask) -> None:
    assert (
        STILL_TO_DO - {TaskKind(k) for k in values(Task.kind, Task.state == TaskState.OPEN)}
        == set()
    )
