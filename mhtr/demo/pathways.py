"""The fictional trusts' pathways: names and purposes as any textbook has them, nothing licensed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.demo.cast import Cast
from sessions.courses import pathway_service
from sessions.courses.kinds import ReviewPoint
from sessions.courses.models import Pathway
from sessions.courses.rules import Planned
from sessions.therapies import Therapy

MIDDLE, END = ReviewPoint.MIDDLE, ReviewPoint.END
_CBT = (
    ("Getting started", "We get to know each other, agree what you want, and how we will work."),
    ("Making sense of it together", "We draw a map of what keeps the problem going."),
    ("What worry and low mood do", "You learn how thoughts, feelings, body and actions connect."),
    ("Doing more of what matters", "You plan small things that give your days a lift."),
    ("Facing what you avoid", "You make a ladder of steps, and take the first one."),
    ("Catching thoughts, and review", "You write thoughts down. We also look at how it is going."),
    ("Testing thoughts", "You check whether a thought is true, and find a fairer one."),
    ("Trying things out", "You test what you expect to happen, in real life."),
    ("Worry and solving problems", "You sort worries you can act on from those you cannot."),
    ("Anger and stopping to think", "You spot early signs, and plan what to do instead."),
    ("Keeping well", "You write down what helped, and what to do if things slip."),
    ("Looking back and ahead", "We look at what has changed, and what comes next for you."),
)
_TRAUMA = (
    ("Getting started safely", "We get to know each other. You do not have to tell your story."),
    ("What trauma does", "You learn why your body and mind react as they do."),
    ("Feeling safer now", "We look at what is safe in your life now, and what is not."),
    ("Grounding", "You learn ways to come back to here and now."),
    ("Calming the body", "You practise breathing and letting go of tension."),
    ("Sleep, bad dreams, and review", "You plan for better nights. We look at how it is going."),
    ("Triggers", "You find out what sets things off, and plan for it."),
    ("Memories", "You choose whether and how we work on a memory."),
    ("Blame and shame", "We look again at what you believe about what happened."),
    ("Trust and other people", "You look at what makes it hard or easy to trust."),
    ("Taking back your life", "You plan things that trauma made you stop."),
    ("Looking back and ahead", "We look at what has changed, and what comes next for you."),
)
_SKILLS = (
    ("Getting started", "We agree what you want to be different."),
    ("Naming feelings", "You learn to notice a feeling early, and to give it a name."),
    ("Riding it out", "You practise ways to get through a strong feeling safely."),
    ("Stopping before you act, and review", "You practise a pause. We look at how it is going."),
    ("Looking after yourself", "You plan sleep, food and movement that steady you."),
    ("Saying what you need", "You practise asking, and saying no, without a fight."),
    ("When things go wrong", "You make a plan for a crisis, and who can help."),
    ("Keeping it up", "We look at what has changed, and how you will keep it."),
)


def _made(
    rows: Sequence[tuple[str, str]],
    therapy: Therapy,
    middle: int,
    *,
    in_group: bool = False,
    voluntary: Sequence[int] = (),
) -> list[Planned]:
    reviews = {middle: MIDDLE, len(rows): END}
    first = Planned("", "", therapy, in_group=in_group)
    usual = replace(first, minutes=90, most_gap=7) if in_group else first
    return [
        replace(
            usual,
            name=name,
            purpose=purpose,
            review=reviews.get(number, ReviewPoint.NONE),
            required=number not in voluntary,
        )
        for number, (name, purpose) in enumerate(rows, 1)
    ]


CBT = _made(_CBT, Therapy.CBT, 6)
TRAUMA = _made(_TRAUMA, Therapy.TRAUMA, 6, voluntary=(8,))
SKILLS = _made(_SKILLS, Therapy.SKILLS, 4)
GROUP = _made(_SKILLS, Therapy.SKILLS, 4, in_group=True, voluntary=(5,))
SEQUENCE = [
    *(replace(one, review=ReviewPoint.NONE) for one in SKILLS[:3]),
    replace(SKILLS[3], review=MIDDLE),
    *(replace(one, review=ReviewPoint.NONE) for one in CBT[1:8]),
    CBT[11],
]
OFFERED: Mapping[str, tuple[str, str, Sequence[Planned]]] = {
    "cbt": ("CBT", "For anxiety and depression. Twelve weekly sessions.", CBT),
    "trauma": (
        "Trauma-informed therapy",
        "Where what he lived through is what troubles him most. Safety first.",
        TRAUMA,
    ),
    "skills": (
        "Emotional skills, one to one",
        "Where strong feelings lead to trouble, and a group is not for him.",
        SKILLS,
    ),
    "group": ("Emotional skills group", "As one to one, with others. Check who may meet.", GROUP),
    "sequence": (
        "Emotional skills, then CBT",
        "Where he needs to steady himself before he can work on thoughts.",
        SEQUENCE,
    ),
}
_FORMER = "CBT, ten sessions"


def set_up(cast: Cast) -> None:
    """Make each treating trust's pathways, inside a write transaction."""
    for trust, organisation_id in cast.organisations.items():
        leads = cast.at(trust, Role.CLINICAL_LEAD)
        if leads:
            by = cast.staff[leads[0]]
            for name, about, sessions in OFFERED.values():
                _in_use(organisation_id, name, about, sessions, by)
    lead = cast.staff["lead"]
    home = cast.organisations[cast.home["lead"]]
    former = _in_use(home, _FORMER, "How CBT was offered until last year.", CBT[:10], lead)
    pathway_service.retire(pathway_id=former.id, version=former.version, by=lead)
    _revised(home, lead)


def drafted(cast: Cast) -> None:
    """A lead has begun another pathway, inside a write transaction."""
    pathway_service.make_pathway(
        organisation_id=cast.organisations[cast.home["lead"]],
        name="Sleep and worry, brief",
        about="While he waits for a place in a group.",
        sessions=[CBT[8], TRAUMA[5]],
        by=cast.staff["lead"],
    )


def _in_use(
    organisation_id: int, name: str, about: str, sessions: Sequence[Planned], by: int
) -> Pathway:
    row = pathway_service.make_pathway(
        organisation_id=organisation_id, name=name, about=about, sessions=sessions, by=by
    )
    pathway_service.put_into_use(
        pathway_id=row.id, why="The first version", version=row.version, by=by
    )
    return row


def _revised(organisation_id: int, by: int) -> None:
    """CBT's session on anger became longer after a supervision day."""
    row = pathway_called(organisation_id, "cbt")
    longer = replace(CBT[9], minutes=75)
    pathway_service.begin_draft(pathway_id=row.id, version=row.version, by=by)
    pathway_service.set_drafted(
        pathway_id=row.id, number=10, said=longer, version=row.version, by=by
    )
    pathway_service.put_into_use(
        pathway_id=row.id,
        why="More time for the session on anger, as clinicians asked",
        version=row.version,
        by=by,
    )


def pathway_called(organisation_id: int, key: str) -> Pathway:
    """One of a trust's pathways by its key here."""
    name = OFFERED[key][0]
    return db.session.query(Pathway).filter_by(organisation_id=organisation_id, name=name).one()
