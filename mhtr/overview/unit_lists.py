"""Rows of Today for those who lead a unit of probation."""

from mhtr.core.access import Viewer
from mhtr.overview.links import page_href
from mhtr.overview.rows import Row
from mhtr.overview.task_lists import note_shown
from mhtr.probation.nobodys import nobodys
from mhtr.probation.people_form import NOBODYS


def nobodys_rows(viewer: Viewer, limit: int) -> list[Row]:
    """Men of a senior's unit whom nobody supervises, by name."""
    href = page_href(viewer, "probation.reassign_men")
    rows = [
        Row(
            ref=man.ref,
            who=man.name,
            what="No officer decides or hears of him",
            href=f"{href}?whose={NOBODYS}",
            action="Give to an officer",
            case_id=man.case_id,
            person_id=man.person_id,
            urgent=True,
        )
        for man in nobodys(viewer)[:limit]
    ]
    note_shown(rows)
    return rows
