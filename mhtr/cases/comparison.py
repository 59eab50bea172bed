"""Two records side by side: enough to tell two people apart, and whatever has to be chosen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.cases.facts import FactKind
from mhtr.cases.link_rules import Agrees, agrees
from mhtr.cases.models import Case, CaseFact
from mhtr.core import formats
from mhtr.core.database import db
from mhtr.people.merge_parts import CAUTIOUS, PARTS, is_held, part_words
from mhtr.people.models import Permission, Person
from mhtr.people.sections import FIELDS, Section
from mhtr.people.values import PERMISSION_WORDS, values_of, words, words_of

WHOLE = (Section.NAMES, Section.BIRTH, Section.IDENTIFIERS, Section.ADDRESS)
"""Shown as it is on both. Of the rest only what differs: the other record may be a stranger's."""
SHOWN = frozenset({"phone", "email"})
"""Parts of the rest that help to tell two people apart."""
HELD = "Held on this one only"


@dataclass(frozen=True)
class Compared:
    """One line of the comparison."""

    key: str
    one: str
    two: str
    differs: bool = False


def compare(one: Person, two: Person) -> list[Compared]:
    """The two records line by line, leaving out what neither holds."""
    return [
        Compared("Record made", formats.moment(one.created_at), formats.moment(two.created_at)),
        Compared("First referred", first_referred(one.id), first_referred(two.id)),
        Compared("Cases", str(cases_of(one.id)), str(cases_of(two.id))),
        *_whole(one, two),
        *_parts(one, two),
        *_contact(one, two),
    ]


@dataclass(frozen=True)
class Across:
    """One line of the comparison with another trust's record: nothing that the other one says."""

    key: str
    own: str
    agrees: Agrees


def compare_across(own: Person, other: Person) -> list[Across]:
    """Whether name, dates and numbers agree, leaving out what neither record holds."""
    lines: list[tuple[str, str, object, object]] = [
        ("Name", own.name, own.name.casefold(), other.name.casefold())
    ]
    for name in ("born", "died_on"):
        said = getattr(own, name)
        title = FIELDS[Section.BIRTH][name]
        lines.append((title, words_of(name, said), said, getattr(other, name)))
    ours, theirs = (values_of(person, Section.IDENTIFIERS) for person in (own, other))
    for name, title in FIELDS[Section.IDENTIFIERS].items():
        lines.append((title, words_of(name, ours[name]), ours[name], theirs[name]))
    return [
        Across(title, said, found)
        for title, said, mine, its in lines
        if (found := agrees(mine, its)) is not None
    ]


def same_name_and_birth(lines: Iterable[Across]) -> bool:
    """Whether neither name nor birth date of the two records differs."""
    said = {line.key: line.agrees for line in lines}
    titles = ("Name", FIELDS[Section.BIRTH]["born"])
    return all(said.get(title) in (None, Agrees.SAME) for title in titles)


def _line(key: str, first: str, second: str) -> Compared:
    return Compared(key, first, second, bool(first and second and first != second))


def _whole(one: Person, two: Person) -> Iterator[Compared]:
    for section in WHOLE:
        first, second = (words(values_of(person, section)) for person in (one, two))
        for name, title in FIELDS[section].items():
            if first[name] or second[name]:
                yield _line(title, first[name], second[name])


def _parts(one: Person, two: Person) -> Iterator[Compared]:
    for part in (part for part in PARTS if part.section not in WHOLE):
        line = _line(_heading(part.label), part_words(one, part), part_words(two, part))
        if line.differs or (part.key in SHOWN and (line.one or line.two)):
            yield line
        elif is_held(one, part) != is_held(two, part):
            first, second = (HELD if is_held(person, part) else "" for person in (one, two))
            yield Compared(line.key, first, second)


def _contact(one: Person, two: Person) -> Iterator[Compared]:
    for name in CAUTIOUS:
        both = [getattr(person, name) for person in (one, two)]
        if any(answer is not Permission.UNKNOWN for answer in both):
            title = FIELDS[Section.CONTACT][name]
            yield _line(title, *(PERMISSION_WORDS[answer] for answer in both))


def _heading(label: str) -> str:
    return label[:1].upper() + label[1:]


def cases_of(person_id: int) -> int:
    """How many cases hang on a record."""
    query = select(func.count()).select_from(Case).where(Case.person_id == person_id)
    return db.session.scalar(query) or 0


def first_referred(person_id: int) -> str:
    """When his first referral came, and from whom; empty without a case."""
    row = db.session.execute(
        select(Case.opened_at, Staff.name)
        .join(CaseFact, CaseFact.case_id == Case.id)
        .outerjoin(Staff, Staff.id == CaseFact.by_id)
        .where(Case.person_id == person_id, CaseFact.kind == FactKind.REFERRED)
        .order_by(Case.opened_at, CaseFact.id)
    ).first()
    return f"{formats.moment(row[0])}, {row[1] or 'sent by another system'}" if row else ""
