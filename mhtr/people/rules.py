"""What a service accepts about a person, in canonical form, and why it refuses the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from mhtr.core.name_text import clean_name, has_letters
from mhtr.people.contact_rules import PhoneError, parse_phone
from mhtr.people.identifiers import (
    IdentifierError,
    NhsNumberRange,
    parse_crn,
    parse_cro,
    parse_gp_practice_code,
    parse_nhs_number,
    parse_pnc,
    parse_postcode,
)
from mhtr.people.kinds import Answered, GpStatus, Permission
from mhtr.people.sections import KNOWN_HOW, NO_FIXED_ABODE, Value

OPTIONAL_KINDS = frozenset({"pnc", "cro"})
EARLIEST_BIRTH = date(1900, 1, 1)
BEFORE_BIRTH = "This lies before he was born. Check the year, and his date of birth"
NAMES = ("given_name", "family_name", "known_as")
NO_LETTERS = "Enter a name with letters"
CHOSEN: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "safe_to_text": Permission,
        "safe_to_voicemail": Permission,
        "safe_to_write": Permission,
        "interpreter": Permission,
        "needs_asked": Answered,
        "gp_status": GpStatus,
    }
)
"""Answers that are one of a few: nothing else is kept, and none is left without one."""


@dataclass(frozen=True)
class Accepts:
    """What this installation accepts.

    `nhs_numbers` says from which range; `extra` names the identifiers switched on beyond NHS
    number and CRN; `fictional` allows only telephone numbers that reach nobody.
    """

    nhs_numbers: NhsNumberRange
    extra: frozenset[str] = frozenset()
    fictional: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """Identifier kinds in use, in the order in which forms show them."""
        return tuple(k for k in ("nhs", "crn", "pnc", "cro") if self.takes(k))

    def takes(self, kind: str) -> bool:
        """Whether an identifier of this kind may be recorded."""
        return kind not in OPTIONAL_KINDS or kind in self.extra


@dataclass(frozen=True)
class Fault:
    """Why a value was not accepted: the field, and words for beside it."""

    field: str
    reason: str


def accepts(config: Mapping[str, object]) -> Accepts:
    """What an application with these settings accepts: outside production only fiction."""
    fictional = bool(config.get("DEMO") or config.get("TESTING"))
    identifiers = config.get("IDENTIFIERS") or ()
    names = identifiers if isinstance(identifiers, (set, frozenset, tuple, list)) else ()
    return Accepts(
        nhs_numbers=NhsNumberRange.TEST if fictional else NhsNumberRange.ISSUED,
        extra=frozenset(str(name).lower() for name in names) & OPTIONAL_KINDS,
        fictional=fictional,
    )


def canonical_identifier(kind: str, text: str, settings: Accepts, today: date) -> str:
    """The canonical form of an identifier.

    Raises:
        IdentifierError: it cannot be one, or this kind is switched off.
    """
    if not settings.takes(kind):
        raise IdentifierError("This kind of identifier is not in use here")
    readers: dict[str, Callable[[], str]] = {
        "nhs": lambda: parse_nhs_number(text, accept=settings.nhs_numbers),
        "crn": lambda: parse_crn(text),
        "pnc": lambda: parse_pnc(text, today=today),
        "cro": lambda: parse_cro(text),
    }
    return readers[kind]()


def canonical(
    values: Mapping[str, Value],
    settings: Accepts,
    today: date,
    held: Mapping[str, Value] | None = None,
) -> tuple[dict[str, Value], tuple[Fault, ...]]:
    """The values in canonical form, and a fault for each that cannot be.

    `held` are the fields that stay as they are: they were accepted once and are only compared.
    """
    made: dict[str, Value] = {}
    faults: list[Fault] = []
    for name, value in values.items():
        try:
            made[name] = _canonical(name, value, settings, today)
        except (IdentifierError, PhoneError) as error:
            faults.append(Fault(name, error.reason))
    whole = {**(held or {}), **made}
    if whole.get("no_fixed_abode"):
        made |= _post_goes_to(whole)
        whole |= made
        whole["postcode"] = made["postcode"] = NO_FIXED_ABODE
    elif "no_fixed_abode" in made and whole.get("postcode") == NO_FIXED_ABODE:
        whole["postcode"] = made["postcode"] = ""
    faults.extend(_faults(whole, today))
    faults.extend(_typed_faults(values))
    return made, tuple(faults)


def _post_goes_to(whole: Mapping[str, Value]) -> dict[str, Value]:
    """The address of his post with its postcode, which is not his own."""
    address, postcode = str(whole.get("address") or ""), str(whole.get("postcode") or "")
    if not address or postcode in ("", NO_FIXED_ABODE) or postcode in address:
        return {}
    return {"address": f"{address}\n{postcode}"}


def _canonical(name: str, value: Value, settings: Accepts, today: date) -> Value:
    if name == "aliases" and isinstance(value, tuple):
        return tuple(dict.fromkeys(filter(None, map(clean_name, value))))
    if not isinstance(value, str) or not value.strip():
        return "" if isinstance(value, str) else value
    text = value.strip()
    if name in ("nhs", "crn", "pnc", "cro"):
        return canonical_identifier(name, text, settings, today)
    if name in NAMES:
        return clean_name(text)
    if name == "phone":
        return parse_phone(text, allow_fictional=settings.fictional).e164
    if name == "postcode":
        return parse_postcode(text)
    if name == "gp_practice_code":
        return parse_gp_practice_code(text)
    return text


def _typed_faults(values: Mapping[str, Value]) -> list[Fault]:
    """What is wrong with an answer by itself: a name nobody could read, no answer of a list."""
    found = [Fault(name, NO_LETTERS) for name in NAMES if _unreadable(values.get(name))]
    aliases = values.get("aliases")
    if isinstance(aliases, tuple) and any(map(_unreadable, aliases)):
        found.append(Fault("aliases", NO_LETTERS))
    for name, kind in CHOSEN.items():
        if name in values and values[name] not in set(kind):
            found.append(Fault(name, "Select one of the answers"))
    return found


def _unreadable(value: Value) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not has_letters(value)


def _faults(made: Mapping[str, Value], today: date) -> list[Fault]:
    found: list[Fault] = []
    if "given_name" in made and not (made["given_name"] or made.get("family_name")):
        found.append(Fault("family_name", "Enter at least one name"))
    born, died = made.get("born"), made.get("died_on")
    if isinstance(born, date) and not EARLIEST_BIRTH <= born < today:
        found.append(Fault("born", "Date of birth must be in the past, after 1900"))
    if isinstance(died, date) and died > today:
        found.append(Fault("died_on", "Date of death must be today or in the past"))
    if isinstance(born, date) and isinstance(died, date) and died < born:
        found.append(Fault("died_on", "Date of death must be after the date of birth"))
    found.extend(_contact_faults(made))
    return found


def _contact_faults(made: Mapping[str, Value]) -> list[Fault]:
    """Only his own yes opens a channel, so a yes says how it is known."""
    if "contact_known_how" not in made:
        return []
    yes = [made.get(f) for f in ("safe_to_text", "safe_to_voicemail", "safe_to_write")].count("yes")
    how = made["contact_known_how"]
    if how and how not in KNOWN_HOW:
        return [Fault("contact_known_how", "Select how you know")]
    if yes and not how:
        return [Fault("contact_known_how", "Select how you know that contact is safe")]
    if yes and how == "someone_else":
        return [
            Fault(
                "contact_known_how",
                "Only he can say that a way of reaching him is safe: answer no or not known",
            )
        ]
    return []
