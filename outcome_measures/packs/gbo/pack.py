"""Goal-based outcomes: up to three goals of his own, each rated from 0 to 10. More is better.

The sum is shown with what it could have come to, because men have one, two or three goals. Each
goal is read for itself.
"""

from outcome_measures.definitions import Instrument, Item, Licence, Option, Source

_CAMCOPS = Source(
    citation="CamCOPS, goal-based outcomes: © Dr Duncan Law, CC BY-NC-SA 4.0; wording in gbo.xml",
    url=(
        "https://github.com/ucam-department-of-psychiatry/camcops/blob/master/docs/source/tasks/"
        "gbo.rst"
    ),
    verified=True,
)

_ANCHORS = {
    0: "0, goal not at all met",
    5: "5, half way to reaching this goal",
    10: "10, goal reached",
}
_RATING = tuple(Option(points, _ANCHORS.get(points, str(points))) for points in range(11))

INSTRUMENT = Instrument(
    id="gbo",
    name="GBO",
    title="Goal-based outcomes",
    version="2.0",
    language="en",
    recall_period="today",
    stem="How close are you to the goals you want to get to?",
    items=tuple(
        Item(number, f"Goal {number}", _RATING, may_not_apply=True) for number in (1, 2, 3)
    ),
    licence=Licence(
        notice=(
            "Version 2.0; www.goals-in-therapy.com; © Dr Duncan Law: shared under Creative Commons "
            "license BY-NC-SA 4.0"
        ),
        source=_CAMCOPS,
    ),
    citation=Source(
        citation="Law D. The goal-based outcome (GBO) tool: guidance notes. 2019",
        url=(
            "https://goals-in-therapy.com/2018/12/07/"
            "guidance-notes-for-using-the-goal-based-outcome-gbo-tool/"
        ),
        verified=False,
    ),
    lower_is_better=False,
    wording_source=_CAMCOPS,
)
