"""Forms of three-way reviews. Nothing in them is preselected but what was recorded before."""

from collections.abc import Iterable
from datetime import datetime, time

from mhtr.accounts.models import Staff
from mhtr.compliance.contact_rules import WAY_WORDS, Way
from mhtr.core import clock
from mhtr.core.errors import CannotBe
from mhtr.reviews.models import ReviewMeeting
from mhtr.reviews.point_service import Said
from mhtr.reviews.queries import Item
from mhtr.reviews.rules import (
    IN_PAST,
    NO_SUCH_TIME,
    NO_WORDS,
    SIGNS_WORDS,
    TOPIC_WORDS,
    WHY_NOT_WORDS,
    Party,
    Signs,
    Topic,
    WhyNot,
)
from mhtr.reviews.service import Arranged, Happened
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    HiddenField,
    InFuture,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
)
from mhtr.web.forms import Form, VersionedForm
from sessions.therapies import MODE_WORDS, SessionMode

HELD = "held"
YES, NO, OPEN = "yes", "no", "open"
LONGEST = 600
_TOPICS = [(one.value, words) for one, words in TOPIC_WORDS.items()]
_WAYS = [(one.value, words) for one, words in WAY_WORDS.items()]
MOST_DISAGREE = (Signs.SIGNED, Signs.DISAGREES)
CHOICES: dict[Party, tuple[Signs, ...]] = {
    Party.HIM: tuple(Signs),
    Party.THERAPIST: MOST_DISAGREE,
    Party.OFFICER: MOST_DISAGREE,
}


def _moment(on: object, at: time | None) -> datetime:
    if not isinstance(on, datetime | type(clock.today())) or at is None:
        raise ValueError("a valid form has both")
    try:
        return clock.from_london(datetime.combine(on, at))
    except clock.NoSuchTime:
        raise CannotBe(("at", NO_SUCH_TIME)) from None


class ArrangeForm(VersionedForm):
    """When, how and with whom."""

    on = DatePartsField(
        "Day", [Required("Enter the day"), InFuture(clock.today, or_today=True, message=IN_PAST)]
    )
    at = TimeField("Time", [Required("Enter the time")])
    mode = RadioField("How?", [Required("Select how")], choices=list(MODE_WORDS.items()))
    place = TextField(
        "Where, or on which number?",
        max_length=200,
        hint="He, his therapist and his officer read it",
    )
    clinician = SelectField(
        "Who holds it for the service?", [Required("Select who holds it")], optional=False
    )
    told_way = SelectField("How did you tell him?", choices=_WAYS, prompt="Not told yet")

    def offer(self, staff: Iterable[Staff]) -> None:
        """Clinicians who may see his record."""
        self.clinician.set_choices([(str(one.ref), one.name) for one in staff])

    def said(self, staff: Iterable[Staff]) -> Arranged:
        """What a valid form says."""
        return Arranged(
            starts_at=_moment(self.on.data, self.at.data),
            mode=SessionMode(self.mode.data or ""),
            place=self.place.data,
            clinician_id=next(one.id for one in staff if str(one.ref) == self.clinician.data),
            told_way=Way(self.told_way.data) if self.told_way.data else None,
        )


def arrange_data(meeting: ReviewMeeting | None, clinician: str) -> dict[str, object]:
    """What stands in the form at first: what is arranged already, or who would hold it."""
    if meeting is None:
        return {"clinician": clinician}
    return {
        **when_data(meeting),
        "mode": meeting.mode.value,
        "place": meeting.place or "",
        "clinician": clinician,
    }


def when_data(meeting: ReviewMeeting) -> dict[str, object]:
    """Day and time of a review, in London."""
    at = meeting.starts_at.astimezone(clock.LONDON)
    return {"on": at.date(), "at": at.time()}


