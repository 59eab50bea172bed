"""AUDIT-C: three questions on drinking, in the form used in the United Kingdom (in units)."""

from outcome_measures.definitions import (
    Band,
    Caseness,
    Instrument,
    Item,
    Licence,
    Option,
    Source,
)

_UK_FORM = Source(
    citation="AUDIT-C, United Kingdom form of the Alcohol Learning Centre",
    url="https://paperzz.com/doc/6978943/audit-%E2%80%93-c---alcohol-learning-centre",
    verified=True,
)
_CAMCOPS = Source(
    citation=(
        "CamCOPS documentation, AUDIT and AUDIT-C: reproduction permitted, not for sale; AUDIT-C "
        "in the public domain"
    ),
    url=(
        "https://github.com/ucam-department-of-psychiatry/camcops/blob/master/docs/source/tasks/"
        "audit.rst"
    ),
    verified=True,
)
_OHID_FORM = Source(
    citation=(
        "Office for Health Improvement and Disparities, AUDIT-C for print, to be read at its "
        "address"
    ),
    url="https://www.gov.uk/government/publications/alcohol-use-screening-tests",
    verified=False,
)

_HOW_OFTEN_IN_THE_YEAR = (
    Option(0, "Never"),
    Option(1, "Less than monthly"),
    Option(2, "Monthly"),
    Option(3, "Weekly"),
    Option(4, "Daily or almost daily"),
)

AUDITC = Instrument(
    id="auditc",
    name="AUDIT-C",
    title="Alcohol Use Disorders Identification Test for Consumption",
    version="1",
    language="en",
    recall_period="the last year",
    stem="These questions are about your drinking.",
    items=(
        Item(
            1,
            "How often do you have a drink containing alcohol?",
            (
                Option(0, "Never"),
                Option(1, "Monthly or less"),
                Option(2, "2-4 times per month"),
                Option(3, "2-3 times per week"),
                Option(4, "4+ times per week"),
            ),
        ),
        Item(
            2,
            "How many units of alcohol do you drink on a typical day when you are drinking?",
            (
                Option(0, "1-2"),
                Option(1, "3-4"),
                Option(2, "5-6"),
                Option(3, "7-9"),
                Option(4, "10+"),
            ),
        ),
        Item(
            3,
            "How often have you had 6 or more units if female, or 8 or more if male, on a single "
            "occasion in the last year?",
            _HOW_OFTEN_IN_THE_YEAR,
        ),
    ),
    licence=Licence(
        notice=(
            "AUDIT © World Health Organization 2001. It may be freely reviewed, abstracted, "
            "reproduced and translated, in part or in whole, but not for sale or for use in "
            "conjunction with commercial purposes. AUDIT-C is available for use in the public "
            "domain."
        ),
        source=_CAMCOPS,
    ),
    citation=Source(
        citation=(
            "Bush K, Kivlahan DR, McDonell MB, Fihn SD, Bradley KA. The AUDIT alcohol consumption "
            "questions (AUDIT-C). Archives of Internal Medicine 1998; 158: 1789–1795"
        ),
        url="https://www.ncbi.nlm.nih.gov/pubmed/9738608",
        verified=False,
    ),
    bands=(
        Band(0, 4, "lower risk", _OHID_FORM),
        Band(5, 7, "increasing risk", _OHID_FORM),
        Band(8, 10, "higher risk", _OHID_FORM),
        Band(11, 12, "possible dependence", _OHID_FORM),
    ),
    caseness=Caseness(5, _UK_FORM),
    screens_only=True,
    wording_source=_UK_FORM,
)
