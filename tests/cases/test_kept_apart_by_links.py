"""Men who must not meet stay two, although the warning is on a linked record of another trust."""

from datetime import date

import pytest
from flask import Flask

from mhtr.cases import flag_men
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people import flags, merging
from mhtr.people.models import FlagKind, Person
from mhtr.people.same_man import records_of_man
from tests.cases.test_after_linking import linked
from tests.cases.test_two_trusts import Two
from tests.people.merged import merge
from tests.people.test_service import create


def apart(one: Person, two: Person, by: int) -> int:
    with writing():
        return flags.raise_flag(
            person_id=one.id,
            kind=FlagKind.MUST_NOT_MEET,
            fact="",
            reason="",
            owner_staff_id=by,
            review_on=date(2027, 1, 1),
            other_person_id=two.id,
            by=by,
        ).id


def ends(two: Two) -> tuple[Person, Person]:
    """His record in the west, and the one linked to it in the south."""
    return two.case.person, two.known.person


@pytest.mark.parametrize("named", [True, False])
def test_a_warning_in_the_other_trust_keeps_them_two_here(either_app: Flask, named: bool) -> None:
    two, stranger = linked(), create(given_name="Ola", family_name="Bright")
    here, there = ends(two)
    apart(*((there, stranger) if named else (stranger, there)), two.southern.id)
    with pytest.raises(Refused, match="must not meet"):
        merge(here, stranger, two.lead.id)
    with pytest.raises(Refused, match="must not meet"):
        merging.must_not_be_kept_apart(stranger.id, here.id)


def test_without_it_they_can_become_one(app: Flask) -> None:
    two, stranger = linked(), create(given_name="Ola", family_name="Bright")
    merging.must_not_be_kept_apart(ends(two)[0].id, stranger.id)


def test_what_is_merged_elsewhere_is_his_as_well(app: Flask) -> None:
    two = linked()
    here, there = ends(two)
    absorbed = create(given_name="Zz", family_name="Qq")
    merge(there, absorbed, two.southern.id)
    assert records_of_man(here.id) == {here.id, there.id, absorbed.id}
    assert records_of_man(absorbed.id) == {here.id, there.id, absorbed.id}


def test_nobody_is_kept_from_himself(app: Flask) -> None:
    two = linked()
    here, there = ends(two)
    with pytest.raises(Refused, match="his own record"):
        apart(here, there, two.lead.id)


def test_nor_is_a_name_on_a_warning_taken_for_his_own_record_elsewhere(app: Flask) -> None:
    two = linked()
    here, there = ends(two)
    with writing():
        raised = flags.raise_flag(
            person_id=here.id,
            kind=FlagKind.MUST_NOT_MEET,
            fact="",
            reason="",
            owner_staff_id=two.lead.id,
            review_on=date(2027, 1, 1),
            other_name=there.name,
            by=two.lead.id,
        )
        flag_men.look_for(raised, by=two.lead.id)
    db.session.expire_all()
    assert raised.other_person_id is None
