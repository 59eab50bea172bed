"""Small made-up instances, and their best plans found by trying everything."""

from collections.abc import Iterator, Mapping
from itertools import combinations, product

from hypothesis import strategies as st

from sessions.planning.checker import violations
from sessions.planning.cost import cost
from sessions.planning.moves import candidates
from sessions.planning.problem import (
    REMOTE,
    Instance,
    Man,
    Opening,
    Plan,
    Room,
    Visit,
    courses,
    visits_in,
)

WEEKS = 5
DAYS = (0, 0, 3)
"""Two slots on Mondays, one on Thursdays."""
PLACES = (0, REMOTE)


@st.composite
def openings(draw: st.DrawFn, clinicians: int) -> tuple[Opening, ...]:
    found = []
    for clinician in range(clinicians):
        for slot in sorted(draw(st.sampled_from(({0, 1, 2}, {0, 1}, {0, 2}, {1})))):
            away = draw(st.sets(st.integers(0, WEEKS - 1), max_size=2))
            weeks = tuple(week for week in range(WEEKS) if week not in away)
            place = draw(st.sampled_from((0, 0, 0, REMOTE)))
            found.append(Opening(clinician, slot, place, weeks))
            if place != REMOTE and draw(st.sampled_from((False, False, True))):
                found.append(Opening(clinician, slot, REMOTE, weeks))
    return tuple(found)


@st.composite
def men(draw: st.DrawFn, key: int, clinicians: int) -> Man:
    first, visits = draw(st.integers(0, 2)), draw(st.integers(1, 3))
    gaps = st.sampled_from(((7, 7), (8, 21), (4, 14)))
    return Man(
        key=key,
        visits=visits,
        gaps=tuple(draw(gaps) for _ in range(visits - 1)) if draw(st.booleans()) else (),
        first_week=first,
        last_week=draw(st.integers(first, WEEKS - 1)),
        slots=frozenset(draw(st.sampled_from(({0, 1, 2}, {0, 1}, {1, 2}, {0}, {1})))),
        places=frozenset(draw(st.sets(st.sampled_from(PLACES), min_size=1))),
        clinicians=frozenset(draw(st.sets(st.integers(0, clinicians - 1), min_size=1))),
        cannot=frozenset(
            draw(st.sets(st.tuples(st.integers(0, WEEKS - 1), st.integers(0, 2)), max_size=1))
        ),
        step_free=draw(st.booleans()),
        weight=draw(st.sampled_from((1, 1, 3))),
        unplaced=draw(st.sampled_from((60, 60, 2))),
        least_gap=draw(st.sampled_from((3, 5, 7))),
        most_gap=draw(st.sampled_from((7, 14, 21))),
        seen_on=draw(st.sampled_from((None, None, -7, -4))),
    )


@st.composite
def instances(draw: st.DrawFn, most_men: int = 4) -> Instance:
    clinicians = draw(st.integers(1, 3))
    shut = st.tuples(st.integers(0, WEEKS - 1), st.integers(0, 2))
    rooms = draw(st.lists(st.tuples(st.booleans(), st.sets(shut, max_size=2)), max_size=2))
    count = draw(st.integers(1, most_men))
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    return Instance(
        weeks=WEEKS,
        days=DAYS,
        openings=draw(openings(clinicians)),
        rooms=tuple(Room(0, step_free, frozenset(closed)) for step_free, closed in rooms),
        men=tuple(draw(men(key, clinicians)) for key in range(count)),
        daily_most={c: 1 for c in range(clinicians) if draw(st.booleans())},
        booked={(0, DAYS[0] + 7): 1} if draw(st.sampled_from((False, False, True))) else {},
        apart=frozenset(draw(st.sets(st.sampled_from(pairs), max_size=1)) if pairs else ()),
    )


@st.composite
def crowded(draw: st.DrawFn) -> Instance:
    """Two clinicians who could stand in for each other, and men who skip weeks."""
    weeks = tuple(range(WEEKS))
    men = []
    for key in range(draw(st.integers(2, 4))):
        cannot = draw(st.sets(st.tuples(st.integers(0, WEEKS - 1), st.just(0)), max_size=2))
        slots = draw(st.sampled_from(({0}, {0}, {0, 1}, {1})))
        first = draw(st.integers(0, 2))
        last = draw(st.integers(first + 1, WEEKS - 1))
        men.append(
            Man(
                key=key,
                visits=draw(st.integers(1, 3)),
                first_week=first,
                last_week=last,
                slots=frozenset(slots),
                places=frozenset({0}),
                clinicians=frozenset({0, 1}),
                cannot=frozenset(cannot),
                most_gap=21,
            )
        )
    openings = tuple(Opening(who, slot, 0, weeks) for who in (0, 1) for slot in (0, 1))
    daily = {0: 1, 1: 1} if draw(st.booleans()) else {}
    return Instance(WEEKS, DAYS, openings, (Room(0), Room(0)), tuple(men), daily_most=daily)


def weekly_choices(instance: Instance, man: Man) -> list[tuple[Visit, ...]]:
    """Nothing, or any of his whole weekly courses."""
    return [()] + [
        visits_in(opening, weeks)
        for opening in instance.openings
        for weeks in courses(instance, man, opening).values()
    ]


def visit_choices(instance: Instance, man: Man) -> Iterator[tuple[Visit, ...]]:
    """Nothing, or any set of times that makes a whole course of his."""
    yield ()
    for visits in combinations(candidates(instance, man), man.visits):
        if not violations(instance, {man.key: visits}):
            yield visits


def least(
    instance: Instance,
    choices: Mapping[int, list[tuple[Visit, ...]]],
    held: Mapping[int, tuple[Visit, ...]],
) -> int:
    """The least cost of any combination of choices in which nothing is wrong."""
    best = None
    for chosen in product(*choices.values()):
        plan = Plan((key, v) for key, v in zip(choices, chosen, strict=True) if v)
        price = cost(instance, plan, frozenset(held)).total
        if (best is None or price < best) and not violations(instance, {**held, **plan}):
            best = price
    assert best is not None
    return best
