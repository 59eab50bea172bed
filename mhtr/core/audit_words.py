"""What an audit entry says, in plain words. Shown, never decided upon."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from mhtr.core import formats, policy
from mhtr.core.audit_actions import ACTIONS
from mhtr.core.audit_pages import page_words
from mhtr.core.audit_reasons import REASONS
from mhtr.core.codes import lists
from mhtr.core.roles import ROLE_LABELS, Purpose

LABELS = {
    "added": "added",
    "answer": "answer",
    "because": "because",
    "change": "how",
    "channel": "by",
    "complete": "complete",
    "copies": "copies",
    "court": "court",
    "day": "day",
    "days": "days",
    "due_on": "due on",
    "exception": "without his agreement",
    "fields": "what",
    "finding": "finding",
    "first": "from",
    "holds": "it holds",
    "instrument": "measure",
    "how": "how",
    "item": "about",
    "key": "setting",
    "kind": "kind",
    "last": "until",
    "open": "open",
    "outcome": "decision",
    "party": "whose",
    "principal": "whom",
    "purpose": "purpose",
    "removed": "removed",
    "roles": "roles",
    "routed": "found by",
    "rows": "entries",
    "rule": "rule",
    "section": "section",
    "service": "service",
    "side": "who asked",
    "staff": "whom",
    "state": "step",
    "step": "page",
    "taken": "rows taken",
    "valid_from": "from",
}
"""Details that say something to a reader, and what they are called."""
HIDDEN = frozenset(
    {
        "absorbed",
        "adjustment",
        "addendum",
        "assessment",
        "attempt",
        "message",
        "reading_change",
        "agreement_change",
        "safeguarding",
        "incident",
        "risk_statement",
        "attendance",
        "bar",
        "before",
        "break_glass",
        "closure",
        "cover",
        "code",
        "decision",
        "enforcement",
        "warning",
        "contact",
        "content_hash",
        "copy",
        "letter",
        "plan",
        "signed",
        "course",
        "coverage",
        "directing",
        "draft",
        "event",
        "explanation",
        "fact",
        "finished",
        "further",
        "feed",
        "file_hash",
        "flag",
        "goal",
        "handover",
        "hearing",
        "hours",
        "invitation",
        "kept",
        "keyed",
        "leave",
        "link",
        "merge",
        "part",
        "proposal",
        "note",
        "notice",
        "occasion",
        "one_off",
        "onward",
        "order",
        "organisation",
        "page",
        "papers",
        "pdf_hash",
        "pathway",
        "people",
        "person",
        "place",
        "question",
        "referral",
        "release",
        "release_of_report",
        "report",
        "report_step",
        "sent",
        "request",
        "requirement",
        "review",
        "room",
        "run",
        "schedule",
        "session",
        "shown",
        "site",
        "task",
        "team",
        "time",
        "to",
        "to_case",
        "to_author",
        "to_team",
        "token",
        "told",
        "trust",
        "word",
    }
)
"""Numbers inside the program, which say nothing to a reader. The exported file holds them."""
COUNTS = frozenset({"copies", "days", "rows", "taken"})

PURPOSES = {
    Purpose.REFERRAL: "following a referral",
    Purpose.PROBATION_REFERRAL: "following a referral by probation",
    Purpose.CLINICAL: "assessment and treatment",
    Purpose.ADMINISTRATION: "administration",
    Purpose.LINK_WORK: "practical support",
    Purpose.PRE_SENTENCE: "the pre-sentence report",
    Purpose.SUPERVISION: "supervision of an order",
}
WRITTEN = {
    "api": "another system",
    "csv": "file",
    "crn": "CRN",
    "cro": "CRO",
    "gad7": "GAD-7",
    "gp": "GP",
    "hcpc": "HCPC",
    "id": "",
    "ids": "",
    "ld": "Liaison and Diversion",
    "mhtr": "MHTR",
    "nhs": "NHS",
    "phq9": "PHQ-9",
    "pnc": "PNC",
    "psr": "pre-sentence report",
}
"""Parts of codes that are not written as they are spelt."""
INSTRUMENTS = {
    "auditc": "AUDIT-C",
    "core10": "CORE-10",
    "coreom": "CORE-OM",
    "ders16": "DERS-16",
    "gbo": "goals",
    "itq": "ITQ",
    "pcl5": "PCL-5",
    "wsas": "WSAS",
}
_KNOWN: dict[str, str] = {
    **INSTRUMENTS,
    **{role.value: label for role, label in ROLE_LABELS.items()},
    **{purpose.value: said for purpose, said in PURPOSES.items()},
}
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def words(action: str, detail: Mapping[str, Any]) -> str:
    """An entry in words: what was done, and the names (never the values) of what it touched."""
    said = ACTIONS.get(action, f"Something an earlier version called {action}")
    if page := detail.get("page"):
        said = f"{said}: {page_words(str(page))}"
    pairs = ((LABELS[name], _value(name, value)) for name, value in _shown(detail))
    about = [f"{label}: {value}" for label, value in pairs if value]
    return f"{said} ({'; '.join(about)})" if about else said


def technical(action: str, detail: Mapping[str, Any]) -> str:
    """The names by which support finds an entry: its action, and its page where it has one."""
    return f"{action} {detail['page']}" if detail.get("page") else action


def _shown(detail: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name, value in detail.items()
        if name in LABELS and value not in ("", None, [])
    ]


def _value(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(said for said in (_value(name, one) for one in value) if said)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if name in COUNTS else ""
    return _text(name, str(value))


def _text(name: str, text: str) -> str:
    if name in ("staff", "principal", "holds"):
        return text
    if name == "because":
        return REASONS.get(text) or _plain(text)
    if name == "key":
        return policy.label_of(text) or _plain(text)
    if name == "court":
        entry = lists.load("courts").get(text)
        return entry.label if entry else text
    if _ISO_DAY.fullmatch(text):
        return formats.day(date.fromisoformat(text))
    return _KNOWN.get(text) or _plain(text)


def _plain(code: str) -> str:
    """`gp_practice_code` as `GP practice code`, `secondary-mhtr` as `secondary MHTR`."""
    parts = re.split(r"[_\s.-]+", code)
    return " ".join(word for word in (WRITTEN.get(part, part) for part in parts) if word)
