"""CORE-10: ten statements about the last week. Question 6 asks about plans to end his life.

The options of questions 2 and 3 carry their points the other way round, as the printed form does:
nothing is turned when it is scored. The wording may not be changed (see LICENCE.md).
"""

from outcome_measures.definitions import (
    Caseness,
    EstimateRule,
    Instrument,
    Item,
    Licence,
    Option,
    ReliableChange,
    Source,
)

_CST = Source(
    citation="CORE System Trust, copyright and licensing (CC BY-NC-ND 4.0)",
    url="https://www.coresystemtrust.org.uk/home/copyright-licensing",
    verified=True,
)
_CST_SOFTWARE = Source(
    citation="CORE System Trust, CORE in software: what may be pro-rated",
    url="https://www.coresystemtrust.org.uk/category/coreinsoftware/",
    verified=True,
)
_CAMCOPS = Source(
    citation="CamCOPS, CORE-10: wording in core10.xml; questions 2 and 3 count the other way round",
    url=(
        "https://github.com/ucam-department-of-psychiatry/camcops/blob/master/docs/source/tasks/"
        "core10.rst"
    ),
    verified=True,
)
_TO_BE_READ = Source(
    citation=(
        "Barkham M and others. The CORE-10: a short measure of psychological distress. "
        "Counselling and Psychotherapy Research 2013; 13: 3–13; to be read by whoever signs"
    ),
    url="https://doi.org/10.1080/14733145.2012.729069",
    verified=False,
)

_LABELS = ("Not at all", "Only occasionally", "Sometimes", "Often", "Most or all of the time")
_USUAL = tuple(Option(points, label) for points, label in enumerate(_LABELS))
_TURNED = tuple(Option(4 - points, label) for points, label in enumerate(_LABELS))
_STATEMENTS = (
    "I have felt tense, anxious or nervous",
    "I have felt I have someone to turn to for support when needed",
    "I have felt able to cope when things go wrong",
    "Talking to people has felt too much for me",
    "I have felt panic or terror",
    "I made plans to end my life",
    "I have had difficulty getting to sleep or staying asleep",
    "I have felt despairing or hopeless",
    "I have felt unhappy",
    "Unwanted images or memories have been distressing me",
)

INSTRUMENT = Instrument(
    id="core10",
    name="CORE-10",
    title="Clinical Outcomes in Routine Evaluation 10",
    version="1",
    language="en",
    recall_period="the last week",
    stem="Over the last week...",
    items=tuple(
        Item(
            number,
            text,
            _TURNED if number in (2, 3) else _USUAL,
            risk=number == 6,
            risk_source=_CST_SOFTWARE if number == 6 else None,
        )
        for number, text in enumerate(_STATEMENTS, start=1)
    ),
    licence=Licence(
        notice=(
            "© CORE System Trust: www.coresystemtrust.org.uk/copyright.pdf. Reproduced unchanged "
            "under the Creative Commons licence Attribution-NonCommercial-NoDerivatives 4.0."
        ),
        source=_CST,
    ),
    citation=_TO_BE_READ,
    caseness=Caseness(11, _TO_BE_READ),
    reliable_change=ReliableChange(6, _TO_BE_READ),
    estimate_rule=EstimateRule(max_missing=1, source=_CST_SOFTWARE),
    turned=(2, 3),
    turned_source=_CAMCOPS,
    wording_source=_CAMCOPS,
)
