"""Importing a file of referrals: kept for a look first, then taken row by row, once.

Every row is its own short transaction, which also notes how far the file has come. An import that
was cut short simply goes on: what was taken stays, nothing is taken twice.
"""

import hashlib
import uuid

from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake import known_reference, service
from mhtr.intake.csv_rows import FileReading, GoodRow, RefusedCell
from mhtr.intake.import_progress import Progress
from mhtr.intake.known_reference import ReferenceTaken
from mhtr.intake.models import ImportRun, Referral
from mhtr.intake.referral_answers import to_answers
from mhtr.intake.said_of_safety import danger_of


class ImportOver(Refused):
    """The file was imported or thrown away before."""

    def __init__(self) -> None:
        super().__init__("This file was imported or thrown away already.")


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


def take_row(*, run_id: int, row: GoodRow, reading: FileReading, by: int) -> bool:
    """Take one row of a kept file; returns whether it was new.

    A row that was dealt with before, here or by somebody else at the same time, is left alone.

    Raises:
        ImportOver: the file was imported or thrown away.
        ReferenceTaken: its reference stands for a referral that says something else.
        Refused: the referral cannot be taken.
    """
    must_be_writing()
    run, progress = _open_run(run_id)
    if row.line <= progress.line:
        return False
    new = known_reference.earlier(run.organisation_id, row.submission) is None
    if new:
        service.submit_referral(
            submission=row.submission,
            channel="csv",
            referrer_id=by,
            organisation_id=run.organisation_id,
            by=by,
        )
    run.result = progress.past(row, reading, new=new).kept()
    return new


def turn_away(
    *, run_id: int, row: GoodRow, reading: FileReading, refusal: Refused, by: int
) -> None:
    """Note that a good row was refused when it was to be taken, and why.

    What a changed row of a known reference says of his safety is looked into by a clinician.
    """
    must_be_writing()
    run, progress = _open_run(run_id)
    if row.line <= progress.line:
        return
    cell = RefusedCell(row.line, "", " ".join(refusal.reasons))
    if isinstance(refusal, ReferenceTaken):
        cell = known_reference.refused_cell(row, refusal)
        known_reference.look_into(refusal, by=by)
    danger = danger_of(to_answers(row.submission))
    run.result = progress.past(row, reading, new=None, refused=cell, danger=danger).kept()


def finish(*, run_id: int, reading: FileReading, by: int) -> None:
    """Record what became of the file, and forget its content. Rows that still wait are left out.

    Raises:
        ImportOver: the file was imported or thrown away.
    """
    must_be_writing()
    run, progress = _open_run(run_id)
    run.result = progress.result(reading)
    run.imported_at, run.content = clock.now(), None
    audit.record("intake.imported", by=by, run=run_id, taken=progress.taken)


def _open_run(run_id: int) -> tuple[ImportRun, Progress]:
    run = db.session.scalars(
        select(ImportRun).where(ImportRun.id == run_id).with_for_update()
    ).one()
    if run.imported_at is not None or run.content is None:
        raise ImportOver
    return run, Progress.read(run.result)


def throw_away(*, run_id: int, by: int) -> None:
    """Forget a kept file of which nothing was taken.

    Raises:
        Refused: some of its rows were taken: it has a result.
    """
    must_be_writing()
    run = db.session.scalars(
        select(ImportRun).where(ImportRun.id == run_id).with_for_update()
    ).one()
    if run.result is not None:
        raise Refused("Rows of this file were taken already.")
    run.content = None
    audit.record("intake.import_thrown_away", by=by, run=run_id)
