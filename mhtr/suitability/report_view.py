"""A report laid out for reading: the same headings and words for the page and for the PDF."""

from collections.abc import Mapping
from dataclasses import dataclass

from mhtr.cases.facts import Recommendation
from mhtr.cases.wording import day_words
from mhtr.suitability.his_answer import about_addendum, about_report, not_heard, said_by_him
from mhtr.suitability.meetings import meetings_of
from mhtr.suitability.pronouns import Pronoun, worded
from mhtr.suitability.report_content import (
    ConditionAnswer,
    ReportContent,
    ReportKind,
)
from mhtr.suitability.sections import PATHWAY_WORDS, Pathway
from mhtr.suitability.told_words import told_words

DRAFT_WORDS = "DRAFT – not countersigned"

RECOMMENDATION_WORDS: Mapping[Recommendation, str] = {
    Recommendation.SUITABLE: "Suitable for a mental health treatment requirement",
    Recommendation.SUITABLE_NOT_READY: "Suitable, but not ready yet",
    Recommendation.UNSUITABLE: "Not suitable for this service's requirement",
    Recommendation.DECLINED: "{He} declined the requirement",
}
ANSWER_WORDS: Mapping[ConditionAnswer, str] = {
    ConditionAnswer.MET: "Met",
    ConditionAnswer.NOT_MET: "Not met",
    ConditionAnswer.UNCLEAR: "Not clear yet",
}
LIMITS = (
    "This report answers the three conditions of the law for this requirement. It is not a "
    "psychiatric report, makes no diagnosis, and gives no opinion on the offence or on the risk "
    "of reoffending.",
    "It rests on the assessment named above and on what the referrer and probation supplied. "
    "The clinical record is confidential and is not part of it. The sentence is for the court.",
)
NEXT_IF_PROPOSED = (
    "If the court makes the requirement, probation tells the service, which offers {him} a first "
    "appointment and tells the responsible officer who will see {him}.",
    "During the requirement the responsible officer learns of attendance, absence and completion. "
    "What {he} say{s} in treatment stays confidential, unless somebody's safety is at risk.",
)
NEXT_OTHERWISE = (
    "The service does not propose a requirement now. Where {he} wish{es} it, the service helps "
    "{him} to reach other support.",
)
HANDLING = "Confidential: for the court, for probation and for the person it is about."


@dataclass(frozen=True)
class Condition:
    title: str
    question: str
    """The law's statement where it is met. Otherwise the question: it states nothing as a fact."""
    answer: ConditionAnswer
    answer_words: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Passage:
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Signature:
    role: str
    name: str
    detail: str
    on: str


@dataclass(frozen=True)
class ReportView:
    """Everything a reader sees, in reading order. `draft` is empty for a signed report."""

    title: str
    document_title: str
    draft: str
    mark: str
    """That the report may no longer stand, at the moment at which it is looked at."""
    notice: str
    """What every reader must know first: that he has not heard it; otherwise empty."""
    service: str
    reference: str
    handling: str
    facts: tuple[tuple[str, str], ...]
    addendum: Passage | None
    said_of_addendum: tuple[str, ...]
    """What he says of the addendum, beside what he says of the report; empty for a report."""
    recommendation: str
    recommendation_paragraphs: tuple[str, ...]
    conditions: tuple[Condition, ...]
    proposal: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]
    signatures: tuple[Signature, ...]


def recommendation_words(recommendation: Recommendation, pronoun: Pronoun = Pronoun.HE) -> str:
    """A recommendation in words."""
    return worded(RECOMMENDATION_WORDS[recommendation], pronoun)


def _said(text: str, content: ReportContent) -> str:
    return worded(text, content.pronoun)


