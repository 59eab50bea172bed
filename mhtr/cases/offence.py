"""What may be written about the offence, by how far the criminal case has got. Pure.

No word list decides whether a text is an account of the offence: none is reliable, and a check
that lets most through would be read as leave. The rule stands at every free text instead, and
changes with the stage of the case.
"""

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, StageOfCase

RULE_BEFORE = (
    "Do not ask him about the offence, and write nothing that he says about it. A court could ask "
    "for it."
)
BEFORE = f"There is no plea or finding yet, as far as is known. {RULE_BEFORE}"
AFTER = "Write no account of the offence: only what it means for his health or for practical help."


def offence_words(stage: StageOfCase | None) -> str:
    """The rule as it stands at a free text about a man whose case has got this far."""
    return AFTER if stage in AFTER_PLEA_OR_FINDING else BEFORE
