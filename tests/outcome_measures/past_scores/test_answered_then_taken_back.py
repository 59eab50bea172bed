"""A flag answered on an imported score that was taken back is asked anew on the right one."""

from flask import Flask
from sqlalchemy import select

from mhtr.core.database import db
from mhtr.core.transaction import writing
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags import reading
from outcome_measures.flags import service as flag_service
from outcome_measures.models import MeasureFlag
from tests.outcome_measures.past_scores.test_import import NHS, occasions, on_record, take
from tests.outcome_measures.past_scores.test_taking_back import back

FIRST = f"{NHS},,,2026-03-02,PHQ-9,1;1;1;1;0;0;0;0;0,,1"
WRONG = f"{NHS},,,2026-03-09,PHQ-9,2;2;2;2;2;2;0;0;0,,2"
RIGHT = f"{NHS},,,2026-03-09,PHQ-9,2;2;2;2;2;1;0;0;0,,2"


def worse() -> list[MeasureFlag]:
    db.session.expire_all()
    query = select(MeasureFlag).where(MeasureFlag.kind == FlagKind.WORSE)
    return list(db.session.scalars(query.order_by(MeasureFlag.id)))


def test_the_answer_stays_with_the_score_it_was_given_on(either_app: Flask) -> None:
    people = on_record()
    take(people, FIRST, WRONG)
    (flag,) = worse()
    with writing():
        said = "Not his form: to be taken back"
        flag_service.respond(
            flag_id=flag.id, response=said, in_supervision=False, by=people.lead.id
        )
    back(people, occasions()[-1])
    assert worse()[0].ended_at is not None
    take(people, RIGHT)
    old, new = worse()
    assert (old.response, old.ended_at is None) == (said, False)
    assert (new.response, new.ended_at) == (None, None)
    assert "from 4 to 11" in (new.said or {})["reason"]
    # Its day is still read from the key, and nothing is raised a third time.
    days = {reading._since(row.key).isoformat() for row in (old, new)}
    assert days == {"2026-03-09"}
    with writing():
        assert flag_service.look_again(case_id=people.case.id, by=None) == 0


def test_one_that_nobody_answered_is_the_same_flag_with_the_right_words(app: Flask) -> None:
    people = on_record()
    take(people, FIRST, WRONG)
    back(people, occasions()[-1])
    take(people, RIGHT)
    (flag,) = worse()
    assert flag.ended_at is None
    assert "from 4 to 11" in (flag.said or {})["reason"]
