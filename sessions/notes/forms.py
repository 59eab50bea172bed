"""Forms of a session note: its parts, what is added, and what is asked for before it is signed."""

from collections.abc import Mapping
from typing import Any

from mhtr.web.fields import Required, TextAreaField
from mhtr.web.forms import OneOfSeveral, VersionedForm
from sessions.notes.rules import NOTHING, WHAT
from sessions.notes.structures import LONGEST_PART, STRUCTURES
from sessions.therapies import Therapy

FINISH = "finish"


class NoteForm(VersionedForm):
    """A note with the parts of its therapy's structure. See `note_form`."""

    therapy: Therapy

    def parts(self) -> dict[str, str]:
        """What was written, by part."""
        return {one.key: self[name_of(one.key)].data for one in STRUCTURES[self.therapy]}

    def fields_of_parts(self) -> list[Any]:
        """The fields of the parts, in order."""
        return [self[name_of(one.key)] for one in STRUCTURES[self.therapy]]


class AddendumForm(OneOfSeveral):
    """Something added to a locked note."""

    text = TextAreaField("What is added?", [Required(NOTHING)], max_length=4000, rows=4)


class SignForm(OneOfSeveral, VersionedForm):
    """The version that is signed."""


class ReturnForm(OneOfSeveral, VersionedForm):
    """What is asked for before it is signed."""

    words = TextAreaField("What is asked for?", [Required(WHAT)], max_length=2000, rows=3)


def name_of(key: str) -> str:
    """The name of a part's field."""
    return f"part_{key}"


def note_form(
    therapy: Therapy, parts: Mapping[str, str] | None, version: int, *, sent: bool = True
) -> NoteForm:
    """The form of a note, filled in with what is saved.

    Args:
        sent: with what this request sent, if it sent a note.
    """
    fields: dict[str, Any] = {"therapy": therapy}
    for one in STRUCTURES[therapy]:
        fields[name_of(one.key)] = TextAreaField(
            one.label,
            max_length=LONGEST_PART,
            rows=4 if one.needed else 2,
            hint=one.hint,
            optional=not one.needed,
        )
    saved = {name_of(key): words for key, words in (parts or {}).items()}
    made: NoteForm = type("NoteOfTherapy", (NoteForm,), fields)(
        *(() if sent else (None,)), version=version, **saved
    )
    return made
