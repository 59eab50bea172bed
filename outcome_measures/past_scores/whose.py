"""Whose score each row of a file is, among the men of the viewer's scope, and whether it is new."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import and_, or_, select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.clock import LONDON
from mhtr.core.csv_files import RefusedCell
from mhtr.core.database import db
from mhtr.people.kinds import IdentifierKind
from mhtr.people.models import Identifier, Person
from outcome_measures.definitions import Answer
from outcome_measures.models import TAKES_ITS_DAY, MeasureOccasion
from outcome_measures.past_scores.contradictions import Same, placed_apart, refusals, said_apart
from outcome_measures.past_scores.fits import PastCourse, misfit
from outcome_measures.past_scores.rows import PastScore
from outcome_measures.sessions_on_record import numbered_sessions

NOBODY = "None of the men whose scores you may see has this number"
CONTEXT = "past"
"""Begins the context of every imported occasion."""


@dataclass(frozen=True)
class Man:
    """A man of the viewer's scope, with one of his cases."""

    person_id: int
    name: str
    born: date | None
    case_id: int
    case_ref: object
    opened_on: date


@dataclass(frozen=True)
class Matched:
    """A row and the man it is about. `known`: it is on record from an earlier import."""

    row: PastScore
    man: Man
    known: bool = False


@dataclass
class Matching:
    """What would become of the sound rows of a file."""

    new: list[Matched] = field(default_factory=list)
    known: list[Matched] = field(default_factory=list)
    refused: list[RefusedCell] = field(default_factory=list)
    contradicting: list[RefusedCell] = field(default_factory=list)
    """Those of the refused that say different things of one man, measure and day."""


