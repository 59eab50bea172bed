"""The rules of the flags: what each says where it holds. Functions of values and dates.

Each can be checked against the scores by anybody. See `standing` for how long a rule
has held, and for what the flags are and are not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from outcome_measures.course_parts import InCourse, in_course
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags.due import Contact, Schedule, asked_at, in_order
from outcome_measures.flags.state import CaseMeasures, Measured, RiskAnswer
from outcome_measures.flags.words import Grounds, capital, day, listed, moved, points, rule_words
from outcome_measures.series import Pair, ScorePoint, of_instrument, pair
from outcome_measures.time_points import TimePoint

RISE = "rise"
"""The part of a key that stands for a rise of an answer about risk."""
Identity = tuple[FlagKind, str, str]
"""Kind, instrument (empty: of all of them) and what else tells two flags of one kind apart."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a rule says where it holds."""

    rule: str
    reason: str
    occasion_ref: str = ""
    contact_ref: str = ""


@dataclass(frozen=True, slots=True)
class _View:
    """A man's measures with what every rule asks of them worked out once."""

    state: CaseMeasures
    sessions: tuple[Contact, ...]
    pairs: Mapping[str, Pair]

    @property
    def held(self) -> int:
        """The highest number of a treatment session he has had, imported ones among them."""
        numbers = [contact.session_number for contact in self.sessions]
        numbers += [point.session_number for point in self.state.points]
        return max((number for number in numbers if number), default=0)


def _view(state: CaseMeasures) -> _View:
    sessions = in_order(state.contacts)
    days = [contact.held_on for contact in sessions]
    days += [point.on for point in state.points if point.point is TimePoint.SESSION]
    first_on = min(days, default=None)
    found = {
        measure.instrument: pair(
            of_instrument(state.points, measure.instrument), state.rule, first_on
        )
        for measure in state.measures
    }
    return _View(state, sessions, {name: both for name, both in found.items() if both})


def key_of(identity: Identity) -> str:
    """The part of a flag's key that says which flag it is; the day follows it."""
    return ":".join(part for part in identity if part)


def holding(state: CaseMeasures) -> dict[Identity, Held]:
    """Every rule that holds, by what tells its flag apart."""
    view = _view(state)
    found: dict[Identity, Held] = {}
    for rule in (_risk, _worse, _mixed, _no_change, _above, _not_measured, _crossed):
        found.update(rule(view))
    return found


Found = Iterable[tuple[Identity, Held]]


def _risk(view: _View) -> Found:
    """The latest live answer to each question about risk: above zero or silence, and a rise."""
    by_item: dict[tuple[str, int], list[RiskAnswer]] = {}
    for answer in sorted(
        view.state.risk_answers, key=lambda one: (one.on, one.order, one.occasion_ref)
    ):
        by_item.setdefault((answer.instrument, answer.item), []).append(answer)
    for (instrument, item), answers in by_item.items():
        # An imported answer has its own list: it raises no flag, and must not end one either.
        last = next((answer for answer in reversed(answers) if not answer.historic), None)
        if last is None or not last.signs:
            continue
        before_it = answers[: answers.index(last)]
        earlier = [one.value for one in before_it if one.value is not None]
        before = earlier[-1] if earlier else None
        rose = before is not None and last.value is not None and last.value > before
        grounds = Grounds(question=last.question)
        up = f", up from {before} the time before" if rose else ""
        reason = f"{capital(last.question)} {last.said} on {day(last.on)}{up}."
        yield (
            (FlagKind.RISK, instrument, str(item)),
            Held(rule_words(FlagKind.RISK, grounds), reason, last.occasion_ref),
        )
        identity = (FlagKind.RISK, instrument, f"{item}:{RISE}:{last.occasion_ref}")
        if rose and before:
            rule = rule_words(FlagKind.RISK, replace(grounds, rose=True))
            reason = (
                f"The answer to {last.question} rose from {before} to "
                f"{last.value} on {day(last.on)}."
            )
            yield identity, Held(rule, reason, last.occasion_ref)
        elif last.value is not None and before_it and before_it[-1].value is None:
            # Whoever responded to the silence has not seen this answer.
            reason = (
                f"{capital(last.question)} {before_it[-1].said} on {day(before_it[-1].on)}, "
                f"and {last.said} on {day(last.on)}."
            )
            yield identity, Held(rule_words(FlagKind.RISK, grounds), reason, last.occasion_ref)


def _worse(view: _View) -> Found:
    """Up from the first score by the reliable number of points; told anew at each such step."""
    for measure in view.state.measures:
        both = view.pairs.get(measure.instrument)
        if both is None or _change(measure, both) < measure.reliable:
            continue
        steps = _change(measure, both) // measure.reliable
        rule = rule_words(
            FlagKind.WORSE, Grounds(instrument=measure.name, reliable=measure.reliable)
        )
        more = str(steps) if steps > 1 else ""
        said = moved(measure.name, both)
        yield (FlagKind.WORSE, measure.instrument, more), Held(rule, said, both.last.occasion_ref)


def _mixed(view: _View) -> Found:
    """One measure reliably better, another reliably worse."""
    better = [m for m in _paired(view) if _better(view, m)]
    worse = [m for m in _paired(view) if _worsened(view, m)]
    if better and worse:
        reason = " ".join(moved(m.name, view.pairs[m.instrument]) for m in (*better, *worse))
        yield (FlagKind.MIXED, "", ""), Held(rule_words(FlagKind.MIXED, Grounds()), reason)


