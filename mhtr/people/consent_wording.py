"""What is read to him before he agrees to something. A text that was used is never changed.

A new text is a new version with the day from which it is read; every recorded decision names
the version, so that years later it is plain what he agreed to. Written for a reading age of
nine to eleven. The service has to confirm the texts with its privacy officer before use.
"""

from dataclasses import dataclass
from datetime import date

from mhtr.people.models import ConsentItem
from mhtr.wall.items import told_not_asked


@dataclass(frozen=True)
class Wording:
    """One version of the text for one item; `valid_from` is the first day it was read."""

    item: ConsentItem
    version: str
    valid_from: date
    title: str
    text: str
    if_not: str
    """What happens where he says no."""


@dataclass(frozen=True)
class Telling:
    """What he is told and not asked; `items` are what goes, between the words around them."""

    version: str
    before: str
    items: tuple[str, ...] = ()
    after: str = ""


_TOLD_FIRST = Telling(
    "told-1",
    "If the court makes the order, we must tell your probation officer when you start, each time "
    "you come or do not come, your next date, and when you finish. This is because of the court's "
    "order. We do not need your agreement for it, so we tell you now. We do not tell them what "
    "you talk about.",
)
_BEFORE = (
    "If the court makes the order, we must tell your probation officer some things. This is "
    "because of the court's order. We do not need your agreement for it, so we tell you now. "
    "We tell them:"
)
_AFTER = "We do not tell them what you talk about."
_TOLD_SECOND = Telling(
    "told-2",
    _BEFORE,
    (
        "when your next session is",
        "each time you come, come late or do not come",
        "the same, as a short code",
        "how we told you about a session",
        "that we tried to reach you when you did not come, and not what you said",
        "what you did, if you did something here that probation has to know",
        "the kind of reason you gave, such as “ill” or “work”",
        "when you start, how many sessions are left, and when you finish",
        "that you cannot come for a time, and not that you are in hospital",
        "whether you agreed to the treatment, and if you take that back",
    ),
    _AFTER,
)
_TOLD_THIRD = Telling(
    "told-3",
    _BEFORE,
    (
        "when your next session is",
        "each time you come, come late or do not come",
        "the same, as a short code",
        "how we told you about a session",
        "that we tried to reach you when you did not come, and not what you said",
        "what you did, if you did something here that probation has to know",
        "the kind of reason you gave, such as “ill” or “work”",
        "when you start, how many sessions are left, and when you finish",
        "that you cannot come for a time, and not that you are in hospital",
        "a report, if you need longer, other or no more treatment, or if it does not help",
        "whether you agreed to the treatment, and if you take that back",
    ),
    _AFTER,
)
_TOLD_FOURTH = Telling(
    "told-4",
    _BEFORE,
    (
        "when your next session is",
        "each time you come, come late or do not come",
        "what was agreed with you about when, where and how you are seen, and the kind of "
        "reason, not more",
        "the same, as a short code",
        "how we told you about a session",
        "that we tried to reach you when you did not come, and not what you said",
        "what you did, if you did something here that probation has to know",
        "the kind of reason you gave, such as “ill” or “work”",
        "when you start, how many sessions are left, and when you finish",
        "that you cannot come for a time, and not that you are in hospital",
        "a report, if you need longer, other or no more treatment, or if it does not help",
        "whether you agreed to the treatment, and if you take that back",
    ),
    _AFTER,
)
TOLD_NOT_ASKED = Telling("told-5", _BEFORE, tuple(one.told for one in told_not_asked()), _AFTER)
"""What is read to him today. Its items are the rows of the wall, so a change there is a new
version here; a test holds the two together."""
TELLINGS = (_TOLD_FIRST, _TOLD_SECOND, _TOLD_THIRD, _TOLD_FOURTH, TOLD_NOT_ASKED)
TOLD_VERSION = TOLD_NOT_ASKED.version

WORDINGS = (
    Wording(
        ConsentItem.ASSESSMENT,
        "assessment-1",
        date(2026, 4, 1),
        "The assessment and the report",
        "We would like to talk with you about how you are and whether treatment could help you. "
        "We then write a report. The person who writes your pre-sentence report gets it, and it "
        "may be read out in court. You will see or hear it before we send it. You can stop at any "
        "time, and you can change your mind until the report is sent.",
        "We do not write a report. We do not tell anybody why.",
    ),
    Wording(
        ConsentItem.TREATMENT,
        "treatment-1",
        date(2026, 4, 1),
        "The treatment, if the court makes the order",
        "If the court makes the order, you would see somebody here about twelve times. You would "
        "talk and learn ways to feel better. The court can only make this order if you are "
        "willing.",
        "The report says that you are not willing, and the court cannot make this order.",
    ),
    Wording(
        ConsentItem.GP,
        "gp-1",
        date(2026, 4, 1),
        "Telling your GP",
        "We would like to tell your GP that you come here, and how it went at the end. Your GP "
        "can then help you better. We do not tell your GP what you are charged with.",
        "We do not write to your GP, unless somebody is in danger.",
    ),
    Wording(
        ConsentItem.LINK_WORKER,
        "link-worker-1",
        date(2026, 4, 1),
        "Working with a link worker",
        "A link worker can help you with things like housing, money and seeing a GP. We would "
        "give them your name, how to reach you safely, and what you want help with.",
        "No link worker hears of you. You can ask for one later.",
    ),
    Wording(
        ConsentItem.SHARING_MORE,
        "sharing-more-1",
        date(2026, 4, 1),
        "Telling probation more than the order needs",
        "Sometimes it helps if your probation officer knows more, such as what helps you when "
        "things are hard. You choose what we may tell them. We write down exactly what you "
        "choose.",
        "We tell probation only what the court's order needs.",
    ),
)


def current(item: ConsentItem, on: date) -> Wording:
    """The text to read on a day: the newest version that was valid then, else the oldest."""
    versions = sorted((w for w in WORDINGS if w.item is item), key=lambda w: w.valid_from)
    valid = [w for w in versions if w.valid_from <= on]
    return valid[-1] if valid else versions[0]


def by_version(version: str) -> Wording | None:
    """The text of a version, also one no longer read."""
    return next((w for w in WORDINGS if w.version == version), None)
