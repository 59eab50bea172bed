"""What the referral hands over to whoever assesses: his agreement, his safety, what to mind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mhtr.intake.queries import referral_of
from mhtr.intake.summary import LABELS, Row, in_words
from mhtr.suitability.sections import Section

_AGREEMENT = ("willing", "agreed_how", "agreed_on", "able_to_agree")
_SAFETY = ("safety", "told_whom", "told_at", "risk", "urgency")
_TO_MIND = ("vulnerabilities", "need", "notes")


@dataclass(frozen=True)
class Part:
    """One part of a referral. Answers that were not given are said to be so where they matter."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class HandedOver:
    """What the referral said, as amended since, and when it was sent."""

    referred_at: datetime
    parts: tuple[Part, ...]


_PARTS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "agreement": ("His agreement to the referral", _AGREEMENT, _AGREEMENT),
    "safety": ("Safety and urgency", _SAFETY, ("safety", "urgency")),
    "mind": ("Vulnerabilities and health", _TO_MIND, ("vulnerabilities",)),
}
"""By part: its title, its answers, and those that are shown although nothing was said."""
_SHOWN_IN: Mapping[Section, tuple[str, ...]] = {
    Section.TOLD: ("agreement", "mind"),
    Section.CAPACITY: ("agreement", "mind"),
    Section.PRESENTING_NEED: ("mind",),
    Section.RISK_NOW: ("safety", "mind"),
    Section.NEURODIVERSITY_SUBSTANCES: ("mind",),
    Section.WILLINGNESS_CONSENT: ("agreement",),
}


def handed_over(case_id: int, section: Section | None = None) -> HandedOver | None:
    """All of it, or what bears on one section; None where there is nothing to show."""
    referral = referral_of(case_id)
    wanted = tuple(_PARTS) if section is None else _SHOWN_IN.get(section, ())
    if referral is None or not wanted:
        return None
    answers = {name: str(text) for name, text in referral.answers.items()}
    parts = []
    for key in wanted:
        title, names, always = _PARTS[key]
        rows = tuple(
            Row(LABELS[name], in_words(name, answers.get(name, "")) or "Not recorded")
            for name in names
            if answers.get(name) or name in always
        )
        parts.append(Part(title, rows))
    return HandedOver(referral.referred_at, tuple(parts))
