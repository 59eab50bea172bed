"""Reading a file of past scores: which rows are sound, and what is wrong with each of the others.

Pure: bytes in, rows out. Whose score a row is, and whether it is on record already, is not known
here. A value is never repeated in a message, because results are kept after the file is gone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from mhtr.core.csv_files import RefusedCell, iso_date, read_sheet
from mhtr.people.identifiers import IdentifierError, parse_crn, parse_nhs_number
from outcome_measures.definitions import Answer, AnswerState, Instrument
from outcome_measures.instruments.registry import UnknownInstrument, find_instrument
from outcome_measures.past_scores.parts import (
    BadCell,
    check_beside_answers,
    check_typed,
    part_columns,
    typed_parts,
)
from outcome_measures.scores import scoring
from outcome_measures.scores.answer_checks import does_not_apply
from outcome_measures.time_points import MeasureMode, TimePoint

COLUMNS = (
    "nhs_number",
    "crn",
    "born",
    "date",
    "measure",
    "items",
    "total",
    "point",
    "session_number",
    "mode",
)
REQUIRED = ("date", "measure")
EITHER = (("nhs_number", "crn"), ("items", "total"))
SEPARATOR = ";"
DELIMITERS = ",\t"
MOST_SESSIONS = 60
_POINTS = {
    "pre_sentence": TimePoint.PRE_SENTENCE,
    "before_sentence": TimePoint.PRE_SENTENCE,
    "between": TimePoint.BETWEEN,
    "session": TimePoint.SESSION,
    "treatment_session": TimePoint.SESSION,
    "follow_up": TimePoint.FOLLOW_UP,
}


@dataclass(frozen=True)
class PastScore:
    """A sound row: who he is said to be, and one measure of one day.

    `answers` are those of the scored items in form order, None where one is missing; empty where
    only a total is known.
    """

    line: int
    nhs_number: str
    crn: str
    born: date | None
    on: date
    instrument: str
    answers: tuple[int | None, ...]
    typed_total: int | None
    point: TimePoint
    session_number: int | None
    mode: MeasureMode
    not_applicable: frozenset[int] = frozenset()
    """Numbers of the questions that the row says do not apply; their answers are None."""
    parts: tuple[tuple[str, int], ...] = ()
    """Beside a total: points of subscales, and 1 for each ticked box, by their ids."""

    def responses(self) -> dict[int, Answer]:
        """The answers as they are scored and kept."""
        instrument = find_instrument(self.instrument)
        return _responses(instrument, self.answers, self.not_applicable)


@dataclass(frozen=True)
class PastReading:
    """A file as read. `faults` concern it as a whole: with any of them no row is read."""

    good: tuple[PastScore, ...] = ()
    refused: tuple[RefusedCell, ...] = ()
    faults: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    """Columns that are not read, such as those `mhtr measures score` adds."""


def template() -> str:
    """An empty file with the columns, for whoever fills one in."""
    return ",".join((*COLUMNS, *part_columns(typed_only=True))) + "\r\n"


def read_past_scores(content: bytes, today: date) -> PastReading:
    """Read every row of a file; a row that is there twice is refused the second time."""
    sheet = read_sheet(content, DELIMITERS)
    faults = [*(_header_faults(sheet.header) if sheet.header else ()), *sheet.faults]
    if faults:
        return PastReading(faults=tuple(faults))
    good: list[PastScore] = []
    refused = list(sheet.refused)
    for line, cells in sheet.rows:
        try:
            stripped = (cell.strip() for cell in cells)
            good.append(_row(line, dict(zip(sheet.header, stripped, strict=True)), today))
        except BadCell as bad:
            refused.append(RefusedCell(line, bad.column, bad.reason))
    known = {*COLUMNS, *part_columns()}
    ignored = tuple(name for name in sheet.header if name and name not in known)
    in_order = tuple(sorted(refused, key=lambda cell: cell.line))
    return PastReading(tuple(good), in_order, (), ignored)


def _header_faults(header: tuple[str, ...]) -> list[str]:
    faults = [f"The column {name} is missing." for name in REQUIRED if name not in header]
    faults += [
        f"One of the columns {' and '.join(names)} is needed."
        for names in EITHER
        if not any(name in header for name in names)
    ]
    known = {*COLUMNS, *part_columns()}
    double = sorted({n for n in header if n in known and header.count(n) > 1})
    return [*faults, *(f"The column {name} comes twice." for name in double)]


def _row(line: int, cells: Mapping[str, str], today: date) -> PastScore:
    nhs_number, crn, born = _who(cells, today)
    on = _day(cells, "date", today)
    if on is None:
        raise BadCell("date", "Say on which day it was answered")
    if born and on <= born:
        raise BadCell("date", "This is not after his birth")
    instrument = _instrument(cells)
    answers, total, parts = _scored(instrument, cells)
    point, session = _place(cells)
    return PastScore(
        line=line,
        nhs_number=nhs_number,
        crn=crn,
        born=born,
        on=on,
        instrument=instrument.id,
        answers=answers,
        typed_total=total,
        point=point,
        session_number=session,
        mode=_mode(cells),
        parts=parts,
        not_applicable=_not_applicable(instrument, cells.get("items", ""))
        if answers
        else frozenset(),
    )


def _who(cells: Mapping[str, str], today: date) -> tuple[str, str, date | None]:
    nhs_number = crn = ""
    try:
        if cells.get("nhs_number"):
            nhs_number = parse_nhs_number(cells["nhs_number"])
    except IdentifierError as problem:
        raise BadCell("nhs_number", problem.reason) from problem
    try:
        if cells.get("crn"):
            crn = parse_crn(cells["crn"])
    except IdentifierError as problem:
        raise BadCell("crn", problem.reason) from problem
    born = _day(cells, "born", today)
    if not nhs_number and not crn:
        raise BadCell("nhs_number", "Give his NHS number, or his CRN and date of birth")
    if not nhs_number and born is None:
        raise BadCell("born", "With a CRN alone the date of birth is needed as well")
    return nhs_number, crn, born


def _day(cells: Mapping[str, str], column: str, today: date) -> date | None:
    text = cells.get(column, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(iso_date(text))
    except ValueError as problem:
        raise BadCell(column, "Give a date such as 2026-03-02 or 2/3/2026") from problem
    if day > today:
        raise BadCell(column, "This date is in the future")
    return day


def _instrument(cells: Mapping[str, str]) -> Instrument:
    if not cells.get("measure"):
        raise BadCell("measure", "Say which measure it is")
    try:
        return find_instrument(cells["measure"])
    except UnknownInstrument as problem:
        raise BadCell("measure", "No measure of this service has this name") from problem


def _scored(
    instrument: Instrument, cells: Mapping[str, str]
) -> tuple[tuple[int | None, ...], int | None, tuple[tuple[str, int], ...]]:
    """The answers, or the total and its parts where only those are known; all must agree."""
    items, total = cells.get("items", ""), cells.get("total", "")
    points, parts = _points(total) if total else None, typed_parts(instrument, cells)
    if not items:
        if points is None:
            raise BadCell("items", "Give the answers or a total")
        check_typed(instrument, points, parts)
        return (), points, tuple(parts.items())
    answers = _answers(instrument, items)
    responses = _responses(instrument, answers, _not_applicable(instrument, items))
    try:
        score = scoring.score(instrument, responses)
    except scoring.InvalidResponses as problem:
        raise BadCell("items", str(problem)) from problem
    if points is not None and points != score.total:
        raise BadCell("total", "This is not the total of the answers beside it")
    values = {number: answer.value for number, answer in responses.items()}
    given = {number: value for number, value in values.items() if value is not None}
    check_beside_answers(instrument, given, parts)
    return answers, None, ()


def _points(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    raise BadCell("total", "A total is a whole number")


def _answers(instrument: Instrument, items: str) -> tuple[int | None, ...]:
    given, size = [text.strip() for text in items.split(SEPARATOR)], len(instrument.scored_items)
    places = ["" if does_not_apply(text) else text for text in given]
    if not size:
        raise BadCell("items", f"Of {instrument.name} only the total is kept")
    if len(places) != size:
        _refuse_items(f"{instrument.name} has {size} scored questions; here are {len(places)}")
    if not any(places):
        _refuse_items("Not one question is answered")
    if any(not (p.isascii() and p.isdigit() and len(p) <= 4) for p in places if p):
        _refuse_items("An answer is a whole number")
    return tuple(int(place) if place else None for place in places)


def _not_applicable(instrument: Instrument, items: str) -> frozenset[int]:
    """The questions that a row says do not apply; refused where they apply to everybody."""
    places = zip(instrument.scored_items, items.split(SEPARATOR), strict=False)
    said = [item for item, text in places if does_not_apply(text)]
    if any(not item.may_not_apply for item in said):
        _refuse_items(f"Every question of {instrument.name} applies to everybody: not n/a")
    return frozenset(item.number for item in said)


def _refuse_items(reason: str) -> NoReturn:
    raise BadCell("items", reason)


def _responses(
    instrument: Instrument, answers: tuple[int | None, ...], not_applicable: Collection[int] = ()
) -> dict[int, Answer]:
    """A missing answer of a form from the past is one that was skipped."""
    return {
        item.number: Answer(
            AnswerState.NOT_APPLICABLE if item.number in not_applicable else AnswerState.SKIPPED
        )
        if value is None
        else Answer(AnswerState.ANSWERED, value)
        for item, value in zip(instrument.scored_items, answers, strict=False)
    }


def _place(cells: Mapping[str, str]) -> tuple[TimePoint, int | None]:
    said, number = cells.get("point", ""), cells.get("session_number", "")
    point = _POINTS.get(said.casefold().replace("-", "_").replace(" ", "_")) if said else None
    if said and point is None:
        raise BadCell("point", "Write pre_sentence, between, session or follow_up")
    if not number:
        return point or TimePoint.BETWEEN, None
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= MOST_SESSIONS):
        raise BadCell("session_number", f"Give a number from 1 to {MOST_SESSIONS}")
    if point not in (None, TimePoint.SESSION):
        raise BadCell("session_number", "Only a treatment session has a number")
    return TimePoint.SESSION, int(number)


def _mode(cells: Mapping[str, str]) -> MeasureMode:
    said = cells.get("mode", "").casefold().replace(" ", "_")
    if not said:
        return MeasureMode.PAPER
    if said not in set(MeasureMode):
        raise BadCell("mode", f"Write {', '.join(MeasureMode)}, or leave it empty")
    return MeasureMode(said)
