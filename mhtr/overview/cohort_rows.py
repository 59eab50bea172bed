"""The men behind a figure, with the scores that put them there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mhtr.core.access import Viewer
from mhtr.overview.cohort_queries import Man, behind
from outcome_measures.cohorts.cohort import MEASURES, Episode
from outcome_measures.definitions import Instrument
from outcome_measures.series import ScorePoint
from outcome_measures.time_points import Origin


@dataclass(frozen=True)
class ManRow:
    """One man; `scores` are his first and last of each measure, in words."""

    case_id: int
    ref: uuid.UUID
    name: str
    born: date | None
    ended_on: date | None
    sessions: int
    scores: tuple[tuple[str, str], ...]


def rows_of(viewer: Viewer, men: Sequence[Man]) -> list[ManRow]:
    """The rows of those men whom this viewer may see as a clinician, by name."""
    episodes = {man.episode.case_id: man.episode for man in men}
    return [
        ManRow(
            case_id=who.case_id,
            ref=who.ref,
            name=who.name,
            born=who.born,
            ended_on=episodes[who.case_id].ended_on,
            sessions=episodes[who.case_id].sessions.number,
            scores=tuple(
                (instrument.name, _scores(episodes[who.case_id], instrument))
                for instrument in MEASURES
            ),
        )
        for who in behind(viewer, list(episodes))
    ]


def _scores(episode: Episode, instrument: Instrument) -> str:
    pair = episode.pairs.get(instrument.id)
    if pair is not None:
        return f"{_score(pair.first)}, then {_score(pair.last)}"
    first = episode.firsts.get(instrument.id)
    return "not measured" if first is None else f"{first}, no later score"


def _score(point: ScorePoint) -> str:
    typed = " (typed in)" if point.origin is Origin.TOTAL else ""
    return f"{point.total}{typed}"
