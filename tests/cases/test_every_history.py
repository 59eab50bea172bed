"""What holds for a case whatever its history."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from mhtr.cases.rules import (
    CaseState,
    Fact,
    FactKind,
    ReportProgress,
    fold,
)
from tests.cases.paths import ASSESSOR, LEAD, LEADS_OWN, PATH, START, TODAY, K, fact, path

HISTORIES = st.lists(
    st.builds(
        lambda kind, on, by_id: (kind, on, by_id),
        st.sampled_from(list(FactKind)),
        st.integers(0, 60),
        st.sampled_from([ASSESSOR, LEAD, None]),
    ),
    max_size=14,
).map(
    lambda rows: [
        fact(number, kind, on=START + timedelta(days=on), by_id=by_id)
        for number, (kind, on, by_id) in enumerate(rows, start=1)
    ]
)
LIKELY = st.lists(st.sampled_from([*PATH, *FactKind]), max_size=25).map(lambda ks: path(*ks))


@given(HISTORIES | LIKELY, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(facts: list[Fact], random: object) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled, TODAY) == fold(facts, TODAY)


@given(HISTORIES, HISTORIES)
def test_closed_never_proceeds_unless_reopened(before: list[Fact], after: list[Fact]) -> None:
    closing = fact(500, K.CLOSED, on=START + timedelta(days=30))
    early = [
        replace(row, on=START)
        for row in before
        if row.kind not in (K.CLOSED, K.DECLINED_BY_SERVICE, K.CORRECTED)
    ]
    late = [
        replace(row, id=row.id + 1000, on=START + timedelta(days=31))
        for row in after
        if row.kind not in (K.REOPENED, K.CORRECTED)
    ]
    standing = fold([*early, closing, *late], TODAY)
    assert standing.state is CaseState.CLOSED
    assert set(standing.possible_next) <= {K.REOPENED, K.CORRECTED, K.ROUTED_ON}


SIGNED_PATHS = st.lists(
    st.sampled_from([ASSESSOR, LEAD, None]), min_size=len(PATH), max_size=len(PATH)
).map(
    lambda signers: [
        replace(row, by_id=by_id) for row, by_id in zip(path(*PATH), signers, strict=True)
    ]
)


@given(SIGNED_PATHS)
def test_released_exactly_when_another_person_countersigned(facts: list[Fact]) -> None:
    by = {row.kind: row.by_id for row in facts}
    another = by[K.COUNTERSIGNED] not in (None, ASSESSOR, by[K.COUNTERSIGN_REQUESTED])
    assert (fold(facts, TODAY).report is ReportProgress.RELEASED) is another


@given(HISTORIES | LIKELY)
def test_released_implies_countersigned_by_another(facts: list[Fact]) -> None:
    if fold(facts, TODAY).report is not ReportProgress.RELEASED:
        return
    signers = {row.by_id for row in facts if row.kind is K.COUNTERSIGNED}
    assert signers - {None, ASSESSOR}


@given(st.data())
def test_walking_only_allowed_steps_never_leaves_an_uncounted_record(data: st.DataObject) -> None:
    facts: list[Fact] = []
    for number in range(1, 19):
        kinds = [kind for kind in fold(facts, TODAY).possible_next if kind is not K.CORRECTED]
        kind = data.draw(st.sampled_from(kinds))
        by_id = LEAD if kind in LEADS_OWN | {K.ADDENDUM_COUNTERSIGNED} else ASSESSOR
        facts.append(fact(number, kind, by_id=by_id))
    assert not any("does not count" in reason for reason in fold(facts, TODAY).reasons)
