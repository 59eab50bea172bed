"""The chronology of the papers of a referral: each fact on its day, and nothing of therapy."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise

from mhtr.cases.wording import day_words
from mhtr.compliance.attendance import MISSED, REASON_WORDS, ReasonGiven, in_words
from mhtr.compliance.contact_rules import REACHED_WORDS, WAY_WORDS
from mhtr.compliance.deciding import MADE_WORDS
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcing import DONE_WORDS, GIVEN_WORDS, LACKS, SAYS_WORDS, Says, StepKind
from mhtr.compliance.explanation_page import Said
from mhtr.compliance.models import Attendance, ContactAttempt, SessionNotice
from mhtr.compliance.notices import CAME_WORDS
from mhtr.core import clock, formats
from mhtr.orders.endings import ENDED_WORDS
from mhtr.orders.page import court_name, order_title
from mhtr.orders.terms import CHANGE_WORDS, KIND_WORDS, Change, Terms
from mhtr.probation.papers.content import Entry
from mhtr.probation.papers.sources import Met, Sources
from sessions.register.called_off import CalledOff

NOBODY_SAID = "Nobody recorded that he was told of it."
LAWYERS_DIFFER = "Lawyers may differ here. The reading in force:"
NOT_DECIDED = "Probation has not decided whether there was a reasonable excuse."


def chronology_of(found: Sources) -> tuple[Entry, ...]:
    """Every fact of the order and its sessions, by its day in law and then by its time."""
    entries = [
        *_of_order(found),
        *(_session(found, met) for met in found.met),
        *(_called_off(row, where) for row, where in found.called_off),
        *(_attempt(found, row) for row in found.attempts),
        *(_said(row, said) for row, said in found.said),
        *(_decision(found, row) for row in found.decided),
        *(entry for row in found.warnings for entry in _warning(found, row)),
        *(_step(found, row, by) for row, by in found.steps),
    ]
    today = clock.today()
    return tuple(sorted((one for one in entries if one.on <= today), key=_when))


_RANK = {"order": 0, "warning": 2, "withdrawn": 3, "step": 4, "end": 5}
"""Of one day: what the court said first, then what has a time, then what follows from it in law."""


def _when(entry: Entry) -> tuple[date, int, str, str]:
    kind = entry.key.partition(":")[0]
    return entry.on, _RANK.get(kind, 1), entry.at, entry.key


def _of_order(found: Sources) -> Iterator[Entry]:
    held = found.one.held
    for row in held.rows:
        terms = held.terms_of(row)
        what = CHANGE_WORDS[row.change]
        if row.change is Change.MADE:
            what = f"{court_name(row.court_code)} made the order"
        yield Entry(f"order:{row.number}", row.effective_on, "", what, tuple(_terms(terms)))
    ending = held.ending
    if ending is not None:
        yield Entry(f"end:{ending.id}", ending.on, "", ENDED_WORDS[ending.how])


def _terms(terms: Terms) -> Iterator[str]:
    periods = " and ".join(
        f"{day_words(one.starts_on)} to {day_words(one.ends_on)}" for one in terms.periods
    )
    yield f"{KIND_WORDS[terms.kind]}. Treatment is required from {periods}."
    if terms.last_day is not None:
        yield f"The order ends on {day_words(terms.last_day)}."


def session_of(row: Attendance) -> str:
    """A session named by its moment."""
    return f"the session of {formats.moment(row.starts_at)}"


def _session(found: Sources, met: Met) -> Entry:
    row = met.row
    number = f"Session {row.session_number}" if row.session_number else "Session"
    happened = in_words(row.happened, row.minutes_late)
    lines = [f"{met.where}.", *told_lines(met)]
    if row.described:
        lines.append(f"Described for probation: {row.described}")
    if row.happened in MISSED and met.why_not:
        lines.append(f"It cannot count as a failure now: {_lower(met.why_not)}")
    elif row.happened in MISSED and found.known.current(row.subject) is None:
        lines.append(NOT_DECIDED)
    if row.happened in MISSED:
        lines.extend(f"{LAWYERS_DIFFER} {words}" for words in met.readings)
    if row.happened in MISSED and row.reason is not ReasonGiven.NONE_YET:
        lines.append(f"Reason recorded with it: {_lower(REASON_WORDS[row.reason])}.")
    lines.extend(_put_right(met))
    shows = (f"attendance:{row.subject}", *(f"notice:{one.ref}" for one in met.told.rows))
    what = f"{number} of the requirement: {_lower(happened)}"
    return Entry(f"session:{row.subject}", row.on, _time(row.starts_at), what, tuple(lines), shows)


def _called_off(row: CalledOff, where: str) -> Entry:
    what = f"Session of the requirement: {_lower(in_words(row.happened))}"
    lines = [f"{where}.", f"{called_off_words(row)}."]
    if row.moved:
        lines.append("It was moved to another time.")
    return Entry(f"session:{row.subject}", row.on, _time(row.starts_at), what, tuple(lines))


def called_off_words(row: CalledOff) -> str:
    """Since when it was not to be."""
    return f"Called off on {formats.moment(row.closed_at)}"


def _put_right(met: Met) -> Iterator[str]:
    """That the record was put right, and what it said before: a decision may rest on that."""
    for before, row in pairwise(met.history):
        was = in_words(before.happened, before.minutes_late)
        yield f"Put right on {formats.moment(row.created_at)}: recorded before as “{_lower(was)}”."


def is_shown(said: Said) -> bool:
    """Whether a paper was shown, and not only promised."""
    return len(said.paper) > 1


def told_lines(met: Met) -> Iterator[str]:
    """How he was told of a session, and whether that is proven."""
    if not met.told.rows:
        yield NOBODY_SAID
        return
    yield f"{met.told.words}:"
    for row in met.told.rows:
        yield f"– {notice_words(row)}"


def notice_words(row: SessionNotice) -> str:
    """One time that he was told, in a line that reads the same in any year."""
    said = f"{WAY_WORDS[row.way]}, {formats.moment(row.told_at)}. {CAME_WORDS[row.came]}"
    form = "" if row.usable else ", not in a form he can use"
    note = f". {row.note}" if row.note else ""
    return _stop(f"{said}{form}{note}")


def _attempt(found: Sources, row: ContactAttempt) -> Entry:
    about = session_of(found.sessions[row.subject])
    what = f"Tried to reach him {_lower(WAY_WORDS[row.way])}: {_lower(REACHED_WORDS[row.reached])}"
    return Entry(f"attempt:{row.ref}", _day(row.at), _time(row.at), what, (f"About {about}.",))


def _said(row: Attendance, said: Said) -> Entry:
    lines = [f"About {session_of(row)}. {said.how}.", f"Kind of reason: {_lower(said.reason)}."]
    if said.for_probation:
        lines.append(f"In words for probation: “{said.for_probation}”")
    lines.extend(_stop(line) for line in said.paper)
    lines.append(f"Recorded by {said.by}.")
    shows = (f"paper:{said.ref}",) if is_shown(said) else ()
    what = "What he gave as the reason"
    return Entry(f"said:{said.ref}", _day(said.at), _time(said.at), what, tuple(lines), shows)


def _decision(found: Sources, row: AbsenceDecision) -> Entry:
    about = session_of(found.sessions[row.subject])
    said = MADE_WORDS[row.opinion]
    if row.until is not None:
        said = f"{said} by {day_words(row.until)}"
    lines = [f"Of {about}."]
    if row.why:
        lines.append(f"Reason: {_stop(row.why)}")
    if row.notice_why:
        lines.append(f"Why it counts although the notice is not proven: {_stop(row.notice_why)}")
    by = found.names[row.by_id]
    if row.for_id is not None:
        by = f"{by}, for {found.names[row.for_id]}"
    lines.append(f"Decided by {by}.")
    at = row.created_at
    what = f"Probation decided. {said}"
    return Entry(f"decision:{row.ref}", _day(at), _time(at), what, tuple(lines))


def _warning(found: Sources, row: BreachWarning) -> Iterator[Entry]:
    about = [
        session_of(found.sessions[met.row.subject])
        for met in found.met
        if str(met.row.subject) in row.about
    ]
    lines = [f"About {'; '.join([*about, *([row.requirement] if row.requirement else [])])}."]
    for name, day in (("Posted", row.posted_on), ("Delivered", row.delivered_on)):
        if day is not None:
            lines.append(f"{name} on {day_words(day)}.")
    if row.worded_as is not None:
        lines.append(f"Worded for a {KIND_WORDS[row.worded_as].lower()}.")
    lines.extend(_contents(row))
    lines.append(f"Recorded by {found.names[row.by_id]}. nDelius holds the warning.")
    what = f"Warning: {_lower(GIVEN_WORDS[row.given])}"
    shows = (f"warning:{row.ref}",)
    yield Entry(f"warning:{row.ref}", row.on, "", what, tuple(lines), shows)
    if row.withdrawn_on is not None and row.withdrawn_by is not None:
        why = (f"Reason: {_stop(row.withdrawn_why)}",) if row.withdrawn_why else ()
        by = f"Recorded by {found.names[row.withdrawn_by]}."
        what = f"The warning of {day_words(row.on)} was withdrawn"
        yield Entry(f"withdrawn:{row.ref}", row.withdrawn_on, "", what, (*why, by))


def _contents(row: BreachWarning) -> Iterator[str]:
    """The three statutory contents (Sch 10 and Sch 16, paragraph 6(4)): each said or lacking."""
    for one in Says:
        if one.value in row.says:
            yield f"{SAYS_WORDS[one]}."
        else:
            yield f"It does not say {LACKS[one]}: it does not count."


def _step(found: Sources, row: EnforcementStep, by: str) -> Entry:
    about = [session_of(met.row) for met in found.met if str(met.row.subject) in row.about]
    lines = [f"About {'; '.join(about)}."] if about else []
    if row.kind is not StepKind.CONFIRMED:
        lines.append(f"Recorded by {by}.")
    what = DONE_WORDS[row.kind]
    if row.kind is StepKind.CONFIRMED:
        what = f"{by} compared the warnings with nDelius, and they agreed"
    return Entry(f"step:{row.ref}", row.on, "", what, tuple(lines))


def facts_of_papers(found: Sources, *, who: str, crn: str, officer: str) -> Mapping[str, str]:
    """Whom, which order and which referral the papers are about."""
    terms, order = found.one.held.terms, found.one.held.order
    periods = " and ".join(
        f"{day_words(one.starts_on)} to {day_words(one.ends_on)}" for one in terms.periods
    )
    return {
        "Person": who,
        "CRN": crn or "Not known",
        "Order": order_title(order),
        "Court": court_name(found.one.held.row.court_code),
        "Treatment required": periods,
        "Responsible officer": officer or "Nobody is named",
        "Referred": day_words(found.step.on),
    }


def _day(at: datetime) -> date:
    return at.astimezone(clock.LONDON).date()


def _time(at: datetime) -> str:
    return formats.clock_time(at)


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]


def _stop(words: str) -> str:
    words = words.strip()
    return words if words.endswith((".", "!", "?", "”")) else f"{words}."
