"""When a man under an order could not attend, because he was in hospital or custody. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mhtr.cases.facts import Away, Fact, FactKind, effective_facts
from mhtr.cases.wording import day_words


@dataclass(frozen=True)
class Stay:
    """One such time, both days counted. `until` is None while it lasts.

    `began_id` is the fact that began it, `fact_id` the one recorded last of it, which is what can
    be taken back. `where` is None where another case of his says it.
    """

    where: Away | None
    since: date
    until: date | None
    fact_id: int
    began_id: int


def stays(facts: Sequence[Fact], today: date) -> tuple[Stay, ...]:
    """Every stay that counts, the earliest first."""
    return stays_among(effective_facts(tuple(facts), today))


def stays_among(counting: Sequence[Fact]) -> tuple[Stay, ...]:
    """The same of facts that count (`effective_facts`)."""
    found: list[Stay] = []
    for fact in counting:
        lasts = bool(found) and found[-1].until is None
        if fact.kind is FactKind.AWAY and not lasts:
            where = fact.detail.get("where")
            said = Away(str(where)) if where else None
            found.append(Stay(said, fact.day, None, fact.id, fact.id))
        elif fact.kind is FactKind.BACK and lasts:
            last = found.pop()
            found.append(Stay(last.where, last.since, fact.day, fact.id, last.began_id))
    return tuple(found)


def may_begin(stay: Stay | None, *, under_order: bool) -> tuple[str, ...]:
    """Why no stay can be recorded as things are, in words; empty where one can."""
    if stay is not None:
        return ("That he cannot attend is recorded already. Record its end first.",)
    if not under_order:
        return ("No order with the requirement stands that he could attend under.",)
    return ()


def may_end(stay: Stay | None) -> tuple[str, ...]:
    """Why no end can be recorded as things are, in words; empty where it can."""
    return () if stay is not None else ("He can attend, as far as is recorded.",)


def objections_to_start(
    since: date, known: Sequence[Stay], sentenced_on: date | None, today: date
) -> tuple[str, ...]:
    """Why a stay cannot have begun on that day, in words; empty where it can."""
    if since > today:
        return ("The day cannot be in the future.",)
    if sentenced_on is not None and since < sentenced_on:
        return (f"That is before the sentence on {day_words(sentenced_on)}.",)
    last = known[-1].until if known else None
    if last is not None and since < last:
        return (f"An earlier time is recorded until {day_words(last)}. Take it back first.",)
    return ()


def objections_to_end(on: date, stay: Stay, today: date) -> tuple[str, ...]:
    """Why it cannot have ended on that day, in words; empty where it can."""
    if on > today:
        return ("The day cannot be in the future.",)
    if on < stay.since:
        return (f"It began on {day_words(stay.since)}, after that day.",)
    return ()
