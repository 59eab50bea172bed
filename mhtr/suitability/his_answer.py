"""What he says of a report and of an addendum to it, in words for the page, the file and the PSR.

The two never stand for each other: who agrees with an addendum has not agreed with the report,
and who could not be reached for an addendum may well have heard the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mhtr.cases.wording import day_words
from mhtr.suitability.pronouns import Pronoun, worded
from mhtr.suitability.report_content import (
    NOT_HEARD_BECAUSE,
    HisAnswer,
    ReportContent,
    ReportKind,
)
from mhtr.suitability.said_earlier import split

HIS_ANSWER_WORDS: Mapping[HisAnswer, str] = {
    HisAnswer.AGREES: "{He} read or heard this report and agree{s} with it.",
    HisAnswer.CORRECTIONS: "{He} read or heard this report and asked for these corrections.",
    HisAnswer.DISAGREES: "{He} read or heard this report and disagree{s} with it.",
    HisAnswer.WOULD_NOT_HEAR: "{He} did not want to read or hear this report before release.",
    HisAnswer.NOT_REACHED: "{He} could not be reached to read or hear this report before release.",
    HisAnswer.TOO_UNWELL: "{He} {was} too unwell to read or hear this report before release.",
    HisAnswer.NO_INTERPRETER: (
        "No interpreter could be found to read this report to {him} before release."
    ),
    HisAnswer.COULD_NOT_BE_READ: "It was not possible to read this report to {him} before release.",
    HisAnswer.NOT_YET: "{He} {has} not read or heard this report yet.",
}
_OF_AN_ADDENDUM: Mapping[HisAnswer, str] = {
    HisAnswer.AGREES: "{he} read or heard it and agree{s} with it.",
    HisAnswer.CORRECTIONS: "{he} read or heard it and asked for these corrections.",
    HisAnswer.DISAGREES: "{he} read or heard it and disagree{s} with it.",
    HisAnswer.WOULD_NOT_HEAR: "{he} did not want to read or hear it before release.",
    HisAnswer.NOT_REACHED: "{he} could not be reached to read or hear it before release.",
    HisAnswer.TOO_UNWELL: "{he} {was} too unwell to read or hear it before release.",
    HisAnswer.NO_INTERPRETER: ("no interpreter could be found to read it to {him} before release."),
    HisAnswer.COULD_NOT_BE_READ: "it was not possible to read it to {him} before release.",
    HisAnswer.NOT_YET: "{he} {has} not read or heard it yet.",
}
_REPORT_QUOTED = {
    **HIS_ANSWER_WORDS,
    HisAnswer.CORRECTIONS: (
        "{He} read or heard this report and asked for corrections, which the report states."
    ),
}
_ADDENDUM_QUOTED = {
    **_OF_AN_ADDENDUM,
    HisAnswer.CORRECTIONS: "{he} read or heard it and asked for corrections, which it states.",
}
"""Quoted elsewhere, where his corrections themselves do not stand beside it."""
SAID_EARLIER = "The report states what {he} said when it was read or heard earlier."
_NOT_HEARD = NOT_HEARD_BECAUSE | {HisAnswer.COULD_NOT_BE_READ}


@dataclass(frozen=True)
class SaidByHim:
    """His answer to the report and to the addendum; None where the document holds none."""

    report: HisAnswer | None
    report_words: str | None
    addendum: HisAnswer | None
    addendum_words: str | None


def said_by_him(content: ReportContent) -> SaidByHim:
    """His answers. An addendum from before both were kept holds only the one to itself."""
    if content.kind is ReportKind.ADDENDUM and content.addendum_answer is None:
        return SaidByHim(None, None, content.his_answer, content.his_words)
    return SaidByHim(
        content.his_answer, content.his_words, content.addendum_answer, content.addendum_words
    )


def about_report(content: ReportContent) -> tuple[str, ...]:
    """What he says of the report, as one line; nothing where the document does not hold it."""
    said = said_by_him(content).report
    return () if said is None else (worded(HIS_ANSWER_WORDS[said], content.pronoun),)


def addendum_answer_words(answer: HisAnswer, pronoun: Pronoun = Pronoun.HE) -> str:
    """What he says of an addendum, as a sentence of its own."""
    words = worded(_OF_AN_ADDENDUM[answer], pronoun)
    return words[0].upper() + words[1:]


def about_addendum(content: ReportContent) -> tuple[str, ...]:
    """What he says of the addendum, as one line with its day; nothing for a report."""
    return _line_of_addendum(content, _OF_AN_ADDENDUM)


def _line_of_addendum(content: ReportContent, in_words: Mapping[HisAnswer, str]) -> tuple[str, ...]:
    said = said_by_him(content).addendum
    if said is None:
        return ()
    words = worded(in_words[said], content.pronoun)
    return (f"Of the addendum of {day_words(content.written_on)}: {words}",)


def not_heard(content: ReportContent) -> str:
    """That and why he has not read or heard it, in words; empty where he has."""
    said = said_by_him(content)
    found = about_report(content) if said.report in _NOT_HEARD else ()
    found += _earlier(content) if found else ()
    found += about_addendum(content) if said.addendum in _NOT_HEARD else ()
    return " ".join(found)


def _earlier(content: ReportContent) -> tuple[str, ...]:
    """That the report states what he said of it before, where he has not heard it as it is."""
    kept = content.his_answer in _NOT_HEARD and split(said_by_him(content).report_words)[1]
    return (worded(SAID_EARLIER, content.pronoun),) if kept else ()


def quoted_report(content: ReportContent) -> str:
    """What he says of the report, where his corrections themselves stand in it."""
    said = worded(_REPORT_QUOTED[content.his_answer], content.pronoun)
    return " ".join((said, *_earlier(content)))


def quoted_addendum(content: ReportContent) -> str:
    """What he says of the addendum, where his corrections themselves stand in it."""
    return " ".join(_line_of_addendum(content, _ADDENDUM_QUOTED))
