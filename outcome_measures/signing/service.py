"""Signing the rules of instruments: the only writer of signatures, and what they switch on.

Scoring goes through `in_force`: a rule that was not read at its source is applied only while a
clinical lead's signature stands, given for this very version of the instrument.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing, remembered
from outcome_measures.definitions import Instrument
from outcome_measures.instruments.registry import (
    INSTRUMENTS,
    UnknownInstrument,
    find_instrument,
    recorded,
)
from outcome_measures.models import RuleSignature
from outcome_measures.signing.coded import with_codes
from outcome_measures.signing.rules import Rule, Signed, rules_of, with_signed

# The register of practitioner psychologists: its letters and up to six digits.
_HCPC_NUMBER = re.compile(r"PYL\d{1,6}", flags=re.ASCII)


def in_force(instrument: Instrument | str) -> Instrument:
    """The instrument (of something on record, by id) with every rule verified that is signed."""
    definition = recorded(instrument) if isinstance(instrument, str) else instrument
    if all(rule.verified for rule in rules_of(definition)):
        return definition
    return _with(definition, _standing())


def coded(instrument: Instrument | str) -> Instrument:
    """As `in_force`, with the SNOMED CT codes that the trust has entered."""
    definition = recorded(instrument) if isinstance(instrument, str) else instrument
    return _with(with_codes(definition), _standing())


class _ById(dict[str, Instrument]):
    """Instruments by id; asked for one whose pack was deleted it gives a stand-in."""

    def __missing__(self, name: str) -> Instrument:
        return recorded(name)


def all_in_force() -> Mapping[str, Instrument]:
    """Every installed instrument as it is in force, by id; one read for all of them."""
    return remembered("instruments", RuleSignature, _all_in_force)


def _all_in_force() -> Mapping[str, Instrument]:
    standing = _standing()
    return _ById({name: _with(instrument, standing) for name, instrument in INSTRUMENTS.items()})


def sign(*, instrument: str, rule: str, source_read: str, by: int) -> RuleSignature:
    """Record that a clinical lead read the source of a rule and stands for it.

    Raises:
        Refused: not a clinical lead on the register, no such rule, nothing to sign, or no source.
    """
    must_be_writing()
    _refuse_unless_lead(by)
    definition, wanted = _find(instrument, rule)
    if wanted.verified:
        raise Refused("The source of this rule was read; there is nothing to sign.")
    if rule in _keys(definition, _standing()):
        raise Refused("This rule is signed already.")
    if not source_read.strip():
        raise Refused("Say which source you read: title, edition and page.")
    made = RuleSignature(
        instrument=definition.id,
        instrument_version=definition.version,
        rule=rule,
        source_read=source_read.strip(),
        signed_by=by,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("measures.rule_signed", by=by, instrument=definition.id, rule=rule)
    return made


def withdraw(*, instrument: str, rule: str, by: int) -> None:
    """Take back the signature of a rule; it stays on record, and the rule is off again.

    Raises:
        Refused: not a clinical lead on the register, or the rule is not signed.
    """
    must_be_writing()
    _refuse_unless_lead(by)
    definition, _ = _find(instrument, rule)
    standing = [
        signature
        for signature in signatures(definition.id)
        if signature.rule == rule and signature.withdrawn_at is None
    ]
    if not standing:
        raise Refused("This rule is not signed.")
    for signature in standing:
        signature.withdrawn_at, signature.withdrawn_by = clock.now(), by
    db.session.flush()
    audit.record("measures.rule_withdrawn", by=by, instrument=definition.id, rule=rule)


def signatures(instrument: str) -> Sequence[RuleSignature]:
    """Every signature of an instrument's rules, withdrawn ones too, the oldest first."""
    query = select(RuleSignature).where(RuleSignature.instrument == instrument)
    return db.session.scalars(query.order_by(RuleSignature.id)).all()


def why_not(staff: Staff) -> tuple[str, ...]:
    """Why this person may not sign; empty if he may."""
    found = []
    if not any(held.role is Role.CLINICAL_LEAD for held in staff.roles):
        found.append("Only a clinical lead signs rules.")
    number = (staff.hcpc_number or "").replace(" ", "").upper()
    # A number is on file only with the day on which it was checked in the register.
    if not _HCPC_NUMBER.fullmatch(number):
        found.append(
            "Signing needs registration as a practitioner psychologist, checked in the HCPC "
            "register."
        )
    return tuple(found)


def _refuse_unless_lead(staff_id: int) -> None:
    reasons = why_not(db.session.get_one(Staff, staff_id))
    if reasons:
        raise Refused(*reasons)


def _find(instrument: str, rule: str) -> tuple[Instrument, Rule]:
    try:
        definition = with_codes(find_instrument(instrument))
    except UnknownInstrument:
        raise Refused("There is no such questionnaire.") from None
    for one in rules_of(definition):
        if one.key == rule:
            return definition, one
    raise Refused("This questionnaire has no such rule.")


_Standing = Collection[tuple[str, str, str]]


def _standing() -> _Standing:
    """Instrument, version and rule of every signature that was not withdrawn."""
    return frozenset(
        (one.instrument, one.version, one.rule) for one in every_signed() if one.until is None
    )


_SIGNED = select(
    RuleSignature.instrument,
    RuleSignature.instrument_version,
    RuleSignature.rule,
    RuleSignature.created_at,
    RuleSignature.withdrawn_at,
)


def every_signed() -> Sequence[Signed]:
    """Every signature with the days on which it stood, withdrawn ones too: there are few."""
    return remembered(
        "signed",
        RuleSignature,
        lambda: tuple(
            Signed(name, version, rule, _day(at), _day(until) if until else None)
            for name, version, rule, at, until in db.session.execute(_SIGNED)
        ),
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LONDON).date()


def _keys(instrument: Instrument, standing: _Standing) -> frozenset[str]:
    this = (instrument.id, instrument.version)
    return frozenset(key for name, version, key in standing if (name, version) == this)


def _with(instrument: Instrument, standing: _Standing) -> Instrument:
    keys = _keys(instrument, standing)
    return with_signed(instrument, keys) if keys else instrument
