"""WSAS: five questions on what he can do. The wording is not ours to show, so totals are typed."""

from outcome_measures.definitions import (
    Band,
    Entry,
    Instrument,
    Licence,
    Range,
    ReliableChange,
    Source,
    Tick,
)

# A copy on a site where anybody leaves files: the bands are off until a clinician signs them.
_SCORING_NOTE = Source(
    citation="Scoring note of the Work and Social Adjustment Scale, Five Areas",
    url="https://ru.scribd.com/doc/151487446/Assessment-Disability-0-8-Five-Areas-Scoring",
    verified=False,
)
_CAMCOPS = Source(
    citation="CamCOPS documentation, WSAS: copyright Isaac M. Marks; without a job the most is 32",
    url=(
        "https://github.com/ucam-department-of-psychiatry/camcops/blob/master/docs/source/tasks/"
        "wsas.rst"
    ),
    verified=True,
)

WSAS = Instrument(
    id="wsas",
    name="WSAS",
    title="Work and Social Adjustment Scale",
    version="1",
    language="en",
    recall_period="as printed on the form",
    stem="Type in the total from the printed form: five questions of 0 to 8 points.",
    items=(),
    licence=Licence(
        notice=(
            "Work and Social Adjustment Scale © Isaac M. Marks. The questions are not reproduced "
            "here: only totals are recorded."
        ),
        source=_CAMCOPS,
    ),
    citation=Source(
        citation=(
            "Mundt JC, Marks IM, Shear MK, Greist JH. The Work and Social Adjustment Scale: a "
            "simple measure of impairment in functioning. British Journal of Psychiatry 2002; 180: "
            "461–464"
        ),
        url="https://www.ncbi.nlm.nih.gov/pubmed/11983645",
        verified=False,
    ),
    bands=(
        Band(0, 9, "subclinical", _SCORING_NOTE),
        Band(10, 20, "significant", _SCORING_NOTE),
        Band(21, 40, "moderately severe or worse", _SCORING_NOTE),
    ),
    reliable_change=ReliableChange(
        8,
        Source(
            citation="NHS Talking Therapies Manual, to be read by whoever signs",
            url="https://www.england.nhs.uk/publication/the-improving-access-to-psychological-therapies-manual/",
            verified=False,
        ),
    ),
    entry=Entry.TOTAL,
    typed_range=Range(0, 40),
    ticks=(Tick("no_job", "He has no job, for reasons unrelated to the problem", 32, _CAMCOPS),),
    worded=False,
)
