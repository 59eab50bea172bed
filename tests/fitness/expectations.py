"""What each role may read of a man, and which pages stand outside the rule. Each with its reason.

A class of information is a column (`flags.reason`) or a group of plain columns (`phone`).
"""

from collections.abc import Mapping

from mhtr.core.access import PROBATION_ROLES, Role

NAME = {"name", "known as"}
CONTACT = {"phone", "email", "gp", "people.contact_note", "people.contact_phrase"}
"""Whoever telephones him must say the phrase he chose, or not speak; the note says when and how.
Clinicians, administrators and link workers telephone him. Probation and L&D read neither."""
WARNINGS = {"flag fact", "flags.other_name"}
"""The name of the other man is the fact of a "must not meet": without it nobody can keep two men
apart in a waiting room, on a visit or in a group. Only those who bring men together read it:
clinicians, administrators who book rooms, link workers who go along. The reason stays with
clinicians; probation and L&D read neither."""
REFERRAL = {
    "referrals.answers",
    "referral_amendments.before",
    "referral_amendments.reason",
    "triage_decisions.words",  # the question put to the referrer
}
HISTORY = {"person_changes.before", "person_changes.reason"}
IDENTITY = {
    "another man",
    "identity_answers.reason",
    "identity_answers.taken_back_reason",
    "identity_proposals.reason",
    "identity_questions.reasons",
}
REPORT = {"assessments.his_words", "released wording"}
"""His own words about the report stand in it; of the assessment, only what is marked for it."""
FOLLOWED = {"onward_events.note", "onward_referrals.service_name"}
"""Written for whoever follows an onward referral: link workers, and administrators where nobody
else does. The form says who reads it and that neither offence nor therapy belongs there."""

ORDERS = {
    "order_requirements.amount",
    "order_requirements.override_reason",
    "order_terms.override_reason",
    "probation_contacts.name",
    "probation_contacts.email",
    "probation_contacts.phone",
}
"""The order with its other requirements, and who supervises him for probation: whoever works under
the order may ask him."""

ATTENDANCE = {
    "attendance.described",
    "session_notices.note",
    "absence_explanations.for_probation",
}
"""Behaviour as a fact that probation must know, how he was told of a session, and what he wants
probation to know of a miss: whoever reads his attendance reads it."""

REVIEWS = {"review_items.officer_words", "review_meetings.place"}
"""Where a review is held, and what probation brings to it: both sides read it. What he or his
therapist brings is planted unshared."""

TOLD = {
    "probation_words.fact",
    "probation_words.why",
    "probation_word_steps.back_why",
    "risk_statements.words",
    "risk_statement_steps.words",
}
"""What probation told the service, and exactly what it was told of risk: whoever supervises him
reads it."""

DECISIONS = {
    "absence_decisions.why",
    "absence_decisions.notice_why",
    "breach_warnings.requirement",  # another requirement of the same order
    "breach_warnings.withdrawn_why",
    "referral_papers.why",
    "compliance_releases.why",
    "probation_contacts.why",
    "keyed_entries.text",
    "keyed_entries.taken_back_why",
}
"""Why probation decided as it did: nobody of the service reads it."""

SAFEGUARDING = {
    "incident_steps.words",
    "incident_versions.candour_words",
    "incident_versions.done",
    "incident_versions.harm_words",
    "incident_versions.place",
    "incident_versions.reported",
    "incident_versions.what",
    "incident_versions.why",
    "safeguarding_steps.words",
    "safeguarding_versions.about",
    "safeguarding_versions.concern",
    "safeguarding_versions.done",
    "safeguarding_versions.not_told_why",
    "safeguarding_versions.override_why",
    "safeguarding_versions.sent_how",
    "safeguarding_versions.why",
}
"""Of incidents and of referrals to a local authority: clinicians alone."""

