"""Men in a few words: scores by session, for the tests of flags and of what is due."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from outcome_measures.flags.due import Contact, Schedule
from outcome_measures.flags.state import CaseMeasures, Measured, RiskAnswer, Thresholds
from outcome_measures.series import ScorePoint
from outcome_measures.time_points import TimePoint

START = date(2026, 3, 2)
TODAY = date(2026, 11, 18)
PHQ = Measured("phq9", "PHQ-9", 10, 6)
GAD = Measured("gad7", "GAD-7", 8, 4)


def on(session: int) -> date:
    """The day of a weekly session, counted from one."""
    return START + timedelta(weeks=session - 1)


def at(session: int, total: int | None, instrument: str = "phq9") -> ScorePoint:
    """A score at a session."""
    ref = f"{instrument}-{session}"
    return ScorePoint(ref, instrument, on(session), total, TimePoint.SESSION, session)


def met(session: int, *, closed: bool = True) -> Contact:
    """A treatment session that took place."""
    return Contact(f"contact-{session}", on(session), TimePoint.SESSION, session, closed)


def said(session: int, value: int | None, **more: bool) -> RiskAnswer:
    """Item 9 at a session; None: not answered."""
    return RiskAnswer("phq9", "PHQ-9", 9, on(session), value, f"phq9-{session}", session, **more)  # type: ignore[arg-type]


def man(
    phq: Sequence[int | None] = (),
    gad: Sequence[int | None] = (),
    *,
    sessions: int | None = None,
    planned: int | None = None,
    risk: Sequence[RiskAnswer] = (),
    schedules: Mapping[str, Schedule] | None = None,
    thresholds: Thresholds | None = None,
    today: date = TODAY,
) -> CaseMeasures:
    """A man with these totals at his sessions, one after the other; None: incomplete."""
    points = [at(n, total) for n, total in enumerate(phq, 1)]
    points += [at(n, total, "gad7") for n, total in enumerate(gad, 1)]
    count = max(len(phq), len(gad)) if sessions is None else sessions
    each = schedules or {}
    return CaseMeasures(
        measures=tuple(
            Measured(m.instrument, m.name, m.cut_off, m.reliable,
                     each.get(m.instrument, Schedule.EACH_SESSION))
            for m in (PHQ, GAD)
        ),
        today=today,
        points=tuple(points),
        contacts=tuple(met(n) for n in range(1, count + 1)),
        risk_answers=tuple(risk),
        planned_sessions=planned,
        thresholds=thresholds or Thresholds(),
    )  # fmt: skip
