"""Everything the program writes into the audit has plain words; no table names what is gone."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

import config as settings
from mhtr.accounts.models import RoleOutcome
from mhtr.app import create_app
from mhtr.core.audit_actions import ACTIONS
from mhtr.core.audit_pages import PAGES, page_words
from mhtr.core.audit_reasons import REASONS
from mhtr.core.audit_sent import SENT_FROM
from mhtr.core.audit_words import HIDDEN, LABELS, technical, words
from tests.tooling.conftest import ROOT

RECORDERS = {"audit.record", "_note"}
"""`audit.record`, and what passes an action on to it."""
PUT_TOGETHER = {f"accounts.role_{outcome.value}" for outcome in RoleOutcome}
"""Actions that stand nowhere as one text."""
GONE_BY = {"by", "case_id"}
REASON_NAMES = {"BECAUSE", "BEGAN", "WITHDRAWN", "because"}
CODE = re.compile(r"[a-z]\w*(\.[a-z]\w*)?")


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple(
        (path, ast.parse(path.read_text()))
        for folder in ("mhtr", "outcome_measures", "sessions")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    )


@cache
def recorded() -> tuple[ast.Call, ...]:
    return tuple(
        node
        for _path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in RECORDERS
    )


def written_actions() -> set[str]:
    found = set(PUT_TOGETHER)
    for call in recorded():
        for part in ast.walk(call.args[0]):
            if isinstance(part, ast.Constant) and re.fullmatch(r"\w+\.\w*[a-z]", str(part.value)):
                found.add(str(part.value))
    return found


def test_every_action_has_words_and_no_other() -> None:
    assert len(written_actions()) > 100, "the search finds what is written"
    assert written_actions() == ACTIONS.keys()


def test_every_action_is_a_text_that_can_be_found() -> None:
    """An action put together where it is written would escape the test above."""
    built = [
        ast.unparse(call.args[0])
        for call in recorded()
        if ast.unparse(call.func) == "audit.record"
        and not isinstance(call.args[0], ast.Constant | ast.IfExp)
    ]
    assert sorted(built) == ["action", "f'accounts.role_{outcome.value}'"]


def test_every_detail_is_named_or_hidden() -> None:
    names = {
        word.arg
        for call in recorded()
        if ast.unparse(call.func) == "audit.record"
        for word in call.keywords
        if word.arg is not None
    }
    assert names - GONE_BY <= LABELS.keys() | HIDDEN
    assert not LABELS.keys() & HIDDEN


def reasons() -> Iterator[str]:
    for _path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "because":
                value: ast.expr | None = node.value
            elif (
                isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in REASON_NAMES
            ):
                value = node.value
            else:
                continue
            if isinstance(value, ast.Constant) and CODE.fullmatch(str(value.value)):
                # A state of something may be called so too; a reason of our own has its feature.
                if isinstance(node, ast.keyword) or "." in str(value.value):
                    yield str(value.value)


def test_every_reason_has_words() -> None:
    found = set(reasons())
    assert len(found) > 30 and found <= REASONS.keys()


@pytest.fixture(scope="module")
def whole() -> Flask:
    """The program with the demonstration's pages as well."""
    return create_app(
        settings.load({"MHTR_MODE": "demo", "MHTR_DATABASE_URL": "sqlite:///:memory:"})
    )


def test_every_page_has_words_and_no_other(whole: Flask) -> None:
    served = {rule.endpoint for rule in whole.url_map.iter_rules()} - {"static"}
    shown = {
        rule.endpoint for rule in whole.url_map.iter_rules() if "GET" in (rule.methods or ())
    } - {"static"}
    assert shown == PAGES.keys()
    assert served - shown == SENT_FROM.keys()
    assert set(SENT_FROM.values()) <= PAGES.keys()


def test_no_words_look_like_code() -> None:
    for said in (*ACTIONS.values(), *REASONS.values(), *PAGES.values(), *LABELS.values()):
        assert said and not re.search(r"_|\w\.\w", said), said


@pytest.mark.parametrize(
    ("action", "detail", "said"),
    [
        ("page.viewed", {"page": "overview.today", "shown": {"case": [1]}}, "Looked at: Today"),
        ("page.viewed", {"page": "staff.confirm_role"}, f"Looked at: {page_words('staff.role')}"),
        (
            "access.granted",
            {"because": "cases.break_glass", "purpose": "clinical", "principal": 7},
            "Access given (because: emergency access; purpose: assessment and treatment)",
        ),
        ("intake.rerouted", {"trust": 3}, "Referral passed to another trust"),
        ("api.referral", {"token": 1}, "Another system sent a referral"),
        (
            "people.changed",
            {"person": 4, "section": "gp", "fields": ["gp_practice_code", "gp_name"]},
            "Details of a man changed (section: GP; what: GP practice code, GP name)",
        ),
        (
            "accounts.roles_set",
            {"staff": "Ass Essor", "added": ["clinical_lead"], "removed": []},
            "Roles changed (whom: Ass Essor; added: Clinical lead)",
        ),
        ("rota.day_set", {"day": "2026-11-20", "added": [4], "removed": []},
         "Duty clinicians of a day set (day: 20 November 2026)"),
        (
            "policy.set",
            {"key": "accounts.invitation_days", "valid_from": "2026-12-01"},
            "Setting changed (setting: How long an invitation to sign in is good; "
            "from: 1 December 2026)",
        ),
        ("intake.court_covered", {"court": "B01KR", "coverage": 2},
         "Court taken into cover (court: Barkingside Magistrates' Court)"),
        ("intake.routed_on", {"onward": 1, "service": "secondary-mhtr"},
         "Man referred on to another service (service: secondary MHTR)"),
        ("measures.rule_signed", {"instrument": "auditc", "rule": "bands"},
         "Rule of a measure signed (measure: AUDIT-C; rule: bands)"),
        ("audit.verified", {"rows": 12, "holds": "yes"},
         "Audit verified (entries: 12; it holds: yes)"),
        ("older.thing", {}, "Something an earlier version called older.thing"),
    ],
)  # fmt: skip
def test_entries_in_words(action: str, detail: dict[str, object], said: str) -> None:
    assert words(action, detail) == said


def test_support_finds_the_technical_name() -> None:
    assert technical("page.viewed", {"page": "overview.today"}) == "page.viewed overview.today"
    assert technical("policy.set", {"key": "x"}) == "policy.set"
