"""The papers of a referral, from what is on record now."""

from collections.abc import Iterator

from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.compliance.attendance import in_words
from mhtr.compliance.contact_rules import WAY_WORDS, Way
from mhtr.compliance.enforcement_models import EnforcementStep
from mhtr.compliance.enforcing import Given
from mhtr.compliance.explanation_page import Said
from mhtr.compliance.models import Attendance, SessionNotice
from mhtr.core import clock, formats
from mhtr.core.database import db
from mhtr.messages.links import reference
from mhtr.orders.contact_queries import shown
from mhtr.orders.page import court_name, order_title
from mhtr.orders.queries import contact_of
from mhtr.people.models import Person
from mhtr.people.queries import crns_of
from mhtr.probation.papers.chronology import chronology_of, facts_of_papers, is_shown, session_of
from mhtr.probation.papers.content import Exhibit, Papers, Stated
from mhtr.probation.papers.sources import Met, Sources, sources_of
from mhtr.suitability.result_owner import trust_of
from sessions.register.called_off import CalledOff

SPOKEN = frozenset({Way.TELEPHONE, Way.IN_PERSON, Way.THROUGH_SOMEBODY})
HELD_SPOKEN = "The service, as its record that this was said"
HELD_SENT = "The service, as its record that this was sent. The program keeps no copy"
HELD_HERE = "The service, in this program"
HELD_NDELIUS = "Probation, in nDelius"


def papers_of(case: Case, step: EnforcementStep) -> Papers:
    """What the papers of a referral say today.

    Raises:
        NotFound: the order of the referral never was.
    """
    found = sources_of(case, step)
    person = db.session.get_one(Person, case.person_id)
    contact = contact_of(case.id)
    named = shown(contact) if contact is not None else None
    officer = ", ".join(part for part in (named.name, named.unit) if part) if named else ""
    facts = facts_of_papers(
        found,
        who=f"{person.given_name} {person.family_name}".strip(),
        crn=crns_of({person.id}).get(person.id, ""),
        officer=officer,
    )
    return Papers(
        reference=reference(case.ref),
        service=trust_of(case).name,
        facts=tuple(facts.items()),
        about=tuple(_failure(met) for met in found.about),
        chronology=chronology_of(found),
        statement=_statement(found),
        exhibits=tuple(sorted(_exhibits(found), key=lambda one: (one.on, one.key))),
    )


def _failure(met: Met) -> str:
    happened = in_words(met.row.happened, met.row.minutes_late)
    return f"{_capital(session_of(met.row))}: {happened[0].lower()}{happened[1:]}"


def _statement(found: Sources) -> tuple[Stated, ...]:
    today = clock.today()
    stated = [
        *(_stated(found, met) for met in found.met if met.row.on <= today),
        *(_called_off(row, where) for row, where in found.called_off),
    ]
    return tuple(sorted(stated, key=lambda one: (one.on, one.at)))


def _called_off(row: CalledOff, where: str) -> Stated:
    """Nobody recorded attendance: calling it off was the record."""
    return Stated(
        key=f"attendance:{row.subject}",
        on=row.on,
        at=formats.clock_time(row.starts_at),
        where=where,
        happened=in_words(row.happened),
        by=row.by,
        recorded=formats.moment(row.closed_at),
    )


def _stated(found: Sources, met: Met) -> Stated:
    """Whoever recorded what counts states it: that is what recording it under his name was."""
    row = met.row
    recorded = formats.moment(row.created_at)
    if row.number > 1:
        first = formats.moment(met.history[0].created_at)
        recorded = f"{recorded}, putting right a record of {first}"
    return Stated(
        key=f"attendance:{row.subject}",
        on=row.on,
        at=formats.clock_time(row.starts_at),
        where=met.where,
        happened=in_words(row.happened, row.minutes_late),
        by=found.names[row.by_id],
        recorded=recorded,
    )


def _exhibits(found: Sources) -> Iterator[Exhibit]:
    """What bears the papers out: of the order, of the failures and of the warnings."""
    held = found.one.held
    yield Exhibit(
        f"order:{held.order.ref}",
        held.order.made_on,
        f"{order_title(held.order)}, as made",
        f"{court_name(held.row.court_code)}",
    )
    wanted = _failures(found)
    for met in found.met:
        if str(met.row.subject) in wanted:
            yield _attendance(found, met)
            yield from (_notice(met.row, row) for row in met.told.rows)
    for row, said in found.said:
        if str(row.subject) in wanted and is_shown(said):
            yield _paper(row, said)
    for warning in found.warnings:
        spoken = warning.given is Given.ORAL
        what = f"Warning of {day_words(warning.on)}{', given by word of mouth' if spoken else ''}"
        yield Exhibit(f"warning:{warning.ref}", warning.on, what, HELD_NDELIUS)


def _failures(found: Sources) -> frozenset[str]:
    """The sessions that were referred, and those of which he was warned before."""
    warned = {ref for row in found.warnings if row.withdrawn_on is None for ref in row.about}
    return frozenset(found.step.about) | warned


def _attendance(found: Sources, met: Met) -> Exhibit:
    row = met.row
    what = f"Record of attendance of {session_of(row)}, by {found.names[row.by_id]}"
    return Exhibit(f"attendance:{row.subject}", row.on, what, HELD_HERE)


def _notice(row: Attendance, notice: SessionNotice) -> Exhibit:
    told = notice.told_at.astimezone(clock.LONDON).date()
    way = WAY_WORDS[notice.way]
    what = f"Notice of {session_of(row)}: {way[0].lower()}{way[1:]} on {day_words(told)}"
    held = HELD_SPOKEN if notice.way in SPOKEN else HELD_SENT
    return Exhibit(f"notice:{notice.ref}", told, what, held)


def _paper(row: Attendance, said: Said) -> Exhibit:
    """A paper that he showed: what who saw it says of it, and where it is."""
    what = f"Paper about {session_of(row)}: {said.paper[0]}"
    on = said.at.astimezone(clock.LONDON).date()
    return Exhibit(f"paper:{said.ref}", on, what, said.paper[-1])


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
