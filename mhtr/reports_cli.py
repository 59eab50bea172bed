"""`mhtr report`: reports for a scheduler of whoever runs the program."""

import argparse
import os
import sys
import uuid
from pathlib import Path

import config as settings
from mhtr.app import create_app
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.probation.reports import console
from mhtr.probation.reports.files import FORMATS

MADE, NOTHING_MADE = 0, 1
"""Exit statuses."""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the sub-commands to those of `mhtr`."""
    report = commands.add_parser("report", help="write a report to a file")
    kinds = report.add_subparsers(required=True)
    words = "attendance and probation's own record, of one man or of an officer's caseload"
    kind = kinds.add_parser("compliance", help=words, description=words)
    about = kind.add_mutually_exclusive_group(required=True)
    about.add_argument("--case", type=uuid.UUID, metavar="REF", help="as in the case's address")
    about.add_argument("--officer", metavar="EMAIL", help="the name he signs in with")
    kind.add_argument("--format", choices=sorted(FORMATS), default="pdf")
    kind.add_argument("--out", type=Path, required=True, metavar="FILE")
    kind.set_defaults(command=_compliance)


def _compliance(args: argparse.Namespace) -> int:
    app = create_app(settings.load(os.environ))
    with app.app_context():
        try:
            officer = console.officer_of(args.case) if args.case else console.officer(args.officer)
            made = console.compiled(officer, args.case, args.format)
            db.session.rollback()  # nothing is open while others write
            with writing():
                console.release(officer, made)
        except (NotFound, Refused) as refusal:
            print(str(refusal) or console.NOBODY, file=sys.stderr)
            return NOTHING_MADE
    # Readable by whoever runs the program alone; never half a file under the name that was given.
    draft = args.out.with_name(f"{args.out.name}.part")
    draft.touch(mode=0o600)
    draft.write_bytes(made.file)
    draft.replace(args.out)
    return MADE
