"""What lacks at the end of many treatments is what each man's own page says of his last session."""

import random
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.cases.facts import CaseState
from mhtr.core import clock
from mhtr.core.access import Role
from outcome_measures.flags.due import in_order
from outcome_measures.flags.due_lines import due_of
from outcome_measures.flags.ends import ends_of
from outcome_measures.flags.queries import states_of
from tests.makers import make_case, make_person, make_staff
from tests.outcome_measures.courses import make_contact, score_at


@dataclass
class Ended:
    state: CaseState = CaseState.ENDED


@pytest.mark.parametrize("seed", range(4))
def test_the_end_of_many_is_that_of_each(either_app: Flask, seed: int) -> None:
    dice, staff, ids = random.Random(seed), make_staff(Role.ASSESSOR), []
    for man in range(6):
        case = make_case(make_person(f"Man{man}", "Ended"))
        ids.append(case.id)
        first = clock.today() - timedelta(days=dice.randint(8, 40))
        for number in range(1, dice.randint(0, 4) + 1):
            on = first + timedelta(days=2 * (number - 1))
            contact = make_contact(case, staff, on, number, closed=dice.random() < 0.8)
            for name in ("phq9", "gad7"):
                if dice.random() < 0.5:
                    score_at(contact, name, dice.randint(0, 20), by=staff)
    found, said = ends_of(ids), 0
    for case_id, whole in states_of(ids).items():
        sessions = in_order(whole.contacts)
        if not sessions:
            assert case_id not in found
            continue
        lines = due_of(Ended(), whole)
        lacks = tuple(line for line in lines if line.contact_ref == sessions[-1].ref)
        assert due_of(Ended(), found[case_id]) == lacks
        said += len(lacks)
    assert said
