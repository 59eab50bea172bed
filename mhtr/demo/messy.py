"""The export of an L&D case system as it might arrive: mostly good, with every usual fault.

`python -m mhtr.demo.messy` writes the shipped file anew. It is made around a Monday; the
demonstration moves its dates by whole weeks, so that what was next week stays next week.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from mhtr.demo.men import LANGUAGES, Man, Men

SHIPPED_MONDAY = date(2026, 11, 16)
SHIPPED_ROWS = 250
SEED = 41
BATCH_DAYS = (-54, -47, -40, -33, -26, -19, -12, -5)
"""The export is sent every Wednesday: days from the Monday of the week shown."""

COLUMNS = (
    "external_reference", "safety", "told_whom", "told_at", "given_name", "family_name", "born",
    "age", "nhs_number", "crn", "also_known_as", "source", "place", "stage", "court", "hearing_on",
    "hearing_purpose", "psr_kind", "vulnerabilities", "need", "risk", "urgency", "notes",
    "identified_on", "screened_on", "assessed_on", "stages_by", "willing", "agreed_how",
    "agreed_on", "able_to_agree", "phone", "safe_to_text", "language", "interpreter",
)  # fmt: skip
DATED = ("hearing_on", "identified_on", "screened_on", "assessed_on", "agreed_on", "told_at")

WEST = ("B01IX", "B01IX", "B01IX", "C01IS", "B01FA", "B01NM")
ELSEWHERE = (
    "B01DU",
    "B01GU",
    "C01WG",
    "B01ND",
    "C01SN",
    "B01LA",
    "C01WL",
    "C01IL",
    "B01EF",
    "C01KT",
)
SUITES = {
    "west": ("met-charing-cross", "met-hounslow", "met-acton", "met-wembley", "met-heathrow"),
    "else": ("met-islington", "met-forest-gate", "met-brixton", "met-croydon", "met-lewisham"),
}
STAGES = (
    ("guilty_plea", 42), ("awaiting_sentence", 14), ("found_guilty", 8), ("charged", 16),
    ("under_investigation", 8), ("not_guilty_plea", 6), ("", 6),
)  # fmt: skip
NEEDS = (
    "anxiety;depression", "depression", "trauma;anxiety", "anxiety;alcohol", "depression;housing",
    "trauma;depression;drugs", "anxiety;adhd", "depression;bereavement", "trauma;veteran",
    "anxiety;debt;employment", "depression;no-gp;homeless", "anxiety;isolation", "",
)  # fmt: skip
NOTES = (
    "", "", "", "Prefers the afternoon.", "Asked for a man to see him if possible.",
    "Carer for his mother; mornings are difficult.", "Low mood since he lost his job.",
    "Sleeping badly, panic on the tube – wants help.", "Has his own interpreter’s number.",
    "Wants letters, not texts.", "No settled address at present.",
)  # fmt: skip

Row = dict[str, str]


def rows(count: int, monday: date, seed: int = SEED) -> list[Row]:
    """So many rows in the order of the batches, faults included, around a Monday."""
    men = Men(seed, monday)
    made: list[Row] = []
    for number in range(count):
        day = monday + timedelta(days=BATCH_DAYS[number * len(BATCH_DAYS) // count])
        made.append(_row(men, men.next(), day, f"LD{seed}-{number + 1:05d}"))
    _meet_again(men, made, monday)
    for number, row in enumerate(made):
        fault = FAULTS.get(number // 2 % 62) if number % 2 == 0 else None
        if fault is not None:
            fault(row)
    return made


def batches(made: list[Row]) -> Iterator[tuple[int, list[Row]]]:
    """The rows of each batch with its day, counted from the Monday."""
    for number, days in enumerate(BATCH_DAYS):
        yield (
            days,
            [
                row
                for place, row in enumerate(made)
                if place * len(BATCH_DAYS) // len(made) == number
            ],
        )


def _row(men: Men, man: Man, day: date, reference: str) -> Row:
    chance = men.chance
    side = "west" if chance.random() < 0.6 else "else"
    stage = chance.choices([s for s, _ in STAGES], [w for _, w in STAGES])[0]
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "external_reference": reference,
        "safety": "safe" if chance.random() < 0.95 else "not_known",
        "given_name": man.given,
        "family_name": man.family,
        "born": man.born.isoformat(),
        "nhs_number": man.nhs_number if chance.random() < 0.7 else "",
        "crn": man.crn if chance.random() < 0.55 else "",
        "source": "ld",
        "place": chance.choice(SUITES[side]),
        "stage": stage,
        "vulnerabilities": chance.choice(NEEDS),
        "need": chance.choice(("low", "medium", "medium", "high", "not_known")),
        "risk": chance.choice(("low", "low", "medium", "not_known")),
        "urgency": chance.choice(("routine", "routine", "routine", "soon")),
        "notes": chance.choice(NOTES),
        "identified_on": (day - timedelta(days=2)).isoformat(),
        "screened_on": (day - timedelta(days=1)).isoformat(),
        "stages_by": chance.choice(("Marsha Delgado", "Sinead Corrigan", "")),
        "phone": man.phone if chance.random() < 0.85 else "",
        "safe_to_text": chance.choice(("yes", "yes", "no", "unknown")),
    }
    _consent(men, row, day)
    if stage not in ("", "under_investigation"):
        _hearing(men, row, day, side)
    if man.group in LANGUAGES and chance.random() < 0.6:
        row |= {"language": LANGUAGES[man.group], "interpreter": chance.choice(("yes", "no"))}
    return row


def _consent(men: Men, row: Row, day: date) -> None:
    row["willing"] = men.chance.choices(
        ("willing", "unsure", "not_willing", "not_asked"), (86, 6, 3, 5)
    )[0]
    if row["willing"] == "willing":
        row |= {
            "agreed_how": men.chance.choice(("face_to_face", "face_to_face", "video")),
            "agreed_on": (day - timedelta(days=1)).isoformat(),
            "able_to_agree": "yes",
        }


def _hearing(men: Men, row: Row, day: date, side: str) -> None:
    chance = men.chance
    row["court"] = chance.choice(WEST if side == "west" else ELSEWHERE)
    if chance.random() < 0.9:
        on = day + timedelta(days=chance.randrange(14, 56))
        on -= timedelta(days=max(0, on.weekday() - 4))
        sentence = row["stage"] in ("guilty_plea", "found_guilty", "awaiting_sentence")
        row |= {
            "hearing_on": on.isoformat(),
            "hearing_purpose": "sentence" if sentence else "plea",
            "psr_kind": chance.choice(("short", "standard", "standard", "oral", ""))
            if sentence
            else "",
        }


def _meet_again(men: Men, made: list[Row], monday: date) -> None:
    """Put duplicates, twins, a father and a son, and namesakes among the rows."""
    for start in range(0, len(made) - 24, 50):
        again, first = made[start + 20], made[start + 4]
        again |= {
            "given_name": first["given_name"][:1] + first["given_name"][1:].replace("e", "a", 1),
            "family_name": first["family_name"].upper(),
            "born": first["born"],
            "nhs_number": first["nhs_number"],
            "crn": first["crn"],
        }
        twin, other = made[start + 6], made[start + 7]
        other |= {"family_name": twin["family_name"], "born": twin["born"]}
        father, son = made[start + 9], made[start + 15]
        born = date.fromisoformat(father["born"])
        son |= {"given_name": father["given_name"], "family_name": father["family_name"]}
        # The one born later is the son, whichever row he is in; both are of age.
        father["born"] = born.replace(year=monday.year - 52, day=min(born.day, 28)).isoformat()
        son["born"] = born.replace(year=monday.year - 24, day=min(born.day, 28)).isoformat()
        conflict, holder = made[start + 22], made[start + 11]
        conflict |= {"nhs_number": holder["nhs_number"], "born": holder["born"]}


def _swap(row: Row, column: str) -> None:
    digits = row[column] or "9990000018"
    row[column] = digits[:-1] + str((int(digits[-1]) + 1) % 10)


def _slashed(row: Row) -> None:
    row["born"] = f"{date.fromisoformat(row['born']):%d/%m/%Y}"


def _written(row: Row) -> None:
    row["born"] = f"{date.fromisoformat(row['born']):%d %b %Y}"


FAULTS: dict[int, Callable[[Row], None]] = {
    1: lambda row: row.update(born="31/02/1990"),
    3: lambda row: _swap(row, "nhs_number"),
    5: lambda row: row.update(family_name=f"{row['family_name']}   "),
    8: _slashed,
    10: lambda row: row.update(court="Old Bailey annexe"),
    12: lambda row: row.update(nhs_number=re.sub(r"^(...)(...)", r"\1 \2 ", row["nhs_number"])),
    13: lambda row: row.update(family_name=""),
    14: lambda row: row.update(court=f"{row['court']}00" if row["court"] else ""),
    17: lambda row: row.update(family_name=row["family_name"].replace("'", "’").replace("-", "–")),
    18: lambda row: row.update(phone="07O0 9OO 12"),
    19: lambda row: row.update(given_name=row["given_name"].upper(), source="LD", safety="SAFE"),
    23: lambda row: row.update(safety=""),
    25: _written,
    27: lambda row: row.update(phone=row["phone"].replace("07700", "+44 (0)7700")),
    29: lambda row: row.update(willing="Yes"),
    31: lambda row: row.update(born="1900-01-00"),
    33: lambda row: row.update(vulnerabilities="anxiety; depression ;anxiety"),
    36: lambda row: row.update(born="", age="34"),
    38: lambda row: row.update(crn="X12345"),
    41: lambda row: row.update(hearing_on="tbc"),
    44: lambda row: row.update(notes="Line one\r\nline two, with a comma and a “quote”"),
    46: lambda row: row.update(external_reference="LD41-00001"),
    48: lambda row: row.update(place="Kensington nick"),
}  # fmt: skip
"""What is wrong or odd with a row, by half its place among 124."""


def write(made: list[Row]) -> bytes:
    """The file: a byte order mark, Windows line ends, some stray blanks."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in made:
        writer.writerow([row[column] for column in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read(content: bytes) -> list[Row]:
    """The rows of the shipped file."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def moved(made: list[Row], by: timedelta) -> list[Row]:
    """The rows with the dates of the programme moved; birth dates and faults stay."""
    return [{k: _moved(v, by) if k in DATED else v for k, v in row.items()} for row in made]


def _moved(cell: str, by: timedelta) -> str:
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(.*)", cell)
    return f"{date.fromisoformat(match[1]) + by}{match[2]}" if match else cell


if __name__ == "__main__":
    file = Path(__file__).parent / "data" / "referrals.csv"
    file.write_bytes(write(rows(SHIPPED_ROWS, SHIPPED_MONDAY)))
