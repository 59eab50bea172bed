"""DERS-16: sixteen questions on managing emotions. Totals are typed until its authors agree."""

from outcome_measures.definitions import (
    Entry,
    Instrument,
    Licence,
    Range,
    Source,
    Subscale,
)

_MANUSCRIPT = Source(
    citation="Bjureberg J and others, DERS-16, authors' manuscript: sixteen questions of 1 to 5",
    url="https://pmc.ncbi.nlm.nih.gov/articles/PMC4882111",
    verified=True,
)
_SUBSCALES = Source(
    citation="The same manuscript; which question belongs where is to be read by whoever signs",
    url="https://pmc.ncbi.nlm.nih.gov/articles/PMC4882111",
    verified=False,
)

DERS16 = Instrument(
    id="ders16",
    name="DERS-16",
    title="Difficulties in Emotion Regulation Scale, 16 questions",
    version="1",
    language="en",
    recall_period="as printed on the form",
    stem="Type in the total from the printed form: sixteen questions of 1 to 5 points.",
    items=(),
    licence=Licence(
        notice=(
            "Difficulties in Emotion Regulation Scale (DERS-16), its authors' copyright. The "
            "questions are not reproduced here: only totals are recorded."
        ),
        source=_MANUSCRIPT,
    ),
    citation=Source(
        citation=(
            "Bjureberg J, Ljótsson B, Tull MT and others. Development and validation of a brief "
            "version of the Difficulties in Emotion Regulation Scale: the DERS-16. Journal of "
            "Psychopathology and Behavioral Assessment 2016; 38: 284–296"
        ),
        url="https://doi.org/10.1007/s10862-015-9514-x",
        verified=False,
    ),
    entry=Entry.TOTAL,
    typed_range=Range(16, 80),
    subscales=(
        Subscale("clarity", "Clarity", _SUBSCALES, typed_range=Range(2, 10)),
        Subscale("goals", "Goals", _SUBSCALES, typed_range=Range(3, 15)),
        Subscale("impulse", "Impulse", _SUBSCALES, typed_range=Range(3, 15)),
        Subscale("strategies", "Strategies", _SUBSCALES, typed_range=Range(5, 25)),
        Subscale("nonacceptance", "Non-acceptance", _SUBSCALES, typed_range=Range(3, 15)),
    ),
    worded=False,
)
