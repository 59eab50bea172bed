"""What stands beside a man's name in a row: his CRN for probation, otherwise his birth date."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mhtr.core.access import PROBATION_ROLES, Viewer
from mhtr.overview.rows import Block, Row
from mhtr.people.queries import crns_of


def blocks_for(viewer: Viewer, blocks: Sequence[Block]) -> list[Block]:
    """Blocks as this viewer knows the men in them."""
    if not viewer.has(*PROBATION_ROLES):
        return list(blocks)
    crns = _crns(row for block in blocks for row in block.rows)
    return [
        replace(block, rows=tuple(_by_crn(row, crns) for row in block.rows)) for block in blocks
    ]


def rows_for(viewer: Viewer, rows: list[Row]) -> list[Row]:
    """Rows as this viewer knows the men in them."""
    if not viewer.has(*PROBATION_ROLES):
        return rows
    crns = _crns(rows)
    return [_by_crn(row, crns) for row in rows]


def _by_crn(row: Row, crns: dict[int, str]) -> Row:
    if row.person_id is None:
        return row
    return replace(row, born=None, crn=crns.get(row.person_id, "not known"))


def _crns(rows: Iterable[Row]) -> dict[int, str]:
    return crns_of({row.person_id for row in rows if row.person_id is not None})
