"""What is offered and how he is seen: the words every part of this package shares."""

from collections.abc import Mapping
from enum import StrEnum


class Therapy(StrEnum):
    """What a session is part of."""

    CBT = "cbt"
    TRAUMA = "trauma"
    SKILLS = "skills"


THERAPY_WORDS: Mapping[Therapy, str] = {
    Therapy.CBT: "Cognitive behavioural therapy (CBT)",
    Therapy.TRAUMA: "Trauma-informed therapy",
    Therapy.SKILLS: "Emotional skills",
}


class SessionMode(StrEnum):
    """How he is seen."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    VIDEO = "video"


MODE_WORDS: Mapping[SessionMode, str] = {
    SessionMode.IN_PERSON: "In person",
    SessionMode.TELEPHONE: "By telephone",
    SessionMode.VIDEO: "By video",
}


class Gender(StrEnum):
    """Of a therapist, as he or she wants it known for booking."""

    NOT_SAID = "not_said"
    FEMALE = "female"
    MALE = "male"
    ANOTHER = "another"


class Side(StrEnum):
    """Whose wish or need moved or cancelled a session. Only `HIM` can ever be an absence."""

    HIM = "him"
    SERVICE = "service"
    PROBATION = "probation"
    """Probation or a court: another appointment, a hearing, custody."""


SIDE_WORDS: Mapping[Side, str] = {
    Side.HIM: "He asked",
    Side.SERVICE: "The service",
    Side.PROBATION: "Probation or a court",
}
