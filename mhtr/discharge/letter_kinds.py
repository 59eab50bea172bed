"""The kinds of letter, as data: what each is called, what is written in it, its facts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mhtr.discharge.rules import To


class LetterKind(StrEnum):
    """What a letter is for."""

    SUMMARY = "summary"
    START = "start"
    RISK = "risk"
    DISCHARGE = "discharge"


class Fact(StrEnum):
    """What the record says of his treatment by itself."""

    TREATMENT = "treatment"
    DATES = "dates"
    PLANNED = "planned"
    ATTENDED = "attended"
    ENDED = "ended"
    MEASURES = "measures"


@dataclass(frozen=True)
class Part:
    """Something that is written in a letter."""

    key: str
    heading: str
    hint: str = ""


@dataclass(frozen=True)
class Shape:
    """What a kind of letter consists of.

    Args:
        opens: how it greets whom it is for; `{}` is his name.
        ended: it can be signed only once his treatment has ended.
        with_plan: his plan for later can be part of it, and services he was referred to be named.
        owed: who is to have a copy of it once it is signed.
        exception: it may go to his GP without his agreement, with reason and approver.
    """

    name: str
    about: str
    opens: str
    parts: tuple[Part, ...]
    facts: frozenset[Fact]
    ended: bool = False
    with_plan: bool = False
    owed: tuple[To, ...] = (To.HIM, To.GP)
    exception: bool = False


_TO_HIM = "Dear {},"
SHAPES: Mapping[LetterKind, Shape] = MappingProxyType(
    {
        LetterKind.SUMMARY: Shape(
            "Discharge summary",
            "How his treatment went, at its end. For him, and for his GP if he agrees.",
            _TO_HIM,
            (
                Part("came", "What you came for", "In a sentence or two, as he would say it"),
                Part("did", "What we did together"),
                Part("now", "How things are now"),
                Part("next", "What comes next", "Also what his GP is asked to do, if anything"),
            ),
            frozenset(Fact) - {Fact.PLANNED},
            ended=True,
            with_plan=True,
        ),
        LetterKind.START: Shape(
            "Letter at the start of treatment",
            "That he begins treatment, with whom and what kind. For him, and for his GP if he "
            "agrees.",
            _TO_HIM,
            (
                Part("about", "What the treatment is for"),
                Part("next", "What happens next"),
            ),
            frozenset({Fact.TREATMENT, Fact.PLANNED}),
        ),
        LetterKind.DISCHARGE: Shape(
            "Letter at the end of treatment",
            "A short letter that his treatment has ended. The discharge summary says how it went.",
            _TO_HIM,
            (Part("next", "What we want to tell you"),),
            frozenset({Fact.TREATMENT, Fact.DATES, Fact.ENDED}),
            ended=True,
        ),
        LetterKind.RISK: Shape(
            "Letter about a risk",
            "What his GP has to know so that nobody comes to harm. Ring first where it cannot "
            "wait: a letter is never the only step.",
            "Dear doctor,",
            (
                Part("worry", "What we are worried about", "The least that is needed"),
                Part("done", "What has been done"),
                Part("ask", "What we ask you to do"),
            ),
            frozenset({Fact.TREATMENT}),
            owed=(To.GP,),
            exception=True,
        ),
    }
)


def shape_of(kind: LetterKind) -> Shape:
    """What a kind of letter consists of."""
    return SHAPES[kind]
