"""What a record takes over from a later referral of the same man. Pure.

What it lacks is filled, and "not safe" holds at once. Everything else stays as it is: where the
two differ, somebody at the service compares them.
"""

from collections.abc import Collection, Mapping

from mhtr.people.sections import ASK_AGAIN, Value

FILLED = ("born", "nhs", "crn", "phone", "language")
"""Taken over where the record holds nothing."""
BY_PHONE = ("safe_to_text", "safe_to_voicemail")
CHANNELS = (*BY_PHONE, "safe_to_write")
_YES, _NO = "yes", "no"


def learned(held: Mapping[str, Value], said: Mapping[str, Value]) -> dict[str, Value]:
    """The fields that change, with what they say then.

    Args:
        held: the record's fields, as `people.values.values_of` gives them.
        said: what the referral says, under the same names; what it does not say is left out.
            `contact_known_how` says how the answer about texts is known.
    """
    changes = {name: said[name] for name in FILLED if said.get(name) and not held.get(name)}
    if held.get("interpreter") == ASK_AGAIN and said.get("interpreter") in (_YES, _NO):
        changes["interpreter"] = said["interpreter"]
    aliases, more = _texts(held.get("aliases")), _texts(said.get("aliases"))
    known = {name.casefold() for name in (*aliases, _name(held))}
    if new := tuple(name for name in more if name.casefold() not in known):
        changes["aliases"] = (*aliases, *new)
    return changes | _contact(held, said)


def _contact(held: Mapping[str, Value], said: Mapping[str, Value]) -> dict[str, Value]:
    """The answers about safe contact: a yes holds for the number that it was given for."""
    answer, number = said.get("safe_to_text"), said.get("phone")
    changes: dict[str, Value] = {}
    if number and number != held.get("phone"):
        # He can be reached elsewhere: who has the telephone of before is not known any more.
        changes = {name: ASK_AGAIN for name in BY_PHONE if held.get(name) == _YES}
    if answer == _NO and held.get("safe_to_text") != _NO:
        changes["safe_to_text"] = _NO
    fits = bool(number) and held.get("phone") in (number, "", None)
    if answer == _YES and fits and held.get("safe_to_text") != _NO:
        changes["safe_to_text"] = _YES
        changes["contact_known_how"] = said.get("contact_known_how") or ""
    return {name: value for name, value in changes.items() if value != held.get(name)}


def taken_back(held: Mapping[str, Value], *, number: str, answer: bool) -> dict[str, Value]:
    """What changes when a referral no longer says what the record may have from it.

    Args:
        number: the telephone number it gave before and gives no longer; else empty.
        answer: whether it said of texts what it no longer says.
    """
    if number and number == held.get("phone"):
        fields: tuple[str, ...] = BY_PHONE
    else:
        fields = ("safe_to_text",) if answer else ()
    return {name: ASK_AGAIN for name in fields if held.get(name) == _YES}


def less_safe(changes: Mapping[str, Value]) -> bool:
    """Whether a way of reaching him is not safe any more, or has to be asked about again."""
    return any(changes.get(name) in (_NO, ASK_AGAIN) for name in BY_PHONE)


def noes(said: Mapping[str, Value]) -> frozenset[str]:
    """The ways of reaching him that are said not to be safe."""
    return frozenset(name for name in CHANNELS if said.get(name) == _NO)


def taken_back_elsewhere(
    held: Mapping[str, Value], *, no: Collection[str], number: str
) -> tuple[str, ...]:
    """The ways that a record calls safe and that another record of his makes doubtful.

    Somebody else may hold his phone: one no, or another number, is about texts and voicemail both.

    Args:
        no: the ways that are not safe there.
        number: the telephone number that was given there; empty where none was.
    """
    other_phone = bool(number) and bool(held.get("phone")) and number != held.get("phone")
    doubtful = set(BY_PHONE if other_phone or set(BY_PHONE).intersection(no) else ())
    return tuple(n for n in CHANNELS if n in doubtful.union(no) and held.get(n) == _YES)


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _name(held: Mapping[str, Value]) -> str:
    return f"{held.get('given_name') or ''} {held.get('family_name') or ''}".strip()