def paragraphs(text: str | None) -> tuple[str, ...]:
    """A wording as paragraphs: each line that holds anything."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def treatment_words(pathways: tuple[Pathway, ...]) -> str:
    """`trauma-informed therapy, then cognitive behavioural therapy (CBT)`."""
    return ", then ".join(PATHWAY_WORDS[pathway] for pathway in pathways)


def months_words(months: int) -> str:
    return f"{months} month{'' if months == 1 else 's'}"


def report_view(content: ReportContent, mark: str = "") -> ReportView:
    """Lay a report out for reading; with its mark (`reliance`) where it may no longer stand."""
    addendum = content.kind is ReportKind.ADDENDUM
    title = "Addendum to the suitability report" if addendum else "Suitability report"
    return ReportView(
        title=title,
        document_title=f"{title} {content.reference}: mental health treatment requirement",
        draft=DRAFT_WORDS if content.is_draft else "",
        mark=mark,
        notice=not_heard(content),
        service=content.service_name,
        reference=content.reference,
        handling=HANDLING,
        facts=_facts(content),
        addendum=_addendum(content),
        said_of_addendum=_said_of_addendum(content),
        recommendation=recommendation_words(content.recommendation, content.pronoun),
        recommendation_paragraphs=_recommendation(content),
        conditions=_conditions(content),
        proposal=_proposal(content),
        passages=_passages(content),
        signatures=_signatures(content),
    )


def _addendum(content: ReportContent) -> Passage | None:
    if content.kind is not ReportKind.ADDENDUM:
        return None
    heading = f"What this adds to report {content.addendum_to}"
    return Passage(heading, (*(content.corrected or ()), *paragraphs(content.addendum_wording)))


def _said_of_addendum(content: ReportContent) -> tuple[str, ...]:
    return (*about_addendum(content), *paragraphs(said_by_him(content).addendum_words))


def _facts(content: ReportContent) -> tuple[tuple[str, str], ...]:
    how = meetings_of(content)
    if content.interpreter_language:
        how += f", with an interpreter ({content.interpreter_language})"
    born = content.person_born_on
    rows = (
        ("Name", content.person_name),
        ("Date of birth", day_words(born) if born else "Not recorded"),
        ("CRN", content.crn or "Not recorded"),
        ("Court", content.court_name),
        ("Hearing", day_words(content.hearing_on) if content.hearing_on else "Date not known"),
        ("Requested by", content.requested_by),
        ("Requested on", day_words(content.requested_on) if content.requested_on else "Not yet"),
        ("Assessed", how[0].upper() + how[1:]),
    )
    return rows


def _recommendation(content: ReportContent) -> tuple[str, ...]:
    found = paragraphs(content.recommendation_wording)
    ready = paragraphs(content.when_ready)
    if content.recommendation is Recommendation.SUITABLE_NOT_READY and ready:
        return (*found, _said("When {he} would be ready: ", content) + ready[0], *ready[1:])
    return found


_STATED: Mapping[str, tuple[str, str]] = {
    "Need": (
        "{His} condition requires and may respond to treatment, and does not call for a hospital "
        "or guardianship order.",
        "Does {his} condition require treatment, may it respond to treatment, and is no hospital "
        "or guardianship order called for?",
    ),
    "Arrangements": (
        "Treatment has been or can be arranged.",
        "Has treatment been arranged, or can it be arranged?",
    ),
    "Willingness": (
        "{He} {is} willing to comply with the requirement.",
        "{Is} {he} willing to comply with the requirement?",
    ),
}
"""What may be said of each condition: only where it is met, and otherwise."""


def _conditions(content: ReportContent) -> tuple[Condition, ...]:
    answers = (content.need, content.arrangements, content.willingness)
    return tuple(
        Condition(
            title,
            _said(met if said.answer is ConditionAnswer.MET else question, content),
            said.answer,
            ANSWER_WORDS[said.answer],
            paragraphs(said.wording),
        )
        for (title, (met, question)), said in zip(_STATED.items(), answers, strict=True)
    )


def _proposal(content: ReportContent) -> tuple[tuple[str, str], ...]:
    rows: list[tuple[str, str]] = []
    if content.pathways:
        treatment = treatment_words(content.pathways)
        rows.append(("Kind of treatment", treatment[0].upper() + treatment[1:]))
    if content.sessions:
        rows.append(("Sessions", str(content.sessions)))
    if content.requirement_months:
        rows.append(("Length of the requirement", months_words(content.requirement_months)))
    if content.institution:
        rows.append(("Institution the order would name", content.institution))
    if content.directing_psychologist:
        name, number = content.directing_psychologist, content.directing_hcpc
        if number:
            rows.append(("Registered psychologist directing", f"{name} (HCPC {number})"))
        else:
            rows.append(("Psychologist directing", name))
    return tuple(rows)


def _passages(content: ReportContent) -> tuple[Passage, ...]:
    found: list[Passage] = []
    if content.practical_arrangements:
        found.append(Passage("Practical arrangements", paragraphs(content.practical_arrangements)))
    of_report = (*about_report(content), *paragraphs(said_by_him(content).report_words))
    said = (*of_report, *_said_of_addendum(content))
    found.append(Passage(_said("What {he} say{s} about this report", content), said))
    consent: tuple[str, ...] = ()
    if content.consent_given_on is not None:
        version = f" (version {content.consent_version})" if content.consent_version else ""
        consent = (
            _said("{He} consented to it on ", content)
            + f"{day_words(content.consent_given_on)}{version}.",
        )
    found.append(
        Passage(
            _said("What {he} {was} told", content), (_said(told_words(content), content), *consent)
        )
    )
    following = NEXT_IF_PROPOSED if content.pathways else NEXT_OTHERWISE
    found.append(Passage("What this report does and does not say", LIMITS))
    found.append(Passage("What happens next", tuple(_said(text, content) for text in following)))
    return tuple(found)


def _signatures(content: ReportContent) -> tuple[Signature, ...]:
    written_on = day_words(content.written_on)
    title = content.author_title
    if content.begun_by:
        title += f", who took over and looked through what {content.begun_by} had begun"
    author = Signature("Written by", content.author_name, title, written_on)
    if content.countersigned_by is None or content.countersigned_on is None:
        return (author, Signature("Countersigned by", "Nobody yet", "this is a draft", ""))
    detail = f"HCPC practitioner psychologist {content.countersigner_hcpc}"
    signed_on = day_words(content.countersigned_on)
    return (author, Signature("Countersigned by", content.countersigned_by, detail, signed_on))
