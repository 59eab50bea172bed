"""GAD-7: seven questions on anxiety. It has no risk item and no published estimate rule."""

from outcome_measures.definitions import (
    Band,
    Caseness,
    Instrument,
    Item,
    Licence,
    Option,
    ReliableChange,
    Source,
)

_CAMCOPS = Source(
    citation="CamCOPS documentation, GAD-7, intellectual property rights",
    url=(
        "https://github.com/ucam-department-of-psychiatry/camcops/blob/master/docs/source/tasks/"
        "gad7.rst"
    ),
    verified=True,
)
_NHS_ENGLAND_SQL = Source(
    citation="NHS England, Talking Therapies public code, “Step 1 - IET (M).sql”",
    url="https://github.com/nhsengland/Talking-Therapies",
    verified=True,
)
# The manual itself has not been read; public code for the same rules agrees with the quotation.
_TALKING_THERAPIES_MANUAL = Source(
    citation="NHS Talking Therapies (IAPT) Manual, as quoted by CBT Watch",
    url="http://www.cbtwatch.com/tag/no-justification-for-nhs-talking-theapies/",
    verified=True,
)

_HOW_OFTEN = (
    Option(0, "Not at all", "LA6568-5"),
    Option(1, "Several days", "LA6569-3"),
    Option(2, "More than half the days", "LA6570-1"),
    Option(3, "Nearly every day", "LA6571-9"),
)

# Some public lists put the panel's code among the items and drop that of item 6.
_ITEMS = (
    Item(1, "Feeling nervous, anxious or on edge", _HOW_OFTEN, "69725-0"),
    Item(2, "Not being able to stop or control worrying", _HOW_OFTEN, "68509-9"),
    Item(3, "Worrying too much about different things", _HOW_OFTEN, "69733-4"),
    Item(4, "Trouble relaxing", _HOW_OFTEN, "69734-2"),
    Item(5, "Being so restless that it is hard to sit still", _HOW_OFTEN, "69735-9"),
    Item(6, "Becoming easily annoyed or irritable", _HOW_OFTEN, "69689-8"),
    Item(7, "Feeling afraid as if something awful might happen", _HOW_OFTEN, "69736-7"),
)

GAD7 = Instrument(
    id="gad7",
    name="GAD-7",
    title="Generalised Anxiety Disorder-7",
    version="1",
    language="en",
    recall_period="the last 2 weeks",
    stem=(
        "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
    ),
    items=_ITEMS,
    licence=Licence(
        notice=(
            "Copyright © Pfizer Inc. All rights reserved. Developed by Drs. Robert L. Spitzer, "
            "Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational grant from "
            "Pfizer Inc. No permission required to reproduce, translate, display or distribute."
        ),
        source=_CAMCOPS,
    ),
    citation=Source(
        citation=(
            "Spitzer RL, Kroenke K, Williams JBW, Löwe B. A brief measure for assessing "
            "generalized anxiety disorder: the GAD-7. Archives of Internal Medicine 2006; 166: "
            "1092–1097"
        ),
        url="https://doi.org/10.1001/archinte.166.10.1092",
        verified=False,
    ),
    codes_source=Source(
        citation="Medical Informatics Initiative, PROMs module, GAD-7 (LOINC list LL358)",
        url="https://github.com/medizininformatik-initiative/kerndatensatzmodul-proms",
        verified=True,
    ),
    loinc_panel="69737-5",
    loinc_total="70274-6",
    fhir_canonical="http://loinc.org/q/69737-5",
    bands=(
        Band(0, 4, "minimal", _NHS_ENGLAND_SQL),
        Band(5, 9, "mild", _NHS_ENGLAND_SQL),
        Band(10, 14, "moderate", _NHS_ENGLAND_SQL),
        Band(15, 21, "severe", _NHS_ENGLAND_SQL),
    ),
    caseness=Caseness(8, _TALKING_THERAPIES_MANUAL),
    reliable_change=ReliableChange(4, _TALKING_THERAPIES_MANUAL),
)
