"""Which roles go together, and where."""

import pytest

from mhtr.accounts.models import OrganisationKind as Kind
from mhtr.accounts.roles import CARE_KINDS, CARE_ROLES, PROBATION_KINDS, why_not
from mhtr.core.access import PROBATION_ROLES, Role


@pytest.mark.parametrize(
    ("roles", "kind"),
    [
        ({Role.ASSESSOR, Role.CLINICAL_LEAD}, Kind.TREATING_TRUST),
        ({Role.ASSESSOR, Role.SYSTEM_ADMINISTRATOR}, Kind.TREATING_TRUST),
        ({Role.LD_PRACTITIONER}, Kind.LD_TEAM),
        ({Role.COURT_PROBATION, Role.PROBATION}, Kind.COURT_TEAM),
        ({Role.COMMISSIONER}, Kind.COMMISSIONER),
        ({Role.PRIVACY_OFFICER}, Kind.PROBATION_UNIT),
    ],
)
def test_roles_that_go_together(roles: set[Role], kind: Kind) -> None:
    assert why_not(roles, kind) == ()


@pytest.mark.parametrize("care", sorted(CARE_ROLES))
@pytest.mark.parametrize("probation", sorted(PROBATION_ROLES))
@pytest.mark.parametrize("kind", list(Kind))
def test_nobody_stands_on_both_sides_of_the_wall(care: Role, probation: Role, kind: Kind) -> None:
    assert any("disclosure wall" in reason for reason in why_not({care, probation}, kind))


@pytest.mark.parametrize("role", sorted(CARE_ROLES))
def test_care_roles_belong_to_those_who_care(role: Role) -> None:
    assert {kind for kind in Kind if not why_not({role}, kind)} == CARE_KINDS


@pytest.mark.parametrize("role", sorted(PROBATION_ROLES))
def test_probation_roles_belong_to_probation(role: Role) -> None:
    assert {kind for kind in Kind if not why_not({role}, kind)} == PROBATION_KINDS


def test_a_commissioner_is_nothing_else() -> None:
    assert why_not({Role.COMMISSIONER, Role.SERVICE_MANAGER}, Kind.COMMISSIONER)
    assert why_not({Role.COMMISSIONER}, Kind.TREATING_TRUST)


def test_an_account_without_a_role_is_refused() -> None:
    assert why_not(set(), Kind.TREATING_TRUST) == ("Choose at least one role.",)
