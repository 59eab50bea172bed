"""`./run bench`: what each list and form page costs, as a multiple of a hand-written page.

Figures are ratios to the reference measured in the same run, by the clock and in processor time.
Processor time is the same again where the machine has other work to do; it leaves out waiting
for the disk. Milliseconds are printed for orientation only.
"""

import argparse
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

import config as settings
from mhtr.accounts import sessions
from mhtr.accounts.demo_routes import demo_staff
from mhtr.accounts.gate import cookie_name
from mhtr.app import create_app
from mhtr.core.access import Role
from mhtr.core.transaction import writing
from tests.bench import batch, booking, measures, officers, reference, standings
from tests.bench.data import database
from tests.bench.pages import pages_of
from tests.bench.pdf import measure_caseload, measure_pdf
from tests.bench.planning import measure_planning

SIZES = (5_000, 50_000)
MOST, GROWTH = 2.0, 1.3
WARM = 3
"""First rounds, which do not count."""


@dataclass(frozen=True)
class Spent:
    """Milliseconds by the clock and of processor time: each the median of its rounds."""

    clock: float
    processor: float


@dataclass(frozen=True)
class Figure:
    """One page at one size: the time it took, and the reference's beside it."""

    page: Spent
    reference: Spent

    @property
    def ratio(self) -> float:
        """The multiple of the reference, by the clock."""
        return self.page.clock / self.reference.clock

    @property
    def processor_ratio(self) -> float:
        """The multiple of the reference, in processor time."""
        return self.page.processor / self.reference.processor


def main() -> int:
    """Measure and print; the exit status says whether every aim is met."""
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--data", type=Path, help="keep the databases here, for the next time")
    parser.add_argument("--only-files", action="store_true", help="scoring of files, no pages")
    parser.add_argument("--only-planning", action="store_true", help="the planner, no pages")
    parser.add_argument("--only-booking", action="store_true", help="times and series, no pages")
    parser.add_argument("--only-measures", action="store_true", help="charts, pages of measures")
    parser.add_argument("--only-standings", action="store_true", help="where orders stand")
    parser.add_argument("--only-officers", action="store_true", help="an officer with sixty men")
    parser.add_argument(
        "--pages",
        type=re.compile,
        default=re.compile(""),
        metavar="PATTERN",
        help='only pages whose role and address match this, such as "probation /requests"',
    )
    args = parser.parse_args()
    if args.only_files:
        return int(_batch_misses())
    if args.only_planning:
        return int(_planning_misses())
    if args.only_booking:
        return int(_booking_misses(args.rounds))
    if args.only_standings:
        return int(_standings_miss())
    with tempfile.TemporaryDirectory() as folder:
        kept: Path = args.data or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        urls = [database(kept, size) for size in args.sizes]
        if args.only_measures:
            return int(_measures_miss(urls[0], Path(folder), args.rounds))
        if args.only_officers:
            return int(_officers_miss(urls[-1], Path(folder), args.rounds))
        figures = measure(urls, args.rounds, args.pages)
        slow = not args.pages.pattern and any(
            [
                _measures_miss(urls[0], Path(folder), args.rounds),
                _officers_miss(urls[-1], Path(folder), args.rounds),
            ]
        )
    if not figures:
        parser.error(f"no page matches {args.pages.pattern}")
    missed = show(figures, args.sizes)
    if args.pages.pattern:
        return 1 if missed else 0
    pdf = measure_pdf(args.rounds)
    print(f"\nReport PDF: {pdf.milliseconds:.1f} ms, {pdf.ratio:.2f}× a bare one-page compile")
    caseload = measure_caseload(min(args.rounds, 9))
    print(
        f"Caseload report PDF, 60 men: {caseload.milliseconds:.0f} ms, "
        f"{caseload.ratio:.2f}× a bare compile of as many pages"
    )
    behind = [_batch_misses(), _planning_misses(), _booking_misses(args.rounds), _standings_miss()]
    return 1 if missed or slow or pdf.ratio > 4 or caseload.ratio > 6 or any(behind) else 0


def _planning_misses() -> bool:
    """Print how near the best plans the planner comes in its time; whether an aim is missed."""
    figures = measure_planning()
    for figure in figures:
        print(figure.words)
    return any(figure.missed for figure in figures)


def _booking_misses(rounds: int) -> bool:
    """Print what finding a time and checking a series cost; whether an aim is missed."""
    with tempfile.TemporaryDirectory() as folder:
        figures = booking.measure_booking(Path(folder), rounds)
    for figure in figures:
        print(figure.words)
    return any(figure.missed for figure in figures)


def _standings_miss() -> bool:
    """Print what it costs to say where many orders stand; whether that is too much."""
    with tempfile.TemporaryDirectory() as folder:
        figure = standings.measure_standings(Path(folder), _app)
    print(
        f"Where {standings.ORDERS:,} orders stand: {figure.orders_a_second:,.0f} a second, "
        f"{figure.ratio:.2f}× ({figure.processor_ratio:.2f}×p) reading the same rows bare "
        f"(aim: {standings.MOST:g}×)"
    )
    return figure.ratio > standings.MOST


def _batch_misses() -> bool:
    """Print what scoring a file costs beside copying it; whether that is too much."""
    with tempfile.TemporaryDirectory() as folder:
        figure = batch.measure_batch(Path(folder), rounds=5)
    print(
        f"Scoring a file: {figure.rows_a_second:,.0f} rows a second, {figure.ratio:.2f}× "
        f"({figure.processor_ratio:.2f}×p) a bare copy of it"
    )
    return figure.ratio > batch.MOST


