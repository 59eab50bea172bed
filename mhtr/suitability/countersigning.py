"""Who may countersign a suitability report."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from mhtr.cases.facts import Decision
from mhtr.cases.wording import day_words


@dataclass(frozen=True)
class CountersignPolicy:
    """Policy values. The register says a number is the profession's letters and up to six digits,
    e.g. PYL123456 (hcpc-uk.org, How to check the Register); days are calendar days."""

    hcpc_pattern: str = r"PYL\d{1,6}"
    check_valid_days: int = 365


@dataclass(frozen=True)
class Lead:
    """Who would countersign: the staff id, the registration as entered, the day it was checked
    against the public register, and whether he holds the role of clinical lead."""

    staff_id: int
    is_clinical_lead: bool
    hcpc_number: str | None
    hcpc_checked_on: date | None


def may_countersign(
    lead: Lead, author_ids: Collection[int], today: date, policy: CountersignPolicy
) -> Decision:
    """Whether this person may countersign a report by these authors, with every reason against.

    Needs an HCPC practitioner psychologist's number, checked no longer ago than policy allows,
    and somebody who wrote none of it. Reports without a known author are refused.
    """
    found: list[str] = []
    if not lead.is_clinical_lead:
        found.append("Only a clinical lead can countersign.")
    if not author_ids:
        found.append("The record does not say who wrote the report.")
    if lead.staff_id in author_ids:
        found.append("You wrote this report. Somebody else must countersign it.")
    number = (lead.hcpc_number or "").replace(" ", "").upper()
    if not number:
        found.append("No HCPC registration number is on file for you.")
    elif not re.fullmatch(policy.hcpc_pattern, number, flags=re.ASCII):
        found.append("Your HCPC number is not one of a practitioner psychologist.")
    found += check_of_register(lead.hcpc_checked_on, today, policy)
    return Decision(not found, tuple(found))


def check_of_register(checked: date | None, today: date, policy: CountersignPolicy) -> list[str]:
    """What is wrong with the day a registration was checked; empty where it still holds."""
    if checked is None:
        return ["Your registration has not been checked against the register."]
    if checked > today:
        return ["The day the register was looked up for you lies in the future."]
    if today - checked > timedelta(days=policy.check_valid_days):
        return [f"Your registration was last checked on {day_words(checked)}: too long ago."]
    return []
