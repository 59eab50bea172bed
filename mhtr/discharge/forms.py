"""Forms of his plan for later and of letters. Nothing in them is preselected."""

from collections.abc import Iterable
from typing import Any

from mhtr.compliance.contact_rules import WAY_WORDS, Way
from mhtr.core import clock
from mhtr.discharge.letter_kinds import LetterKind, shape_of
from mhtr.discharge.letter_service import Written
from mhtr.discharge.models import CaseLetter
from mhtr.discharge.rules import (
    NO_DISSENT,
    PLAN_HEADINGS,
    SENT_WORDS,
    STANCE_WORDS,
    WAYS,
    Copy,
    Plan,
    Sent,
    Stance,
    To,
)
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    HiddenField,
    InPast,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TextAreaField,
)
from mhtr.web.forms import Form, VersionedForm

LONGEST = 2000
MOST_PARTS = 4
YES, NO = "yes", "no"


class PlanForm(VersionedForm):
    """His plan for later, in his words."""

    signs = TextAreaField(
        PLAN_HEADINGS["signs"],
        rows=4,
        max_length=LONGEST,
        hint="In his words: what he or others notice first",
    )
    helps = TextAreaField(PLAN_HEADINGS["helps"], rows=4, max_length=LONGEST)
    call = TextAreaField(
        PLAN_HEADINGS["call"],
        rows=4,
        max_length=LONGEST,
        hint="Names as he says them, with numbers. Help in a crisis is printed with it by itself",
    )
    after = TextAreaField(PLAN_HEADINGS["after"], rows=4, max_length=LONGEST)
    stance = RadioField(
        "What does he say to it?",
        [Required("Select what he says to it")],
        choices=[(one.value, words) for one, words in STANCE_WORDS.items()],
    )
    dissent = TextAreaField(
        "What does he see otherwise?",
        [RevealedBy("stance", Stance.DISSENTS.value, message=NO_DISSENT)],
        rows=3,
        max_length=LONGEST,
        hint="In his words. It stays beside the plan",
    )
    way = SelectField(
        "How did he say so?",
        choices=[(one.value, words) for one, words in WAY_WORDS.items()],
        prompt="He has not said it yet",
    )

    def said(self) -> Plan:
        """What a valid form says."""
        words = {name: self[name].data for name in PLAN_HEADINGS}
        return Plan(**words, stance=Stance(self.stance.data or ""), dissent=self.dissent.data)

    @property
    def said_way(self) -> Way | None:
        """How he said so."""
        return Way(self.way.data) if self.way.data else None


class LetterForm(VersionedForm):
    """What is written of a letter. It can be left unfinished and taken up again."""

    part_1 = TextAreaField("", rows=5, max_length=LONGEST, optional=False)
    part_2 = TextAreaField("", rows=5, max_length=LONGEST, optional=False)
    part_3 = TextAreaField("", rows=5, max_length=LONGEST, optional=False)
    part_4 = TextAreaField("", rows=5, max_length=LONGEST, optional=False)
    with_plan = RadioField(
        "Does he want his plan for later in it?",
        choices=[(YES, "Yes"), (NO, "No")],
        optional=True,
        hint="Whoever gets a copy reads it",
    )
    named = CheckboxesField(
        "Which of the services he was referred to may be named in it?",
        hint="Only those of which he says yes",
    )
    why_again = TextAreaField(
        "Why is it issued anew?",
        rows=3,
        max_length=1000,
        hint="It stands on the new version, and whoever has the earlier one is sent the new one",
    )

    def offer(self, kind: LetterKind, services: Iterable[tuple[str, str]], *, again: bool) -> None:
        """What this kind of letter asks for."""
        shape = shape_of(kind)
        for number in range(1, MOST_PARTS + 1):
            if number > len(shape.parts):
                del self[f"part_{number}"]
                continue
            part, field = shape.parts[number - 1], self[f"part_{number}"]
            field.label.text = part.heading
            if part.hint:
                self.remind(part.hint, field.name)
        offered = list(services) if shape.with_plan else []
        self.named.set_choices(offered)
        if not offered:
            del self.named
        if not shape.with_plan:
            del self.with_plan
        if not again:
            del self.why_again

    @property
    def part_names(self) -> list[str]:
        """The fields that hold what is written."""
        return [one.name for one in self if one.name.startswith("part_")]

    def said(self, kind: LetterKind) -> Written:
        """What a valid form says."""
        parts = zip(shape_of(kind).parts, self.part_names, strict=True)
        return Written(
            parts={part.key: self[name].data for part, name in parts},
            with_plan="with_plan" in self and self.with_plan.data == YES,
            named=tuple(self.named.data or ()) if "named" in self else (),
            why_again=self.why_again.data if "why_again" in self else "",
        )


def typed_from(row: CaseLetter) -> dict[str, Any]:
    """The fields of the form with what is written so far."""
    given: dict[str, Any] = {
        f"part_{number}": row.parts.get(part.key, "")
        for number, part in enumerate(shape_of(row.kind).parts, 1)
    }
    if row.parts:
        given["with_plan"] = YES if row.with_plan else NO
    return given | {"named": row.named or (), "why_again": row.why_again or ""}


class SignLetterForm(VersionedForm):
    """The signature: carries the hash of what was read."""

    content_hash = HiddenField()
    read = CheckboxField(
        "I have read it as it stands here, and it is right", [Required("Tick that you read it")]
    )


class CopyForm(Form):
    """How a copy was given or sent."""

    sent = RadioField("How did it go?", [Required("Select how it was given or sent")])
    on = DatePartsField(
        "On which day?", [Required("Enter the day"), InPast(clock.today, or_today=True)]
    )
    why = TextAreaField(
        "Why is his GP told without his agreement?",
        rows=4,
        max_length=LONGEST,
        optional=False,
        hint="Only clinicians read this",
    )
    approver = SelectField(
        "Which clinical lead approved it?",
        prompt="Select one",
        optional=False,
        hint="Speak with them first. They are told that this is on record",
    )

    def offer(self, to: To, approvers: list[tuple[int, str, str]], *, exception: bool) -> None:
        """The ways that there are for him or his GP; the exception only where it is one."""
        self.sent.set_choices([(one.value, SENT_WORDS[one]) for one in WAYS[to]])
        self._keys = {ref: key for key, ref, _ in approvers}
        self.approver.set_choices([(ref, name) for _, ref, name in approvers])
        if not exception:
            del self.why
            del self.approver

    def said(self, to: To) -> Copy:
        """What a valid form says."""
        exception = "why" in self
        return Copy(
            to,
            Sent(self.sent.data or ""),
            self.why.data if exception else "",
            self._keys.get(self.approver.data or "") if exception else None,
        )
