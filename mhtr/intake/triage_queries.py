"""Reads for triage: the list, the facts eligibility is judged on, and who could assess."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff, StaffRole
from mhtr.cases.facts import CaseState, Fact
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.cases.report_due import Countdowns
from mhtr.cases.service import facts_of
from mhtr.core import clock
from mhtr.core.access import Exclusion, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.due import Left, left_until
from mhtr.intake import queries
from mhtr.intake.eligibility import (
    Criterion,
    CriterionName,
    EligibilityFacts,
    Gender,
    GpStatus,
    Willingness,
    eligibility,
)
from mhtr.intake.models import Referral
from mhtr.intake.policy import eligibility_policy
from mhtr.intake.questions import Question, questions_of
from mhtr.intake.referral_values import Answer
from mhtr.intake.triage_filter import Filter as Filter
from mhtr.intake.triage_filter import narrowed
from mhtr.people.models import Answered, Person
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import Leave, Task, TaskKind, TaskState
from mhtr.web.paging import order_of
from mhtr.web.reads import shows

PAGE = 25
OPEN_STATES = frozenset(
    {
        CaseState.REFERRED,
        CaseState.SCREENED,
        CaseState.ASSESSING,
        CaseState.SUITABLE,
        CaseState.SUITABLE_NOT_READY,
        CaseState.COUNTERSIGNED,
    }
)
"""States in which a case still takes an assessor's time."""

_GENDERS = {"1": Gender.MAN, "2": Gender.WOMAN, "3": Gender.NON_BINARY, "4": Gender.ANOTHER}
_NOT_GIVEN = {
    Answered.NOT_ASKED: Gender.NOT_ASKED,
    Answered.DECLINED: Gender.DECLINED,
    Answered.UNKNOWN: Gender.UNKNOWN,
}


@dataclass(frozen=True)
class Waiting:
    """A referral that waits for triage or allocation."""

    case: Case
    referral: Referral
    task: Task
    place: str
    court: str
    left: Left
    report: Left | None
    """The countdown to the report, where one is asked for already."""
    question: Question | None
    """What the referrer was asked."""


SORTS = {
    "due": (Task.due_at,),
    "hearing": (Case.hearing_on,),
    "waiting": (Case.opened_at,),
    "name": (Person.sort_name,),
}


