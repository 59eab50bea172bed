"""Every shipped code list is sound and holds what was published."""

import re
from datetime import date, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.codes.lists import load, names

TODAY = date(2026, 11, 21)
REQUIRED = {
    "administrative_gender",
    "attendance_nhs",
    "attendance_probation",
    "communication_support",
    "contact_method",
    "courts",
    "custody_suites",
    "disability",
    "ethnic_category",
    "ethnicity_ndelius",
    "gender_identity",
    "gender_reassignment",
    "gp_practice_default",
    "information_format",
    "languages",
    "marital_status",
    "ndelius_after_decision",
    "onward_services",
    "order_limits",
    "police_forces",
    "pregnancy_maternity",
    "professional_required",
    "religion",
    "sex_at_birth",
    "sexual_orientation",
    "referral_ways",
    "source_of_referral",
    "trusts",
    "vulnerabilities",
}
OF_FACTS = {"attendance_nhs", "attendance_probation"}
"""Our own facts by their names, each with somebody else's code: several facts have one label."""


def test_the_shipped_lists_are_the_expected_ones() -> None:
    assert set(names()) == REQUIRED


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_every_shipped_list_is_sound(name: str) -> None:
    shipped = load(name)
    assert shipped.current(TODAY)
    labels = [entry.label for entry in shipped.current(TODAY)]
    duplicates = {label for label in labels if labels.count(label) > 1}
    if name in OF_FACTS:
        return  # tests/compliance walks every row of these
    # nDelius itself has two codes for Gypsy or Irish Traveller.
    assert duplicates <= {"White: Gypsy or Irish Traveller"}
    for entry in shipped.entries:
        assert len(entry.code) <= 20, "the columns that store codes are 20 characters wide"
        assert re.fullmatch(r"[A-Za-z0-9-]+", entry.code)
        assert "offender" not in entry.label.casefold()
        assert entry.extras.get("absence", "") in ("", "declined", "unknown")


def test_the_files_lie_inside_the_package() -> None:
    folder = resources.files("mhtr.core.codes").joinpath("data")
    assert {file.name for file in folder.iterdir()} == {f"{name}.csv" for name in REQUIRED}


def test_courts() -> None:
    courts = load("courts")
    kinds = [entry.extras["kind"] for entry in courts.entries]
    assert (kinds.count("magistrates"), kinds.count("crown")) == (17, 11)
    for entry in courts.entries:
        expected = "magistrates" if entry.code[0] == "B" else "crown"
        assert re.fullmatch(r"[BC]01[A-Z]{2}", entry.code)
        assert entry.extras["kind"] == expected
        assert entry.extras["area"] in ("north", "south")
    closed = courts.get("C01BL")
    assert closed is not None and closed.label == "Blackfriars Crown Court"
    assert "C01BL" not in dict(courts.choices(TODAY))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("B01IX", "B01IX"),
        ("B01IX00", "B01IX"),
        ("WESTMC", "B01IX"),
        ("THMSMC", "B01ND"),
        ("snarcc", "C01SN"),
    ],
)
def test_a_court_is_found_by_either_scheme(text: str, code: str) -> None:
    entry = load("courts").find(text)
    assert entry is not None and entry.code == code


@pytest.mark.parametrize(
    ("name", "column", "target"),
    [
        ("custody_suites", "force", "police_forces"),
        ("ethnicity_ndelius", "nhs_code", "ethnic_category"),
        ("trusts", "successor", "trusts"),
    ],
)
def test_references_between_lists_hold(name: str, column: str, target: str) -> None:
    for entry in load(name).entries:
        if value := entry.extras[column]:
            assert load(target).get(value) is not None


