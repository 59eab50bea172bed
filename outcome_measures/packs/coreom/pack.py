"""CORE-OM: thirty-four statements about the last week, entered by number from the printed form.

Its wording could not be read at a place that can be cited, so it is not here. What is typed is the
number printed beside the box he ticked; the form prints it turned where a question counts the
other way round, so nothing is turned when it is scored: only the order of the boxes differs.
"""

from outcome_measures.definitions import (
    Caseness,
    EstimateRule,
    Instrument,
    Item,
    Licence,
    Mean,
    Option,
    ReliableChange,
    RiskTo,
    Source,
    Subscale,
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
_CUT_OFF = Source(
    citation=(
        "Connell J and others. Distribution of CORE-OM scores in a general population, clinical "
        "cut-off points and comparison with the CIS-R. British Journal of Psychiatry 2007; 190: "
        "69–74: a clinical score of 10, which is 34 points"
    ),
    url=(
        "https://www.cambridge.org/core/journals/the-british-journal-of-psychiatry/article/"
        "distribution-of-coreom-scores-in-a-general-population-clinicalcutoff-points-and-"
        "comparison-with-the-cisr/D230B70F19BF3E2A62128CDD36728A5A"
    ),
    verified=True,
)
_COREIMS = Source(
    citation="CORE IMS, how CORE is used: a change of 5 in the clinical score, which is 17 points",
    url="https://www.coreims.co.uk/About_Core_System_How_Used.html",
    verified=True,
)
_RISK_ITEMS = Source(
    citation="The printed CORE-OM, to be read by whoever signs: the statements marked R",
    url="https://www.coresystemtrust.org.uk/instruments/",
    verified=False,
)

_DOMAINS = Source(
    citation=(
        "The four domains of the CORE-OM and the statements that count the other way round, as "
        "recalled: to be read on the printed form and its scoring sheet by whoever signs"
    ),
    url="https://www.coresystemtrust.org.uk/instruments/",
    verified=False,
)

_TURNED = (3, 4, 7, 12, 19, 21, 31, 32)
_PRINTED = tuple(Option(points, str(points)) for points in range(5))
_WELLBEING = (4, 14, 17, 31)
_PROBLEMS = (2, 5, 8, 11, 13, 15, 18, 20, 23, 27, 28, 30)
_FUNCTIONING = (1, 3, 7, 10, 12, 19, 21, 25, 26, 29, 32, 33)
_ABOUT_HIMSELF = (9, 16, 24, 34)
_ABOUT_OTHERS = (6, 22)

INSTRUMENT = Instrument(
    id="coreom",
    name="CORE-OM",
    title="Clinical Outcomes in Routine Evaluation Outcome Measure",
    version="2",
    language="en",
    recall_period="the last week",
    stem="For each statement type the number printed beside the box he ticked on the form.",
    items=tuple(
        Item(
            number,
            f"Statement {number} of the printed form",
            _PRINTED[::-1] if number in _TURNED else _PRINTED,
            risk=number in (*_ABOUT_HIMSELF, *_ABOUT_OTHERS),
            risk_to=RiskTo.OTHERS if number in _ABOUT_OTHERS else RiskTo.SELF,
            risk_source=(_RISK_ITEMS if number in (*_ABOUT_HIMSELF, *_ABOUT_OTHERS) else None),
        )
        for number in range(1, 35)
    ),
    licence=Licence(
        notice=(
            "© CORE System Trust: www.coresystemtrust.org.uk/copyright.pdf. The statements are not "
            "reproduced here: use the printed form."
        ),
        source=_CST,
    ),
    citation=Source(
        citation=(
            "Barkham M and others. Service profiling and outcomes benchmarking using the CORE-OM. "
            "Journal of Consulting and Clinical Psychology 2001; 69: 184–196"
        ),
        url="https://www.ncbi.nlm.nih.gov/pubmed/11393596",
        verified=False,
    ),
    caseness=Caseness(34, _CUT_OFF),
    reliable_change=ReliableChange(17, _COREIMS),
    estimate_rule=EstimateRule(max_missing=3, source=_CST_SOFTWARE),
    subscales=(
        Subscale("wellbeing", "Well-being", _DOMAINS, _WELLBEING),
        Subscale("problems", "Problems", _DOMAINS, _PROBLEMS),
        Subscale("functioning", "Functioning", _DOMAINS, _FUNCTIONING),
        Subscale("risk", "Risk", _DOMAINS, tuple(sorted((*_ABOUT_HIMSELF, *_ABOUT_OTHERS)))),
    ),
    turned=_TURNED,
    turned_source=_DOMAINS,
    mean=Mean(10, "Clinical score (mean of the statements times ten)", _CST_SOFTWARE),
    worded=False,
)
