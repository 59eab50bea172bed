"""`./run bench`: what each list and form page costs, as a multiple of a hand-written page.

Figures are ratios to the reference measured in the same run; milliseconds are printed beside
them for orientation only.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
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
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.bench import reference
from tests.bench.data import database
from tests.bench.pages import pages_of
from tests.bench.pdf import measure_pdf

SIZES = (5_000, 50_000)
MOST, GROWTH = 2.0, 1.3


@dataclass(frozen=True)
class Figure:
    """One page at one size: milliseconds and the multiple of the reference."""

    milliseconds: float
    ratio: float


def main() -> int:
    """Measure and print; the exit status says whether every aim is met."""
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--data", type=Path, help="keep the databases here, for the next time")
    args = parser.parse_args()
    figures: dict[str, list[Figure]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in args.sizes:
            url = database(args.data or Path(folder), size)
            for name, figure in measure(url, args.rounds).items():
                figures.setdefault(name, []).append(figure)
    missed = show(figures, args.sizes)
    pdf = measure_pdf(args.rounds)
    print(f"\nReport PDF: {pdf.milliseconds:.1f} ms, {pdf.ratio:.2f}× a bare one-page compile")
    return 1 if missed or pdf.ratio > 4 else 0


def measure(url: str, rounds: int) -> dict[str, Figure]:
    """Every page of every role on one database."""
    app = create_app(settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": url}))
    app.config["WTF_CSRF_ENABLED"] = False
    app.register_blueprint(reference.bp)
    found: dict[str, Figure] = {}
    with app.app_context():
        for role in Role:
            client = signed_in(app, role)
            if client is None:
                continue
            base = median(client, reference.PATH, rounds)
            found[f"{role.value} reference"] = Figure(base, 1.0)
            for path in pages_of(app, client, role):
                spent = median(client, path.address, rounds)
                found[f"{role.value} {path.name}"] = Figure(spent, spent / base)
        db.session.remove()
        db.engine.dispose()
    return found


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


def median(client: FlaskClient, path: str, rounds: int) -> float:
    """Milliseconds of a warm GET, the median of the rounds."""
    return statistics.median(_times(lambda: client.get(path), rounds))


def _times(call: Callable[[], object], rounds: int) -> list[float]:
    for _ in range(3):
        call()
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        spent.append((time.perf_counter() - begun) * 1000)
    return spent


def show(figures: dict[str, list[Figure]], sizes: list[int]) -> int:
    """Print the table, worst last; returns how many pages miss an aim."""
    missed = 0
    head = " ".join(f"{size:>9,} people".rjust(18) for size in sizes)
    print(f"{'page':<58}{head}  growth")
    for name, row in sorted(figures.items(), key=lambda item: item[1][-1].ratio):
        cells = " ".join(f"{f.milliseconds:8.1f} ms {f.ratio:5.2f}×" for f in row)
        growth = row[-1].milliseconds / row[0].milliseconds
        late = row[-1].ratio > MOST or growth > GROWTH
        missed += late
        print(f"{name:<58}{cells}  {growth:5.2f}×{'  MISSED' if late else ''}")
    print(f"\n{missed} of {len(figures)} miss the aim of {MOST}× and {GROWTH}× growth")
    return missed


if __name__ == "__main__":
    sys.exit(main())
