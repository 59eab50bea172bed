"""What a control is, and how it is taken out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Control:
    """One control of the program.

    `old` stands once in the file; with `new` in its place the control is gone, and `test` fails.
    """

    name: str
    path: str
    old: str
    new: str
    test: str
