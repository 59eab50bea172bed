"""What an agreement may change of compliance reports, whatever it says, and who signs it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.roles import Role
from mhtr.wall import agreement_rules as rules
from mhtr.wall.agreement_rules import Proposed, Side, held_under, objections, side_of, why_not_sign
from mhtr.wall.items import BY_KEY, ITEMS
from mhtr.wall.kinds import Basis, Default, Holder, InReports, Item
from mhtr.wall.kinds import Side as Reader
from mhtr.wall.words import TO_HIM

TODAY = date(2026, 11, 18)
SAID = Proposed("next_session", False, TODAY, "because", "protocol of 1 November, clause 4")
KEYS = st.sampled_from(sorted(BY_KEY))


def of(*kinds: InReports) -> set[str]:
    return {one.key for one in ITEMS if one.in_reports in kinds}


@pytest.mark.parametrize("one", ITEMS, ids=lambda one: one.key)
def test_what_may_be_in_a_report_goes_to_the_officer_by_its_own_row(one: Item) -> None:
    if one.in_reports is InReports.NEVER:
        return
    assert one.goes_to(Reader.OFFICER) and one.goes_to(Reader.SENIOR)
    assert one.basis in (Basis.ORDER, Basis.OWN)
    assert one.holder is not Holder.SERVICE or one.default is Default.GOES
    assert one.told or one.key in TO_HIM or one.in_reports is InReports.ALWAYS
    if one.in_reports is InReports.ALWAYS:
        assert one.basis is Basis.ORDER


def test_what_the_law_needs_and_what_an_agreement_may_decide() -> None:
    assert of(InReports.ALWAYS) == {"who_he_is", "order", "attendance"}
    assert of(InReports.UNLESS) == {"progress", "decision", "warning_issued", "next_session"}
    assert of(InReports.IF_AGREED) == {"reason_kind", "attendance_codes"}


@given(st.dictionaries(KEYS, st.booleans()))
def test_whatever_is_agreed_what_the_law_needs_is_in_and_what_never_passes_out(
    agreed: dict[str, bool],
) -> None:
    held = held_under(agreed)
    assert of(InReports.ALWAYS) <= held and not held & of(InReports.NEVER)
    for key in of(InReports.UNLESS, InReports.IF_AGREED) & set(agreed):
        assert (key in held) is agreed[key]


@given(KEYS, st.booleans(), st.booleans())
def test_no_such_change_is_ever_taken(key: str, held: bool, wanted: bool) -> None:
    said = replace(SAID, item=key, held=wanted)
    found = dict(objections(said, held, waiting=False, today=TODAY)).get("held")
    kind = BY_KEY[key].in_reports
    wrong = {InReports.NEVER: rules.NEVER, InReports.ALWAYS: rules.NEEDED}
    assert found == wrong.get(kind, rules.SAME if held is wanted else None)


@pytest.mark.parametrize(
    ("changed", "waiting", "field"),
    [
        ({}, False, None),
        ({}, True, "held"),
        ({"held": True}, False, "held"),
        ({"item": "nothing"}, False, "held"),
        ({"first_day": TODAY - timedelta(days=1)}, False, "first_day"),
        ({"reason": " "}, False, "reason"),
        ({"clause": ""}, False, "clause"),
    ],
)
def test_what_a_proposal_must_say(
    changed: dict[str, object], waiting: bool, field: str | None
) -> None:
    said = replace(SAID, **changed)  # type: ignore[arg-type]
    found = objections(said, True, waiting=waiting, today=TODAY)
    assert [name for name, _ in found] == ([field] if field else [])


@pytest.mark.parametrize(
    ("roles", "own", "side"),
    [
        ({Role.PRIVACY_OFFICER}, True, Side.TRUST),
        ({Role.CLINICAL_LEAD}, True, Side.TRUST),
        ({Role.CLINICAL_LEAD}, False, None),
        ({Role.PRIVACY_OFFICER}, False, None),
        ({Role.SENIOR_PROBATION}, False, Side.PROBATION),
        ({Role.PROBATION}, False, None),
        ({Role.SERVICE_MANAGER}, True, None),
        ({Role.SYSTEM_ADMINISTRATOR, Role.ADMINISTRATOR}, True, None),
    ],
)
def test_for_whom_somebody_speaks(roles: set[Role], own: bool, side: Side | None) -> None:
    assert side_of(roles, own_trust=own) is side


@pytest.mark.parametrize(
    ("side", "by", "late", "why"),
    [
        (Side.TRUST, 2, False, ()),
        (Side.PROBATION, 2, False, (rules.ONE_OF_EACH,)),
        (None, 2, False, (rules.NOT_YOURS,)),
        (Side.TRUST, 1, False, (rules.NOT_BOTH,)),
        (Side.TRUST, 2, True, (rules.PASSED,)),
    ],
)
def test_who_signs(side: Side | None, by: int, late: bool, why: tuple[str, ...]) -> None:
    found = why_not_sign(
        by=by,
        side=side,
        proposer=1,
        proposer_side=Side.PROBATION,
        first_day=TODAY - timedelta(days=1) if late else TODAY,
        today=TODAY,
    )
    assert found == why
