"""Forms about what is keyed into nDelius. No code is selected beforehand."""

from collections.abc import Iterable, Sequence

from mhtr.core.access import Role, Viewer
from mhtr.core.codes.lists import CodeEntry
from mhtr.probation.keying_rules import CHOOSE, NOT_A_CODE, STAND_WORDS, Stand
from mhtr.probation.people_form import CoveredForm, WhoseForm
from mhtr.probation.people_queries import Man
from mhtr.web.fields import (
    HiddenField,
    OnlyWith,
    Pattern,
    Required,
    SelectField,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import FilterForm, VersionedForm

ANOTHER = "another"
ONLY_ANOTHER = "Select “Another code” above, or leave this empty"


class EntryForm(VersionedForm):
    """An entry was keyed in. `version`: the number of the record or decision that it repeats."""

    content_hash = HiddenField()
    """The fingerprint of the words that its page showed."""

    @property
    def code(self) -> str:
        """The code that was used, where it is another than the one in the entry."""
        return ""


class ContactForm(EntryForm):
    """What happened was keyed in."""

    outcome = TextField(
        "If you used another outcome code, which?",
        max_length=8,
        hint="Leave it empty where the outcome above is what you keyed in",
    )

    @property
    def code(self) -> str:
        """What was typed."""
        return self.outcome.data or ""


class OutcomeForm(EntryForm):
    """What probation decided was keyed in, with the code that it chose."""

    outcome = SelectField("Which outcome code did you key in?", [Required(CHOOSE)])
    other = TextField(
        "Which other code?",
        [
            OnlyWith("outcome", ANOTHER, otherwise=ONLY_ANOTHER, message=NOT_A_CODE),
            Pattern("[A-Za-z0-9]{2,8}", NOT_A_CODE),
        ],
        max_length=8,
        hint="Only where you selected another code",
    )

    def offer(self, codes: Sequence[CodeEntry]) -> None:
        """The codes of the day of the session; whoever used none of them says which."""
        listed = [(one.code, _in_words(one)) for one in codes]
        self.outcome.set_choices([*listed, (ANOTHER, "Another code")])

    @property
    def code(self) -> str:
        """What was selected, or typed where it is another."""
        selected = self.outcome.data or ""
        return (self.other.data or "") if selected == ANOTHER else selected


class PutBackForm(EntryForm):
    """The neutral outcome was put back."""


class TakeBackForm(VersionedForm):
    """A mark that was set by mistake."""

    why = TextAreaField(
        "Why?", [Required("Say why it is taken back")], max_length=300, rows=2,
        hint="For example: keyed in for another man",
    )  # fmt: skip


class KeyForm(FilterForm):
    """What the list of entries may be narrowed to."""

    show = SelectField(
        "Show",
        choices=[(one.value, STAND_WORDS[one]) for one in (Stand.TO_KEY, Stand.TO_CORRECT)],
        prompt="Everything that waits",
        optional=False,
    )

    def is_wanted(self, man: Man) -> bool:
        """Whether he is one of whose men are shown."""
        return True


class CoveredKeyForm(CoveredForm, KeyForm):
    """The list of somebody who covers: also whose men are shown."""


class UnitKeyForm(WhoseForm, KeyForm):
    """The list of a senior: also whose men are shown."""


def _in_words(one: CodeEntry) -> str:
    said = f"{one.code}: {one.label}"
    return said if one.verified else f"{said} (not confirmed for treatment)"


def key_form(viewer: Viewer, men: Iterable[Man]) -> KeyForm:
    """The filter of the list: a senior sees his unit, anybody else his own and whom he covers."""
    if viewer.has(Role.SENIOR_PROBATION):
        return UnitKeyForm(viewer)
    men = list(men)
    if any(man.officer and man.officer.staff_id != viewer.staff_id for man in men):
        return CoveredKeyForm(men)
    return KeyForm()
