"""What happened on a case, newest first, in one shape for every kind. Clinical viewers only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.cases.facts import (
    Away,
    CaseState,
    CloseReason,
    Fact,
    FactKind,
    PauseReason,
    StageOfCase,
)
from mhtr.cases.models import Case
from mhtr.cases.wording import (
    AWAY_WORDS,
    CLOSE_WORDS,
    FACT_WORDS,
    PAUSE_WORDS,
    STATE_WORDS,
    fact_words,
)
from mhtr.core import clock, formats
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.intake.models import Referral, ReferralAmendment
from mhtr.intake.reopening_rules import WHY_REOPENED, WhyReopened
from mhtr.overview.consent_summary import DECISION_WORDS, ITEM_WORDS
from mhtr.overview.links import page_href, task_href
from mhtr.overview.measure_words import Measure
from mhtr.overview.rows import court_name
from mhtr.people import consent
from mhtr.people.models import ConsentEvent
from mhtr.suitability.models import ReportRelease
from mhtr.tasks.kinds import PROBATION_ALONE
from mhtr.tasks.models import Task, TaskKind, TaskState

K = FactKind
KINDS = {
    "milestones": "Milestones",
    "court": "Court",
    "report": "Report",
    "consent": "Consent",
    "measures": "Measures",
    "tasks": "Tasks",
    "referral": "Referral",
}
_COURT = frozenset(
    {
        K.HEARING_SET,
        K.HEARING_ADJOURNED,
        K.HEARING_ADVANCED,
        K.HEARING_TRANSFERRED,
        K.HEARING_PAST,
        K.STAGE_RECORDED,
        K.PROPOSED,
        K.NOT_PROPOSED,
        K.SENTENCED_WITH_MHTR,
        K.SENTENCED_WITHOUT_MHTR,
        K.ORDER_REVOKED,
    }
)
_REPORT = frozenset(
    {
        K.SUITABILITY_REQUESTED,
        K.COUNTERSIGN_REQUESTED,
        K.RETURNED,
        K.COUNTERSIGNED,
        K.REPORT_HEARD,
        K.RELEASED,
        K.ADDENDUM_WRITTEN,
        K.ADDENDUM_COUNTERSIGNED,
        K.ADDENDUM_RELEASED,
    }
)
_CONSENT = frozenset({K.CONSENT_GIVEN, K.CONSENT_WITHDRAWN})
STAGE_WORDS = {
    StageOfCase.UNDER_INVESTIGATION: "Under investigation",
    StageOfCase.CHARGED: "Charged",
    StageOfCase.NOT_GUILTY_PLEA: "Not-guilty plea",
    StageOfCase.GUILTY_PLEA: "Guilty plea",
    StageOfCase.FOUND_GUILTY: "Found guilty",
    StageOfCase.AWAITING_SENTENCE: "Awaiting sentence",
}

# Made once: making a statement takes longer than asking it.
_TASKS = Prepared(
    select(
        Task.ref,
        Task.kind,
        Task.title,
        Task.endpoint,
        Task.subject_ref,
        Task.state,
        Task.created_at,
        Task.finished_at,
        Task.finished_by,
    )
    .where(Task.case_id == bindparam("case"), Task.kind.not_in(sorted(PROBATION_ALONE)))
    .order_by(Task.id)
)
_RELEASES = Prepared(
    select(
        ReportRelease.released_at,
        ReportRelease.released_by,
        ReportRelease.is_addendum,
        Staff.name,
    )
    .join(Staff, Staff.id == ReportRelease.to_author_id)
    .where(ReportRelease.case_id == bindparam("case"))
    .order_by(ReportRelease.id)
)
_AMENDMENTS = Prepared(
    select(ReferralAmendment.created_at, ReferralAmendment.reason, ReferralAmendment.by_id)
    .join(Referral, Referral.id == ReferralAmendment.referral_id)
    .where(Referral.case_id == bindparam("case"))
    .order_by(ReferralAmendment.id)
)
_NAMES = Prepared(
    select(Staff.id, Staff.name).where(Staff.id.in_(bindparam("staff", expanding=True)))
)


@dataclass(frozen=True)
class Entry:
    """One thing that happened, as the timeline shows it."""

    at: datetime
    group: str
    title: str
    text: str = ""
    by_id: int | None = None
    by: str = ""
    href: str = ""

    @property
    def when_iso(self) -> str:
        """For machines."""
        return self.at.isoformat(timespec="minutes")

    @property
    def when_text(self) -> str:
        """For people."""
        return formats.moment(self.at)

    @property
    def kind(self) -> str:
        """The filter it belongs to, in words."""
        return KINDS[self.group]


@dataclass(frozen=True)
class WhatHeSaid:
    """What the page has read already: the facts, what he agreed to, and his measures."""

    facts: Sequence[Fact]
    consents: Sequence[ConsentEvent]
    measures: Sequence[Measure]


def entries_of(viewer: Viewer, case: Case, said: WhatHeSaid, kind: str = "") -> list[Entry]:
    """Everything that happened, or one kind of it; the newest first."""
    found = [
        *_facts(said.facts),
        *_tasks(viewer, case),
        *_consent(viewer, case, said.consents),
        *_releases(viewer, case),
        *_amendments(viewer, case),
        *_measures(case, said.measures),
    ]
    # A man's consent and the files released say more than the milestones that repeat them.
    told = {entry.title for entry in found if entry.group in ("consent", "report") and entry.href}
    found = [e for e in found if e.href or e.title not in told or e.group not in _REPEATED]
    chosen = [entry for entry in found if kind in ("", entry.group)]
    names = _names({entry.by_id for entry in chosen if entry.by_id})
    # Of what happened at the same moment, the later-written comes first as well.
    chosen = sorted(reversed(chosen), key=lambda entry: entry.at, reverse=True)
    return [
        Entry(e.at, e.group, e.title, e.text, e.by_id, names.get(e.by_id or 0, ""), e.href)
        for e in chosen
    ]


_REPEATED = ("consent", "report")


def _names(ids: set[int]) -> dict[int, str]:
    return dict(_NAMES.all({"staff": ids}))


def _facts(facts: Sequence[Fact]) -> Iterator[Entry]:
    corrected = {fact.detail.get("fact_id") for fact in facts if fact.kind is K.CORRECTED}
    for fact in facts:
        title = fact_words(fact)
        yield Entry(
            at=fact.on,
            group=_group(fact.kind),
            title=f"{title} (corrected since)" if fact.id in corrected else title,
            text=_detail(fact),
            by_id=fact.by_id,
        )


def _group(kind: FactKind) -> str:
    for group, kinds in (("court", _COURT), ("report", _REPORT), ("consent", _CONSENT)):
        if kind in kinds:
            return group
    return "milestones"


def _detail(fact: Fact) -> str:
    detail: Mapping[str, Any] = fact.detail
    said = []
    if fact.kind is K.ASSESSMENT_TAKEN_OVER:
        said.append(f"From {db.session.get_one(Staff, detail['from_id']).name}")
    if "stage" in detail:
        said.append(STAGE_WORDS[StageOfCase(detail["stage"])])
    if "hearing_on" in detail:
        said.append(formats.day(detail["hearing_on"]))
    if "court" in detail:
        said.append(court_name(detail["court"]))
    if "recommendation" in detail:
        words = STATE_WORDS[CaseState(detail["recommendation"])]
        said.append(f"Recommendation: {words}")
    if fact.kind is K.PAUSED:
        said.append(PAUSE_WORDS[PauseReason(detail["reason"])])
    if fact.kind is K.AWAY:
        said.append(AWAY_WORDS[Away(detail["where"])])
    if fact.kind is K.CLOSED:
        said.append(CLOSE_WORDS[CloseReason(detail["reason"])])
    if fact.kind is K.REOPENED and "reason" in detail:
        said.append(WHY_REOPENED[WhyReopened(detail["reason"])])
    text = ", ".join(part for part in said if part)
    return text[:1].upper() + text[1:]


def _tasks(viewer: Viewer, case: Case) -> Iterator[Entry]:
    for row in _TASKS.all({"case": case.id}):
        href = task_href(
            viewer,
            kind=row.kind,
            task_ref=row.ref,
            endpoint=row.endpoint,
            subject_ref=row.subject_ref,
            case_ref=case.ref,
            progress=case.progress,
        )
        if row.finished_at is None:
            yield Entry(row.created_at, "tasks", f"Task opened: {row.title}", href=href)
        else:
            word = "done" if row.state is TaskState.DONE else "no longer needed"
            kept = href if row.kind is TaskKind.RISK_REVIEW else ""
            yield Entry(
                row.finished_at, "tasks", f"Task {word}: {row.title}", "", row.finished_by, "", kept
            )


def _consent(viewer: Viewer, case: Case, events: Sequence[ConsentEvent]) -> Iterator[Entry]:
    href = page_href(viewer, "people.consent", case.ref)
    for row in events:
        yield Entry(
            at=consent.said_at(row),
            group="consent",
            title=f"{ITEM_WORDS[row.item]}: {DECISION_WORDS[row.decision]}",
            text=consent.HOW.get(row.how, ""),
            by_id=row.recorded_by,
            href=href,
        )


def _releases(viewer: Viewer, case: Case) -> Iterator[Entry]:
    href = page_href(viewer, "suitability.report", case.ref)
    for at, by, is_addendum, to in _RELEASES.all({"case": case.id}):
        title = FACT_WORDS[K.ADDENDUM_RELEASED if is_addendum else K.RELEASED]
        yield Entry(at, "report", title, f"To {to}", by, "", href)


def _amendments(viewer: Viewer, case: Case) -> Iterator[Entry]:
    href = page_href(viewer, "intake.referral", case.ref)
    for row in _AMENDMENTS.all({"case": case.id}):
        yield Entry(row.created_at, "referral", "Referral amended", row.reason, row.by_id, "", href)


def _measures(case: Case, measures: Sequence[Measure]) -> Iterator[Entry]:
    if not measures:
        return
    first = url_for("measures.answers", case_ref=case.ref, occasion_ref=measures[0].ref)
    around = first.split(str(measures[0].ref))
    for measure in measures:
        href = str(measure.ref).join(around)
        at = measure.submitted_at or clock.some_time_on(measure.asked_on)
        yield Entry(at, "measures", measure.title, measure.words, measure.entered_by, "", href)
