"""Reading the rules of instruments for the pages on which they are signed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from mhtr.accounts.models import Staff
from mhtr.core import policy
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from outcome_measures.definitions import Instrument
from outcome_measures.instruments.registry import INSTRUMENTS, PACKS
from outcome_measures.models import RuleSignature
from outcome_measures.policy import NEVER, WHEN
from outcome_measures.signing.coded import with_codes
from outcome_measures.signing.rules import Rule, rules_of


@dataclass(frozen=True)
class Signature:
    """Who signed a rule, when, having read what; and when that was taken back."""

    by: str
    at: datetime
    source_read: str
    version: str
    withdrawn_by: str | None
    withdrawn_at: datetime | None

    def stands_for(self, instrument: Instrument) -> bool:
        """Whether it holds for this version of the instrument."""
        return self.withdrawn_at is None and self.version == instrument.version


@dataclass(frozen=True)
class RuleState:
    """A rule as it stands, with every signature it ever had, the latest first."""

    rule: Rule
    signed: Signature | None
    history: tuple[Signature, ...]

    @property
    def state(self) -> str:
        """In words: applied or not, and why."""
        if self.rule.verified:
            return "Applied: source read"
        return "Applied: signed" if self.signed else "Not applied: to be signed"

    @property
    def applied(self) -> bool:
        """Whether its source was read, or it is signed."""
        return self.rule.verified or self.signed is not None

    @property
    def colour(self) -> str:
        """Of its tag."""
        return "green" if self.applied else "yellow"


@dataclass(frozen=True)
class InstrumentRules:
    """An instrument with its rules, whether it is a pack, when it is asked, and what stops it."""

    instrument: Instrument
    rules: tuple[RuleState, ...]
    pack: bool
    when: str

    @property
    def unsigned(self) -> tuple[RuleState, ...]:
        """The rules that are not applied."""
        return tuple(one for one in self.rules if not one.applied)

    @property
    def stopped_by(self) -> tuple[str, ...]:
        """The names of the rules to be signed before anybody is asked."""
        return tuple(one.rule.name for one in self.unsigned if one.rule.essential)

    @property
    def asked(self) -> str:
        """Whether and when it is asked, in words."""
        when = "never, by the service's settings" if self.when == NEVER else _said(self.when)
        if not self.stopped_by:
            return f"Asked: {when}."
        return f"Not asked until signed: {', '.join(self.stopped_by)}. Set to be asked: {when}."


def every() -> tuple[InstrumentRules, ...]:
    """Every installed instrument with its rules."""
    return _with_rules(with_codes(instrument) for instrument in INSTRUMENTS.values())


def one(instrument: str, rule: str) -> tuple[InstrumentRules, RuleState]:
    """An instrument and one of its rules.

    Raises:
        NotFound: there is none of this name.
    """
    if instrument not in INSTRUMENTS:
        raise NotFound
    (found,) = _with_rules([with_codes(INSTRUMENTS[instrument])])
    for state in found.rules:
        if state.rule.key == rule:
            return found, state
    raise NotFound


def _with_rules(instruments: Iterable[Instrument]) -> tuple[InstrumentRules, ...]:
    held = policy.in_force(*WHEN.values())
    signatures = _signatures()
    return tuple(
        InstrumentRules(
            instrument,
            tuple(_state(instrument, rule, signatures) for rule in rules_of(instrument)),
            instrument.id in PACKS,
            str(held[WHEN[instrument.id].key]),
        )
        for instrument in instruments
    )


def _state(
    instrument: Instrument, rule: Rule, signatures: Mapping[tuple[str, str], list[Signature]]
) -> RuleState:
    history = tuple(signatures.get((instrument.id, rule.key), ()))
    signed = next((one for one in history if one.stands_for(instrument)), None)
    return RuleState(rule, signed, history)


def _signatures() -> dict[tuple[str, str], list[Signature]]:
    """Every signature by instrument and rule, the latest first."""
    names = {staff_id: name for staff_id, name in db.session.execute(_names())}
    found: dict[tuple[str, str], list[Signature]] = {}
    for row in db.session.scalars(select(RuleSignature).order_by(RuleSignature.id.desc())):
        found.setdefault((row.instrument, row.rule), []).append(
            Signature(
                names[row.signed_by],
                row.created_at,
                row.source_read,
                row.instrument_version,
                names[row.withdrawn_by] if row.withdrawn_by else None,
                row.withdrawn_at,
            )
        )
    return found


def _names() -> Select[int, str]:
    signers = select(RuleSignature.signed_by).union(
        select(RuleSignature.withdrawn_by).where(RuleSignature.withdrawn_by.is_not(None))
    )
    return select(Staff.id, Staff.name).where(Staff.id.in_(signers))


def _said(when: str) -> str:
    return when.replace("_", " ")
