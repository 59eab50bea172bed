"""Something for every parameter of an address: of the man with most on record first."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import BreakGlass, Organisation, RoleRequest, Staff, Team
from mhtr.cases.models import Case, CaseFact, IdentityAnswer, PersonLink
from mhtr.cases.queries import in_scope
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcing import StepKind
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanations import Side
from mhtr.compliance.models import SessionNotice
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.discharge.models import CaseLetter, LaterPlan, LetterCopy, LetterVersion
from mhtr.ending.report_models import ReportStep, ReportVersion, TreatmentReport
from mhtr.intake.models import CourtCoverage, ImportRun, OnwardReferral, ReferralDraft
from mhtr.orders.models import Order
from mhtr.people.models import Flag, IdentityQuestion, Merge
from mhtr.probation.keyed_models import KeyedEntry
from mhtr.probation.papers.models import ReferralPapers
from mhtr.probation.reports.models import ComplianceRelease
from mhtr.probation.risk_models import RiskStatement
from mhtr.probation.word_models import ProbationWord
from mhtr.reviews.models import Review, ReviewItem
from mhtr.reviews.rules import Party
from mhtr.safeguarding.incident_models import Incident
from mhtr.safeguarding.models import SafeguardingReferral
from mhtr.tasks.models import Task, TaskKind, TaskState
from outcome_measures.models import (
    MeasureContact,
    MeasureFlag,
    MeasureGoal,
    MeasureOccasion,
    OccasionState,
    PastScoreRun,
)
from sessions.availability.models import (
    AgreedAdjustment,
    Clinician,
    DatedHours,
    Room,
    Site,
    WeeklyHours,
)
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.courses.kinds import ReviewPoint
from sessions.courses.models import Course, CourseSession, Pathway
from sessions.planning.models import Proposal
from sessions.therapists.models import TherapistChange

LIVE = sorted(BEFORE_SENTENCE | UNDER_ORDER)
TRIED = 80
"""Records of a kind that are tried until one answers."""
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
OF_A_CASE: Mapping[str, Any] = {
    "contact_ref": MeasureContact,
    "goal_ref": MeasureGoal,
    "measure_flag_ref": MeasureFlag,
    "order_ref": Order,
    "occasion_ref": MeasureOccasion,
}
ALONE: Mapping[str, Any] = {
    "answer_ref": IdentityAnswer,
    "change_ref": TherapistChange,
    "draft_ref": ReferralDraft,
    "file_ref": PastScoreRun,
    "link_ref": PersonLink,
    "merge_ref": Merge,
    "onward_ref": OnwardReferral,
    "pathway_ref": Pathway,
    "place_ref": SessionPlace,
    "proposal_ref": Proposal,
    "site_ref": Site,
    "organisation_ref": Organisation,
    "question_ref": IdentityQuestion,
    "ref": CourtCoverage,
    "role_ref": RoleRequest,
    "run_ref": ImportRun,
    "staff_ref": Staff,
    "team_ref": Team,
    "use_ref": BreakGlass,
}


_BOOKED = (TreatmentSession.state == BookingState.BOOKED, SessionPlace.state == BookingState.BOOKED)
_CLINICIANS = select(Staff.ref).join(Clinician, Clinician.staff_id == Staff.id)
_GROUPS = select(TreatmentSession.ref).where(
    TreatmentSession.in_group, TreatmentSession.state == BookingState.BOOKED
)
TREATMENT: Mapping[str, Any] = {
    "clinician_ref": _CLINICIANS,
    "clinician_ref+hours_ref": select(Staff.ref, WeeklyHours.ref).join(
        WeeklyHours, WeeklyHours.staff_id == Staff.id
    ),
    "clinician_ref+one_off_ref": select(Staff.ref, DatedHours.ref).join(
        DatedHours, DatedHours.staff_id == Staff.id
    ),
    "site_ref+room_ref": select(Site.ref, Room.ref).join(Room, Room.site_id == Site.id),
    "session_ref": _GROUPS.order_by(TreatmentSession.starts_at.desc()),
    "session_ref+place_ref": _GROUPS.add_columns(SessionPlace.ref)
    .join(SessionPlace, SessionPlace.session_id == TreatmentSession.id)
    .where(*_BOOKED)
    .order_by(TreatmentSession.starts_at.desc()),
    "case_ref+session_ref": select(Case.ref, TreatmentSession.ref)
    .join(SessionPlace, SessionPlace.case_id == Case.id)
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .where(*_BOOKED)
    .order_by(TreatmentSession.starts_at.desc()),
    "case_ref+notice_ref": select(Case.ref, SessionNotice.ref)
    .join(SessionNotice, SessionNotice.case_id == Case.id)
    .order_by(SessionNotice.id.desc()),
    "case_ref+place_ref": select(Case.ref, AbsenceDecision.subject)
    .join(AbsenceDecision, AbsenceDecision.case_id == Case.id)
    .where(Case.state.in_(LIVE))
    .order_by(AbsenceDecision.id.desc()),
    "place_ref+explanation_ref": select(AbsenceExplanation.subject, AbsenceExplanation.ref)
    .where(AbsenceExplanation.side == Side.SERVICE)
    .order_by(AbsenceExplanation.id.desc()),
    "case_ref+place_ref+said_ref": select(
        Case.ref, AbsenceExplanation.subject, AbsenceExplanation.ref
    )
    .join(AbsenceExplanation, AbsenceExplanation.case_id == Case.id)
    .where(AbsenceExplanation.side == Side.PROBATION)
    .order_by(AbsenceExplanation.id.desc()),
    "case_ref+warning_ref": select(Case.ref, BreachWarning.ref)
    .join(Order, Order.case_id == Case.id)
    .join(BreachWarning, BreachWarning.order_id == Order.id)
    .order_by(BreachWarning.id.desc()),
    "case_ref+keyed_ref": select(Case.ref, KeyedEntry.ref)
    .join(KeyedEntry, KeyedEntry.case_id == Case.id)
    .order_by(KeyedEntry.id.desc()),
    "case_ref+adjustment_ref": select(Case.ref, AgreedAdjustment.ref)
    .join(AgreedAdjustment, AgreedAdjustment.case_id == Case.id)
    .order_by(AgreedAdjustment.id.desc()),
    "case_ref+risk_ref": select(Case.ref, RiskStatement.ref)
    .join(RiskStatement, RiskStatement.case_id == Case.id)
    .order_by(RiskStatement.id.desc()),
    "case_ref+incident_ref": select(Case.ref, Incident.ref)
    .join(Incident, Incident.case_id == Case.id)
    .order_by(Incident.id.desc()),
    "case_ref+safeguarding_ref": select(Case.ref, SafeguardingReferral.ref)
    .join(SafeguardingReferral, SafeguardingReferral.case_id == Case.id)
    .order_by(SafeguardingReferral.id.desc()),
    "case_ref+word_ref": select(Case.ref, ProbationWord.ref)
    .join(ProbationWord, ProbationWord.case_id == Case.id)
    .order_by(ProbationWord.id.desc()),
    "case_ref+step_ref": select(Case.ref, EnforcementStep.ref)
    .join(Order, Order.case_id == Case.id)
    .join(EnforcementStep, EnforcementStep.order_id == Order.id)
    .order_by(EnforcementStep.id.desc()),
    "referral_ref": select(EnforcementStep.ref)
    .where(EnforcementStep.kind == StepKind.REFERRED)
    .order_by(EnforcementStep.id.desc()),
    "referral_ref+papers_ref": select(EnforcementStep.ref, ReferralPapers.ref)
    .join(ReferralPapers, ReferralPapers.step_id == EnforcementStep.id)
    .order_by(ReferralPapers.id.desc()),
    "compliance_ref": select(ComplianceRelease.ref).order_by(ComplianceRelease.id.desc()),
    "case_ref+written_ref": select(Case.ref, TreatmentReport.ref)
    .join(TreatmentReport, TreatmentReport.case_id == Case.id)
    .order_by(TreatmentReport.drafted_at.is_(None), TreatmentReport.id.desc()),
    "case_ref+issued_ref": select(Case.ref, ReportVersion.ref)
    .join(TreatmentReport, TreatmentReport.case_id == Case.id)
    .join(ReportVersion, ReportVersion.report_id == TreatmentReport.id)
    .order_by(ReportVersion.id.desc()),
    # A sheet to sign is of one that was held; the man with most points has one of each kind.
    "case_ref+plan_ref": select(Case.ref, LaterPlan.ref)
    .join(Case, Case.id == LaterPlan.case_id)
    .order_by(LaterPlan.id),
    "case_ref+letter_ref": select(Case.ref, CaseLetter.ref)
    .join(Case, Case.id == CaseLetter.case_id)
    .where(CaseLetter.drafted_at.is_not(None))
    .order_by(CaseLetter.id),
    "case_ref+signed_ref": select(Case.ref, LetterVersion.ref)
    .join(CaseLetter, CaseLetter.id == LetterVersion.letter_id)
    .join(Case, Case.id == CaseLetter.case_id)
    .order_by(LetterVersion.id.desc()),
    "case_ref+copy_ref": select(Case.ref, LetterCopy.ref)
    .join(LetterVersion, LetterVersion.id == LetterCopy.version_id)
    .join(CaseLetter, CaseLetter.id == LetterVersion.letter_id)
    .join(Case, Case.id == CaseLetter.case_id)
    .where(LetterCopy.taken_back_at.is_(None))
    .order_by(LetterCopy.id),
    "case_ref+review_ref": select(Case.ref, Review.ref)
    .join(Review, Review.case_id == Case.id)
    .join(ReviewItem, ReviewItem.review_id == Review.id)
    .where(Review.point == ReviewPoint.MIDDLE)
    .distinct(),
    "case_ref+review_ref+item_ref": select(Case.ref, Review.ref, ReviewItem.ref)
    .join(Review, Review.case_id == Case.id)
    .join(ReviewItem, ReviewItem.review_id == Review.id)
    .where(ReviewItem.side != Party.OFFICER)
    .order_by(ReviewItem.id.desc()),
    "case_ref+review_ref+told_item_ref": select(Case.ref, Review.ref, ReviewItem.ref)
    .join(Review, Review.case_id == Case.id)
    .join(ReviewItem, ReviewItem.review_id == Review.id)
    .where(ReviewItem.side == Party.OFFICER)
    .order_by(ReviewItem.id.desc()),
    "case_ref+court_step_ref": select(Case.ref, ReportStep.ref)
    .join(TreatmentReport, TreatmentReport.case_id == Case.id)
    .join(ReportStep, ReportStep.report_id == TreatmentReport.id)
    .order_by(ReportStep.id.desc()),
    "case_ref+course_session_ref": select(Case.ref, CourseSession.ref)
    .join(Course, Course.case_id == Case.id)
    .join(CourseSession, CourseSession.course_id == Course.id)
    .where(Course.ended_at.is_(None))
    .order_by(CourseSession.position.desc()),
}
"""Of places, hours, courses and sessions: what is still to come first."""


class Found:
    """What there is for one member of staff; looked for once."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._kept: dict[str, list[dict[str, str]]] = {}

    def addresses(self, name: str) -> Iterator[str]:
        """Addresses of a page by its name, the likeliest to answer first."""
        wanted = PLACE.findall(name)
        every = self._parts("+".join(wanted)) if wanted else [{}]
        for values in every:
            parts = PLACE.split(name)
            yield "".join(values[part] if n % 2 else part for n, part in enumerate(parts))

    def _parts(self, wanted: str) -> list[dict[str, str]]:
        if wanted not in self._kept:
            self._kept[wanted] = [
                dict(zip(wanted.split("+"), map(str, line), strict=True))
                for line in self._lines(wanted)
            ]
        return self._kept[wanted]

    def _lines(self, wanted: str) -> list[Any]:
        if wanted == "case_ref":
            return [(ref,) for ref in self._men.values()]
        case, _, other = wanted.rpartition("+")
        if case == "case_ref" and other in (*OF_A_CASE, "flag_ref"):
            return self._of_men(other)
        if wanted in TREATMENT:
            return self._rows(TREATMENT[wanted])
        if wanted == "task_ref":
            return self._rows(
                select(Task.ref).where(
                    Task.kind == TaskKind.RISK_REVIEW,
                    Task.state == TaskState.OPEN,
                    Task.case_id.in_(self._men),
                )
            )
        if wanted == "day":
            return [(clock.today(),)]
        if wanted == "draft_ref":
            mine = ReferralDraft.author_id == self._viewer.staff_id
            unsent = ReferralDraft.submitted_at.is_(None)
            return self._rows(select(ReferralDraft.ref).where(mine).order_by(unsent.desc()))
        model = ALONE.get(wanted)
        if model is None:
            return []
        return self._rows(select(model.ref).order_by(model.id.desc()))

    def _of_men(self, other: str) -> list[Any]:
        if other == "flag_ref":
            joined = select(Case.ref, Flag.ref).join(Flag, Flag.person_id == Case.person_id)
            return self._rows(joined.where(Case.id.in_(self._men)))
        model = OF_A_CASE[other]
        query = select(Case.ref, model.ref).join(model, model.case_id == Case.id)
        if model is MeasureOccasion:
            # An open one first: its form, its total and its answers are all pages of it.
            query = query.order_by((model.state == OccasionState.OPEN).desc())
        return self._rows(query.where(Case.id.in_(self._men)))

    @cached_property
    def _men(self) -> dict[int, str]:
        """Cases in scope by id: live ones by how much is on record, and one that is long done."""
        told = aliased(CaseFact)
        much = select(func.count(told.id)).where(told.case_id == Case.id).scalar_subquery()
        seen = select(Case.id, Case.ref).where(in_scope(self._viewer, *Purpose))
        live = seen.where(Case.state.in_(LIVE)).order_by(much.desc(), Case.id).limit(TRIED)
        done = seen.order_by(Case.id).limit(1)
        found = [*db.session.execute(live), *db.session.execute(done)]
        if not found:
            # Whoever sees no case as such may have pages about who saw it.
            found = [*db.session.execute(select(Case.id, Case.ref).order_by(Case.id).limit(1))]
        return {case_id: str(ref) for case_id, ref in found}

    def _rows(self, query: Any) -> list[Any]:
        return list(db.session.execute(query.limit(TRIED)))
