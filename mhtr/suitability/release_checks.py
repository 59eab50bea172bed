"""Prompts before a report is released: things that look as if they should not be in it.

A prompt decides nothing: the author looks at the wording, changes it, or says that it may stay.
Only a prompt that nobody looked at stops a release.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mhtr.suitability.report_content import ConditionStatement, ReportContent

# Whatever a person types for this one report. Names of staff, court and service are fixed.
WRITTEN_FIELDS = (
    "need",
    "arrangements",
    "willingness",
    "recommendation_wording",
    "when_ready",
    "institution",
    "directing_psychologist",
    "practical_arrangements",
    "his_words",
    "addendum_wording",
    "addendum_words",
)

_PATTERNS = (
    ("a postcode", re.compile(r"\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b")),
    ("an e-mail address", re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}")),
    ("a telephone number", re.compile(r"(?<!\d)(?:\+44|0)(?:[\s().-]?\d){9,10}(?!\d)")),
)
# A number, one to three words, and a kind of street; the second kind is also a plain word, and
# counts only where it is written as a name.
_STREET = re.compile(
    r"(?<!\w)\d{1,4}[a-z]?,? ((?:[a-z'’-]+ ){1,3})"
    r"(?:road|rd|street|avenue|ave|lane|drive|crescent|gardens|grove|terrace|mews)\b"
)
_NAMED_STREET = re.compile(
    r"(?<!\w)\d{1,4}[A-Za-z]?,?\s+((?:[A-Z][\w'’-]*\s+){1,3})"
    r"(?:Close|Court|Green|Hill|House|Park|Place|Rise|Row|Square|St|Walk|Way|Wharf)\b"
)
_NO_STREET = frozenset(
    "a about after am and at appointment appointments away before close crown days for from group "
    "his hours in january february march april may june july august september october november "
    "december magistrates metres miles minutes months near of off on once or past people pm "
    "sessions since stops than that the then to until walk week weeks when where with years".split()
)
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{4}(?!\d)")
_SHORTEST_NAME = 3
_SHORTEST_SENTENCE = 4
_LONG_RUN = 7
"""Words: fewer are met by chance in two texts about one man."""
_RELATED = re.compile(
    r"\b(?:sisters?|brothers?|mother|mum|father|dad|parents?|wife|husband|partner|girlfriend|"
    r"boyfriend|daughters?|sons?|cousins?|aunt|uncle|nephews?|nieces?|friends?|neighbours?|"
    r"victim|complainant|witness),?\s+(?:(?:is|was|called|named)\s+)?[A-Z][\w'’-]+"
)


@dataclass(frozen=True)
class Forbidden:
    """What is known about others and must not appear: as stored on the record.

    `names` are other people's, `addresses` and `phones` anybody's, `passages` any other text
    (clinical answers, planted test strings) of which no sentence, and no long run of words, must
    be found word for word.
    """

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReleaseWarning:
    """Where something was found (a field of `ReportContent`) and what it looks like."""

    field: str
    words: str

    @property
    def key(self) -> str:
        """Which prompt this is, without its words."""
        return hashlib.sha256(f"{self.field}:{self.words}".encode()).hexdigest()[:16]


NO_NUMBER = (
    "No HCPC registration number is given with this name, so the report does not say that the "
    "psychologist is registered. Choose a psychologist whose registration is on file, or add it."
)

# Words that begin a sentence about whom he must not contact, and are nobody's name.
_NO_NAME = frozenset(
    "any anyone contact directly does former has her his indirectly may miss mr mrs ms "
    "must never no nobody none "
    "not order that the their them they this under victim with without".split()
)
_CAPITALISED = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def names_in(text: str) -> tuple[str, ...]:
    """Names in a text about other people: runs of capitalised words that are not common ones.

    A name written without a capital is not found.
    """
    found: list[str] = []
    for part in re.split(r"[.,;:()/\n]", text):
        run: list[str] = []
        for word in [*_CAPITALISED.findall(part), ""]:
            if word[:1].isupper() and len(word) > 1 and word.casefold() not in _NO_NAME:
                run.append(word)
            elif run:
                found.append(" ".join(run))
                run = []
    return tuple(dict.fromkeys(found))


def find_forbidden(content: ReportContent, forbidden: Forbidden) -> tuple[ReleaseWarning, ...]:
    """Look through every wording. Found regardless of case, accents, spacing and punctuation."""
    written = []
    for name in WRITTEN_FIELDS:
        value = getattr(content, name)
        text = value.wording if isinstance(value, ConditionStatement) else value
        written.append((name, text or ""))
    found = [*look_through(written, forbidden, content.person_name)]
    if content.directing_psychologist and not content.directing_hcpc:
        found.append(ReleaseWarning("directing_psychologist", NO_NUMBER))
    return tuple(dict.fromkeys(found))


def look_through(
    written: Iterable[tuple[str, str]], forbidden: Forbidden, person_name: str
) -> tuple[ReleaseWarning, ...]:
    """Look through what somebody wrote for a document: the fields by name, with their text."""
    own = set(_words(person_name).split())
    repeated = [part for passage in forbidden.passages for part in _parts_of(passage)]
    return tuple(
        ReleaseWarning(name, words)
        for name, text in written
        if text
        for words in _in_text(text, forbidden, repeated, own)
    )


def _in_text(
    text: str, forbidden: Forbidden, repeated: Collection[str], own: set[str]
) -> Iterable[str]:
    flat, padded = _flat(text), f" {_words(text)} "
    for name in forbidden.names:
        for typed in names_in(name) or (name,):
            found = [part for part in _name_parts(typed, own) if f" {_words(part)} " in padded]
            if found:
                # What was typed beside the name is not for a prompt to repeat.
                shown = typed if names_in(name) else " ".join(found)
                yield f"It seems to name another person: {shown}."
    if _RELATED.search(text):
        yield "It seems to name somebody close to him."
    for address in forbidden.addresses:
        lines = [_words(line) for line in re.split(r"[,\n]", address)]
        if any(" " in line and f" {line} " in padded for line in lines):
            yield "It seems to give an address that is on the record."
    digits = re.sub(r"\D", "", flat)
    for phone in forbidden.phones:
        # The last nine digits are the same with and without the country code.
        tail = re.sub(r"\D", "", phone)[-9:]
        if len(tail) == 9 and tail in digits:
            yield "It gives a telephone number that is on the record."
    if any(part in padded for part in repeated):
        yield "It repeats clinical text from the record word for word."
    yield from _by_shape(flat)
    if _holds_street(text, flat):
        yield "It seems to hold an address: a street with a number."


def _name_parts(name: str, own: set[str]) -> list[str]:
    """The words of a name that can be looked for."""
    return [
        part
        for part in dict.fromkeys(_CAPITALISED.findall(name))
        if len(part) >= _SHORTEST_NAME
        and part.casefold() not in _NO_NAME
        and not set(_words(part).split()) <= own
    ]


def _parts_of(passage: str) -> Iterable[str]:
    """What repeats a passage: all of it, one of its sentences, or a long run of its words.

    Each as words with a space on either side, to be looked for in a text of that shape.
    """
    whole = _words(passage)
    if whole:
        yield f" {whole} "
    for part in re.split(r"[.!?;\n]+", passage):
        sentence = _words(part)
        if len(sentence.split()) >= _SHORTEST_SENTENCE:
            yield f" {sentence} "
    words = whole.split()
    for n in range(len(words) - _LONG_RUN + 1):
        yield f" {' '.join(words[n : n + _LONG_RUN])} "


def _holds_street(text: str, flat: str) -> bool:
    found = [*_STREET.findall(flat), *_NAMED_STREET.findall(text)]
    return any(not _NO_STREET & set(_words(part).split()) for part in found)


def _by_shape(flat: str) -> Iterable[str]:
    for what, pattern in _PATTERNS:
        if pattern.search(flat):
            yield f"It seems to hold {what}."
    if any(_is_nhs_number(match.group()) for match in _TEN_DIGITS.finditer(flat)):
        yield "It seems to hold an NHS number. Reports use the CRN."


def _is_nhs_number(text: str) -> bool:
    """NHS number check: weights 10 to 2, remainder of 11; a check digit of 10 is none."""
    digits = [int(char) for char in text if char.isdigit()]
    total = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    return (11 - total % 11) % 11 == digits[9]


def _flat(text: str) -> str:
    bare = text
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", _flat(text)).split())
