"""Reading a cohort: a fixed number of statements, however many men there are.

Figures are about the whole service, whoever asks; only the men behind them go through the
viewer's scope. An episode begins with the first treatment session on record and ends when the case
ends or is closed after it: a course that ended may be followed by another.
"""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache, partial
from typing import Any

from sqlalchemy import String, and_, bindparam, cast, exists, func, or_, select, union_all

from mhtr.accounts.models import Organisation, OrganisationKind
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import IS_TREATMENT
from mhtr.core import policy
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.intake.models import Referral
from mhtr.overview.cohort_traits import EQUALITY, UNRECORDED, Trait, age_band, equality_group
from mhtr.overview.cohort_treatments import treatments_of
from mhtr.overview.episode_ends import ended_days
from mhtr.people.models import Demographic, Person
from outcome_measures.caseload.scores import points_in, texts_of
from outcome_measures.cohorts.cohort import MEASURES, Episode, episode
from outcome_measures.counting import attended_texts
from outcome_measures.definitions import Instrument
from outcome_measures.episodes import (
    OPEN,
    OVER,
    held_besides,
    held_in,
    sessions_known,
    sessions_of,
)
from outcome_measures.models import MeasureContact, MeasureOccasion
from outcome_measures.policy import AVERAGED_FROM
from outcome_measures.reading.choices import chosen
from outcome_measures.series import BaselineRule
from outcome_measures.sessions_on_record import IS_SESSION
from outcome_measures.time_points import TimePoint


@dataclass(frozen=True)
class Asked:
    """What the report covers: episodes ended from `first` to `last`, and whom of them."""

    first: date
    last: date
    narrowed: Mapping[Trait, str] = field(default_factory=dict)
    compared: Trait | None = None

    def covers(self, ended_on: date) -> bool:
        """Whether an episode that ended on this day is of the period."""
        return self.first <= ended_on <= self.last


@dataclass(frozen=True)
class Man:
    """One man of the cohort: his episode and the groups he is in, as far as they were asked."""

    episode: Episode
    groups: Mapping[Trait, str]


@dataclass(frozen=True)
class Cohort:
    """Men whose episode ended in the period, and men still in treatment."""

    ended: tuple[Man, ...]
    open: tuple[Man, ...]
    third: Instrument | None = None
    """The measure that makes "two of three", where its rule for reliable change is in force."""
    averaged_from: int = int(AVERAGED_FROM.default)
    """Of how many men means and times leave the service."""


@dataclass(frozen=True)
class Behind:
    """A man behind a figure, as those see him who may."""

    case_id: int
    ref: uuid.UUID
    name: str
    born: date | None