def _no_change(view: _View) -> Found:
    """From the session of the policy on, no measure has reliably changed."""
    wanted, paired = view.state.thresholds.no_change_from, _paired(view)
    if view.held < wanted or not paired:
        return
    if any(_better(view, m) or _worsened(view, m) for m in paired):
        return
    said = [f"After session {view.held}:", *(_still(view, m) for m in paired)]
    rule = rule_words(FlagKind.NO_RELIABLE_CHANGE, Grounds(sessions=wanted))
    yield (FlagKind.NO_RELIABLE_CHANGE, "", ""), Held(rule, " ".join(said))


def _still(view: _View, measure: Measured) -> str:
    both = view.pairs[measure.instrument]
    words = moved(measure.name, both)
    if both.totals[0] < measure.reliable:
        words += f" The first score left no room for {points(measure.reliable)} fewer."
    return words


def _above(view: _View) -> Found:
    """Near the last planned session, a latest score at the cut-off or above it."""
    planned, near = view.state.planned_sessions, view.state.thresholds.near_end
    if planned is None or not view.sessions or view.held < planned - near:
        return
    over = [
        f"{measure.name} was {last.total} on {day(last.on)} (cut-off {measure.cut_off})"
        for measure in view.state.measures
        if (last := _last(view, measure)) is not None and (last.total or 0) >= measure.cut_off
    ]
    if over:
        reason = f"After session {view.held} of {planned}: {listed(over)}."
        rule = rule_words(FlagKind.ABOVE_CUT_OFF, Grounds(sessions=near))
        yield (FlagKind.ABOVE_CUT_OFF, "", ""), Held(rule, reason)


def _not_measured(view: _View) -> Found:
    """No two complete scores by the session of the policy, or a session without a score."""
    wanted, settled = view.state.thresholds.pair_by, _settled(view)
    if not settled:
        return
    latest = settled[-1]
    for measure in view.state.measures:
        said = []
        asked, last = _asked_each(view.state, measure, settled)
        if asked >= wanted and measure.instrument not in view.pairs:
            said.append(f"No two complete {measure.name} scores by session {last}.")
        schedule = view.state.schedule_on(measure, latest.held_on)
        due = asked_at(schedule, _place(view, latest))
        if due and not _scored_on(view, measure.instrument, latest.held_on):
            said.append(
                f"No complete {measure.name} score at the session of {day(latest.held_on)}."
            )
        if said:
            rule = rule_words(
                FlagKind.NOT_MEASURED, Grounds(instrument=measure.name, sessions=wanted)
            )
            yield (
                (FlagKind.NOT_MEASURED, measure.instrument, ""),
                Held(rule, " ".join(said), contact_ref=latest.ref),
            )


def _place(view: _View, contact: Contact) -> InCourse:
    state = view.state
    return in_course(contact.session_number, contact.held_on, state.parts, state.planned_sessions)


def _asked_each(
    state: CaseMeasures, measure: Measured, settled: Sequence[Contact]
) -> tuple[int, int]:
    """At how many sessions it was to be asked as at each, and the last one's number.

    Sessions before the setting was in force are not counted; those not on record here are.
    """
    each = [c for c in settled if state.schedule_on(measure, c.held_on) is Schedule.EACH_SESSION]
    numbers = [contact.session_number or 0 for contact in each]
    if not numbers:
        return 0, 0
    before = 0 if len(each) == len(settled) else min(numbers) - 1
    return max(numbers) - before, max(numbers)


def _crossed(view: _View) -> Found:
    """Every measure below its cut-off now, and one was not at the start. Good news."""
    measures = view.state.measures
    if not measures or len(_paired(view)) < len(measures):
        return
    firsts = [(m, view.pairs[m.instrument].totals) for m in measures]
    was = any(first >= m.cut_off for m, (first, _) in firsts)
    if was and all(last < m.cut_off for m, (_, last) in firsts):
        said = [moved(m.name, view.pairs[m.instrument]) for m in measures]
        said.append(_reliably(view, measures))
        yield (
            (FlagKind.CROSSED, "", ""),
            Held(rule_words(FlagKind.CROSSED, Grounds()), " ".join(said)),
        )


def _reliably(view: _View, measures: Sequence[Measured]) -> str:
    better = [m.name for m in measures if _better(view, m)]
    worse = [m.name for m in measures if _worsened(view, m)]
    said = [f"Reliable improvement on {listed(better)}."] if better else []
    said += [f"{listed(worse)} went up reliably."] if worse else []
    return " ".join(said) or "No score has changed reliably."


def _paired(view: _View) -> list[Measured]:
    return [measure for measure in view.state.measures if measure.instrument in view.pairs]


def _change(measure: Measured, both: Pair) -> int:
    first, last = both.totals
    return last - first


def _better(view: _View, measure: Measured) -> bool:
    return _change(measure, view.pairs[measure.instrument]) <= -measure.reliable


def _worsened(view: _View, measure: Measured) -> bool:
    return _change(measure, view.pairs[measure.instrument]) >= measure.reliable


def _last(view: _View, measure: Measured) -> ScorePoint | None:
    """The latest complete score taken in treatment."""
    taken = [
        point
        for point in of_instrument(view.state.points, measure.instrument)
        if point.complete and point.point in (TimePoint.SESSION, TimePoint.BETWEEN)
    ]
    return taken[-1] if taken else None


def _settled(view: _View) -> list[Contact]:
    return [contact for contact in view.sessions if contact.settled(view.state.today)]


def _scored_on(view: _View, instrument: str, on: date) -> bool:
    return any(
        point.instrument == instrument and point.on == on and point.complete
        for point in view.state.points
    )
