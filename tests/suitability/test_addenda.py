"""An addendum: his words, one at a time, taken back before it goes out."""

import pytest

from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability import release_service
from mhtr.suitability.models import Assessment, CountersignRequest
from mhtr.suitability.report_content import HisAnswer
from tests.suitability.journey import People, released, signed


def out(people: People) -> Assessment:
    """A report that has gone out."""
    assessment = signed(people)
    released(assessment, people)
    return assessment


def write(
    people: People,
    assessment: Assessment,
    *,
    answer: HisAnswer = HisAnswer.AGREES,
    words: str = "",
) -> CountersignRequest:
    with writing():
        return release_service.write_addendum(
            assessment=assessment,
            text="The hearing has moved.",
            his_answer=answer,
            his_words=words,
            lead_id=None,
            by=people.assessor.id,
        )


@pytest.mark.parametrize("answer", [HisAnswer.CORRECTIONS, HisAnswer.DISAGREES])
def test_his_corrections_are_stated_as_in_the_report(people: People, answer: HisAnswer) -> None:
    assessment = out(people)
    with pytest.raises(Refused, match="Record his words"):
        write(people, assessment, answer=answer, words="  ")
    row = write(people, assessment, answer=answer, words="He lives in Leeds.")
    assert row.content["his_words"] == "He lives in Leeds."