def treating_trusts() -> dict[str, str]:
    """Name of each treating trust by its id as text, those that have closed too."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.name).where(
            Organisation.kind == OrganisationKind.TREATING_TRUST
        )
    )
    return {str(key): name for key, name in rows}


def read(asked: Asked, today: date) -> Cohort:
    """The cohort asked for. Men with open episodes are read as they stand today."""
    wanted = {*asked.narrowed, *((asked.compared,) if asked.compared else ())}
    found = _episodes(asked)
    ended = ended_days({row.id: row.state_since for row in found if row.state in OVER})
    found = [row for row in found if row.state not in OVER or asked.covers(ended[row.id])]
    ids = [row.id for row in found]
    how = chosen()
    rule, third = how.baseline, how.third
    held_at, seen_at = _contacts(ids), attended_texts(ids)
    texts = texts_of(ids, [one.id for one in (*MEASURES, third) if one])
    treated = treatments_of(ids, _last_contacts(held_at)) if Trait.PATHWAY in wanted else {}
    equality = [trait for trait in EQUALITY if trait in wanted]
    given = _demographics([row.person_id for row in found], equality) if equality else {}
    men: dict[bool, list[Man]] = {True: [], False: []}
    group_of: dict[Trait, Callable[[Any], str]] = {
        Trait.PATHWAY: lambda row: treated[row.id],
        Trait.TRUST: lambda row: str(row.trust_id or UNRECORDED),
        Trait.COURT: lambda row: row.court_code or UNRECORDED,
        Trait.AGE: lambda row: age_band(row.born, ended.get(row.id, today)),
        **{trait: partial(_equality, given, trait) for trait in equality},
    }
    for row in found:
        groups = {trait: group_of[trait](row) for trait in wanted}
        if any(groups[trait] != code for trait, code in asked.narrowed.items()):
            continue
        over, ended_on = row.state in OVER, ended.get(row.id)
        held = (held_at.get(row.id, ""), seen_at.get(row.id, ""))
        one = _episode(row.id, ended_on, *held, texts.get(row.id, ""), rule)
        if one is not None:
            men[over].append(Man(one, groups))
    averaged_from = int(policy.values(AVERAGED_FROM)["averaged_from"])
    return Cohort(tuple(men[True]), tuple(men[False]), third, averaged_from)


def _equality(given: Mapping[tuple[int, Trait], str], trait: Trait, row: Any) -> str:
    return given.get((row.person_id, trait), equality_group(trait, None, None))


@lru_cache(maxsize=20_000)
def _episode(
    case_id: int, ended_on: date | None, held: str, seen: str, scores: str, rule: BaselineRule
) -> Episode | None:
    """An episode from texts; remembered by them, so that years of ended ones cost little.

    None where no treatment session is on record.
    """
    points, contacts = points_in(scores), held_in(held)
    besides = held_besides(held_in(seen), sessions_known(points, contacts))
    sessions = sessions_of(points, (*contacts, *besides))
    return episode(case_id, ended_on, sessions, points, rule) if sessions else None


def _episodes(asked: Asked) -> Sequence[Any]:
    """Cases with a treatment session on record, ended in the period or open now."""
    return db.session.execute(_statement(), {"first": asked.first}).all()


@cache
def _statement() -> Any:
    """Made once: making it takes longer than asking it of a small service."""
    treated = or_(
        exists().where(MeasureContact.case_id == Case.id, IS_SESSION),
        exists().where(
            MeasureOccasion.case_id == Case.id, MeasureOccasion.point == TimePoint.SESSION
        ),
        # Perhaps put right since: the sessions of each man are read one by one.
        exists().where(
            Attendance.case_id == Case.id, Attendance.happened.in_(TOOK_PLACE), IS_TREATMENT
        ),
    )
    # What comes after the end, such as a discharge, never makes it earlier.
    over = and_(Case.state.in_(sorted(OVER)), Case.state_since >= bindparam("first"))
    columns = (Case.id, Case.state, Case.state_since, Case.court_code, Case.person_id, Person.born)
    found = [
        select(*columns, Referral.trust_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Referral, Referral.case_id == Case.id)
        .where(condition, treated)
        for condition in (over, Case.state.in_(sorted(OPEN)))
    ]
    query = union_all(*found).subquery()
    return select(query).order_by(query.c.id)


def _contacts(case_ids: Collection[int]) -> dict[int, str]:
    """The days and numbers of the treatment sessions of each case, as one text."""
    row = MeasureContact
    number = cast(func.coalesce(row.session_number, 0), String)
    rows = db.session.execute(
        select(row.case_id, func.aggregate_strings(cast(row.held_on, String) + "=" + number, ","))
        .where(row.case_id.in_(case_ids), IS_SESSION)
        .group_by(row.case_id)
    )
    return {case_id: held for case_id, held in rows}


def _last_contacts(held_at: Mapping[int, str]) -> dict[int, date]:
    """The day of the last of the sessions that `_contacts` found, by case."""
    return {case_id: max(day for day, _ in held_in(text)) for case_id, text in held_at.items()}


def _demographics(
    person_ids: Collection[int], traits: Collection[Trait]
) -> dict[tuple[int, Trait], str]:
    rows = db.session.execute(
        select(
            Demographic.person_id,
            Demographic.characteristic,
            Demographic.answered,
            Demographic.code,
        ).where(
            Demographic.person_id.in_(person_ids),
            Demographic.characteristic.in_([trait.value for trait in traits]),
        )
    )
    return {
        (person_id, trait): equality_group(trait, answered, code)
        for person_id, name, answered, code in rows
        for trait in (Trait(name),)
    }


def behind(viewer: Viewer, case_ids: Collection[int]) -> list[Behind]:
    """The men of these cases that this viewer may see as a clinician, by name."""
    rows = db.session.execute(
        select(Case.id, Case.ref, Person.given_name, Person.family_name, Person.born)
        .join(Person, Person.id == Case.person_id)
        .where(Case.id.in_(case_ids), in_scope(viewer, Purpose.CLINICAL))
        .order_by(Person.sort_name, Case.id)
    )
    return [
        Behind(case_id, ref, f"{given} {family}".strip(), born)
        for case_id, ref, given, family, born in rows
    ]
