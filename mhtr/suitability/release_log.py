"""The log of releases: what went out when, by whom, to whom, and what was looked at first."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer

from mhtr.accounts.models import Team
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.suitability.assessment_queries import staff_name
from mhtr.suitability.models import LaterReader, ReportRelease, ReportRequest, WarningSeen
from mhtr.suitability.release_forms import field_name
from mhtr.web.reads import shows


@dataclass(frozen=True)
class LogLine:
    """One release in the log."""

    ref: uuid.UUID
    what: str
    at: datetime
    by: str
    to: str
    content_hash: str
    looked_at: list[str]
    """Prompts of the last check that he let stand."""


def receivers(request: ReportRequest | None) -> str:
    """To whom a release would go; empty while nobody has asked."""
    if request is None:
        return ""
    return _to(request.author_id, request.team_id)


def _to(author_id: int, team_id: int | None) -> str:
    team = db.session.get(Team, team_id) if team_id else None
    return staff_name(author_id) + (f" and {team.name}" if team else "")


def log_of(case: Case) -> list[LogLine]:
    """Every release of a case, the newest first."""
    rows = db.session.scalars(
        select(ReportRelease)
        .where(ReportRelease.case_id == case.id)
        .order_by(ReportRelease.id.desc())
        .options(defer(ReportRelease.pdf))
    )
    lines = []
    for row in rows:
        shows("release", row.id)
        to = _to(row.to_author_id, row.to_team_id)
        what = "Addendum" if row.is_addendum else "Report"
        by = staff_name(row.released_by)
        seen = _looked_at(row.id)
        lines.append(LogLine(row.ref, what, row.released_at, by, to, row.content_hash, seen))
    return lines


@dataclass(frozen=True)
class LaterLine:
    """Somebody to whom a released report was opened afterwards."""

    what: str
    at: datetime
    by: str
    to: str
    content_hash: str


def opened_later(case_id: int) -> list[LaterLine]:
    """Everybody to whom a report of this case was opened after its release, newest first."""
    rows = db.session.execute(
        select(LaterReader, ReportRelease.is_addendum)
        .join(ReportRelease, ReportRelease.id == LaterReader.release_id)
        .where(ReportRelease.case_id == case_id)
        .order_by(LaterReader.id.desc())
    )
    return [
        LaterLine(
            what="Addendum" if addendum else "Report",
            at=row.at,
            by=staff_name(row.by_id),
            to=_to(row.to_author_id, row.to_team_id),
            content_hash=row.content_hash,
        )
        for row, addendum in rows
    ]


def _looked_at(release_id: int) -> list[str]:
    rows = db.session.scalars(
        select(WarningSeen).where(WarningSeen.release_id == release_id).order_by(WarningSeen.id)
    )
    return [f"{field_name(row.field)}: {row.words}" for row in rows]