def waiting(viewer: Viewer, wanted: Filter, *, sort: str, page: int) -> tuple[list[Waiting], bool]:
    """A page of referrals that wait, urgent ones first, and whether there is another."""
    query = (
        select(Case, Referral, Task)
        .join(Person, Person.id == Case.person_id)
        .join(Task, Task.case_id == Case.id)
        .join(Referral, Referral.case_id == Case.id)
        .where(
            Task.kind.in_((TaskKind.TRIAGE, TaskKind.ALLOCATE)),
            Task.state == TaskState.OPEN,
            in_scope(viewer, Purpose.CLINICAL, Purpose.ADMINISTRATION),
            *narrowed(wanted),
        )
        .order_by(Case.urgent.desc(), *order_of(SORTS, sort, Case.id))
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    rows = db.session.execute(query).all()
    asked = questions_of([case.id for case, _, _ in rows[:PAGE]])
    now, calendar, countdowns = clock.now(), working_calendar(), Countdowns()
    shown = [
        Waiting(
            case,
            referral,
            task,
            queries.place_label(referral.place_code),
            queries.place_label(case.court_code) if case.court_code else "",
            left_until(task.due_at, now, calendar),
            countdowns.of(case),
            asked.get(case.id),
        )
        for case, referral, task in rows[:PAGE]
    ]
    shows("case", *(row.case.id for row in shown))
    return shown, len(rows) > PAGE


def criteria(case_id: int) -> tuple[Criterion, ...]:
    """Every eligibility criterion of a case as it stands today."""
    case = db.session.get_one(Case, case_id)
    return criteria_of(case, queries.referral_of(case_id), facts_of(case_id))


def under_age(case_id: int) -> str:
    """Why he is too young for the service; empty where he is not, or nobody knows yet."""
    found = next(one for one in criteria(case_id) if one.name is CriterionName.AGE)
    return found.reason if found.blocks else ""


def criteria_of(
    case: Case, referral: Referral | None, facts: Iterable[Fact]
) -> tuple[Criterion, ...]:
    """The same for a page that has read referral and facts already."""
    return eligibility(eligibility_facts(case, referral, facts), eligibility_policy())


def eligibility_facts(
    case: Case, referral: Referral | None, facts: Iterable[Fact]
) -> EligibilityFacts:
    """What the record says on eligibility."""
    person = case.person
    said = referral.answers if referral else {}
    gender, as_born = _gender(person)
    return EligibilityFacts(
        as_of=clock.today(),
        born_on=person.born,
        stated_age=int(said["age"]) if str(said.get("age", "")).isdecimal() else None,
        convicted_on=_convicted_on(facts),
        stage=case.stage,
        gender=gender,
        born_as_recorded=as_born,
        court_code=case.court_code or None,
        hearing_on=case.hearing_on,
        coverage=tuple(queries.covers()),
        willing=Willingness(said.get("willing", Willingness.NOT_ASKED)),
        able_to_agree={Answer.YES: True, Answer.NO: False}.get(said.get("able_to_agree", "")),
        gp=_gp(person, said.get("vulnerabilities", "").split(";")),
    )


def _convicted_on(facts: Iterable[Fact]) -> date | None:
    days = [fact.detail.get("convicted_on") for fact in facts]
    known = [day for day in days if isinstance(day, date)]
    return known[-1] if known else None


def _gender(person: Person) -> tuple[Gender, bool | None]:
    held = {row.characteristic: row for row in person.demographics}
    gender, reassigned = held.get("gender_identity"), held.get("gender_reassignment")
    as_born = None
    if reassigned is not None and reassigned.code in ("same", "differs"):
        as_born = reassigned.code == "same"
    if gender is None:
        return Gender.NOT_ASKED, as_born
    if gender.answered is Answered.GIVEN:
        return _GENDERS.get(gender.code or "", Gender.UNKNOWN), as_born
    return _NOT_GIVEN[gender.answered], as_born


def _gp(person: Person, vulnerabilities: Sequence[str]) -> GpStatus:
    if person.gp_status.value in {"registered", "willing", "no"}:
        return GpStatus(person.gp_status.value)
    return GpStatus.NO if "no-gp" in vulnerabilities else GpStatus.UNKNOWN


@dataclass(frozen=True)
class Assessor:
    """Somebody who could assess: how much he has, whether he is away, whether it is his area."""

    id: int
    name: str
    organisation: str
    open_cases: int
    away_until: date | None
    away_from: date | None
    near: bool

    @property
    def words(self) -> str:
        """The line a list of assessors shows."""
        cases = f"{self.open_cases} open case{'' if self.open_cases == 1 else 's'}"
        away = ""
        if self.away_from and self.away_until:
            away = f", away {self.away_from:%-d %b} to {self.away_until:%-d %b}"
        where = "covers his area" if self.near else "works elsewhere"
        return f"{self.name} ({self.organisation}): {where}, {cases}{away}"


def assessors(case: Case, referral: Referral | None = None) -> list[Assessor]:
    """Who could assess this man: his trust and area first, then the fewest open cases."""
    referral = referral or queries.referral_of(case.id)
    area = queries.place_area(case.court_code or (referral.place_code if referral else ""))
    trust = referral.trust_id if referral else 0
    people = _who_may_assess(case.id)
    load, leave = _load([p.id for p in people]), _leave([p.id for p in people], clock.now())
    found = [
        Assessor(
            id=person.id,
            name=person.name,
            organisation=person.organisation.name,
            open_cases=load.get(person.id, 0),
            away_from=leave[person.id].first_day if person.id in leave else None,
            away_until=leave[person.id].last_day if person.id in leave else None,
            near=person.organisation_id == trust or bool(area and person.organisation.area == area),
        )
        for person in people
    ]
    today = clock.today()
    return sorted(
        found,
        key=lambda a: (
            not a.near,
            a.away_from is not None and a.away_from <= today,
            a.open_cases,
            a.name,
        ),
    )


def _who_may_assess(case_id: int) -> Sequence[Staff]:
    now = clock.now()
    excluded = select(Exclusion.principal_id).where(
        Exclusion.case_id == case_id,
        Exclusion.starts_at <= now,
        (Exclusion.ends_at.is_(None)) | (Exclusion.ends_at > now),
    )
    return db.session.scalars(
        select(Staff)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .join(Organisation, Organisation.id == Staff.organisation_id)
        .where(
            StaffRole.role == Role.ASSESSOR,
            Staff.disabled_at.is_(None),
            Organisation.kind == OrganisationKind.TREATING_TRUST,
            Staff.principal_id.not_in(excluded),
        )
    ).all()


def _load(staff_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Case.assessor_id, func.count())
        .where(Case.assessor_id.in_(staff_ids), Case.state.in_(OPEN_STATES))
        .group_by(Case.assessor_id)
    )
    return {staff_id: count for staff_id, count in rows if staff_id is not None}


def _leave(staff_ids: Sequence[int], now: datetime) -> dict[int, Leave]:
    """The next leave of each within two weeks."""
    today = now.astimezone(clock.LONDON).date()
    rows = db.session.scalars(
        select(Leave)
        .where(
            Leave.staff_id.in_(staff_ids),
            Leave.last_day >= today,
            Leave.first_day <= today + timedelta(days=14),
        )
        .order_by(Leave.first_day.desc())
    )
    return {row.staff_id: row for row in rows}
