"""`mhtr measures`: scores and classes for whole files of analysts; no database is opened."""

import argparse
import sys
from pathlib import Path

import click

from outcome_measures.batch.change import ChangeRows
from outcome_measures.batch.convert import CannotStart, Report, Rows, convert
from outcome_measures.batch.scoring import ScoreRows

ALL_GOOD, SOME_BAD, NOTHING_DONE = 0, 1, 2
"""Exit statuses."""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the sub-commands to those of `mhtr`."""
    measures = commands.add_parser("measures", help="score and classify files of questionnaires")
    kinds = measures.add_subparsers(required=True)
    for name, words, rows in (
        ("score", "score forms: columns measure and items", ScoreRows()),
        (
            "change",
            "classify first and last totals by the NHS Talking Therapies rules",
            ChangeRows(),
        ),
    ):
        kind = kinds.add_parser(name, help=words, description=words)
        kind.add_argument("input", type=Path, metavar="IN.csv")
        kind.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.csv")
        kind.set_defaults(command=_convert, rows=rows)


def _convert(args: argparse.Namespace) -> int:
    rows: Rows = args.rows
    source, target = args.input, args.output
    watched = sys.stderr.isatty()
    # Clears the bar's line; the bar draws itself anew below.
    clear = "\r\x1b[K" if watched else ""
    try:
        size = source.stat().st_size if source.is_file() else 0
        with click.progressbar(
            length=size, label=source.name, file=sys.stderr, hidden=not watched
        ) as bar:
            done = 0

            def on_bytes(position: int) -> None:
                nonlocal done
                bar.update(position - done)
                done = position

            def on_bad(line: int, reason: str) -> None:
                print(f"{clear}line {line}: {reason}", file=sys.stderr)

            report = Report(on_bad, on_bytes)
            convert(source, target, rows, report)
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return NOTHING_DONE
    counted = "1 row" if report.rows == 1 else f"{report.rows} rows"
    print(f"{counted} written to {target}, {report.bad} of them bad.", file=sys.stderr)
    return SOME_BAD if report.bad else ALL_GOOD