TREATMENT = {
    "absence_explanations.for_clinicians",
    "absence_explanations.for_probation",
    "attendance.concern",
    "attendance.described",
    "attendance.reason_detail",
    "attendance.why_changed",
    "contact_attempts.note",
    "course_changes.before",
    "course_changes.reason",
    "further_treatment.why",
    "course_sessions.purpose",
    "how_he_can_come.travel",
    "case_letters.parts",
    "case_letters.why_again",
    "later_plans.dissent",
    "later_plans.words",
    "letter_copies.exception_why",
    "letter_copies.gp_name",
    "places_barred.reason",
    "probation_word_steps.back_why",
    "probation_word_steps.words",
    "probation_words.fact",
    "probation_words.why",
    "risk_statement_steps.words",
    "risk_statements.not_told_why",
    "risk_statements.why",
    "risk_statements.words",
    "review_items.officer_words",
    "review_items.words",
    "review_meetings.place",
    "proposal_parts.refused",
    "session_note_addenda.text",
    "session_note_versions.parts",
    "session_notes.parts",
    "session_notes.returned_words",
    "session_notices.note",
    "session_places.reason",
    "therapist_answers.words",
    "therapist_changes.closed_words",
    "therapist_changes.words",
    "treatment_report_versions.looked_at",
    "treatment_reports.facts",
    "treatment_reports.opinion",
    "treatment_reports.proposed",
    "treatment_reports.why_again",
    "treatment_reports.willing_said",
    "treatment_sessions.reason",
}
"""Of his course and sessions. Administrators book and record what happened; they read why a session
was moved and how he was reached, nothing of therapy, of what worries, or why a place is barred."""

_CLINICAL = {
    *ORDERS,
    *SAFEGUARDING,
    *TREATMENT,
    "induction_steps.note",
    *NAME,
    *CONTACT,
    *WARNINGS,
    *REFERRAL,
    *HISTORY,
    *REPORT,
    *FOLLOWED,
    "nhs",
    "crn",
    "address",
    "another man",
    "assessment_sections.answers",
    "consent scope",
    "countersign_decisions.comments",
    "court_outcomes.note",
    "flags.reason",
    "people.needs_note",
    "referrals.safety_handover",
    "release_warnings_seen.words",  # prompts he answered before a release: names from his warnings
    "report_requests.details",
    "report_readings.words",
    "section_revisions.answers",
    "tasks.outcome",
    "tasks.plan",
    "urgent_handovers.received_by",
    "urgent_handovers.said",
    "answer_corrections.reason",
    "measure_goals.words",
    "measure_flags.response",
    "measure_flags.said",
    "measure_changes.reason",
}
_PROBATION = {"name", "crn", *REPORT, "report_requests.details"}
"""Her own request and the released report. Nothing of the referral; of the court's result, what is
structured and what probation itself noted, never a clinician's note."""

MAY_READ: Mapping[Role, frozenset[str]] = {
    Role.ASSESSOR: frozenset(_CLINICAL),
    Role.DUTY_CLINICIAN: frozenset(_CLINICAL),
    Role.CLINICAL_LEAD: frozenset(
        _CLINICAL
        | IDENTITY
        | {"access_exclusions.because", "case_restrictions.reason"}  # he decides them
    ),
    Role.LD_PRACTITIONER: frozenset({*NAME, "nhs", "flag fact", *REFERRAL}),
    Role.ADMINISTRATOR: frozenset(
        {
            *NAME,
            *CONTACT,
            *WARNINGS,
            *HISTORY,
            *IDENTITY,
            *FOLLOWED,
            *ORDERS,
            "induction_steps.note",  # of how he is reached and when he can come, never of risk
            "attendance.described",
            "attendance.why_changed",
            "contact_attempts.note",
            "probation_word_steps.back_why",
            "probation_word_steps.words",  # of what is theirs to see to
            "probation_words.fact",
            "proposal_parts.refused",
            "absence_explanations.for_probation",
            "session_notices.note",
            "session_places.reason",
            "treatment_sessions.reason",
            "course_sessions.purpose",
            "how_he_can_come.travel",
            "nhs",
            "crn",
            "address",
            "people.needs_note",
            "consent scope",
            "triage_decisions.words",
        }
    ),
    Role.LINK_WORKER: frozenset(
        {*NAME, *CONTACT, *WARNINGS, *HISTORY, *FOLLOWED, "people.needs_note"}
    ),
    **dict.fromkeys(PROBATION_ROLES, frozenset(_PROBATION)),
    **dict.fromkeys(
        (Role.PROBATION, Role.SENIOR_PROBATION),
        frozenset(_PROBATION | ORDERS | ATTENDANCE | DECISIONS | TOLD | REVIEWS),
    ),
    Role.SERVICE_MANAGER: frozenset(),
    Role.COMMISSIONER: frozenset(),
    Role.SYSTEM_ADMINISTRATOR: frozenset(),
    Role.PRIVACY_OFFICER: frozenset(
        {"break_glass.reason", "access_exclusions.because", "case_restrictions.reason"}
    ),
}
"""Whatever is not named is forbidden, so a new column is forbidden to everybody at first."""

