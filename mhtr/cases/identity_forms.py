"""The forms about whether two records are one man."""

from collections.abc import Mapping
from typing import cast

from mhtr.cases.answering import SAME
from mhtr.cases.comparison import cases_of
from mhtr.cases.identity_queries import Question
from mhtr.core import formats
from mhtr.people.merge_parts import PARTS, Part, differing, part_words
from mhtr.people.merging import differing_numbers
from mhtr.people.models import IdentifierKind, Person
from mhtr.people.sections import FIELDS, Section
from mhtr.people.values import words_of
from mhtr.web.fields import Choice, HiddenField, RadioField, Required, RevealedBy, TextAreaField
from mhtr.web.forms import Form

LEAVE = "leave"
PLACES = ("First record", "Second record")
NUMBERS: Mapping[IdentifierKind, str] = {
    kind: FIELDS[Section.IDENTIFIERS][kind.value] for kind in IdentifierKind
}


class _Choosing(Form):
    """The answer, and which record is kept; what differs is added below."""

    answer = RadioField(
        "Are they the same man?",
        [Required()],
        choices=[("same", "Yes, one man: merge the records"), ("different", "No, two men")],
        hint="Two men: it is remembered, and asked again only if somebody takes it back",
    )
    kept = RadioField(
        "Which record is kept?",
        [RevealedBy("answer", "same", message="Select which record is kept")],
        hint=(
            "Its name holds. What only the other holds goes over, its cases and warnings too. "
            "Of two answers about safe contact the more careful one holds"
        ),
    )


# A question for everything of which two records may hold different things.
for _kind, _label in NUMBERS.items():
    setattr(_Choosing, _kind.value, RadioField(f"Which {_label} is right?", optional=False))
for _part in PARTS:
    setattr(_Choosing, _part.key, RadioField(f"Which {_part.label} is right?", optional=False))


class AnswerForm(_Choosing):
    """The answer to a question about identity."""

    reason = TextAreaField(
        "How do you know?",
        [RevealedBy("answer", "same", message="Say how you know that they are one man")],
        max_length=500,
        rows=3,
    )

    why_two = TextAreaField(
        "How do you know that they are two men?",
        [RevealedBy("answer", "different", message="Say how you know that they are two men")],
        max_length=500,
        rows=3,
    )

    def offer(self, question: Question) -> None:
        """Keep the questions about what differs between these two, with their answers."""
        self.compare(question.one, question.two)

    def compare(self, *people: Person) -> None:
        """As `offer`, of two records."""
        self.kept.set_choices([_record(p, place) for p, place in zip(people, PLACES, strict=True)])
        numbers = differing_numbers(*people)
        for kind in NUMBERS:
            self._ask(kind.value, [(n, words_of(kind.value, n)) for n in numbers.get(kind, ())])
        apart = {part.key for part in differing(*people)}
        for part in PARTS:
            said = [(str(p.ref), _said(p, part)) for p in people if part.key in apart]
            self._ask(part.key, said)

    def _ask(self, name: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            both = zip(choices, PLACES, strict=True)
            offered = [Choice(value, text, hint=place) for (value, text), place in both]
            cast(RadioField, self[name]).set_choices(offered)
        else:
            del self[name]

    def asked(self) -> list[str]:
        """The names of the questions about what differs, in the order of the page."""
        names = [kind.value for kind in NUMBERS] + [part.key for part in PARTS]
        return [name for name in names if name in self]

    def right(self) -> dict[IdentifierKind, str]:
        """The numbers chosen."""
        return {kind: str(self[kind.value].data) for kind in NUMBERS if kind.value in self}

    def chosen(self, people: Mapping[str, int]) -> dict[str, int]:
        """By part the id of the record that is right. `people`: ids by reference."""
        return {p.key: people[str(self[p.key].data)] for p in PARTS if p.key in self}

    def all_chosen(self) -> bool:
        """Nothing that differs is ever settled silently."""
        if self.answer.data != SAME:
            return True
        missing = [name for name in self.asked() if not self[name].data]
        for name in missing:
            self.refuse(f"Select the right {_label_of(name)}", field=name)
        return not missing


def _said(person: Person, part: Part) -> str:
    return part_words(person, part) or "None: he is alive"


def _label_of(name: str) -> str:
    numbers = {kind.value: label for kind, label in NUMBERS.items()}
    return numbers.get(name) or next(part.label for part in PARTS if part.key == name)


def _record(person: Person, place: str) -> Choice:
    numbers = "".join(
        f"; {NUMBERS[i.kind]} {words_of(i.kind, i.value)}" for i in person.identifiers
    )
    count = cases_of(person.id)
    hint = (
        f"Born {formats.day(person.born) or 'not known'}{numbers}; {count} "
        f"{'case' if count == 1 else 'cases'}; made on {formats.moment(person.created_at)}"
    )
    return Choice(str(person.ref), f"{place}: {person.name}", hint=hint)


class MergeLinkedForm(AnswerForm):
    """Two linked records of one man: whether they become one."""

    def ask(self, *people: Person) -> None:
        """Offer what is to be chosen between these two."""
        self.compare(*people)
        del self["why_two"]
        self.answer.label.text = "Make the two records one?"
        self.answer.hint = ""
        self.answer.set_choices(
            [Choice(SAME, "Yes, merge them"), Choice(LEAVE, "No, leave them as two linked records")]
        )


class TakeBackForm(Form):
    """Why two records may be of one man after all."""

    reason = TextAreaField(
        "Why is it asked again?", [Required()], max_length=500, rows=3, error_name="why"
    )


class UndoForm(Form):
    """Why two records are not one man after all."""

    reason = TextAreaField(
        "Why are they not one man?", [Required()], max_length=500, rows=3, error_name="why"
    )


class AskForm(Form):
    """Which record may be the same man."""

    other = HiddenField()
