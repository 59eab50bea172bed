"""PHQ-9: nine questions on depression, and one on difficulty that is not scored."""

from outcome_measures.definitions import (
    Band,
    Caseness,
    EstimateRule,
    Instrument,
    Item,
    Licence,
    Option,
    ReliableChange,
    Source,
    TotalAbove,
)

_US_CORE = Source(
    citation="HL7 US Core Implementation Guide, PHQ-9 example questionnaire, copyright statement",
    url="https://www.hl7.org/fhir/us/core/STU9/Questionnaire-phq-9-example.html",
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
# LOINC's codes for the last two choices are not in numerical order; some public lists swap them.
_HOW_DIFFICULT = (
    Option(0, "Not difficult at all", "LA6572-7"),
    Option(1, "Somewhat difficult", "LA6573-5"),
    Option(2, "Very difficult", "LA6575-0"),
    Option(3, "Extremely difficult", "LA6574-3"),
)

_ITEMS = (
    Item(1, "Little interest or pleasure in doing things", _HOW_OFTEN, "44250-9"),
    Item(2, "Feeling down, depressed, or hopeless", _HOW_OFTEN, "44255-8"),
    Item(3, "Trouble falling or staying asleep, or sleeping too much", _HOW_OFTEN, "44259-0"),
    Item(4, "Feeling tired or having little energy", _HOW_OFTEN, "44254-1"),
    Item(5, "Poor appetite or overeating", _HOW_OFTEN, "44251-7"),
    Item(
        6,
        "Feeling bad about yourself — or that you are a failure or have let yourself or your "
        "family down",
        _HOW_OFTEN,
        "44258-2",
    ),
    Item(
        7,
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        _HOW_OFTEN,
        "44252-5",
    ),
    Item(
        8,
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — "
        "being so fidgety or restless that you have been moving around a lot more than usual",
        _HOW_OFTEN,
        "44253-3",
    ),
    Item(
        9,
        "Thoughts that you would be better off dead or of hurting yourself in some way",
        _HOW_OFTEN,
        "44260-8",
        risk=True,
    ),
    Item(
        10,
        "If you checked off any problems, how difficult have these problems made it for you to do "
        "your work, take care of things at home, or get along with other people?",
        _HOW_DIFFICULT,
        "69722-7",
        scored=False,
        asked_only_if=TotalAbove(0),
    ),
)

PHQ9 = Instrument(
    id="phq9",
    name="PHQ-9",
    title="Patient Health Questionnaire-9",
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
        source=_US_CORE,
    ),
    citation=Source(
        citation=(
            "Kroenke K, Spitzer RL, Williams JBW. The PHQ-9: validity of a brief depression "
            "severity measure. Journal of General Internal Medicine 2001; 16: 606–613"
        ),
        url="https://doi.org/10.1046/j.1525-1497.2001.016009606.x",
        verified=False,
    ),
    codes_source=Source(
        citation="Medical Informatics Initiative, PROMs module, PHQ-9 (LOINC lists LL358, LL359)",
        url="https://github.com/medizininformatik-initiative/kerndatensatzmodul-proms",
        verified=True,
    ),
    loinc_panel="44249-1",
    loinc_total="44261-6",
    fhir_canonical="http://loinc.org/q/44249-1",
    bands=(
        Band(0, 4, "minimal", _NHS_ENGLAND_SQL),
        Band(5, 9, "mild", _NHS_ENGLAND_SQL),
        Band(10, 14, "moderate", _NHS_ENGLAND_SQL),
        Band(15, 19, "moderately severe", _NHS_ENGLAND_SQL),
        Band(20, 27, "severe", _NHS_ENGLAND_SQL),
    ),
    caseness=Caseness(10, _TALKING_THERAPIES_MANUAL),
    reliable_change=ReliableChange(6, _TALKING_THERAPIES_MANUAL),
    estimate_rule=EstimateRule(
        max_missing=2,
        source=Source(
            citation="qscorer manual, scoring_phq9, quoting Arrieta and others 2017",
            url="https://rdrr.io/github/nrkoehler/qscorer/man/scoring_phq9.html",
            verified=True,
        ),
    ),
)
