"""The head of every page about a man: who he is, what to mind, where his case stands."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from mhtr.cases import rules
from mhtr.cases.away_elsewhere import facts_of_him
from mhtr.cases.facts import CaseState, Fact, ReportProgress
from mhtr.cases.link_queries import linked_for
from mhtr.cases.models import Case
from mhtr.cases.other_cases import OtherCase, other_cases
from mhtr.cases.queries import purposes_held
from mhtr.cases.reaching import ways_to
from mhtr.cases.report_due import RESTS, Countdowns
from mhtr.cases.rules import CaseStanding
from mhtr.cases.service import facts_of
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.cases.standing_words import WITH_LEAD, outside_state, state_colour, state_text
from mhtr.cases.wording import AWAY_WORDS, day_words
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.due import Left
from mhtr.core.prepared import Prepared
from mhtr.people.contact_rules import Channel
from mhtr.people.flags import flags_shown, kinds_seen
from mhtr.people.identifiers import format_nhs_number
from mhtr.people.models import Answered, CommunicationNeed, IdentifierKind, Permission, Person
from mhtr.people.queries import record_ids
from mhtr.people.values import label, phone_text
from mhtr.web.navigation import NavGroup, case_groups

PROBATION_SIDE = frozenset({Purpose.PRE_SENTENCE, Purpose.SUPERVISION, Purpose.PROBATION_REFERRAL})
_WORK_ON_HIM = frozenset({Purpose.CLINICAL, Purpose.ADMINISTRATION})
_MEET_HIM = frozenset({Purpose.SUPERVISION, Purpose.LINK_WORK})
_ASKED_BY = frozenset({Purpose.CLINICAL, Purpose.ADMINISTRATION, Purpose.LINK_WORK})


@dataclass(frozen=True)
class Alert:
    """A live warning: what kind, and the fact everybody concerned may know."""

    kind: str
    fact: str
    review_on: date
    overdue: bool


@dataclass(frozen=True)
class Record:
    """What the banner shows. The viewer's purpose decides which number he sees.

    Probation and courts see name, birth date, CRN and language, and neither warnings nor needs.
    """

    case: Case
    person: Person
    purposes: frozenset[Purpose]
    name: str
    known_as: str
    pronouns: str
    born: str
    age: int | None
    died: str
    merged_into: str
    """Name on the record that this one was merged into; empty for a live record."""
    number_label: str
    number: str
    alerts: tuple[Alert, ...]
    language: str
    interpreter: bool
    needs: tuple[str, ...]
    safe_contact: str
    others: tuple[OtherCase, ...]
    """His other open cases, for the service alone."""
    urgent: bool
    """For the service: nobody has recorded yet whether he is safe, or he is to be seen soon."""
    away: str
    """That he cannot attend, and since when; where he is, to the service alone."""
    state: str
    state_colour: str
    reasons: tuple[str, ...]
    report: Left | None
    """How long until the report on him is due; None where none is awaited."""
    report_on: str
    nav: tuple[NavGroup, ...]
    facts: tuple[Fact, ...]
    """The facts as they were read for this page: for its reader, not for the template."""
    standing: CaseStanding


def _said(state: CaseState, case: Case, held: frozenset[Purpose]) -> str:
    """The state in words; whoever asked for the report reads also that it is with the lead."""
    signing = case.progress in (ReportProgress.WITH_CLINICAL_LEAD, ReportProgress.COUNTERSIGNED)
    asked = Purpose.PRE_SENTENCE in held and Purpose.CLINICAL not in held
    return WITH_LEAD if asked and signing and state is CaseState.ASSESSING else state_text(state)


NO_REPORT = "No report will follow"
"""Said to probation where he said no: that, and not why."""
RECEIVED = "Report received"
"""All that whoever reads on in a report he was sent, of a case no longer his, hears of it."""


def record(viewer: Viewer, case: Case) -> Record:
    """The banner of a case for this viewer (who must have found the case in his scope)."""
    person, held = case.person, purposes_held(viewer, case)
    clinical, probation = Purpose.CLINICAL in held, not held or held <= PROBATION_SIDE
    number_label, number = _number(person, held)
    facts = facts_of(case.id)
    standing = _standing(case, facts)
    state = standing.state if clinical else outside_state(standing.state)
    stopped = probation and standing.no_report_since is not None
    report = Countdowns().of(case) if held else None
    return Record(
        case=case,
        person=person,
        purposes=held,
        name=person.name,
        known_as="" if probation else person.known_as,
        pronouns=person.pronouns,
        born=formats.day(person.born),
        age=formats.age_on(person.born, person.died_on or clock.today()),
        died=formats.day(person.died_on),
        merged_into=_merged_into(person),
        number_label=number_label,
        number=number,
        alerts=_alerts(viewer, person.id, held),
        language="" if person.language in ("", "en") else label("languages", person.language),
        interpreter=person.interpreter is Permission.YES,
        needs=_needs(person) if held & _ASKED_BY else (),
        safe_contact=_safe_contact(person) if held & _ASKED_BY else "",
        others=other_cases(viewer, case, clinical=clinical) if held & _WORK_ON_HIM else (),
        urgent=case.urgent and bool(held & _WORK_ON_HIM) and standing.state in BEFORE_SENTENCE,
        away=_away(standing, held),
        state=RECEIVED if not held else NO_REPORT if stopped else _said(state, case, held),
        state_colour="grey" if stopped or not held else state_colour(state),
        reasons=standing.reasons if clinical else (),
        report=report,
        report_on="" if report is RESTS else formats.short_day(case.report_due_on),
        nav=case_groups(viewer, case.ref, held),
        facts=tuple(facts),
        standing=standing,
    )


def _standing(case: Case, facts: list[Fact]) -> CaseStanding:
    """Under an order also what his other cases say of whether he can attend."""
    known = facts_of_him(case.id, facts) if case.state in UNDER_ORDER else facts
    return rules.fold(known, clock.today())


def _away(standing: CaseStanding, held: frozenset[Purpose]) -> str:
    """Others who meet him hear that he cannot attend: that he is in hospital is no news of theirs.

    The words for custody are the same there, or every other absence would tell of a hospital.
    """
    now = standing.away
    if now is None:
        return ""
    since = day_words(now.since)
    if held & _WORK_ON_HIM and now.where is not None:
        where = AWAY_WORDS[now.where]
        return f"{where[:1].upper()}{where[1:]} since {since}"
    return f"Cannot attend since {since}" if held & (_MEET_HIM | _WORK_ON_HIM) else ""


def _number(person: Person, purposes: frozenset[Purpose]) -> tuple[str, str]:
    """CRN, never the NHS number, on court and probation pages; no number for link workers."""
    if purposes == {Purpose.LINK_WORK}:
        return "", ""
    held = {identifier.kind: identifier.value for identifier in person.identifiers}
    if not purposes or purposes <= PROBATION_SIDE:
        return "CRN", held.get(IdentifierKind.CRN, "not known")
    nhs = held.get(IdentifierKind.NHS)
    return "NHS number", format_nhs_number(nhs) if nhs else "not known"


def _merged_into(person: Person) -> str:
    if person.merged_into_id is None:
        return ""
    return db.session.get_one(Person, person.merged_into_id).name


def _alerts(viewer: Viewer, person_id: int, purposes: frozenset[Purpose]) -> tuple[Alert, ...]:
    if not kinds_seen(purposes):
        return ()
    ids = record_ids(person_id)
    elsewhere = linked_for(viewer, person_id, ids)
    return tuple(
        Alert(flag.label, flag.fact, flag.review_on, flag.overdue)
        for flag in flags_shown(person_id, purposes, elsewhere=elsewhere, ids=ids)
    )


_NEEDS = Prepared(
    select(CommunicationNeed.list_name, CommunicationNeed.code)
    .where(CommunicationNeed.person_id == bindparam("person"))
    .order_by(CommunicationNeed.id)
)


def _needs(person: Person) -> tuple[str, ...]:
    rows = _NEEDS.all({"person": person.id})
    needs = tuple(label(row.list_name, row.code) for row in rows)
    if not needs and person.needs_asked is Answered.NOT_ASKED:
        return ("not asked yet",)
    return needs


def _safe_contact(person: Person) -> str:
    phone = phone_text(person.phone) if person.phone else ""
    ways = [
        f"text {phone}" if decision.channel is Channel.TEXT else decision.channel.value
        for decision in ways_to(person)
        if decision.allowed
    ]
    return f"Safe by {', '.join(ways)}" if ways else "no way confirmed safe"
