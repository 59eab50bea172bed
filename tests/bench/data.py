"""The databases to measure: the demonstration's programme, with years of records behind it."""

import shutil
import sys
import time
from pathlib import Path

from mhtr.core import clock
from mhtr.core.clock import LONDON
from mhtr.core.transaction import writing
from mhtr.demo import bulk
from mhtr.demo.build import fingerprint, make, settle
from mhtr.demo.databases import application, hurry
from mhtr.demo.programme import MOST_PLAYED


def database(folder: Path, people: int) -> str:
    """The address of a database of about so many people in a folder, made where it is missing.

    Its name says of which day and schema it is: live cases lie around the day of the making.
    """
    now = clock.now()
    day = now.astimezone(LONDON).date()
    mark = f"{fingerprint()}-{day.isoformat()}"
    played, wanted = folder / f"played-{mark}.sqlite", folder / f"{people}-{mark}.sqlite"
    if not wanted.exists():
        begun = time.perf_counter()
        if not played.exists():
            with application(_url(_draft(played))):
                hurry()
                make(now, MOST_PLAYED)
            settle(_draft(played)).replace(played)
        shutil.copyfile(played, _draft(wanted))
        with application(_url(_draft(wanted))):
            hurry()
            with writing():
                bulk.multiply(people, day)
        settle(_draft(wanted)).replace(wanted)
        print(f"{people} people made in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return _url(wanted)


def _draft(file: Path) -> Path:
    return file.with_suffix(".draft")


def _url(file: Path) -> str:
    return f"sqlite:///{file.resolve()}"
