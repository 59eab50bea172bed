"""What a referral says that makes it urgent, and what of it a clinician must look into himself."""

from collections.abc import Iterable, Mapping

from mhtr.intake.referral_values import Level, Safety, Urgency

SAID_IN = frozenset({"safety", "vulnerabilities", "risk", "urgency"})
"""The answers of a referral that say so."""
HARM = frozenset({"self-harm", "suicide-risk"})
"""Codes of the list of vulnerabilities."""


def signs(safety: str, vulnerabilities: Iterable[str], risk: str, urgency: str) -> frozenset[str]:
    """Why it is urgent, in codes; empty where nothing says so.

    Anything but a plain "safe" counts. So do self-harm and thoughts of suicide where the risk is
    said to be high, or he is to be seen today. That the risk is high is a reason of its own then:
    harm that counted for the day alone asks again once it is called high.
    """
    today = {urgency} & {Urgency.URGENT}
    unsafe = {safety} - {Safety.SAFE}
    harm = HARM.intersection(vulnerabilities) if today or risk == Level.HIGH else frozenset()
    high = {risk} & {Level.HIGH} if harm else set()
    return frozenset({*today, *unsafe, *harm, *high})


def signs_in(answers: Mapping[str, object]) -> frozenset[str]:
    """The same of the answers of a referral as they are kept."""
    said = {name: str(answers.get(name, "")) for name in SAID_IN}
    codes = said["vulnerabilities"].split(";")
    return signs(said["safety"] or Safety.SAFE, codes, said["risk"], said["urgency"])


def for_a_clinician(found: frozenset[str]) -> bool:
    """Whether they say more than that he is to be seen soon."""
    return bool(found - {Urgency.URGENT})
