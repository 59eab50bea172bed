"""What he said when the report was read to him before, where he has not heard it as it is now.

It stands in the report beneath the reason why he has not: corrections that he asked for, or that
he disagreed, do not go because the report was opened for them and he could not be reached again.
"""

from collections.abc import Mapping

from mhtr.suitability.report_content import NOT_HEARD_BECAUSE, HisAnswer

EARLIER: Mapping[HisAnswer, str] = {
    HisAnswer.CORRECTIONS: (
        "Earlier, when the report was read or heard, these corrections were asked for: "
    ),
    HisAnswer.DISAGREES: "Earlier, when the report was read or heard, this was said against it: ",
}


def split(words: str | None) -> tuple[str, str]:
    """His words as recorded, and what he said earlier; each empty where there is nothing."""
    text = words or ""
    starts = [at for said in EARLIER.values() if (at := text.find(said)) >= 0]
    at = min(starts, default=len(text))
    return text[:at].strip(), text[at:].strip()


def earlier(answer: HisAnswer, words: str | None) -> str:
    """What is to be kept of an answer that counts no more, in words; empty where nothing is."""
    own, kept = split(words)
    return f"{EARLIER[answer]}{own}" if answer in EARLIER else kept


def together(answer: HisAnswer, words: str, kept: str) -> str | None:
    """The words that go into the report: with what he said earlier only where he has not heard it
    as it is now."""
    parts = [words.strip()]
    if answer in NOT_HEARD_BECAUSE or answer is HisAnswer.NOT_YET:
        parts.append(kept)
    return "\n".join(part for part in parts if part) or None