SENDER = frozenset({"name", "crn", *REFERRAL})
"""Probation of what it referred itself: what it sent and what it was asked; no report."""

FILE = frozenset(
    {
        "import_runs.content",
        "import_runs.result",
        "past_score_runs.content",
        "past_score_runs.result",
    }
)
"""The rows of a file, to the organisation or the clinical lead that sent it, on its pages."""

NOT_BY_GRANT: Mapping[str, str] = {
    "audit.readers": "the privacy officer answers for every record, and sees no word of it",
    "break_glass.review": "the privacy officer reviews every use",
    "case_access.readers": "the privacy officer oversees access to every record",
    "case_access.exclude": "the privacy officer oversees access to every record",
    "case_access.restrict": "the privacy officer oversees access to every record",
    "case_access.lift": "the privacy officer oversees access to every record",
}
"""Addresses that answer the privacy officer whatever the grants say."""

_ALL = frozenset(Role)
NOT_THERE: Mapping[str, tuple[frozenset[Role], str]] = {
    "intake.sent": (_ALL, "the draft has not been sent"),
    "intake.same_man": (_ALL, "the draft has nothing in common with a record"),
    "intake.end_coverage": (_ALL, "no reference of a covered court is made"),
    "intake.referral": (PROBATION_ROLES, "probation reads what it referred itself"),
    "intake.amend": (
        PROBATION_ROLES | {Role.ADMINISTRATOR},
        "health is not for administrators; probation amends what it referred itself",
    ),
    "suitability.measure_correct": (_ALL, "this instrument was not asked in the assessment"),
    "measures.form_put_back": (_ALL, "this form was not taken back"),
    "measures.contact_put_back": (_ALL, "this contact was not taken back"),
    "measures.form_take_back": (_ALL - {Role.CLINICAL_LEAD}, "somebody else entered this form"),
    "measures.contact_take_back": (
        _ALL - {Role.CLINICAL_LEAD},
        "somebody else recorded this contact",
    ),
    "measures.form_total_correct": (_ALL, "no total was typed in for this form"),
    "sessions.group": (_ALL, "his session is for him alone"),
    "sessions.group_cancel": (_ALL, "his session is for him alone"),
    "sessions.group_leave": (_ALL, "his session is for him alone"),
    "sessions.group_find": (_ALL, "his session is for him alone"),
    "sessions.group_move": (_ALL, "his session is for him alone"),
    "sessions.course_reopen": (_ALL, "his course is open"),
    "suitability.request_part": (
        frozenset({Role.PROBATION, Role.SENIOR_PROBATION}),
        "the team that asked says which prosecution it asked about",
    ),
    "overview.worklist": (_ALL, "each list is for the roles that work through it"),
    "overview.case_page": (
        frozenset(
            {
                Role.SERVICE_MANAGER,
                Role.COMMISSIONER,
                Role.PRIVACY_OFFICER,
                Role.SYSTEM_ADMINISTRATOR,
            }
        ),
        "no purpose, no case",
    ),
    "people.merge_linked": (_ALL, "another trust has one of the two linked records"),
    "people.section": (
        frozenset({Role.ADMINISTRATOR, Role.LINK_WORKER}),
        "link workers may not change how he is reached, administrators not who he is",
    ),
}
"""Addresses that may refuse even the holder of a grant, whom, and why. Nobody else is refused."""