# HM Courts and Tribunals Service, five-character codes (ministryofjustice/prepare-a-case,
# courts.json), with the aliases of the second scheme (ministryofjustice/court-register).
COURTS = {
    "B01KR": ("Barkingside Magistrates' Court", "B01KR00 BARSMC CRT027"),
    "B01BE": ("Belmarsh Magistrates' Court", "B01BE00 BELMMC"),
    "B01BH": ("Bexley Magistrates' Court", "B01BH00 BEXLMC"),
    "B01CN": ("Bromley Magistrates' Court", "B01CN00 BROMMC"),
    "B01DU": ("City of London Magistrates' Court", "B01DU00 CITYMC"),
    "B01EF": ("Croydon Magistrates' Court", "B01EF00 CRYDMC"),
    "B01FA": ("Ealing Magistrates' Court", "B01FA00 EALNMC"),
    "B01GQ": ("Hendon Magistrates' Court", "B01GQ00 HNDNMC"),
    "B01GU": ("Highbury Corner Magistrates' Court", "B01GU00 HGHBMC"),
    "B01LY": ("Lavender Hill Magistrates' Court", "B01LY00 STHLMC"),
    "B01LA": ("Romford Magistrates' Court", "B01LA00 RMFRMC"),
    "B01MN": ("Stratford Magistrates' Court", "B01MN00 STRAMC"),
    "B01ND": ("Thames Magistrates' Court", "B01ND00 THMSMC"),
    "B01NM": ("Uxbridge Magistrates' Court", "B01NM00 UXBRMC"),
    "B01IX": ("Westminster Magistrates' Court", "B01IX00 CRT034 WESTMC"),
    "B01CE": ("Willesden Magistrates' Court", "B01CE00 CRT026 WILBMC"),
    "B01OK": ("Wimbledon Magistrates' Court", "B01OK00 WMBLMC"),
    "C01CE": ("Central Criminal Court", "C01CE00 CNTRCC"),
    "C01CY": ("Croydon Crown Court", "C01CY00 CRYDCC"),
    "C01HA": ("Harrow Crown Court", "C01HA00 HRRWCC"),
    "C01IL": ("Inner London Crown Court", "C01IL00 INNRCC"),
    "C01IS": ("Isleworth Crown Court", "C01IS00 ISLWCC"),
    "C01KT": ("Kingston Crown Court", "C01KT00 KNGTCC"),
    "C01SN": ("Snaresbrook Crown Court", "C01SN00 SNARCC"),
    "C01SW": ("Southwark Crown Court", "C01SW00 STHWCC"),
    "C01WG": ("Wood Green Crown Court", "C01WG00 WDGRCC"),
    "C01WL": ("Woolwich Crown Court", "C01WL00 WOOLCC"),
    "C01BL": ("Blackfriars Crown Court", "BLCKCC C01BL00"),
}
# MOPAC custody visiting handbook, appendix A (London custody map, June 2019); the Marine Policing
# Unit and Bishopsgate by public knowledge.
SUITES = {
    "met-acton": ("Acton", "01", "24 hours"),
    "met-bethnal-green": ("Bethnal Green", "01", "24 hours"),
    "met-brixton": ("Brixton", "01", "24 hours"),
    "met-bromley": ("Bromley", "01", "24 hours"),
    "met-charing-cross": ("Charing Cross", "01", "24 hours"),
    "met-colindale": ("Colindale", "01", "24 hours"),
    "met-croydon": ("Croydon", "01", "24 hours"),
    "met-edmonton": ("Edmonton", "01", "24 hours"),
    "met-forest-gate": ("Forest Gate", "01", "24 hours"),
    "met-freshwharf": ("Freshwharf (Barking)", "01", "24 hours"),
    "met-heathrow": ("Heathrow", "01", "24 hours"),
    "met-hounslow": ("Hounslow", "01", "24 hours"),
    "met-islington": ("Islington", "01", "24 hours"),
    "met-kentish-town": ("Kentish Town", "01", "24 hours"),
    "met-kingston": ("Kingston", "01", "24 hours"),
    "met-lewisham": ("Lewisham", "01", "24 hours"),
    "met-leyton": ("Leyton", "01", "24 hours"),
    "met-plumstead": ("Plumstead", "01", "24 hours"),
    "met-romford": ("Romford", "01", "24 hours"),
    "met-stoke-newington": ("Stoke Newington", "01", "24 hours"),
    "met-sutton": ("Sutton", "01", "24 hours"),
    "met-walworth": ("Walworth", "01", "24 hours"),
    "met-wandsworth": ("Wandsworth", "01", "24 hours"),
    "met-wembley": ("Wembley", "01", "24 hours"),
    "met-wood-green": ("Wood Green", "01", "24 hours"),
    "met-belgravia": ("Belgravia", "01", "contingency"),
    "met-harrow": ("Harrow", "01", "contingency"),
    "met-holborn": ("Holborn", "01", "contingency"),
    "met-ilford": ("Ilford", "01", "contingency"),
    "met-peckham": ("Peckham", "01", "contingency"),
    "met-west-end-central": ("West End Central", "01", "contingency"),
    "met-marine": ("Marine Policing Unit (Wapping)", "01", "not a suite"),
    "city-bishopsgate": ("Bishopsgate (City of London Police)", "48", "24 hours"),
    "btp-brewery-road": ("Brewery Road (Islington) (British Transport Police)", "93", "24 hours"),
    "btp-ebury-bridge": ("Ebury Bridge (British Transport Police)", "93", "contingency"),
    "btp-tottenham-court": ("Tottenham Court Road (British Transport Police)", "93", "contingency"),
    "btp-wembley-park": ("Wembley Park (British Transport Police)", "93", "contingency"),
    "btp-west-ham": ("West Ham (British Transport Police)", "93", "contingency"),
}
TRUSTS = {
    "RKL": "West London NHS Trust",
    "RV3": "Central and North West London NHS Foundation Trust",
    "G6V2S": "North London NHS Foundation Trust",
    "RWK": "East London NHS Foundation Trust",
    "RAT": "North East London NHS Foundation Trust",
    "RPG": "Oxleas NHS Foundation Trust",
    "RV5": "South London and Maudsley NHS Foundation Trust",
    "RQY": "South West London and St George's Mental Health NHS Trust",
}


