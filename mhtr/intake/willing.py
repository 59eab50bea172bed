"""Whether he agrees to the referral, and whether that answer can count."""

from enum import StrEnum


class Willingness(StrEnum):
    WILLING = "willing"
    NOT_WILLING = "not_willing"
    UNSURE = "unsure"
    NOT_ASKED = "not_asked"


def agrees(willing: Willingness, able: bool | None) -> tuple[bool | None, str]:
    """Whether he agrees (None: not clear), with the reason in words.

    A yes counts only from a man who was able to decide: otherwise he is asked again, at the
    latest at the assessment, where every agreement is confirmed.

    Args:
        able: whether he was able to decide this then; None where nobody knows.
    """
    if willing is Willingness.NOT_WILLING:
        lost = "" if able is not False else " But he was not able to decide then: ask him again."
        return False, f"He does not want the referral.{lost}"
    if willing is Willingness.WILLING and able is False:
        words = "He said yes, but was not able to decide this then. Ask him again at the assessment"
        return False, f"{words}, or when he is able to decide."
    if willing is Willingness.WILLING and able is None:
        words = "He said yes. Whether he was able to decide this then is not known."
        return None, f"{words} Ask him again at the assessment."
    if willing is Willingness.WILLING:
        return True, "He agreed to the referral. He is asked again at the assessment."
    words = "He is not sure yet." if willing is Willingness.UNSURE else "He has not been asked yet."
    return None, f"{words} Ask him before the assessment."
