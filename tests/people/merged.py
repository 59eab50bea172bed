"""Two records become one, and two again."""

from mhtr.cases import identity
from mhtr.core.transaction import writing
from mhtr.people import merge_parts, service
from mhtr.people.models import (
    IdentifierKind,
    Person,
)


def ask(one: Person, two: Person, by: int) -> int:
    with writing():
        question = service.raise_identity_question(
            person_id=one.id, other_id=two.id, verdict="possible", reasons=["Alike"], by=by
        )
        assert question is not None
        return question.id


def merge(
    kept: Person,
    absorbed: Person,
    by: int,
    right: dict[IdentifierKind, str] | None = None,
    chosen: Person | None = None,
) -> int:
    """Merge; `chosen` is the record that is right wherever they differ, the kept one if not."""
    kept_id, question_id = kept.id, ask(kept, absorbed, by)
    which = (chosen or kept).id
    parts = {part.key: which for part in merge_parts.differing(kept, absorbed)}
    with writing():
        row = identity.answer_same(
            question_id=question_id,
            kept_id=kept_id,
            right=right or {},
            chosen=parts,
            reason="Passport",
            by=by,
        )
        return row.id


def undo(merge_id: int, by: int) -> None:
    with writing():
        identity.undo_merge(merge_id=merge_id, reason="Two passports", by=by)
