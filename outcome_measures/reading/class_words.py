"""The classes of a course of treatment in words, and the two figures of evaluations."""

from collections.abc import Sequence

from outcome_measures.change import Classes, Tri
from outcome_measures.reading.words import Said

RULES_WORDS = "Calculated by the NHS Talking Therapies rules"
_CLASSES = (
    ("completed_course", "Completed course"),
    ("case_at_start", "A case at the start"),
    ("recovery", "Recovery"),
    ("reliable_improvement", "Reliable improvement"),
    ("reliable_deterioration", "Reliable deterioration of scores"),
    ("no_reliable_change", "No reliable change"),
    ("reliable_recovery", "Reliable recovery"),
)


def class_rows(classes: Classes) -> tuple[Said, ...]:
    """Each class with yes, no or "not classifiable"."""
    return tuple(Said(label, getattr(classes, name).words.capitalize()) for name, label in _CLASSES)


NO_THIRD = "Not counted: the service has no third measure with a rule in force"


def improved_rows(
    on_one: Tri, on_two_of_three: Tri | None, names: Sequence[str]
) -> tuple[Said, ...]:
    """The two figures of evaluations of such services.

    Args:
        on_two_of_three: None where the service counts no third measure.
        names: PHQ-9, GAD-7 and the third measure where there is one.
    """
    one = Said(f"Improved on at least one of {' and '.join(names[:2])}", _capital(on_one))
    if on_two_of_three is None:
        return one, Said("Improved on at least two of three", NO_THIRD)
    counted = f"{', '.join(names[:2])} and {names[2]}"
    return one, Said(f"Improved on at least two of {counted}", _capital(on_two_of_three))


def _capital(answer: Tri) -> str:
    return answer.words.capitalize()
