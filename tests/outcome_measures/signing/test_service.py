"""Signing rules: who may, what it switches on, that it is kept, and that versions count."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event, select

from mhtr.accounts.models import Staff
from mhtr.core import clock, policy
from mhtr.core.access import Role
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import NotWriting, writing
from outcome_measures.instruments.ders16 import DERS16
from outcome_measures.instruments.itq import ITQ
from outcome_measures.instruments.pcl5 import PCL5
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.policy import EACH_SESSION, WHEN
from outcome_measures.signing import service as signing
from outcome_measures.signing.offered import offered
from outcome_measures.signing.rules import waiting_for
from tests.makers import make_staff

READ = "National Center for PTSD, PCL-5 page, read on 18 November 2026"


@pytest.fixture
def lead(app: Flask) -> Staff:
    return make_staff(Role.CLINICAL_LEAD, hcpc="PYL000456")


def sign(by: Staff, instrument: str = "pcl5", rule: str = "reliable_change") -> None:
    with writing():
        signing.sign(instrument=instrument, rule=rule, source_read=READ, by=by.id)


def withdraw(by: Staff, instrument: str = "pcl5", rule: str = "reliable_change") -> None:
    with writing():
        signing.withdraw(instrument=instrument, rule=rule, by=by.id)


def applied(instrument: str = "pcl5") -> bool:
    rule = signing.in_force(instrument).reliable_change
    assert rule is not None
    return rule.source.verified


def test_a_signature_switches_a_rule_on_and_its_withdrawal_off(lead: Staff) -> None:
    assert not applied()
    sign(lead)
    assert applied()
    assert signing.all_in_force()["pcl5"] == signing.in_force(PCL5) != PCL5
    withdraw(lead)
    assert not applied()
    assert signing.in_force(PCL5) == PCL5
    sign(lead)
    assert applied()
    first, second = signing.signatures("pcl5")
    assert (first.withdrawn_by, first.withdrawn_at) == (lead.id, clock.now())
    assert (second.withdrawn_by, second.source_read) == (None, READ)


def test_only_the_rule_that_was_signed_and_only_this_instrument(lead: Staff) -> None:
    sign(lead, "wsas", "reliable_change")
    assert not applied("pcl5")
    assert applied("wsas")


def test_a_signature_holds_for_the_version_it_was_given_for(lead: Staff) -> None:
    sign(lead)
    another = replace(PCL5, version="2")
    assert signing.in_force(another) == another


def test_within_a_transaction_the_signature_counts_at_once(lead: Staff) -> None:
    with writing():
        assert not applied()
        signing.sign(instrument="pcl5", rule="reliable_change", source_read=READ, by=lead.id)
        assert applied()
        signing.withdraw(instrument="pcl5", rule="reliable_change", by=lead.id)
        assert not applied()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLINICAL_LEAD])
def test_nobody_but_a_clinical_lead_signs_or_withdraws(app: Flask, lead: Staff, role: Role) -> None:
    other = make_staff(role, hcpc="PYL000789")
    with pytest.raises(Refused, match="Only a clinical lead"):
        sign(other)
    sign(lead)
    with pytest.raises(Refused, match="Only a clinical lead"):
        withdraw(other)
    assert applied()


@pytest.mark.parametrize("number", [None, "OT12345", "PYL1234567", "PYL"])
def test_a_lead_who_is_not_on_the_register_does_not_sign(app: Flask, number: str | None) -> None:
    other = make_staff(Role.CLINICAL_LEAD, hcpc=number)
    with pytest.raises(Refused, match="HCPC"):
        sign(other)
    assert signing.signatures("pcl5") == []


@pytest.mark.parametrize(
    ("instrument", "rule", "source", "reason"),
    [
        ("phq9", "caseness", READ, "nothing to sign"),
        ("pcl5", "bands", READ, "no such rule"),
        ("phq15", "bands", READ, "no such questionnaire"),
        ("pcl5", "reliable_change", "  ", "which source"),
    ],
)
def test_what_cannot_be_signed(
    lead: Staff, instrument: str, rule: str, source: str, reason: str
) -> None:
    with pytest.raises(Refused, match=reason), writing():
        signing.sign(instrument=instrument, rule=rule, source_read=source, by=lead.id)


def test_not_twice_and_not_withdrawn_where_nothing_stands(lead: Staff) -> None:
    with pytest.raises(Refused, match="not signed"):
        withdraw(lead)
    sign(lead)
    with pytest.raises(Refused, match="signed already"):
        sign(lead)


def test_it_is_audited_by_name_of_the_rule(lead: Staff) -> None:
    sign(lead)
    withdraw(lead)
    actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert list(actions)[-2:] == ["measures.rule_signed", "measures.rule_withdrawn"]


def test_outside_a_transaction_nothing_is_written(lead: Staff) -> None:
    with pytest.raises(NotWriting):
        signing.sign(instrument="pcl5", rule="reliable_change", source_read=READ, by=lead.id)
    with pytest.raises(NotWriting):
        signing.withdraw(instrument="pcl5", rule="reliable_change", by=lead.id)


def test_an_instrument_with_nothing_to_sign_reads_nothing(lead: Staff) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert signing.in_force("phq9") is PHQ9
    assert asked == []
    signing.all_in_force()
    assert sum("rule_signatures" in statement for statement in asked) == 1


def ask(by: Staff, *instruments: str) -> None:
    with writing():
        for name in instruments:
            policy.set_value(
                WHEN[name].key, EACH_SESSION, valid_from=clock.today(), reason="Agreed", by=by.id
            )


def test_only_phq9_and_gad7_are_asked_at_first(app: Flask) -> None:
    assert list(offered()) == ["phq9", "gad7"]


def test_switched_on_is_not_enough_where_words_or_risk_questions_wait(lead: Staff) -> None:
    ask(lead, *INSTRUMENTS)
    assert {"itq", "coreom"}.isdisjoint(offered())
    assert set(offered()) == {i.id for i in INSTRUMENTS.values() if not waiting_for(i)}
    sign(lead, "itq", "wording")
    assert offered()["itq"].wording_source != ITQ.wording_source
    withdraw(lead, "itq", "wording")
    assert "itq" not in offered()


@pytest.mark.skipif("coreom" not in INSTRUMENTS, reason="the pack was deleted")
def test_core_om_is_asked_once_all_its_risk_questions_are_signed(lead: Staff) -> None:
    ask(lead, "coreom")
    sign(lead, "coreom", "turned")
    for number in (6, 9, 16, 22, 24):
        sign(lead, "coreom", f"risk:{number}")
        assert "coreom" not in offered()
    sign(lead, "coreom", "risk:34")
    assert "coreom" in offered()


def test_what_is_offered_has_its_rules_as_signed(lead: Staff) -> None:
    ask(lead, "ders16")
    assert offered()["ders16"] == DERS16
    sign(lead, "ders16", "subscales")
    assert all(part.source.verified for part in offered()["ders16"].subscales)
