"""What lists of reports on treatment say, in words."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from mhtr.accounts.models import Organisation, Staff
from mhtr.core.database import db
from mhtr.ending import report_queries
from mhtr.ending.application_rules import RESULTS, STEP_WORDS, StepKind
from mhtr.ending.practitioners import requirement_runs, standing_orders, stands_against
from mhtr.ending.report_build import order_of
from mhtr.ending.report_grounds import REPLACES, Ground, ground_words, willing_words
from mhtr.ending.report_models import ReportStep, ReportVersion, TreatmentReport
from mhtr.orders.page import order_title
from mhtr.orders.queries import OnRecord


@dataclass(frozen=True)
class VersionLine:
    """A version that was sent: the release log."""

    ref: uuid.UUID
    number: int
    at: datetime
    by: str
    to: str
    content_hash: str
    looked_at: tuple[str, ...]
    """For clinicians."""
    counts: bool


@dataclass(frozen=True)
class StepLine:
    """What became of a report before the court."""

    ref: uuid.UUID
    on: date
    words: str
    by: str
    taken_back: bool


@dataclass(frozen=True)
class ReportLine:
    """A report with its versions and what became of it. `draft`: for clinicians."""

    ref: uuid.UUID
    order_ref: uuid.UUID
    title: str
    ground: str
    draft: str
    versions: tuple[VersionLine, ...]
    steps: tuple[StepLine, ...]
    applied: bool
    runs: bool
    """Its requirement does: it can be issued anew, and an application is to be made."""
    decided: StepKind | None
    willing: str
    """What the law says of his willingness, where the ground asks for another requirement."""


def report_lines(case_id: int) -> list[ReportLine]:
    """Every report of a case of which something was sent or is being written, the newest first."""
    sent, steps = report_queries.versions_of(case_id), report_queries.steps_of(case_id)
    return [
        _line(
            row,
            [one for one in sent if one.report_id == row.id],
            [one for one in steps if one.report_id == row.id],
        )
        for row in reversed(report_queries.reports_of(case_id))
        if row.drafted_at is not None or any(one.report_id == row.id for one in sent)
    ]


def _line(row: TreatmentReport, sent: list[ReportVersion], steps: list[ReportStep]) -> ReportLine:
    found = order_of(row)
    counting = [one.kind for one in steps if one.taken_back_at is None]
    ground = Ground(sent[-1].content["ground"]) if sent else None
    draft = ""
    if row.drafted_at is not None:
        name = db.session.get_one(Staff, row.drafted_by).name
        draft = f"Version {len(sent) + 1} is being written, last by {name}"
    return ReportLine(
        ref=row.ref,
        order_ref=found.order.ref,
        title=order_title(found.order),
        ground=ground_words(ground, found.terms.kind) if ground else "",
        draft=draft,
        versions=tuple(_version(one, counts=one is sent[-1]) for one in reversed(sent)),
        steps=tuple(_step(one) for one in steps),
        applied=StepKind.APPLIED in counting,
        runs=requirement_runs(found),
        decided=next((one for one in counting if one in RESULTS), None),
        willing=willing_words(found.terms.kind) if ground in REPLACES else "",
    )


def _version(row: ReportVersion, *, counts: bool) -> VersionLine:
    said = row.content
    unit = db.session.get(Organisation, row.to_unit_id) if row.to_unit_id else None
    to = str(said["to_name"]) + (f", {unit.name}" if unit else "")
    return VersionLine(
        ref=row.ref,
        number=row.number,
        at=row.created_at,
        by=db.session.get_one(Staff, row.signed_by).name,
        to=to,
        content_hash=row.content_hash,
        looked_at=tuple(row.looked_at),
        counts=counts,
    )


def _step(row: ReportStep) -> StepLine:
    by = db.session.get_one(Staff, row.by_id).name
    return StepLine(row.ref, row.on, STEP_WORDS[row.kind], by, row.taken_back_at is not None)


@dataclass(frozen=True)
class Begins:
    """An order under which a report can be begun."""

    ref: uuid.UUID
    title: str
    mine: bool
    """The viewer is the one who signs it."""


def may_begin(case_id: int, staff_id: int) -> list[Begins]:
    """The orders whose requirement runs and of which no report is being written."""
    busy = {one.order_id for one in report_queries.reports_of(case_id) if one.drafted_at}
    return [
        Begins(one.order.ref, order_title(one.order), _mine(one, staff_id))
        for one in standing_orders(case_id)
        if one.order.id not in busy
    ]


def _mine(found: OnRecord, staff_id: int) -> bool:
    return not stands_against(found, staff_id)
