"""Where each row of the wall is seen in the program: classes of information, and pages.

`KINDS` are those of `expectations.MAY_READ`; `PAGES` are addresses that show the thing itself, for
the sides that see it there. What no page shows yet stands in `NOT_IN_PROGRAM` with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mhtr.core.access import CLINICAL_ROLES, Role
from mhtr.wall.kinds import Side

ROLES: Mapping[Side, frozenset[Role]] = {
    Side.OFFICER: frozenset({Role.PROBATION}),
    Side.SENIOR: frozenset({Role.SENIOR_PROBATION}),
    Side.COURT_TEAM: frozenset({Role.COURT_PROBATION}),
    Side.CLINICIANS: CLINICAL_ROLES,
    Side.ADMINISTRATORS: frozenset({Role.ADMINISTRATOR}),
    Side.LINK_WORKERS: frozenset({Role.LINK_WORKER}),
    Side.REFERRERS: frozenset({Role.LD_PRACTITIONER}),
}
"""The court, his GP and he himself do not sign in."""

OVERSEES = frozenset(
    {Role.SERVICE_MANAGER, Role.COMMISSIONER, Role.SYSTEM_ADMINISTRATOR, Role.PRIVACY_OFFICER}
)
"""No side of the wall: nothing of a named man, but for what the privacy officer answers for."""


@dataclass(frozen=True)
class Evidence:
    """How a row is seen: by classes that the matrix plants, and by pages of its own."""

    kinds: frozenset[str] = frozenset()
    pages: frozenset[str] = field(default_factory=frozenset)


def _kinds(*kinds: str) -> Evidence:
    return Evidence(frozenset(kinds))


def _pages(*pages: str) -> Evidence:
    return Evidence(pages=frozenset(pages))


EVIDENCE: Mapping[str, Evidence] = {
    "next_session": _pages("probation.people", "sessions.case_sessions"),
    "attendance": _pages("register.attendance_told", "register.case_attendance"),
    "adjustments": _pages("probation.standing", "sessions.limits"),
    "attendance_codes": _pages("register.attendance_told", "register.case_attendance"),
    "how_told": _kinds("session_notices.note"),
    "attempts": _pages("register.attendance_told", "register.case_attendance"),
    "described": _kinds("attendance.described"),
    "reason_kind": _pages("register.attendance_told", "register.case_attendance"),
    "progress": _pages(
        "ending.treatment_end", "probation.people", "probation.treatment_end", "sessions.course"
    ),
    "away": _pages("orders.away"),
    "reason_for_probation": _kinds("absence_explanations.for_probation"),
    "evidence_seen": _pages("probation.explanation", "compliance.explanation"),
    "treatment_report": _pages("ending.report_version", "ending.report_pdf"),
    "review": Evidence(
        frozenset({"review_meetings.place"}),
        frozenset({"reviews.case_reviews", "reviews.review", "reviews.told"}),
    ),
    "review_shared": _pages("reviews.review", "reviews.told"),
    "review_point": _kinds("review_items.words"),
    "to_gp": _pages("discharge.letter_version", "discharge.letter_pdf"),
    "later_plan": Evidence(
        frozenset({"later_plans.dissent", "later_plans.words"}),
        frozenset({"discharge.plan_version", "discharge.plan_pdf"}),
    ),
    "letter_draft": _kinds(
        "case_letters.parts",
        "case_letters.why_again",
        "letter_copies.exception_why",
        "letter_copies.gp_name",
    ),
    "review_said": _kinds("review_items.officer_words"),
    "report": _kinds("released wording", "assessments.his_words"),
    "consent": Evidence(frozenset({"consent scope"}), frozenset({"suitability.report"})),
    "session_note": _kinds(
        "session_note_addenda.text",
        "session_note_versions.parts",
        "session_notes.parts",
        "session_notes.returned_words",
    ),
    "scores": _kinds(
        "answer_corrections.reason",
        "measure_changes.reason",
        "measure_flags.response",
        "measure_flags.said",
        "measure_goals.words",
    ),
    "risk_answer": _kinds(
        "referrals.safety_handover",
        "tasks.outcome",
        "tasks.plan",
        "urgent_handovers.received_by",
        "urgent_handovers.said",
    ),
    "reason_detail": _kinds("absence_explanations.for_clinicians", "attendance.reason_detail"),
    "safeguarding": Evidence(
        frozenset(
            {
                "safeguarding_steps.words",
                "safeguarding_versions.about",
                "safeguarding_versions.concern",
                "safeguarding_versions.done",
                "safeguarding_versions.not_told_why",
                "safeguarding_versions.override_why",
                "safeguarding_versions.sent_how",
                "safeguarding_versions.why",
            }
        ),
        frozenset({"safeguarding.referral", "safeguarding.referral_pdf"}),
    ),
    "incident": Evidence(
        frozenset(
            {
                "incident_steps.words",
                "incident_versions.candour_words",
                "incident_versions.done",
                "incident_versions.harm_words",
                "incident_versions.place",
                "incident_versions.reported",
                "incident_versions.what",
                "incident_versions.why",
            }
        ),
        frozenset({"safeguarding.incident", "safeguarding.incidents_to_review"}),
    ),
    "concern": _kinds("attendance.concern"),
    "further_why": _kinds("further_treatment.why"),
    "report_draft": _kinds(
        "treatment_report_versions.looked_at",
        "treatment_reports.facts",
        "treatment_reports.opinion",
        "treatment_reports.proposed",
        "treatment_reports.why_again",
        "treatment_reports.willing_said",
    ),
    "assessment": _kinds(
        "assessment_sections.answers",
        "countersign_decisions.comments",
        "release_warnings_seen.words",
        "report_readings.words",
        "section_revisions.answers",
    ),
    "therapist_change": _kinds(
        "course_changes.before",
        "course_changes.reason",
        "therapist_answers.words",
        "therapist_changes.closed_words",
        "therapist_changes.words",
    ),
    "place_barred": _kinds("places_barred.reason"),
    "warning_reason": _kinds("flags.reason"),
    "court_note": _kinds("court_outcomes.note"),
    "attempt_notes": _kinds("contact_attempts.note"),
    "why_moved": _kinds(
        "proposal_parts.refused", "session_places.reason", "treatment_sessions.reason"
    ),
    "put_right": _kinds("attendance.why_changed"),
    "induction": _kinds("how_he_can_come.travel", "induction_steps.note"),
    "course_content": _kinds("course_sessions.purpose"),
    "address": _kinds("address"),
    "contact": _kinds("email", "gp", "people.contact_note", "people.contact_phrase", "phone"),
    "needs": _kinds("people.needs_note"),
    "link_work": _kinds("onward_events.note", "onward_referrals.service_name"),
    "warnings": _kinds("flag fact", "flags.other_name"),
    "names": _kinds("known as", "nhs"),
    "identity": _kinds(
        "another man",
        "identity_answers.reason",
        "identity_answers.taken_back_reason",
        "identity_proposals.reason",
        "identity_questions.reasons",
        "person_changes.before",
        "person_changes.reason",
    ),
    "readers": _kinds(
        "access_exclusions.because", "break_glass.reason", "case_restrictions.reason"
    ),
    "who_he_is": _kinds("crn", "name"),
    "order": Evidence(
        frozenset(
            {
                "order_requirements.amount",
                "order_requirements.override_reason",
                "order_terms.override_reason",
            }
        ),
        frozenset({"orders.case_orders"}),
    ),
    "officer": _kinds(
        "probation_contacts.email", "probation_contacts.name", "probation_contacts.phone"
    ),
    "request": _kinds("report_requests.details"),
    "referral": _kinds(
        "referral_amendments.before",
        "referral_amendments.reason",
        "referrals.answers",
        "triage_decisions.words",
    ),
    "standing": _pages("probation.standing", "compliance.standing"),
    "warning_issued": _pages("probation.standing", "compliance.standing"),
    "at_court": _pages("probation.standing", "compliance.standing"),
    "decision": _kinds(
        "absence_decisions.notice_why", "absence_decisions.why", "probation_contacts.why"
    ),
    "keyed": _kinds("keyed_entries.taken_back_why", "keyed_entries.text"),
    "told_fact": _kinds("probation_word_steps.back_why", "probation_words.fact"),
    "risk_told": _kinds("risk_statement_steps.words", "risk_statements.words"),
    "risk_told_why": _kinds("risk_statements.not_told_why", "risk_statements.why"),
    "told_why": _kinds("probation_words.why"),
    "told_nothing": _kinds("probation_word_steps.words"),
    "other_warnings": _kinds("breach_warnings.requirement", "breach_warnings.withdrawn_why"),
    "breach_papers": Evidence(
        frozenset({"compliance_releases.why", "referral_papers.why"}),
        frozenset({"probation.enforcement"}),
    ),
}

NOT_IN_PROGRAM: Mapping[str, str] = {
    "more_for_probation": "what may be told stands under Consent in his words, which probation "
    "does not read; nothing carries it across but a point of a review or a person who tells it",
    "care_plan": "the program has no care plan yet",
}
"""Rows that nothing in the program shows to the side they name. Each tells the truth today."""