class _Unmatched(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def match(viewer: Viewer, rows: Collection[PastScore]) -> Matching:
    """Find the man and the case of each row, and compare it with what is on record.

    Nobody outside the viewer's scope is found, and nothing tells him from a man who is not there.
    """
    men = _men(viewer, rows)
    refused: list[RefusedCell] = []
    matched: list[tuple[PastScore, Man]] = []
    for row in rows:
        try:
            matched.append((row, _whose(row, men)))
        except _Unmatched as why:
            refused.append(RefusedCell(row.line, why.column, why.reason))
    taken = _occasions({man.case_id for _, man in matched}, {row.on for row, _ in matched})
    courses = courses_of({man.case_id: man.opened_on for _, man in matched})
    apart, found = said_apart((_same(row, man), row) for row, man in matched), Matching()
    # Each turn puts at least one more aside, and what stood in its way fits anew.
    while more := _sort(matched, found, taken, dict(courses), apart):
        apart, found = apart | more, Matching()
    found.contradicting = _contradicting(matched, apart)
    found.refused += [*refused, *found.contradicting]
    found.refused.sort(key=lambda cell: cell.line)
    return found


def _same(row: PastScore, man: Man) -> Same:
    return man.person_id, row.instrument, row.on


def _contradicting(matched: list[tuple[PastScore, Man]], apart: set[Same]) -> list[RefusedCell]:
    groups: dict[Same, list[PastScore]] = defaultdict(list)
    for row, man in matched:
        if _same(row, man) in apart:
            groups[_same(row, man)].append(row)
    return [cell for group in groups.values() for cell in refusals(group)]


def _sort(
    matched: list[tuple[PastScore, Man]],
    found: Matching,
    taken: Mapping[tuple[int, date], list[MeasureOccasion]],
    courses: dict[int, PastCourse],
    apart: set[Same],
) -> set[Same]:
    """Fill in what becomes of each row but those set apart; returns what is to be as well."""
    # Lines that are taken: one that is refused stands in nobody's way.
    seen: dict[Same, PastScore] = {}
    more: set[Same] = set()
    for row, man in matched:
        same = _same(row, man)
        if same in apart:
            continue
        if same in seen:
            if placed_apart(row, seen[same]):
                more.add(same)
            reason = f"The same measure of the same man and day is on line {seen[same].line}"
            found.refused.append(RefusedCell(row.line, "", reason))
            continue
        reason, known = compare(row, taken.get((man.case_id, row.on), ()))
        if reason:
            found.refused.append(RefusedCell(row.line, "date", reason))
        elif known:
            found.known.append(Matched(row, man, known=True))
            seen[same] = row
        elif wrong := misfit(row, man.born, courses[man.case_id], clock.today()):
            found.refused.append(RefusedCell(row.line, *wrong))
        else:
            found.new.append(Matched(row, man))
            seen[same] = row
            courses[man.case_id] = _with(courses[man.case_id], row)
    return more


def courses_of(opened_on: Mapping[int, date]) -> dict[int, PastCourse]:
    """What each case says of the days gone by; `opened_on` by case."""
    facts, sessions = cases.facts_of_many(opened_on), numbered_sessions(opened_on)
    return {
        case_id: PastCourse(
            opened, facts[case_id], tuple((one.number, one.day) for one in sessions[case_id])
        )
        for case_id, opened in opened_on.items()
    }


def _with(course: PastCourse, row: PastScore) -> PastCourse:
    """The course once the row is taken: the next rows of the file must fit it as well."""
    if row.session_number is None:
        return course
    return replace(course, sessions=(*course.sessions, (row.session_number, row.on)))


def context_of(row: PastScore, case_id: int) -> str:
    """The context of the occasion a row becomes: one a case and day."""
    return f"{CONTEXT}:{case_id}:{row.on.isoformat()}"


def compare(row: PastScore, occasions: Iterable[MeasureOccasion]) -> tuple[str, bool]:
    """Why a row may not be taken beside what is on record of his case and day, or is known."""
    same = [each for each in occasions if each.instrument == row.instrument]
    for occasion in same:
        if not occasion.historic:
            return "There is a score of this measure on this day already", False
        # One that was put right since stands: the file says what it said before.
        said = (row.typed_total, dict(row.parts), row.responses())
        if occasion.version > 1 or _content(occasion) == said:
            return "", True
        return "Another score of this measure on this day was imported before", False
    return "", False


def _content(
    occasion: MeasureOccasion,
) -> tuple[int | None, dict[str, int], dict[int, Answer]]:
    if occasion.typed_total is not None:
        return occasion.typed_total, dict(occasion.typed_parts or {}), {}
    return None, {}, {row.item: Answer(row.state, row.value) for row in occasion.answers}


Numbers = dict[tuple[IdentifierKind, str], list[Man]]


def _men(viewer: Viewer, rows: Collection[PastScore]) -> Numbers:
    nhs, crns = {r.nhs_number for r in rows} - {""}, {r.crn for r in rows} - {""}
    of_file = or_(
        and_(Identifier.kind == IdentifierKind.NHS, Identifier.value.in_(nhs)),
        and_(Identifier.kind == IdentifierKind.CRN, Identifier.value.in_(crns)),
    )
    found: Numbers = defaultdict(list)
    for kind, value, person, case in db.session.execute(
        select(Identifier.kind, Identifier.value, Person, Case)
        .join(Person, Person.id == Identifier.person_id)
        .join(Case, Case.person_id == Person.id)
        .where(of_file, Person.merged_into_id.is_(None), in_scope(viewer, Purpose.CLINICAL))
        .order_by(Case.opened_at, Case.id)
    ):
        opened = case.opened_at.astimezone(LONDON).date()
        man = Man(person.id, person.name, person.born, case.id, case.ref, opened)
        found[kind, value].append(man)
    return found


def _whose(row: PastScore, men: Numbers) -> Man:
    by_nhs = men.get((IdentifierKind.NHS, row.nhs_number), [])
    by_crn = men.get((IdentifierKind.CRN, row.crn), [])
    his = by_nhs if row.nhs_number else by_crn
    column = "nhs_number" if row.nhs_number else "crn"
    if not his:
        raise _Unmatched(column, NOBODY)
    if len({man.person_id for man in his}) > 1:
        raise _Unmatched(column, "Two records have this number: settle which of them is his first")
    if row.nhs_number and row.crn and by_crn and by_crn[0].person_id != his[0].person_id:
        raise _Unmatched("crn", "This is another man's CRN")
    if row.born and row.born != his[0].born:
        raise _Unmatched("born", "His record has another date of birth, or none")
    if len(his) == 1:
        return his[0]
    begun = [man for man in his if man.opened_on <= row.on]
    if not begun:
        raise _Unmatched("date", "He has several cases, and none had begun by this day")
    return begun[-1]


def _occasions(
    case_ids: Collection[int], days: Collection[date]
) -> dict[tuple[int, date], list[MeasureOccasion]]:
    found: dict[tuple[int, date], list[MeasureOccasion]] = defaultdict(list)
    for row in db.session.scalars(
        select(MeasureOccasion).where(
            MeasureOccasion.case_id.in_(case_ids),
            MeasureOccasion.asked_on.in_(days),
            MeasureOccasion.state.in_(TAKES_ITS_DAY),
        )
    ):
        found[row.case_id, row.asked_on].append(row)
    return found