def test_every_london_court_and_no_other_is_listed_by_its_published_code() -> None:
    listed = {e.code: (e.label, " ".join(sorted(e.aliases))) for e in load("courts").entries}
    assert listed == COURTS
    today = {e.code for e in load("courts").current(TODAY)}
    assert COURTS.keys() - today == {"C01BL"}, "Blackfriars is closed, every other court sits"


def test_every_custody_place_of_the_four_forces_is_listed() -> None:
    entries = load("custody_suites").entries
    listed = {e.code: (e.label, e.extras["force"], e.extras["opening"]) for e in entries}
    assert listed == SUITES
    assert {e.code for e in load("custody_suites").current(TODAY)} == SUITES.keys()
    forces = {e.code: e.label for e in load("police_forces").entries}
    assert forces == {
        "01": "Metropolitan Police Service",
        "48": "City of London Police",
        "93": "British Transport Police",
    }


def test_every_mental_health_trust_of_london_is_listed_by_its_code() -> None:
    current = {e.code: e.label for e in load("trusts").current(TODAY)}
    assert current.items() >= TRUSTS.items()


def test_every_force_has_a_custody_place_and_none_is_called_verified() -> None:
    suites = load("custody_suites").entries
    assert {entry.extras["force"] for entry in suites} == {"01", "48", "93"}
    assert any("Marine" in entry.label and entry.extras["force"] == "01" for entry in suites)
    assert not any(entry.verified for entry in suites)


@pytest.mark.parametrize(
    ("ndelius", "nhs"), [("W1", "A"), ("W3", "C"), ("W5", "C"), ("O2", "S"), ("A4", "R")]
)
def test_ethnicity_crosswalk(ndelius: str, nhs: str) -> None:
    entry = load("ethnicity_ndelius").get(ndelius)
    assert entry is not None and entry.extras["nhs_code"] == nhs


def test_the_national_ethnic_category_has_sixteen_and_not_stated_and_unknown() -> None:
    entries = load("ethnic_category").entries
    assert "".join(e.code for e in entries if not e.extras["absence"]) == "ABCDEFGHJKLMNPRS"
    absent = {e.extras["absence"]: e.code for e in entries if e.extras["absence"]}
    assert absent == {"declined": "Z", "unknown": "99"}


def test_languages() -> None:
    languages = load("languages")
    assert sum(len(entry.code) == 2 and entry.code[0] != "q" for entry in languages.entries) >= 183
    sign = languages.get("q4")
    assert sign is not None and sign.label == "British Sign Language"
    right_to_left = {e.code for e in languages.entries if e.extras["direction"] == "rtl"}
    assert {"ar", "fa", "he", "ur", "ps"} <= right_to_left
    assert not {"en", "so", "pl"} & right_to_left
    assert sum(entry.extras["common_in_london"] == "true" for entry in languages.entries) >= 60


@pytest.mark.parametrize(
    "name",
    ["communication_support", "contact_method", "professional_required", "information_format"],
)
def test_accessibility_lists_wait_for_their_snomed_codes(name: str) -> None:
    assert {entry.extras["snomed"] for entry in load(name).entries} == {""}


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_what_is_offered_can_be_read_back(day: date) -> None:
    for name in ("courts", "trusts"):
        shipped = load(name)
        for code, label in shipped.choices(day):
            entry = shipped.get(code, on=day)
            assert entry is not None and entry.label == label
            assert entry.valid_to is None or day < entry.valid_to + timedelta(days=1)


def test_only_who_sees_him_in_custody_or_at_court_must_say_where() -> None:
    needed = {e.code for e in load("source_of_referral").entries if e.extras["place"] == "needed"}
    assert needed == {"ld"}
