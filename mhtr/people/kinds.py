"""Kinds of answers and numbers about a person. `people.models` passes them on."""

from enum import StrEnum


class IdentifierKind(StrEnum):
    """Kinds of identifier. PNC and CRO are switched off unless configured."""

    NHS = "nhs"
    CRN = "crn"
    PNC = "pnc"
    CRO = "cro"


class Answered(StrEnum):
    """Why a demographic field holds no value. The three are never the same thing."""

    NOT_ASKED = "not_asked"
    GIVEN = "given"
    DECLINED = "declined"
    UNKNOWN = "unknown"


class Permission(StrEnum):
    """Whether a way of reaching him is safe. Unknown is never yes."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


class GpStatus(StrEnum):
    """Whether he has a general practitioner. Never blocks an assessment."""

    NOT_ASKED = "not_asked"
    REGISTERED = "registered"
    WILLING = "willing"
    NO = "no"
    UNKNOWN = "unknown"


class FlagKind(StrEnum):
    """What a flag on a record warns of."""

    RISK = "risk"
    STAFF_SAFETY = "staff_safety"
    MUST_NOT_MEET = "must_not_meet"
    SAFEGUARDING = "safeguarding"
