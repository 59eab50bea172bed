"""His plan for later, who signs a letter, and who may have a copy of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Stance(StrEnum):
    """What he says of his plan as it is written down."""

    NOT_ASKED = "not_asked"
    AGREED = "agreed"
    DISSENTS = "dissents"


STANCE_WORDS: Mapping[Stance, str] = MappingProxyType(
    {
        Stance.AGREED: "He agrees to it",
        Stance.DISSENTS: "He does not agree to all of it",
        Stance.NOT_ASKED: "He has not read or heard it yet",
    }
)


@dataclass(frozen=True)
class Plan:
    """His plan for later, in his words."""

    signs: str = ""
    helps: str = ""
    call: str = ""
    after: str = ""
    stance: Stance = Stance.NOT_ASKED
    dissent: str = ""
    """What he sees otherwise, in his words."""


PLAN_HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "signs": "Signs that things get harder",
        "helps": "What helps me",
        "call": "Who I can call",
        "after": "What comes next",
    }
)
NOTHING = "Write down at least one of the four parts"
NO_CALL = "Write down who he can call, before he agrees to it"
NO_SIGNS = "Write down his warning signs, before he agrees to it"
NO_DISSENT = "Write down what he sees otherwise, in his words"
SAME = "This is what his plan says already."


def plan_objections(plan: Plan) -> tuple[tuple[str, str], ...]:
    """What stands against keeping a plan, as pairs of a field and words."""
    if not any(getattr(plan, name).strip() for name in PLAN_HEADINGS):
        return (("signs", NOTHING),)
    wrong = []
    if plan.stance is Stance.AGREED:
        wrong += [("signs", NO_SIGNS)] if not plan.signs.strip() else []
        wrong += [("call", NO_CALL)] if not plan.call.strip() else []
    if plan.stance is Stance.DISSENTS and not plan.dissent.strip():
        wrong.append(("dissent", NO_DISSENT))
    return tuple(wrong)


class Signs(StrEnum):
    """What a signature on a letter does."""

    ALONE = "alone"
    """It is complete with it."""
    FIRST = "first"
    """A registered clinical lead signs after it."""
    SECOND = "second"


@dataclass(frozen=True)
class Signer:
    """Who would sign."""

    staff_id: int
    registered: bool
    lead: bool


NOT_HIS = "{} treats him, and signs it. A registered clinical lead can sign in that place."
NOBODYS = "Nobody treats him now: a registered clinical lead signs it."
SIGNED_FIRST = "You have signed it. A registered clinical lead reads and signs it now."
LEAD_NEXT = "It is signed by its author. A registered clinical lead reads and signs it now."


def signs_as(
    signer: Signer, *, therapist: int | None, name: str, first: int | None
) -> tuple[Signs | None, str]:
    """What the signature of somebody would do; None, with why, where he may not sign.

    Args:
        therapist: who treats him; `name`: that one's name.
        first: whose signature it has already, of exactly what it says now.
    """
    lead = signer.lead and signer.registered
    if first is not None:
        if signer.staff_id == first:
            return None, SIGNED_FIRST
        return (Signs.SECOND, "") if lead else (None, LEAD_NEXT)
    if signer.staff_id == therapist:
        return (Signs.ALONE if signer.registered else Signs.FIRST), ""
    if lead:
        return Signs.ALONE, ""
    return None, NOT_HIS.format(name) if therapist is not None else NOBODYS


class To(StrEnum):
    """Who gets a copy of a letter."""

    HIM = "him"
    GP = "gp"


TO_WORDS: Mapping[To, str] = MappingProxyType({To.HIM: "Himself", To.GP: "His GP"})


class Sent(StrEnum):
    """How a copy was given or sent."""

    HANDED = "handed"
    POST = "post"
    SECURE_MAIL = "secure_mail"
    NOT_WANTED = "not_wanted"


SENT_WORDS: Mapping[Sent, str] = MappingProxyType(
    {
        Sent.HANDED: "Given by hand",
        Sent.POST: "Sent by post",
        Sent.SECURE_MAIL: "Sent by secure e-mail",
        Sent.NOT_WANTED: "Offered, and he did not want it",
    }
)
WAYS: Mapping[To, tuple[Sent, ...]] = MappingProxyType(
    {
        To.HIM: (Sent.HANDED, Sent.POST, Sent.SECURE_MAIL, Sent.NOT_WANTED),
        To.GP: (Sent.SECURE_MAIL, Sent.POST),
    }
)


class Agreed(StrEnum):
    """What he said to his GP being told."""

    NOT_ASKED = "not_asked"
    YES = "yes"
    NO = "no"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True)
class Gp:
    """His GP as he is on record."""

    agreed: Agreed
    registered: bool
    name: str

    @property
    def known(self) -> bool:
        """Whether there is a practice to write to."""
        return self.registered and bool(self.name.strip())


AGREED_WORDS: Mapping[Agreed, str] = MappingProxyType(
    {
        Agreed.NOT_ASKED: "It is not recorded that he agrees to his GP being told. Ask him, and "
        "record what he says under Consent.",
        Agreed.NO: "He has said that his GP is not to be told.",
        Agreed.TAKEN_BACK: "He took back his agreement to his GP being told.",
    }
)
NO_GP = "No GP practice with which he is registered is on record. Record it under Person."
NO_WHY = "Say why his GP is told without his agreement"
NO_APPROVER = "Select the clinical lead who approved it"
NOT_SAFE = "He said that it is not safe to send him letters. Give it to him, or ask him again."


def gp_objections(gp: Gp, *, exception: bool = False) -> tuple[str, ...]:
    """Why his GP may not have a copy; empty where he may.

    Args:
        exception: it goes without his agreement, for a reason that somebody approved.
    """
    wrong = []
    if gp.agreed is not Agreed.YES and not exception:
        wrong.append(AGREED_WORDS[gp.agreed])
    if not gp.known:
        wrong.append(NO_GP)
    return tuple(wrong)


@dataclass(frozen=True)
class Copy:
    """A copy as somebody records it."""

    to: To
    sent: Sent | None
    exception_why: str = ""
    approver_id: int | None = None


def exception_objections(
    said: Copy, gp: Gp, *, allowed: bool, approvers: tuple[int, ...]
) -> tuple[tuple[str, str], ...]:
    """What stands against a copy to his GP without his agreement, as pairs of field and words.

    Args:
        allowed: the letter is of a kind that may go as an exception.
        approvers: who may approve it.
    """
    if said.to is not To.GP or gp.agreed is Agreed.YES:
        return ()
    if not allowed:
        return (("sent", AGREED_WORDS[gp.agreed]),)
    wrong = []
    if not said.exception_why.strip():
        wrong.append(("why", NO_WHY))
    if said.approver_id not in approvers:
        wrong.append(("approver", NO_APPROVER))
    return tuple(wrong)
