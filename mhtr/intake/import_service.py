"""Importing a file of referrals: kept for a look first, then taken row by row, once.

Every row is its own short transaction and known by its reference, so an import that was cut
short is simply run again: what was taken stays, nothing is taken twice.
"""

import hashlib
import uuid
from dataclasses import asdict

from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake import service
from mhtr.intake.csv_rows import FileReading, GoodRow
from mhtr.intake.models import ImportRun, Referral


def keep_file(*, file_name: str, text: str, organisation_id: int, by: int) -> ImportRun:
    """Keep an uploaded file until it is imported or thrown away."""
    must_be_writing()
    run = ImportRun(
        by_id=by,
        organisation_id=organisation_id,
        file_name=file_name[:120],
        content_hash=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        content=text,
        result=None,
    )
    db.session.add(run)
    db.session.flush()
    audit.record("intake.import_kept", by=by, run=run.id)
    return run


def find_run(ref: uuid.UUID, organisation_id: int) -> ImportRun:
    """A run of the viewer's own organisation.

    Raises:
        NotFound: no such run, or another organisation's.
    """
    run = db.session.scalars(
        select(ImportRun).where(ImportRun.ref == ref, ImportRun.organisation_id == organisation_id)
    ).one_or_none()
    if run is None:
        raise NotFound
    return run


def known_references(organisation_id: int, rows: tuple[GoodRow, ...]) -> frozenset[str]:
    """Which rows' references have been taken before."""
    wanted = [row.submission.external_reference for row in rows]
    return frozenset(
        reference
        for reference in db.session.scalars(
            select(Referral.external_reference).where(
                Referral.organisation_id == organisation_id,
                Referral.external_reference.in_(wanted),
            )
        )
        if reference
    )


def take_row(*, row: GoodRow, organisation_id: int, by: int) -> bool:
    """Take one row; returns whether it was new."""
    must_be_writing()
    if known_references(organisation_id, (row,)):
        return False
    service.submit_referral(
        submission=row.submission,
        channel="csv",
        referrer_id=by,
        organisation_id=organisation_id,
        by=by,
    )
    return True


def finish(*, run_id: int, reading: FileReading, taken: int, by: int) -> None:
    """Record what became of the file, and forget its content.

    Raises:
        Refused: the run was finished or thrown away before.
    """
    must_be_writing()
    run = db.session.scalars(
        select(ImportRun).where(ImportRun.id == run_id).with_for_update()
    ).one()
    if run.imported_at is not None or run.content is None:
        raise Refused("This file was imported or thrown away already.")
    run.result = {
        "taken": taken,
        "known": len(reading.good) - taken,
        "refused_rows": reading.refused_lines,
        "refused": [asdict(cell) for cell in reading.refused],
    }
    run.imported_at, run.content = clock.now(), None
    audit.record("intake.imported", by=by, run=run_id, taken=taken)


def throw_away(*, run_id: int, by: int) -> None:
    """Forget a kept file without importing it."""
    must_be_writing()
    run = db.session.get_one(ImportRun, run_id)
    if run.imported_at is None:
        run.content = None
        audit.record("intake.import_thrown_away", by=by, run=run_id)
