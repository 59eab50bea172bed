"""The document on the disclosure wall is written from its rows: `./run fix` does it."""

from collections.abc import Iterator
from pathlib import Path

from mhtr.wall.items import ITEMS
from mhtr.wall.kinds import EACH_TIME, SIDE_WORDS, SIDES, Basis, Default, Holder, Item, Sees
from mhtr.wall.words import IN_REPORTS_WORDS
from tests.fitness.walls import NOT_IN_PROGRAM

PAGE = Path(__file__).parents[2] / "docs/assurance/wall.md"
BEGIN, END = "<!-- written from the rows -->\n", "<!-- end -->\n"
_SEES = {Sees.YES: "yes", Sees.PART: "part", Sees.ON_REQUEST: "if he asks", Sees.NO: "–"}
_HOLDERS = {
    Holder.SERVICE: "the service",
    Holder.PROBATION: "probation",
    Holder.COURT: "the court",
    Holder.REFERRER: "whoever wrote it",
}
_BASES = {
    Basis.ORDER: "the order: told, not asked",
    Basis.CONSENT: "consent",
    Basis.EXCEPTION: "logged exception",
    Basis.OWN: "own record",
}
_DEFAULTS = {
    Default.GOES: "goes",
    Default.ASKED: "nothing until he agrees",
    Default.EACH_TIME: "asked or decided each time",
    Default.STAYS: "stays",
}
_CONSENTS = {
    "": "",
    EACH_TIME: ", each time",
    "assessment": " to the assessment and report",
    "gp": " to telling his GP",
    "sharing_more": " to telling probation more",
}


def _row(cells: Iterator[str] | list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _who(one: Item) -> str:
    return _row([one.name, *(_SEES[one.seen.by(side)] for side in SIDES)])


def _why(one: Item) -> str:
    basis = _BASES[one.basis] + _CONSENTS[one.consent]
    confirmed = "" if one.confirmed or one.basis is Basis.OWN else " **Unconfirmed.**"
    stops = "yes" if one.withdrawal_stops else "no"
    where = NOT_IN_PROGRAM.get(one.key)
    missing = f" Not in the program: {where}." if where else ""
    return _row(
        [
            one.name,
            _HOLDERS[one.holder],
            one.purpose,
            basis,
            f"{one.rests_on}{confirmed}{missing}",
            _DEFAULTS[one.default],
            stops,
            IN_REPORTS_WORDS[one.in_reports],
        ]
    )


def tables() -> str:
    """Both tables: who sees what, and why."""
    who = ["Item", *(SIDE_WORDS[side] for side in SIDES)]
    why = [
        "Item ",
        "Held by",
        "Purpose",
        "Basis",
        "It rests on",
        "Default",
        "Withdrawal stops it",
        "In compliance reports",
    ]
    lines = ["## Who sees what", "", _row(who), "|---" * len(who) + "|"]
    lines += [_who(one) for one in ITEMS]
    lines += ["", "## Why", "", _row(why), "|---" * len(why) + "|"]
    lines += [_why(one).replace(f"| {one.name} |", f"| **{one.name}** |", 1) for one in ITEMS]
    return "\n".join(lines) + "\n"


def written(page: str) -> str:
    """The document with tables of today; what stands around them stays."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE} has no place for the tables")
    return f"{before}{BEGIN}{tables()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
