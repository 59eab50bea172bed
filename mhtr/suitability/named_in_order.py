"""Whom the order must name: the institution, or a registered psychologist. One is enough.

Sentencing Act 2020 Sch 9 para 16. A psychologist is called registered only with a number.
"""

import re

from mhtr.suitability.sections import Answer, Answers

INSTITUTION, PSYCHOLOGIST, NUMBER = "institution", "directing_psychologist", "directing_hcpc"
KEYS = frozenset({INSTITUTION, PSYCHOLOGIST, NUMBER})
NEITHER = "Institution that would treat him, or the registered psychologist directing treatment"
NO_NUMBER = (
    "HCPC number of the psychologist directing treatment. Without it the report does not say "
    "“registered”"
)
NOT_A_NUMBER = "The HCPC number of a practitioner psychologist is PYL and up to six digits."
# hcpc-uk.org, How to check the Register: the profession's letters and up to six digits.
_NUMBER = re.compile(r"PYL\d{1,6}", flags=re.ASCII)


def as_number(text: str) -> str:
    """A typed HCPC number without spaces, in capitals. Raises ValueError where it is none."""
    number = re.sub(r"\s", "", text).upper()
    if not _NUMBER.fullmatch(number):
        raise ValueError(NOT_A_NUMBER)
    return number


def lacks(answers: Answers) -> tuple[str, ...]:
    """What the section about the proposed course still lacks of the names, in words."""
    if not said(answers.get(PSYCHOLOGIST)):
        return () if said(answers.get(INSTITUTION)) else (NEITHER,)
    return () if said(answers.get(NUMBER)) else (NO_NUMBER,)


def said(answer: Answer) -> str:
    """A typed answer without white space around it; empty where there is none."""
    return answer.strip() if isinstance(answer, str) else ""
