"""Rows of the wall for what stays with the service, or moves inside it."""

from mhtr.wall.kinds import Basis, Default, Holder, Item, Seen, Sees

YES, PART = Sees.YES, Sees.PART
_CARE = "His care."
_OWN = "The service's own record: nobody outside needs it to supervise the order."
_CARED = Seen(clinicians=YES)
_BOOKED = Seen(clinicians=YES, administrators=YES)
_HELPED = Seen(clinicians=YES, administrators=YES, link_workers=YES)


def _stays(
    key: str, name: str, seen: Seen, purpose: str = _CARE, rests_on: str = _OWN, told: str = ""
) -> Item:
    return Item(
        key=key,
        name=name,
        holder=Holder.SERVICE,
        seen=seen,
        purpose=purpose,
        basis=Basis.OWN,
        default=Default.STAYS,
        rests_on=rests_on,
        told=told,
    )


STAYS = (
    _stays(
        "session_note",
        "Session notes",
        _CARED,
        told="what you talk about, and the notes of it",
    ),
    _stays(
        "scores",
        "Questionnaires, scores, goals and flags",
        _CARED,
        told="your answers to our questions, and your scores",
    ),
    _stays(
        "risk_answer",
        "What he says of risk, and what was done about it",
        _CARED,
        told="what you say about harm to yourself, unless part 3 holds",
    ),
    _stays(
        "reason_detail",
        "Detail of his reason for a missed session",
        _CARED,
        told="the rest of why you missed a session",
    ),
    _stays("report_draft", "Drafts of a report on treatment, and what was checked in them", _CARED),
    _stays("further_why", "Why he requires more treatment after his planned sessions", _CARED),
    _stays(
        "safeguarding",
        "Safeguarding referral: who is at risk, the concern, what was done, and what came of it",
        _CARED,
        "So that an adult or a child at risk is protected.",
        "It goes to the local authority named in it alone, on paper, with agreement or for a "
        "reason that is on record. Nobody else outside reads it here.",
    ),
    _stays(
        "incident",
        "Incident record: what happened, who was harmed, what was done and learned",
        _CARED,
        "So that it is put right, he is told of it, and it does not happen again.",
    ),
    _stays("concern", "What worries a clinician about him", _CARED),
    _stays("assessment", "Assessment, its drafts and the lead's comments", _CARED),
    _stays("therapist_change", "Why his course or his therapist was changed", _CARED),
    _stays("place_barred", "Why a place is barred to him", _CARED),
    _stays("warning_reason", "Why there is a warning about him", _CARED),
    _stays("court_note", "A clinician's note on the court's result", _CARED),
    _stays(
        "review_point",
        "Points for a review that are not shared, and why he did not sign its sheet",
        Seen(clinicians=YES, man=YES),
        told="points for a review that you or we do not want to share",
    ),
    _stays(
        "care_plan",
        "Care plan, and what he wants to change",
        Seen(clinicians=YES, man=YES),
        "Written with him; what is shared of it, he and his therapist choose.",
        told="your plan",
    ),
    _stays(
        "later_plan",
        "His plan for later: signs, what helps, whom he calls, what comes next",
        Seen(clinicians=YES, man=YES),
        "Written with him, in his words; it is his, and he gives it to whom he wants.",
    ),
    _stays(
        "letter_draft",
        "Drafts of letters, and why his GP was told of a risk without his agreement",
        _CARED,
    ),
    _stays(
        "attempt_notes",
        "What was said when the service tried to reach him",
        _BOOKED,
        told="what you say when we ring you",
    ),
    _stays("why_moved", "Why a session was moved or could not be booked", _BOOKED),
    _stays("put_right", "Why a record of attendance was put right", _BOOKED),
    _stays("induction", "What was arranged for his sessions: how and when he can come", _BOOKED),
    _stays("course_content", "What each session of his course is for", _BOOKED),
    _stays(
        "address",
        "His address",
        _BOOKED,
        "Letters. Probation has its own record of it.",
        told="where you live, and how to reach you",
    ),
    _stays("contact", "How he may be reached, and his GP practice", _HELPED),
    _stays(
        "risk_told_why",
        "Why a risk was told to probation without his agreement, and why he was not told of it",
        _CARED,
        "So that whoever approved it, and he himself, can see why.",
    ),
    _stays("needs", "Communication and access needs", _HELPED),
    _stays(
        "link_work",
        "What he wants a link worker's help with",
        _HELPED,
        "Practical support, if he agrees to a link worker.",
        "His consent to working with a link worker; it stays inside the service.",
    ),
    _stays(
        "warnings",
        "Warnings: safety of staff, men who must not meet",
        Seen(clinicians=YES, administrators=YES, link_workers=YES, referrers=PART),
        "So that nobody is hurt.",
    ),
    _stays(
        "names",
        "NHS number, other names",
        Seen(clinicians=YES, administrators=YES, link_workers=PART, referrers=YES),
        "To be sure whose record it is. The NHS number is not used outside health.",
    ),
    _stays(
        "identity",
        "What was changed of his record, and whether two records are one man's",
        _HELPED,
        "To be sure whose record it is.",
    ),
    _stays(
        "readers",
        "Why somebody is shut out of a record, or opened it in an emergency",
        Seen(clinicians=PART, man=Sees.ON_REQUEST),
        "So that only who should reads it.",
    ),
)
