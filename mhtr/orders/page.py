"""What the page of a case's orders shows of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mhtr.accounts.models import Staff
from mhtr.cases.wording import day_words
from mhtr.core import clock
from mhtr.core.codes.lists import load
from mhtr.core.database import db
from mhtr.orders.cards import Running
from mhtr.orders.directing import named_from
from mhtr.orders.directing_shown import (
    DirectingShown,
    change_words,
    directing_shown,
    notice_words,
)
from mhtr.orders.endings import ENDED_WORDS
from mhtr.orders.models import Order, OrderEnding, OrderRequirement, OrderReview, OrderTerms
from mhtr.orders.queries import OnRecord, clock_now
from mhtr.orders.service import recheck
from mhtr.orders.terms import (
    CHANGE_WORDS,
    KIND_WORDS,
    OTHER_WORDS,
    TREATMENT_WORDS,
    Change,
    CustodialTerm,
    Period,
)
from mhtr.orders.treatment_clock import Gap, TreatmentClock


@dataclass(frozen=True)
class HistoryRow:
    """One thing that happened to an order."""

    on: str
    words: str
    by: str
    recorded: datetime


@dataclass(frozen=True)
class Shown:
    """One order as its page shows it."""

    order: Order
    title: str
    state: str
    colour: str
    clock: TreatmentClock | None
    facts: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str, str], ...]
    reviews: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    override: str
    history: tuple[HistoryRow, ...]
    ended: bool
    directing: tuple[DirectingShown, ...]
    names_practitioner: bool


def shown(found: OnRecord, gaps: Sequence[Gap] = ()) -> Shown:
    """Everything its page says of an order, with the times when he could not attend."""
    order = found.order
    state, colour = _state(found)
    ended = found.ending is not None
    return Shown(
        order=order,
        title=order_title(order),
        state=state,
        colour=colour,
        clock=None if ended else clock_now(found, gaps),
        facts=_facts(found),
        others=tuple(
            (OTHER_WORDS[one.kind], one.amount, day_words(one.until) if one.until else "")
            for one in found.others
            if one.taken_out_at is None
        ),
        reviews=tuple(
            (day_words(one.on), court_name(one.court_code))
            for one in found.reviews
            if one.taken_out_at is None
        ),
        limits=tuple(f"{one.words} ({one.source})" for one in recheck(found)),
        override=found.row.override_reason,
        history=_history(found),
        ended=ended,
        directing=directing_shown(found),
        names_practitioner=bool(named_from(found.terms, found.terms.made_on)),
    )


def order_title(order: Order | Running) -> str:
    """What an order is called."""
    return f"{KIND_WORDS[order.kind]} of {day_words(order.made_on)}"


def court_name(code: str) -> str:
    """The name of a court; its code where the list does not know it."""
    entry = load("courts").get(code)
    return entry.label if entry else code


def _state(found: OnRecord) -> tuple[str, str]:
    ending = found.ending
    if ending is not None:
        return f"{ENDED_WORDS[ending.how]} on {day_words(ending.on)}", "grey"
    last, counts = found.terms.last_day, found.counts_on
    if last is not None and last < clock.today():
        if counts is not None and counts >= clock.today():
            words = f"Supervision over since {day_words(last)}, suspended until {day_words(counts)}"
            return words, "grey"
        return f"Over since {day_words(last)}", "grey"
    return "In force", "green"


def _facts(found: OnRecord) -> tuple[tuple[str, str], ...]:
    row, terms = found.row, found.terms
    rows = [
        ("Court", court_name(row.court_code)),
        ("Date of sentence", day_words(row.made_on)),
        ("Plea or finding", day_words(row.convicted_on)),
    ]
    if terms.last_day is not None and row.ends_on is not None:
        rows.append(("Last day of the order", day_words(terms.last_day)))
    if row.operational_months is not None and terms.operational_last_day is not None:
        rows += [
            ("Suspended term", term_words(terms.term)),
            (
                "Operational period",
                f"{row.operational_months} months, until {day_words(terms.operational_last_day)}",
            ),
        ]
    if row.supervision_months is not None and terms.last_day is not None:
        words = f"{row.supervision_months} months, until {day_words(terms.last_day)}"
        rows.append(("Supervision period", words))
    rows += [(_period_key(n, terms.periods), _period(p)) for n, p in enumerate(terms.periods, 1)]
    rows.append(("Sessions expected", str(row.sessions_expected)))
    if row.magistrates_supervise:
        rows.append(("Supervised by", "A magistrates’ court, for the Crown Court"))
    if row.court_reviews:
        rows.append(("Reviews", "The court reviews this order"))
    return tuple(rows)


def _period_key(number: int, periods: tuple[Period, ...]) -> str:
    return "Treatment requirement" if len(periods) == 1 else f"Treatment, period {number}"


def _period(period: Period) -> str:
    named = f"{period.named} ({period.number})" if period.number else period.named
    days = f"{day_words(period.starts_on)} to {day_words(period.ends_on)}"
    how = TREATMENT_WORDS[period.treatment]
    return f"{days}. {how}: {named}"


def term_words(term: CustodialTerm) -> str:
    """A custodial term as a person says it."""
    parts = [(term.months, "month"), (term.weeks, "week"), (term.days, "day")]
    return ", ".join(f"{n} {unit}{'s' if n != 1 else ''}" for n, unit in parts if n) or "None"


def _history(found: OnRecord) -> tuple[HistoryRow, ...]:
    rows = [
        (
            row.created_at,
            HistoryRow(
                day_words(row.effective_on), _change(found, row), _name(row.by_id), row.created_at
            ),
        )
        for row in found.rows
    ]
    for one in found.endings:
        rows.append((one.created_at, _ended(one)))
        if one.taken_back_at is not None:
            words = "This was taken back: the order goes on"
            day = day_words(one.taken_back_at.astimezone(clock.LONDON).date())
            taken = HistoryRow(day, words, _name(one.taken_back_by), one.taken_back_at)
            rows.append((one.taken_back_at, taken))
    rows += [(row.recorded, row) for row in (*_parts(found), *_directing(found))]
    return tuple(row for _, row in sorted(rows, key=lambda each: each[0], reverse=True))


def _parts(found: OnRecord) -> list[HistoryRow]:
    """Other requirements and review hearings as they came and went."""
    named: list[tuple[OrderRequirement | OrderReview, str]]
    named = [(one, _requirement(one)) for one in found.others]
    named += [
        (each, f"Review hearing on {day_words(each.on)}, {court_name(each.court_code)}")
        for each in found.reviews
    ]
    rows = []
    for one, words in named:
        day = day_words(one.created_at.astimezone(clock.LONDON).date())
        rows.append(HistoryRow(day, f"{words}: recorded", _name(one.by_id), one.created_at))
        if one.taken_out_at is not None:
            day = day_words(one.taken_out_at.astimezone(clock.LONDON).date())
            who = _name(one.taken_out_by)
            rows.append(HistoryRow(day, f"{words}: taken out", who, one.taken_out_at))
    return rows


def _directing(found: OnRecord) -> list[HistoryRow]:
    """Who was recorded as not directing any more, what was told of it, what was taken back."""
    rows = []
    for one in found.directing:
        said = [(one.created_at, change_words(one), one.by_id, one.since)]
        if one.noticed_at is not None and one.noticed_on is not None:
            said.append((one.noticed_at, notice_words(one), one.noticed_by, one.noticed_on))
        if one.taken_back_at is not None:
            words = f"This was taken back: that {one.was_named} no longer directs his treatment"
            day = one.taken_back_at.astimezone(clock.LONDON).date()
            said.append((one.taken_back_at, words, one.taken_back_by, day))
        rows += [HistoryRow(day_words(on), words, _name(by), at) for at, words, by, on in said]
    return rows


def _requirement(one: OrderRequirement) -> str:
    said = [OTHER_WORDS[one.kind], one.amount, f"until {day_words(one.until)}" if one.until else ""]
    words = ", ".join(part for part in said if part)
    if one.override_reason:
        words += f" (recorded although it exceeds a legal limit: {one.override_reason})"
    return words


def _ended(one: OrderEnding) -> HistoryRow:
    return HistoryRow(day_words(one.on), ENDED_WORDS[one.how], _name(one.by_id), one.created_at)


def _change(found: OnRecord, row: OrderTerms) -> str:
    """How these terms came about, and what of them was another before."""
    words = CHANGE_WORDS[row.change]
    said = [f"{words}: {_differences(found, row)}" if row.change != Change.MADE else words]
    if row.override_reason:
        said.append(f"Recorded although it exceeds a legal limit: {row.override_reason}")
    if row.willing_on:
        said.append(f"He said that he is willing on {day_words(row.willing_on)}")
    return ". ".join(said)


def _differences(found: OnRecord, row: OrderTerms) -> str:
    before = dict(_facts_of(found, found.rows[row.number - 2]))
    now = dict(_facts_of(found, row))
    changed = [
        f"{key.lower()} {before.get(key, 'not said')} became {now.get(key, 'not said')}"
        for key in {**before, **now}
        if before.get(key) != now.get(key)
    ]
    return "; ".join(changed) or "nothing that is shown here"


def _facts_of(found: OnRecord, row: OrderTerms) -> tuple[tuple[str, str], ...]:
    return _facts(OnRecord(found.order, (row,), found.periods, found.others, (), ()))


def _name(staff_id: int | None) -> str:
    return db.session.get_one(Staff, staff_id).name if staff_id is not None else "The program"
