"""A report is put before a clinical lead, heard by him, released, and added to."""

from mhtr.demo.acts import wording
from mhtr.demo.acts.assessing import assessment_of
from mhtr.demo.world import Hand
from mhtr.suitability import addendum_service, countersign_service, release_service
from mhtr.suitability.assessment_queries import pending_request
from mhtr.suitability.models import CountersignRequest, Verdict
from mhtr.suitability.release_content import prepare
from mhtr.suitability.release_service import Compiled, Heard
from mhtr.suitability.report_content import NOT_HEARD_BECAUSE, HisAnswer, content_hash
from mhtr.suitability.report_pdf import compile_report
from mhtr.suitability.sections import Section

HOW = (Heard.READ_TO_HIM, Heard.READ, Heard.TELEPHONE, Heard.VIDEO, Heard.INTERPRETER)
"""Turn by turn, so that each is met."""


def put_before_lead(hand: Hand, *, named: bool = False) -> None:
    """Ask for the countersignature, of anybody or of the lead by name."""
    made = assessment_of(hand)
    countersign_service.request_countersign(
        assessment=made,
        lead_id=hand.lead if named else None,
        version=made.version,
        by=hand.assessor,
    )


def _waiting(hand: Hand) -> CountersignRequest:
    found = pending_request(assessment_of(hand).id)
    if found is None:
        raise ValueError("nothing waits for a countersignature")
    return found


def take_back(hand: Hand) -> None:
    """The author takes back what waits, to change it."""
    made = assessment_of(hand)
    countersign_service.withdraw_request(assessment=made, version=made.version, by=hand.assessor)


def sign(hand: Hand) -> None:
    """Countersign what waits."""
    row = _waiting(hand)
    countersign_service.decide(
        request=row,
        verdict=Verdict.COUNTERSIGNED,
        comments={},
        content_hash=row.content_hash,
        by=hand.lead,
    )


def give_back(hand: Hand) -> None:
    """Return what waits with two comments."""
    row = _waiting(hand)
    countersign_service.decide(
        request=row,
        verdict=Verdict.RETURNED,
        comments={
            Section.CONDITIONS: wording.COMMENTS[0],
            Section.PRESENTING_NEED: wording.COMMENTS[1],
        },
        content_hash=row.content_hash,
        by=hand.lead,
    )


def heard(hand: Hand, answer: HisAnswer = HisAnswer.AGREES, words: str = "") -> None:
    """He reads or hears the report."""
    made = assessment_of(hand)
    release_service.record_heard(
        assessment=made,
        how=Heard.NOT_DONE if answer in NOT_HEARD_BECAUSE else HOW[made.id % len(HOW)],
        answer=answer,
        words=words,
        version=made.version,
        by=hand.assessor,
    )


def release(hand: Hand, *, addendum: bool = False) -> None:
    """Release the report, or the addendum."""
    made = assessment_of(hand)
    prepared = prepare(hand.case, made, by=hand.assessor, addendum=addendum)
    if prepared.content is None or prepared.against:
        raise ValueError(f"cannot be released: {prepared.against}")
    release_service.release(
        case_id=hand.case_id,
        assessment=made,
        compiled=Compiled(compile_report(prepared.content), content_hash(prepared.content)),
        by=hand.assessor,
        addendum=addendum,
        looked_at=[warning.key for warning in prepared.warnings],
    )


def add_to(hand: Hand) -> None:
    """Write an addendum and put it before the leads."""
    addendum_service.write_addendum(
        assessment=assessment_of(hand),
        text="He has since registered with a GP and can also come on Fridays.",
        his_answer=HisAnswer.AGREES,
        his_words="",
        lead_id=None,
        by=hand.assessor,
    )
