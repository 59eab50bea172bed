"""Canaries: unmistakable words in every column that holds something about a man."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import JSON, Enum, String, event, inspect
from sqlalchemy.orm import Mapper

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import Base

NOT_ABOUT_A_MAN = {
    "staff.totp_secret": "a secret of staff",
    "staff.totp_next_secret": "a secret of staff",
    "submissions.body": "a form as sent; shown to its sender alone",
    "kept_posts.body": "a form as sent; shown to its sender alone",
    "outbox.payload": "no page shows it",
    "proposals.asked": "ids and days, no words",
    "proposals.answer": "ids, codes and numbers, no words",
    "proposal_parts.after": "ids and times, no words",
    "proposal_parts.before": "ids and times, no words",
    "merges.moved": "ids of rows, no words",
    "person_links.taken": "what his names and numbers said before; no page shows it",
    "tasks.about": "one answer as codes, no words; measures are looked for across the wall by name",
    "referral_drafts.answers": "every author's draft has a word of its own",
    "api_calls.answer": "the answer to a machine, which tests of the API read",
    "countersign_requests.content": "compiled from planted answers; its hash is compared",
    "referral_papers.content": "made of planted facts; its hash is compared",
    "compliance_releases.content": "made of planted facts; its hash is compared",
    "report_releases.content": "compiled from planted answers; its hash is compared",
    "case_letters.named": "references of onward referrals",
    "letter_versions.content": "what was signed; its hash is compared",
    "review_sheets.content": "what was signed; its hash is compared",
    "treatment_report_versions.content": "what was sent to probation; its hash is compared",
}
"""Encrypted columns that the planter leaves alone, and why."""


def encrypted_columns() -> dict[str, Any]:
    """Every encrypted column of every table, by `table.column`."""
    found = {}
    for mapper in Base.registry.mappers:
        for attribute in mapper.column_attrs:
            column = attribute.columns[0]
            if isinstance(column.type, EncryptedText | EncryptedJson):
                found[f"{mapper.local_table.name}.{column.name}"] = column.type  # type: ignore[attr-defined]
    return found


def canary(record: str, column: str) -> str:
    """The word planted in a column of a record: letters only, so that nothing escapes it."""
    table, _, name = column.partition(".")
    return f"zq{record}x{table}x{name}qz".replace("_", "")


PLAIN = frozenset(
    {
        "breach_warnings.requirement",
        "course_sessions.purpose",
        "how_he_can_come.travel",
        "letter_copies.gp_name",
        "onward_referrals.service_name",
        "order_requirements.amount",
        "order_requirements.override_reason",
        "order_terms.override_reason",
    }
)
"""Columns of plain words that are planted like encrypted ones."""
KNOWN_BY = {
    "aliases.family_name": "known as",
    "aliases.given_name": "known as",
    "consent_events.scope": "consent scope",
    "flags.fact": "flag fact",
    "people.address": "address",
    "people.email": "email",
    "people.family_name": "name",
    "people.given_name": "name",
    "people.gp_name": "gp",
    "people.known_as": "known as",
}
"""Columns that the records fill in themselves, and the class of information they are."""
NO_WORDS = {
    "api_tokens.scopes": "codes",
    "assessments.meetings": "days and ways",
    "audit_events.detail": "ids and names of fields; its own test reads it",
    "breach_warnings.about": "references",
    "breach_warnings.says": "codes",
    "case_facts.detail": "hashes and codes",
    "course_sessions.name": "the name that the pathway gives a session",
    "directing_changes.noticed_to": "a practitioner's name",
    "directing_changes.now_named": "a practitioner's name",
    "directing_changes.was_named": "a practitioner's name",
    "enforcement_steps.about": "references",
    "hearings.reason": "a code",
    "import_runs.file_name": "a file of many",
    "keyed_entries.code_words": "the words of a code",
    "kept_posts.path": "an address of the program",
    "local_closures.label": "a closure of the trust",
    "match_keys.key": "a hash",
    "measure_changes.before": "numbers",
    "measure_flags.key": "a code",
    "measure_occasions.goal_ids": "ids",
    "measure_occasions.typed_parts": "codes",
    "notices.key": "a code and ids",
    "notices.text": "the program's own words; its own test reads them",
    "order_periods.named": "a practitioner or an institution",
    "order_terms.exceeded": "codes",
    "organisations.mailbox": "of an organisation",
    "organisations.name": "of an organisation",
    "organisations.sort_name": "of an organisation",
    "outbox.key": "a code and ids",
    "outbox.problem": "what a mail server answered",
    "past_score_runs.file_name": "a file of many",
    "pathway_revisions.why": "of a pathway, for everybody on it",
    "pathway_sessions.name": "of a pathway, for everybody on it",
    "pathway_sessions.purpose": "of a pathway, for everybody on it",
    "pathways.about": "of a pathway, for everybody on it",
    "pathways.draft": "of a pathway, for everybody on it",
    "pathways.name": "of a pathway, for everybody on it",
    "people.sort_name": "his name, for sorting; no page shows it",
    "place_closures.label": "a closure of a place",
    "policy_settings.reason": "of a setting",
    "safeguarding_versions.authority": "a local authority",
    "agreement_answers.words": "of an agreement of a trust",
    "agreement_changes.clause": "of an agreement of a trust",
    "agreement_changes.reason": "of an agreement of a trust",
    "reading_answers.words": "of a reading of the law",
    "reading_changes.legal_note": "of a reading of the law",
    "reading_changes.reason": "of a reading of the law",
    "agreed_adjustments.made": "ids and codes",
    "agreed_adjustments.what": "the program's own words, the same for every side",
    "policy_settings.value": "of a setting",
    "proposal_parts.made": "ids",
    "proposals.fault": "the program's own words",
    "proposals.progress": "the program's own words",
    "referral_papers_sent.to": "an enforcement officer or a mailbox",
    "compliance_schedules.problem": "the program's own words",
    "compliance_releases.items": "codes of what it held",
    "compliance_releases.to_name": "somebody of probation, a unit, or to whom a report was given",
    "report_requests.due_reasons": "codes and days",
    "rule_signatures.source_read": "of an instrument",
    "sign_in_sessions.browser": "of a browser",
    "sites.address": "of a place",
    "sites.directions": "of a place",
    "sites.name": "of a place",
    "staff.job_title": "of staff",
    "staff.name": "of staff",
    "staff.password_hash": "of staff",
    "staff.sort_name": "of staff",
    "staff.username": "of staff",
    "submissions.location": "an address of the program",
    "submissions.route": "an address of the program",
    "tasks.key": "a code and ids",
    "tasks.title": "the program's own words; its own test reads them",
    "teams.name": "of a team",
    "teams.sort_name": "of a team",
    "treatment_sessions.title": "of a group",
}
"""Columns of plain text that hold no word about a man, and what they hold."""


def plain_columns() -> set[str]:
    """Every column that could hold plain words: long text, and JSON."""
    found = set()
    for mapper in Base.registry.mappers:
        for attribute in mapper.column_attrs:
            column = attribute.columns[0]
            kind = column.type
            if isinstance(kind, EncryptedText | EncryptedJson | Enum):
                continue
            long = isinstance(kind, String) and (kind.length is None or kind.length >= SHORTEST)
            if long or isinstance(kind, JSON):
                found.add(f"{mapper.local_table.name}.{column.name}")  # type: ignore[attr-defined]
    return found


SHORTEST = 100
"""Characters of a column that could hold a sentence."""

BY_HAND = {
    "assessment_sections.answers": "marked question by question: some are released, some never",
    "section_revisions.answers": "written as sections, the time before",
}
"""Columns that the world plants itself, and why."""


class Planter:
    """Plants canaries in whatever is inserted while a record is being made."""

    def __init__(self) -> None:
        self.record = ""
        self.planted: dict[str, set[str]] = {}

    @contextmanager
    def making(self, record: str) -> Iterator[None]:
        """Every row inserted in this block belongs to the record."""
        self.record = record
        event.listen(Mapper, "before_insert", self._plant)
        try:
            yield
        finally:
            event.remove(Mapper, "before_insert", self._plant)

    def word(self, column: str) -> str:
        """A canary to type into a service, for a column that is written later."""
        self.planted.setdefault(self.record, set()).add(column)
        return canary(self.record, column)

    def _plant(self, mapper: Mapper[Any], _connection: object, target: object) -> None:
        for attribute in inspect(target).mapper.column_attrs:
            column = attribute.columns[0]
            key = f"{mapper.local_table.name}.{column.name}"  # type: ignore[attr-defined]
            if key in NOT_ABOUT_A_MAN or key in BY_HAND:
                continue
            if isinstance(column.type, EncryptedText) or key in PLAIN:
                setattr(target, attribute.key, f"Said {self.word(key)}")
            elif isinstance(column.type, EncryptedJson):
                before = getattr(target, attribute.key)
                after = _with_word(before, canary(self.record, key))
                if after != before:
                    self.word(key)
                    setattr(target, attribute.key, after)


def _with_word(value: Any, word: str) -> Any:
    """Running text gets the word at its end; codes, dates and numbers stay what they are."""
    if isinstance(value, str):
        return f"{value} {word}" if " " in value.strip() else value
    if isinstance(value, dict):
        return {key: _with_word(one, word) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_word(one, word) for one in value]
    return value
