"""Writing and signing a letter: the only writer of letters and of what was signed.

Any clinician of his may write it. Signing sends nothing: each copy is given or sent, and recorded,
by itself (`copy_service`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.discharge import follow, queries
from mhtr.discharge.building import NO_COURSE, NO_DRAFT, build
from mhtr.discharge.letter_content import Letter, content_hash, of_author, to_json
from mhtr.discharge.letter_kinds import LetterKind, shape_of
from mhtr.discharge.models import CaseLetter, LetterVersion
from mhtr.discharge.rules import Signs
from mhtr.discharge.treatment_facts import course_of
from mhtr.intake import onward_queries

ALREADY = "Such a letter is being written already. Open that one."
THERE_IS_ONE = "There is one already. If it is not right, issue it anew."
NEVER_SIGNED = "It has not been signed yet: write on, and sign it."
CHANGED = "The letter changed while you looked at it. Nothing is signed: read it again."


@dataclass(frozen=True)
class Written:
    """What somebody writes of a letter."""

    parts: Mapping[str, str]
    with_plan: bool = False
    named: Collection[str] = field(default=())
    """References of his onward referrals that he agreed to have named."""
    why_again: str = ""


@dataclass(frozen=True)
class Compiled:
    """A letter compiled before the write transaction, with the hash of what was compiled."""

    pdf: bytes
    content_hash: str


def begin(*, case_id: int, kind: LetterKind, by: int) -> CaseLetter:
    """Begin a letter.

    Raises:
        Refused: he has no course, or there is one of this kind that can be issued anew.
    """
    must_be_writing()
    case = cases.lock(case_id)
    if course_of(case_id) is None:
        raise Refused(NO_COURSE)
    if against := begun_already(case_id, kind):
        raise Refused(against)
    row = CaseLetter(
        case_id=case_id, kind=kind, drafted_at=clock.now(), drafted_by=by, parts={}, named=None
    )
    db.session.add(row)
    db.session.flush()
    audit.record("discharge.letter_begun", by=by, case_id=case_id, letter=row.id)
    follow.follow(case, by=by)
    return row


def begun_already(case_id: int, kind: LetterKind) -> str:
    """Why no other letter of a kind is begun; empty where one can be. Risks can be many."""
    signed = {one.letter_id for one in queries.versions_of(case_id)}
    for row in queries.letters_of(case_id):
        if row.kind is kind and row.drafted_at is not None:
            return ALREADY
        if row.kind is kind and row.id in signed and kind is not LetterKind.RISK:
            return THERE_IS_ONE
    return ""


def write(*, letter_id: int, said: Written, version: int, by: int) -> None:
    """Keep what is written of a letter so far. A signature that waits for a lead's is gone.

    Raises:
        Refused: nothing of it is being written. Stale: somebody wrote on it meanwhile.
    """
    row, case = _locked(letter_id, version)
    if row.drafted_at is None:
        raise Refused(NO_DRAFT)
    shape = shape_of(row.kind)
    known = {str(one.ref) for one in onward_queries.of_case(row.case_id)}
    row.parts = {part.key: said.parts.get(part.key, "").strip() for part in shape.parts}
    row.with_plan = said.with_plan and shape.with_plan
    row.named = sorted(set(said.named) & known) if shape.with_plan else None
    row.why_again = said.why_again.strip() or None
    row.drafted_by = by
    _unsigned(row)
    audit.record("discharge.letter_written", by=by, case_id=row.case_id, letter=row.id)
    follow.follow(case, by=by)


def drop(*, letter_id: int, version: int, by: int) -> None:
    """Give up what is being written; what was signed stays.

    Raises:
        Refused: nothing of it is being written. Stale: somebody wrote on it meanwhile.
    """
    row, case = _locked(letter_id, version)
    if row.drafted_at is None:
        raise Refused(NO_DRAFT)
    row.drafted_at, row.drafted_by = None, by
    _unsigned(row)
    audit.record("discharge.letter_dropped", by=by, case_id=row.case_id, letter=row.id)
    follow.follow(case, by=by)


def issue_anew(*, letter_id: int, version: int, by: int) -> None:
    """Begin another version of a letter that was signed, with its words to change.

    Raises:
        Refused: it was never signed, or one is being written. Stale: somebody wrote meanwhile.
    """
    row, case = _locked(letter_id, version)
    if not queries.versions_of_letter(row):
        raise Refused(NEVER_SIGNED)
    others = [one for one in queries.letters_of(row.case_id) if one.kind is row.kind]
    if any(one.drafted_at is not None for one in others):
        raise Refused(ALREADY)
    row.drafted_at, row.drafted_by, row.why_again = clock.now(), by, None
    _unsigned(row)
    audit.record("discharge.letter_reopened", by=by, case_id=row.case_id, letter=row.id)
    follow.follow(case, by=by)


def sign(*, letter_id: int, compiled: Compiled, version: int, by: int) -> LetterVersion | None:
    """Sign a letter; None where a registered lead has to sign it too.

    Args:
        compiled: made outside this transaction; refused if the letter is another by now.

    Raises:
        Refused: with everything that stands against it. Stale: somebody wrote on it meanwhile.
    """
    row, case = _locked(letter_id, version)
    built = build(case, row, by=by)
    if built.letter is None or built.signs is None:
        raise Refused(*built.against)
    if content_hash(built.letter) != compiled.content_hash:
        raise Refused(CHANGED)
    if built.signs is Signs.FIRST:
        row.first_hash, row.first_by = compiled.content_hash, by
        row.first_on = built.letter.written_on
        row.version += 1
        db.session.flush()
        audit.record("discharge.letter_signed_first", by=by, case_id=row.case_id, letter=row.id)
        follow.follow(case, by=by)
        return None
    return _complete(case, row, built.letter, compiled, built.signs, by)


def _complete(
    case: Case, row: CaseLetter, letter: Letter, compiled: Compiled, signs: Signs, by: int
) -> LetterVersion:
    second = signs is Signs.SECOND
    if second and content_hash(of_author(letter)) != row.first_hash:
        raise Refused(CHANGED)
    author = row.first_by if second and row.first_by is not None else by
    made = LetterVersion(
        letter_id=row.id,
        number=letter.number,
        content=to_json(letter),
        content_hash=compiled.content_hash,
        pdf=compiled.pdf,
        signed_by=author,
        countersigned_by=by if second else None,
    )
    db.session.add(made)
    row.drafted_at = None
    _unsigned(row)
    audit.record(
        "discharge.letter_signed",
        by=by,
        case_id=case.id,
        letter=row.id,
        signed=made.id,
        content_hash=made.content_hash,
        pdf_hash=made.pdf_hash,
    )
    follow.follow(case, by=by)
    return made


def _unsigned(row: CaseLetter) -> None:
    row.first_hash = row.first_by = row.first_on = None
    row.version += 1
    db.session.flush()


def _locked(letter_id: int, version: int) -> tuple[CaseLetter, Case]:
    must_be_writing()
    row = db.session.get_one(CaseLetter, letter_id)
    case = cases.lock(row.case_id)
    db.session.flush()
    db.session.refresh(row)
    if row.version != version:
        raise Stale(row)
    return row, case