class HappenedForm(VersionedForm):
    """Whether it was held, and who was there."""

    what = RadioField(
        "Was it held?",
        [Required("Select whether it was held")],
        choices=[
            (HELD, "It was held"),
            *((one.value, f"Not held: {w[0].lower()}{w[1:]}") for one, w in WHY_NOT_WORDS.items()),
        ],
    )
    on = DatePartsField("On which day?", [Required("Enter the day")])
    at = TimeField("At what time?", [Required("Enter the time")])
    came = CheckboxesField(
        "Who was there, besides who held it for the service?",
        choices=[(Party.HIM.value, "He himself"), (Party.OFFICER.value, "Probation")],
        hint="Only where it was held. That somebody was not there is said on the sheet",
        optional=False,
    )

    def said(self) -> Happened:
        """What a valid form says."""
        held = self.what.data == HELD
        return Happened(
            starts_at=_moment(self.on.data, self.at.data),
            he_came=held and Party.HIM.value in self.came.data,
            officer_came=held and Party.OFFICER.value in self.came.data,
            why_not=None if held else WhyNot(self.what.data or ""),
        )


class PointForm(Form):
    """A point of his or of his therapist's, and what each of the two wants of it."""

    side = RadioField(
        "Whose point is it?",
        [Required("Select whose point it is")],
        choices=[(Party.HIM.value, "His, in his words"), (Party.THERAPIST.value, "Mine")],
    )
    topic = RadioField(
        "What does it belong to?",
        [Required("Select what it belongs to")],
        choices=_TOPICS,
    )
    words = TextAreaField("The point", [Required(NO_WORDS)], rows=4, max_length=LONGEST)
    his = RadioField(
        "What does he say: may probation read it?",
        [Required("Select what he says")],
        choices=[(YES, "Yes"), (NO, "No"), (OPEN, "He is not asked yet")],
        hint="Ask him each time. Probation reads it only where he and you both say yes",
    )
    way = SelectField("How did he say it?", choices=_WAYS, prompt="He is not asked yet")
    mine = RadioField(
        "What do you say: may probation read it?",
        [Required("Select what you say")],
        choices=[(YES, "Yes"), (NO, "No")],
    )

    def said(self) -> Said:
        """What a valid form says."""
        shares = {Party.THERAPIST: self.mine.data == YES}
        if self.his.data != OPEN:
            shares[Party.HIM] = self.his.data == YES
        way = Way(self.way.data) if self.way.data else None
        return Said(Topic(self.topic.data or ""), self.words.data, shares, way)


class PointAgainForm(PointForm):
    """The same, of a point that is there already."""

    away = CheckboxField("Take this point away", hint="It stays in the history of the review")


def point_data(item: Item) -> dict[str, object]:
    """A point as the form shows it at first."""
    his, mine = item.choices.get(Party.HIM), item.choices.get(Party.THERAPIST)
    return {
        "side": item.row.side.value,
        "topic": item.row.topic.value,
        "words": item.words,
        "his": OPEN if his is None else YES if his.row.shares else NO,
        "way": his.row.way.value if his is not None and his.row.way is not None else "",
        "mine": None if mine is None else YES if mine.row.shares else NO,
    }


class OfficerPointForm(Form):
    """A point of probation's."""

    topic = RadioField(
        "What does it belong to?",
        [Required("Select what it belongs to")],
        choices=_TOPICS,
    )
    words = TextAreaField(
        "The point",
        [Required(NO_WORDS)],
        rows=4,
        max_length=LONGEST,
        hint="He and his therapist read it. Nothing of other requirements or other people",
    )


class OfficerPointAgainForm(OfficerPointForm):
    """The same, of a point that is there already."""

    away = CheckboxField("Take this point away", hint="It stays in the history of the review")


class SignForm(Form):
    """What one of the three says of the sheet that was read."""

    content_hash = HiddenField()
    signs = RadioField("What is said of this sheet?", [Required("Select what is said of it")])
    way = SelectField("How was it said?", choices=_WAYS)

    def ask(self, party: Party, *, himself: bool) -> None:
        """Ask what this party can say; how it was said only where somebody else records it."""
        offered = CHOICES[party] if himself or party is Party.HIM else tuple(Signs)
        self.signs.set_choices([(one.value, SIGNS_WORDS[one]) for one in offered])
        if himself:
            self.signs.label.text = "What do you say of this sheet?"
            self.signs.set_choices(
                [
                    (Signs.SIGNED.value, "I have read it and sign it"),
                    (Signs.DISAGREES.value, "I do not sign it: I do not agree with what it says"),
                ]
            )
            del self.way

    @property
    def said_signs(self) -> Signs:
        """What was said."""
        return Signs(self.signs.data or "")

    @property
    def said_way(self) -> Way | None:
        """How, where it was asked."""
        return Way(self.way.data) if "way" in self and self.way.data else None
