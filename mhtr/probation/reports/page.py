"""Whether a compliance report that left still says what is so."""

from dataclasses import dataclass

from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.probation.reports.queries import Released
from mhtr.probation.reports.reading import men_among, men_told
from mhtr.probation.reports.stored import Difference, differences, is_wrong


@dataclass(frozen=True)
class Changed:
    """What differs between a release and what is on record now."""

    found: tuple[Difference, ...]

    @property
    def wrong(self) -> bool:
        """Whether whoever holds it is told what is not so."""
        return is_wrong(self.found)


def changed_since(viewer: Viewer, released: Released) -> Changed | None:
    """What changed since a release, of the men whom the viewer supervises.

    None where it cannot be read.
    """
    if released.content is None:
        return None
    now = {one.ref: one for one in men_told(men_among(viewer, [m.case_id for m in released.men]))}
    at, today = released.row.created_at, clock.today()
    return Changed(differences(released.content, now, released=at, today=today))
