"""Two sign at once, and one signs while another changes what is signed."""

from collections.abc import Callable

from flask import Flask

from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.reviews import building, point_service, queries, signing
from mhtr.reviews.rules import Party, Signs, Topic
from mhtr.reviews.sheet import content_hash
from tests.ending.makers import Finishing
from tests.faults.invariants import assert_sound
from tests.faults.test_races import at_once
from tests.reviews.makers import arranged, due, held, review_of, said_of, sheet_of

Do = Callable[[], None]


def ready() -> Finishing:
    of = due()
    arranged(of)
    held(of)
    return of


def signs(of: Finishing, party: Party) -> Do:
    who = of.world.officer if party is Party.OFFICER else of.man.therapist
    review_id, by, content = review_of(of).id, who.id, content_hash(sheet_of(of))

    def run() -> None:
        with writing():
            signing.sign(
                review_id=review_id, party=party, signs=Signs.SIGNED, way=None, content=content,
                by=by,
            )  # fmt: skip

    return run


def test_two_sign_at_once_and_both_are_on_one_sheet(either_app: Flask) -> None:
    of = ready()
    review_id = review_of(of).id
    does = [signs(of, Party.THERAPIST), signs(of, Party.OFFICER), signs(of, Party.OFFICER)]
    db.session.remove()
    said = at_once(either_app, does)
    assert said.count("done") == 2 and signing.ALREADY in said
    (sheet,) = queries.sheets_of(review_id)
    assert set(sheet.said) == {Party.THERAPIST, Party.OFFICER}
    assert_sound()


def test_nobody_signs_what_is_changed_while_he_signs(either_app: Flask) -> None:
    """Whichever comes first: what he signed is what he read, and a later change asks again."""
    of = ready()
    row = review_of(of)
    review_id, officer, before = row.id, of.world.officer.id, content_hash(sheet_of(of))

    def changes() -> None:
        with writing():
            point_service.bring_for_probation(
                review_id=review_id, topic=Topic.NEXT, words="Meanwhile", by=officer
            )

    does = [signs(of, Party.THERAPIST), changes]
    db.session.remove()
    said = at_once(either_app, does)
    assert "done" in said and said_of(of) == {}
    signed = [one.row.content_hash for one in queries.sheets_of(review_id)]
    assert signed == ([before] if sorted(said) == ["done", "done"] else [])
    assert building.sheet_now(review_of(of)) is not None
    assert_sound()
