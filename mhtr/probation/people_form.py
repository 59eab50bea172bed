"""What My people may be narrowed to; for a senior also whose men are shown."""

from collections.abc import Iterable, Mapping
from typing import Any

from mhtr.accounts.models import Staff, Team
from mhtr.core.access import Role, Viewer
from mhtr.core.name_order import sort_words
from mhtr.orders.officer_queries import officers_in, teams_in
from mhtr.probation.people_queries import Man, Show
from mhtr.web.fields import SelectField
from mhtr.web.forms import FilterForm

NOBODYS = "nobody"
ELSEWHERE = "elsewhere"
TEAM = "team-"


class PeopleForm(FilterForm):
    """What the list may be narrowed to."""

    show = SelectField(
        "Show",
        choices=(
            (Show.TO_DECIDE.value, "A decision waits"),
            (Show.MISSED.value, "Missed the last session"),
            (Show.NOTHING_BOOKED.value, "No session booked"),
            (Show.LATE.value, "Cannot be finished in time"),
            (Show.WARNED.value, "A warning counts"),
            (Show.UNCONFIRMED.value, "Warnings not compared with nDelius"),
            (Show.PAPERS.value, "Papers of a referral are due"),
        ),
        prompt="Everybody",
        optional=False,
    )

    def is_wanted(self, man: Man) -> bool:
        """Whether he is one of whose men are shown: everybody, unless a list says more."""
        return True


class CoveredForm(FilterForm):
    """Whose men are shown, for somebody who covers."""

    whose = SelectField("Whose", prompt="Mine and those I cover for", optional=False)

    def __init__(self, men: Iterable[Man], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = {str(man.officer.ref): man.officer.name for man in men if man.officer}
        in_order = sorted(found, key=lambda ref: (sort_words(found[ref]), ref))
        self.whose.set_choices([(ref, found[ref]) for ref in in_order])

    def is_wanted(self, man: Man) -> bool:
        """Whether he is one of whose men are shown."""
        return not self.whose.data or str(man.officer and man.officer.ref) == self.whose.data


class CoverForm(CoveredForm, PeopleForm):
    """The list of somebody who covers: also whose men are shown."""


class WhoseForm(FilterForm):
    """Whose men of a unit are shown, for its seniors."""

    whose = SelectField("Whose", prompt="The whole unit", optional=False)

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._officers: Mapping[str, Staff] = {
            str(one.ref): one for one in officers_in(viewer.organisation_id)
        }
        found = teams_in(viewer.organisation_id)
        self._teams: Mapping[str, tuple[Team, frozenset[int]]] = {
            f"{TEAM}{team.ref}": (team, members) for team, members in found.items()
        }
        self.whose.set_choices(
            [
                (NOBODYS, "Nobody’s: no officer"),
                *((ref, f"Team {team.name}") for ref, (team, _) in self._teams.items()),
                *((ref, one.name) for ref, one in self._officers.items()),
                (ELSEWHERE, "Officers who do not sign in here"),
            ]
        )

    def is_wanted(self, man: Man) -> bool:
        """Whether he is one of whose men are shown."""
        wanted, officer = self.whose.data or "", man.officer
        if not wanted:
            return True
        if wanted == NOBODYS or officer is None:
            return wanted == NOBODYS and officer is None
        if wanted == ELSEWHERE:
            return officer.staff_id is None
        if wanted in self._teams:
            return officer.staff_id in self._teams[wanted][1]
        return wanted in self._officers and self._officers[wanted].id == officer.staff_id


class UnitForm(WhoseForm, PeopleForm):
    """The list of a senior: also whose men are shown."""


def form_for(viewer: Viewer, men: Iterable[Man]) -> PeopleForm:
    """The filter of the list: a senior sees his unit, anybody else his own and whom he covers."""
    if viewer.has(Role.SENIOR_PROBATION):
        return UnitForm(viewer)
    men = list(men)
    if any(man.officer and man.officer.staff_id != viewer.staff_id for man in men):
        return CoverForm(men)
    return PeopleForm()