def measure(urls: list[str], rounds: int, wanted: re.Pattern[str]) -> dict[str, list[Figure]]:
    """Every wanted page of every role on each database, smallest first."""
    apps = [_app(url) for url in urls]
    found: dict[str, list[Figure]] = {}
    for role in Role:
        sides = [side for app in apps if (side := _side(app, role)) is not None]
        if len(sides) < len(apps):
            continue
        bases: list[list[Spent]] = [[] for _ in apps]
        for name in sides[0].pages:
            if not wanted.search(f"{role.value} {name}"):
                continue
            if any(name not in side.pages for side in sides):
                continue
            gets = [(s.client, path) for s in sides for path in (s.pages[name], reference.PATH)]
            spent = medians(gets, rounds)
            pairs = list(zip(spent[::2], spent[1::2], strict=True))
            found[f"{role.value} {name}"] = [Figure(page, base) for page, base in pairs]
            for kept, (_, base) in zip(bases, pairs, strict=True):
                kept.append(base)
        if all(bases):
            middle = [_median(kept) for kept in bases]
            found[f"{role.value} reference"] = [Figure(base, base) for base in middle]
    return found


def _measures_miss(url: str, folder: Path, rounds: int) -> bool:
    """Print what charts and pages of measures cost, on a copy; whether an aim is missed."""
    copy = folder / "measures.sqlite"
    shutil.copyfile(url.removeprefix("sqlite:///"), copy)
    app = _app(f"sqlite:///{copy}")
    app.register_blueprint(measures.bp)
    with app.app_context():
        measures.caseload()
        client = signed_in(app, Role.ASSESSOR)
    if client is None:
        raise RuntimeError("the programme has no assessor")
    aims = [measures.drawing(rounds), *measures.pages(app, client, reference.PATH, rounds)]
    for aim in aims:
        print(f"{aim.name}: {aim.words}")
    return any(aim.missed for aim in aims)


def _officers_miss(url: str, folder: Path, rounds: int) -> bool:
    """Print what pages of an officer with sixty men cost, on a copy; whether one is too much."""
    copy = folder / "officers.sqlite"
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as kept:
        with closing(sqlite3.connect(copy)) as made:
            kept.backup(made)
    app = _app(f"sqlite:///{copy}")
    people = officers.caseload(app)
    with app.app_context():
        client = signed_in(app, Role.PROBATION)
    if client is None:
        raise RuntimeError("the programme has no officer of probation")
    paths = (*officers.PATHS, reference.PATH)
    *spent, beside = medians([(client, path) for path in paths], rounds)
    figures = [Figure(one, beside) for one in spent]
    for path, figure in zip(officers.PATHS, figures, strict=True):
        print(
            f"{path} of an officer with {people} men: {figure.ratio:.2f}× "
            f"({figure.processor_ratio:.2f}×p) the reference (aim: {officers.MOST:g}×)"
        )
    return people < officers.PEOPLE or any(one.ratio > officers.MOST for one in figures)


@dataclass(frozen=True)
class Side:
    """A role signed in to one database, and the addresses of the pages that answer it."""

    client: FlaskClient
    pages: dict[str, str]


def _app(url: str) -> Flask:
    app = create_app(settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": url}))
    app.config["WTF_CSRF_ENABLED"] = False
    app.register_blueprint(reference.bp)
    return app


def _side(app: Flask, role: Role) -> Side | None:
    with app.app_context():
        client = signed_in(app, role)
        if client is None:
            return None
        return Side(client, {page.name: page.address for page in pages_of(app, client, role)})


def signed_in(app: Flask, role: Role) -> FlaskClient | None:
    """A client of the role's face, where the programme has one."""
    face = demo_staff().get(role)
    if face is None:
        return None
    with writing():
        token = sessions.begin(face)
    client = app.test_client()
    client.set_cookie(cookie_name(app), token)
    return client


def medians(gets: list[tuple[FlaskClient, str]], rounds: int) -> list[Spent]:
    """What a warm GET of each took, the median of the rounds.

    They take turns, so that whatever else the machine does slows them alike.
    """
    spent: list[list[Spent]] = [[] for _ in gets]
    for number in range(rounds + WARM):
        for (client, path), times in zip(gets, spent, strict=True):
            begun, worked = time.perf_counter(), time.process_time()
            client.get(path)
            took = Spent(
                (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000
            )
            if number >= WARM:
                times.append(took)
    return [_median(times) for times in spent]


def _median(times: list[Spent]) -> Spent:
    return Spent(
        statistics.median(took.clock for took in times),
        statistics.median(took.processor for took in times),
    )


def show(figures: dict[str, list[Figure]], sizes: list[int]) -> int:
    """Print the table, worst last; returns how many pages miss an aim by the clock.

    Beside each figure by the clock stands the same in processor time, after a "p".
    """
    missed = 0
    head = " ".join(f"{size:,} people".rjust(28) for size in sizes)
    print(f"{'page':<58}{head}  growth")
    for name, row in sorted(figures.items(), key=lambda item: item[1][-1].processor_ratio):
        cells = " ".join(
            f"{f.page.clock:7.1f} ms {f.ratio:5.2f}× {f.processor_ratio:5.2f}×p  " for f in row
        )
        growth = row[-1].page.clock / row[0].page.clock
        worked = row[-1].page.processor / row[0].page.processor
        late = row[-1].ratio > MOST or growth > GROWTH
        missed += late
        mark = "  MISSED" if late else ""
        print(f"{name:<58}{cells}{growth:5.2f}× {worked:5.2f}×p{mark}")
    print(f"\n{missed} of {len(figures)} miss the aim of {MOST}× and {GROWTH}× growth")
    return missed


if __name__ == "__main__":
    sys.exit(main())
