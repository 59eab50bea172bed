"""Forms of pathways and courses. Shape only."""

from typing import Any

from mhtr.web.fields import (
    Choice,
    HiddenField,
    IntegerField,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import VersionedForm
from sessions.courses import rules
from sessions.courses.kinds import (
    END_WORDS,
    PRIORITY_WORDS,
    REVIEW_WORDS,
    CourseEnd,
    Priority,
    ReviewPoint,
)
from sessions.courses.rules import Planned
from sessions.therapies import THERAPY_WORDS, Therapy

ALONE, GROUP = "alone", "group"
REQUIRED, CHOICE = "required", "choice"
NOBODY = "nobody"
REASON = 500


class SessionForm(VersionedForm):
    """What one session of a pathway or a course is."""

    name = TextField("Name", [Required()], max_length=rules.LONGEST_NAME)
    purpose = TextAreaField(
        "What it is for",
        [Required("Say what the session is for")],
        max_length=rules.LONGEST_PURPOSE,
        rows=3,
        hint="In plain words: he reads this",
    )
    therapy = RadioField(
        "Part of",
        [Required("Select the therapy it is part of")],
        choices=list(THERAPY_WORDS.items()),
    )
    how = RadioField(
        "How he is seen",
        [Required("Select how he is seen")],
        choices=[(ALONE, "One to one"), (GROUP, "In a group")],
        default=ALONE,
        inline=True,
    )
    minutes = IntegerField(
        "Length in minutes",
        [Required()],
        minimum=rules.LEAST_MINUTES,
        maximum=rules.MOST_MINUTES,
        default=60,
    )
    least_gap = IntegerField(
        "Days since the session before: least",
        [Required()],
        minimum=1,
        maximum=rules.WIDEST_GAP,
        default=7,
    )
    ideal_gap = IntegerField(
        "Days since the session before: ideal",
        [Required()],
        minimum=1,
        maximum=rules.WIDEST_GAP,
        default=7,
    )
    most_gap = IntegerField(
        "Days since the session before: most",
        [Required()],
        minimum=1,
        maximum=rules.WIDEST_GAP,
        default=14,
    )
    review = RadioField(
        "Review of treatment at this session",
        [Required("Select whether treatment is reviewed")],
        choices=list(REVIEW_WORDS.items()),
        default=ReviewPoint.NONE.value,
    )
    part = RadioField(
        "Is it part of the order?",
        [Required("Select whether it is part of the order")],
        choices=[
            Choice(REQUIRED, "Required", "He is told: part of your order"),
            Choice(CHOICE, "Voluntary", "He is told: your choice. It never counts as an absence"),
        ],
        default=REQUIRED,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: the ideal gap lies between the least and the most."""
        valid = super().validate(extra_validators)
        least, ideal, most = self.least_gap.data, self.ideal_gap.data, self.most_gap.data
        if least is None or ideal is None or most is None:
            return valid
        if not least <= ideal and not self.ideal_gap.errors:
            self.ideal_gap.errors = ["The ideal must be as many days as the least, or more"]
            return False
        if not ideal <= most and not self.most_gap.errors:
            self.most_gap.errors = ["The most must be as many days as the ideal, or more"]
            return False
        return valid

    def planned(self) -> Planned:
        """What a valid form says."""
        return Planned(
            name=self.name.data,
            purpose=self.purpose.data,
            therapy=Therapy(self.therapy.data or ""),
            in_group=self.how.data == GROUP,
            minutes=self.minutes.data or 0,
            least_gap=self.least_gap.data or 0,
            ideal_gap=self.ideal_gap.data or 0,
            most_gap=self.most_gap.data or 0,
            review=ReviewPoint(self.review.data or ""),
            required=self.part.data == REQUIRED,
        )


def filled(said: Planned) -> dict[str, Any]:
    """The fields of a `SessionForm` for a session that exists."""
    return {
        **{part: getattr(said, part) for part in ("name", "purpose", "minutes")},
        "therapy": said.therapy.value,
        "how": GROUP if said.in_group else ALONE,
        "least_gap": said.least_gap,
        "ideal_gap": said.ideal_gap,
        "most_gap": said.most_gap,
        "review": said.review.value,
        "part": REQUIRED if said.required else CHOICE,
    }


class PathwayForm(VersionedForm):
    """What a pathway is called and whom it is for."""

    name = TextField("Name of the pathway", [Required()], max_length=120)
    about = TextAreaField(
        "Whom it is for", max_length=500, rows=3, hint="In a sentence or two, for colleagues"
    )


class NewPathwayForm(PathwayForm):
    """A pathway from scratch, or beginning as a copy of another."""

    copy_of = SelectField("Begin with the sessions of", prompt="Nothing: an empty list")


class AppendForm(VersionedForm):
    """Another pathway whose sessions follow."""

    other = RadioField("Whose sessions follow?", [Required("Select a pathway")])


class UseForm(VersionedForm):
    """Why the next revision is put into use."""

    why = TextField(
        "What is new, or why",
        [Required("Say what is new, or why")],
        max_length=300,
        hint="Shown in the pathway’s history. Nothing about any man",
    )


class ArrangeForm(VersionedForm):
    """Which session of a draft goes where: `up 3`, `down 3`, `out 3`."""

    act = HiddenField(default="")

    @property
    def asked(self) -> tuple[str, int]:
        """What is done with which session; 0, which is never one, for nonsense."""
        verb, _, number = self.act.data.partition(" ")
        fits = number.isascii() and number.isdecimal() and len(number) < 4
        return (verb, int(number)) if fits else ("", 0)


def _why(hint: str = "Read by clinicians only") -> TextAreaField:
    return TextAreaField("Why?", [Required("Say why")], max_length=REASON, rows=3, hint=hint)


class ReasonForm(VersionedForm):
    """Why something is done to a course."""

    reason = _why()


class CourseForm(VersionedForm):
    """A course is made: from which pathway, with whom, how soon."""

    pathway = RadioField("Pathway", [Required("Select a pathway")])
    therapist = SelectField("Who will see him?", prompt="Nobody is named yet")
    priority = RadioField(
        "How soon should he be seen?",
        [Required("Select how soon he should be seen")],
        choices=list(PRIORITY_WORDS.items()),
        default=Priority.ROUTINE.value,
        hint="Your judgement: nothing is computed from his scores",
    )


class AddForm(SessionForm):
    """A session is added to a course."""

    after = SelectField("Where in the order?", [Required("Select where it goes")])
    reason = TextAreaField("Why?", max_length=REASON, rows=2, hint="Read by clinicians only")


class ChangeForm(SessionForm):
    """A session of a course is changed."""

    reason = TextAreaField("Why?", max_length=REASON, rows=2, hint="Read by clinicians only")


class MoveForm(VersionedForm):
    """A session gets another place."""

    after = SelectField("It follows", [Required("Select where it goes")])


class PathwayChangeForm(ReasonForm):
    """Another pathway takes the place of the sessions to come."""

    pathway = RadioField("Pathway", [Required("Select a pathway")])


class TherapistForm(ReasonForm):
    """Somebody else sees him."""

    therapist = SelectField("Who will see him?", prompt="Nobody is named yet")


class PriorityForm(ReasonForm):
    """He is to be seen sooner, or can wait."""

    priority = RadioField(
        "How soon should he be seen?",
        [Required("Select how soon he should be seen")],
        choices=list(PRIORITY_WORDS.items()),
    )


class EndForm(VersionedForm):
    """A course has ended."""

    how = RadioField(
        "How did it end?",
        [Required("Select how it ended")],
        choices=[(how.value, END_WORDS[how]) for how in (CourseEnd.DONE, CourseEnd.EARLY)],
    )
    reason = TextAreaField(
        "Why does it end early?",
        max_length=REASON,
        rows=3,
        hint="Needed where it ends early. Read by clinicians only",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: an early end has its reason."""
        valid = super().validate(extra_validators)
        if self.how.data == CourseEnd.EARLY.value and not self.reason.data:
            self.reason.errors = ["Say why it ends early"]
            return False
        return valid
