"""The form that gives men to another officer. Nothing in it is preselected."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from mhtr.accounts.models import Staff
from mhtr.orders.reassign_service import MOST, Asked
from mhtr.probation.people_queries import Man
from mhtr.web.fields import (
    CheckboxesField,
    HiddenField,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
)
from mhtr.web.forms import Form

LINE = 60
"""Characters that say of one man which case he is, and whom the page showed as his officer."""
NOBODYS = 0
"""The id of no case: of somebody who is not with the unit any more."""


class Which(StrEnum):
    """Whom of those shown it is about."""

    ALL = "all"
    CHOSEN = "chosen"


class ReassignForm(Form):
    """Who is given to whom, and why."""

    which = RadioField("Whom do you give to another officer?", [Required("Select which men")])
    men = CheckboxesField("Men")
    to = SelectField("To whom?", [Required("Select the new officer")], prompt="Select an officer")
    why = TextAreaField(
        "Why?",
        [Required("Say why")],
        max_length=500,
        rows=2,
        hint="Stays in the history of each man. Read by probation only",
    )
    shown = HiddenField(default="", max_length=MOST * LINE)
    """Of each man who was shown, his case and the contact who was named then."""

    def offer(
        self,
        men: Sequence[Man],
        everybody: Sequence[Man],
        officers: Sequence[Staff],
        *,
        but: int | None,
    ) -> None:
        """The men and officers to choose from; `but`: whose men they are.

        Args:
            everybody: of the unit; who was shown may be somebody else's man meanwhile.
        """
        self._ids = {str(one.ref): one.id for one in officers}
        self._cases = {str(man.ref): man.case_id for man in everybody}
        self._men: Mapping[str, Man] = {str(man.ref): man for man in men}
        many = f"All {len(men)} of them" if len(men) != 1 else men[0].name
        self.which.set_choices([(Which.ALL, many), (Which.CHOSEN, "Only those that I select")])
        self.men.set_choices([(ref, man.name) for ref, man in self._men.items()])
        self.to.set_choices([(str(one.ref), one.name) for one in officers if one.id != but])
        if not self.shown.data:
            self.show_now()

    def show_now(self) -> None:
        """The page that is shown next is about who is named now."""
        said = [f"{ref}:{man.officer.contact_id if man.officer else 0}"
                for ref, man in self._men.items()]  # fmt: skip
        self.shown.carry(" ".join(said))

    def asked(self) -> list[Asked]:
        """Whom a valid form gives away, with the contact who was shown of each.

        Nobody who was shown is left out: of whom the unit has no more nothing is said but that.
        """
        seen = dict(part.partition(":")[::2] for part in self.shown.data.split())
        wanted = seen if self.which.data == Which.ALL else self.men.data
        return [Asked(self._cases.get(ref, NOBODYS), _number(seen.get(ref, ""))) for ref in wanted]

    def to_id(self) -> int:
        """The new officer, of a valid form."""
        return self._ids[self.to.data or ""]

    def leave_out(self, case_ids: Collection[int]) -> None:
        """The page that is shown next has selected whom it can be done with."""
        kept = {one.case_id for one in self.asked()} - set(case_ids)
        self.which.data = Which.CHOSEN.value
        self.men.data = [ref for ref, man in self._men.items() if man.case_id in kept]
        self.show_now()


def _number(typed: str) -> int:
    """The id of a record; -1, which is nobody, for nonsense."""
    return int(typed) if typed.isdecimal() else -1
