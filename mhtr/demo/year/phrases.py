"""What therapists write in the fictional notes: short, and never of anybody real."""

from collections.abc import Mapping
from random import Random

from sessions.therapies import Side, Therapy

RISK = (
    "Asked; no thoughts of harming himself or others.",
    "Asked. Passing thoughts on Sunday, no plan; knows whom to ring. Safety plan read through.",
    "Asked, none. His sister rings him most evenings.",
    "No change since last time. Drinking less, two nights this week.",
    "Asked, none said. Sleeping about six hours.",
    "Asked; angry with a neighbour, no wish to hurt him. Will stay at his mother's this weekend.",
)
PLAN = (
    "One walk a day, written down.",
    "Two thought records before next time.",
    "Try the breathing before the bus, and note how it went.",
    "Ring the GP about sleep. I write to nobody this week.",
    "First step of the ladder on Saturday: the corner shop, ten minutes.",
    "Speak to the housing officer; the link worker knows.",
    "Keep the worry time at six, fifteen minutes.",
    "Read the sheet on warning signs with his partner.",
)
WORK = (
    "Five areas of one bad day, drawn together.",
    "Looked at what he does when he stays in, and what comes of it.",
    "Thought record of the row on Tuesday; found two other ways to see it.",
    "Ladder of seven steps, from the landing to the market.",
    "Planned the week with three things that used to matter to him.",
    "Practised the pause: stop, breathe, look, choose.",
    "Problem solving about the letter from the council.",
    "Tested the thought that people stare; counted, and they did not.",
    "Went through the last four weeks and what has helped.",
    "Worry tree, with the job interview as the example.",
)
HOMEWORK = (
    "Did four of seven days; better on those.",
    "Forgot the sheet, remembers most of it.",
    "Tried it twice and found it hard.",
    "Did all of it and brought the diary.",
    "Not done: moved room in the hostel this week.",
)
AGENDA = (
    "Homework, sleep, the week ahead.",
    "Homework, then the ladder.",
    "The row with his brother; homework.",
    "Review of where we are, then planning.",
)
PRACTICE = (
    "Used the cold water twice. Works if he is quick.",
    "Named what he felt before the meeting with probation.",
    "Walked away once, stayed once.",
    "Did not try it; we found out what was in the way.",
)
OWN = {
    "agenda": AGENDA,
    "homework": HOMEWORK,
    "practice": PRACTICE,
    "arrival": ("Tired and wary; no bad dreams since Monday.", "On time, calm, coffee in hand."),
    "grounding": ("Feet on the floor, five things. Helped within a minute.", "Not needed today."),
    "after": ("Settled; walked to the bus with music on.", "A little shaky, better after tea."),
}
PARTS = {
    Therapy.CBT: ("agenda", "homework"),
    Therapy.TRAUMA: ("arrival", "grounding", "after"),
    Therapy.SKILLS: ("practice",),
}
ADDED = (
    "He rang: he has done the second record after all.",
    "GP letter received the next day; medication unchanged.",
    "Spoke with the duty clinician about sleep; nothing further for now.",
)
CANCELLED: Mapping[Side, tuple[str, ...]] = {
    Side.HIM: ("A job interview.", "His child is ill.", "A hospital appointment that morning."),
    Side.SERVICE: ("His therapist is ill.", "Training day.", "No room could be had."),
    Side.PROBATION: ("His officer needs him that day.", "Unpaid work was moved to that day."),
}
MOVED: Mapping[Side, tuple[str, ...]] = {
    Side.HIM: ("He has work in the morning.", "He takes his daughter to school."),
    Side.SERVICE: ("The room is needed.", "His therapist has supervision then."),
    Side.PROBATION: ("He sees his officer at that hour.",),
}
CAUGHT_UP = "He missed it; held again at the end."
STOPPED = "He has not come for weeks and cannot be reached. Agreed with his officer."
FOUND = (
    "Spoke with him: low, safe, his sister is there. Comes next week.",
    "He answers. Tired, no thoughts of harm. GP appointment on Friday.",
)
LATE = ("", "", "Bus on diversion; rang ahead.")


def note(therapy: Therapy, chance: Random) -> dict[str, str]:
    """A note by the structure of its therapy, finished."""
    said = {"work": chance.choice(WORK), "risk": chance.choice(RISK), "plan": chance.choice(PLAN)}
    return said | {part: chance.choice(OWN[part]) for part in PARTS[therapy]}
