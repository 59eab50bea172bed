"""Released reports, shown only where their content is what was signed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased, defer

from mhtr.accounts.models import Staff, Team
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.suitability.figures import Addition, corrected_rows
from mhtr.suitability.models import CountersignDecision, ReportRelease
from mhtr.suitability.psr_paragraph import psr_paragraph
from mhtr.suitability.report_content import ReportContent, content_hash, from_json
from mhtr.suitability.report_view import ReportView, report_view


@dataclass(frozen=True)
class Release:
    """One release, as the log shows it. `content` is None where it does not match its hash."""

    row: ReportRelease
    released_by: str
    to_author: str
    to_team: str
    signed_at: datetime
    content: ReportContent | None

    @property
    def addition(self) -> Addition | None:
        """The release as what it adds to the report, and when; None for the report itself."""
        if not self.row.is_addendum or self.content is None:
            return None
        return Addition(self.content, self.row.released_at.astimezone(clock.LONDON).date())

    @property
    def view(self) -> ReportView | None:
        """The report laid out for reading."""
        return report_view(self.content) if self.content else None


def paragraph(released: Sequence[Release], mark: str = "") -> str:
    """The paragraph for the pre-sentence report, from all releases of a case, newest first.

    Where the report may no longer stand, its mark comes first, so that it is copied with it.
    """
    main = next(one for one in released if not one.row.is_addendum)
    said = psr_paragraph(main.content, additions(released)) if main.content else ""
    return f"[{mark}] {said}" if mark else said


def additions(released: Sequence[Release]) -> list[Addition]:
    """The addenda of all releases of a case, newest first, as they came: the oldest first."""
    return [one.addition for one in reversed(released) if one.addition is not None]


def as_corrected(released: Sequence[Release]) -> ReportView | None:
    """The report laid out for reading, each figure that an addendum corrected with its day."""
    main = next(one for one in released if not one.row.is_addendum)
    view = main.view
    if main.content is None or view is None:
        return None
    now = corrected_rows(main.content, additions(released))
    rows = tuple((name, now.get(name, said)) for name, said in view.proposal)
    return replace(view, proposal=rows)


def releases(case_id: int) -> list[Release]:
    """Every release of a case, the newest first, each checked against its hash."""
    return [
        Release(
            row=row,
            released_by=released_by,
            to_author=to_author,
            to_team=to_team or "",
            signed_at=signed_at,
            content=verified(row),
        )
        for row, released_by, to_author, to_team, signed_at in db.session.execute(
            _RELEASES, {"case": case_id}
        )
    ]


_RELEASED_BY, _TO = aliased(Staff), aliased(Staff)
_RELEASES = (
    select(ReportRelease, _RELEASED_BY.name, _TO.name, Team.name, CountersignDecision.at)
    .join(_RELEASED_BY, _RELEASED_BY.id == ReportRelease.released_by)
    .join(_TO, _TO.id == ReportRelease.to_author_id)
    .join(CountersignDecision, CountersignDecision.id == ReportRelease.decision_id)
    .outerjoin(Team, Team.id == ReportRelease.to_team_id)
    .where(ReportRelease.case_id == bindparam("case"))
    .order_by(ReportRelease.id.desc())
    .options(defer(ReportRelease.pdf))
)


def verified(row: ReportRelease) -> ReportContent | None:
    """The content of a release, or None where it is not what was released."""
    try:
        content = from_json(row.content)
    except (ValueError, KeyError, TypeError):
        return None
    return content if content_hash(content) == row.content_hash else None


def is_file_intact(row: ReportRelease) -> bool:
    """Whether the stored PDF is the one that was released."""
    return hashlib.sha256(row.pdf).hexdigest() == row.pdf_hash
