"""The page on controls is written from their rows: `./run fix` does it, a test compares."""

from pathlib import Path

from tests.faults.controls.control import Control
from tests.faults.controls.table import CONTROLS

PAGE = Path(__file__).parents[3] / "docs/assurance/controls.md"
HEAD = "| Control | Where | Test |\n|---|---|---|\n"


def row(control: Control) -> str:
    """A control as the page names it."""
    tests = ", ".join(f"`{test}`" for test in control.test.split())
    return f"| {control.name} | `{control.path}` | {tests} |"


def written(page: str) -> str:
    """The page with a row for every control and for no other.

    Rows that are right stay where they are, and so does what stands around the table. A new row
    follows that of the control before it.
    """
    before, head, table = page.partition(HEAD)
    if not head:
        raise ValueError(f"{PAGE} has no table of controls")
    old, end, after = table.partition("\n\n")
    wanted = [row(control) for control in CONTROLS]
    rows = [line for line in dict.fromkeys(old.splitlines()) if line in set(wanted)]
    for number, line in enumerate(wanted):
        if line not in rows:
            rows.insert(rows.index(wanted[number - 1]) + 1 if number else 0, line)
    return before + head + "\n".join(rows) + (end or "\n") + after


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
