"""The form that says who covers for whom. Nothing in it is preselected."""

from collections.abc import Sequence

from mhtr.accounts.models import Staff
from mhtr.web.fields import DatePartsField, Required, SelectField
from mhtr.web.forms import Form


class CoverForm(Form):
    """Days on which a colleague covers."""

    cover = SelectField("Who covers?", [Required("Select who covers")], prompt="Select a colleague")
    first = DatePartsField("First day", [Required()])
    last = DatePartsField("Last day", [Required()], hint="Cover ends by itself after this day")

    def offer(self, officers: Sequence[Staff], *, but: int | None = None) -> None:
        """Who can be chosen; `but`: whoever is covered."""
        self._ids = {str(one.ref): one.id for one in officers}
        self.cover.set_choices([(str(one.ref), one.name) for one in officers if one.id != but])

    def cover_id(self) -> int:
        """Who covers, of a valid form."""
        return self._ids[self.cover.data or ""]


class AwayForm(CoverForm):
    """The same for all men of an officer, who is chosen by a senior."""

    officer = SelectField(
        "Who is away?", [Required("Select who is away")], prompt="Select an officer"
    )

    def offer_for(self, officers: Sequence[Staff], viewer_id: int, *, leads: bool) -> None:
        """Who can be chosen: a senior chooses who is away, anybody else is it himself."""
        self.offer(officers, but=None if leads else viewer_id)
        self._viewer_id = viewer_id
        if leads:
            self.officer.set_choices([(str(one.ref), one.name) for one in officers])
        else:
            del self.officer

    def officer_id(self) -> int:
        """Who is away, of a valid form."""
        if "officer" not in self:
            return self._viewer_id
        return self._ids[self.officer.data or ""]
