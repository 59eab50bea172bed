"""Who is still to have a copy of a letter that was signed."""

from dataclasses import dataclass

from mhtr.cases.models import Case
from mhtr.discharge import queries
from mhtr.discharge.letter_kinds import shape_of
from mhtr.discharge.models import CaseLetter, LetterCopy, LetterVersion
from mhtr.discharge.rules import Sent, To, gp_objections


@dataclass(frozen=True)
class Standing:
    """A letter with what was signed of it, and who had which version.

    Args:
        owed: who is still to have the version that counts.
        outdated: who has an earlier version and not the one that counts, with its number.
    """

    letter: CaseLetter
    versions: tuple[LetterVersion, ...]
    copies: tuple[LetterCopy, ...]
    owed: tuple[To, ...]
    outdated: tuple[tuple[To, int], ...]


def letters_now(case: Case) -> list[Standing]:
    """Every letter of a case as it stands, the first one first."""
    letters = queries.letters_of(case.id)
    if not letters:
        return []
    versions, copies = queries.versions_of(case.id), queries.copies_of(case.id)
    gp = queries.gp_of(case)
    found = []
    for row in letters:
        own = tuple(one for one in versions if one.letter_id == row.id)
        ids = {one.id for one in own}
        had = tuple(one for one in copies if one.version_id in ids)
        outdated = _outdated(own, had)
        shape = shape_of(row.kind)
        may_gp = not gp_objections(gp, exception=shape.exception)
        wanted = [to for to in To if to in shape.owed or to in {one for one, _ in outdated}]
        owed = tuple(
            to for to in wanted if own and not _has(to, own[-1], had) and (to is To.HIM or may_gp)
        )
        found.append(Standing(row, own, had, owed, outdated))
    return found


def _has(to: To, version: LetterVersion, copies: tuple[LetterCopy, ...]) -> bool:
    return any(
        one.version_id == version.id and one.whom is to and one.taken_back_at is None
        for one in copies
    )


def _outdated(
    versions: tuple[LetterVersion, ...], copies: tuple[LetterCopy, ...]
) -> tuple[tuple[To, int], ...]:
    """Whoever really had an earlier version and has not had the one that counts."""
    numbers = {one.id: one.number for one in versions}
    found = []
    for to in To:
        had = [
            numbers[one.version_id]
            for one in copies
            if one.whom is to and one.taken_back_at is None and one.sent is not Sent.NOT_WANTED
        ]
        if had and not _has(to, versions[-1], copies):
            found.append((to, max(had)))
    return tuple(found)
