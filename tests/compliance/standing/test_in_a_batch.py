"""The benchmark of standings folds what it made: every order, by its own facts."""

from pathlib import Path

from tests.bench import standings
from tests.bench.__main__ import _app


def test_every_order_of_the_benchmark_is_folded(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'orders.sqlite'}"
    standings.make(url, 60)
    app = _app(url)
    with app.app_context():
        found = standings.batch(range(1, 61))
        rows = standings.bare(range(1, 61))
    assert set(found) == set(range(1, 61)) and len(set(found.values())) >= 3
    assert rows >= 60 * (2 + 2 * standings.SESSIONS)
    assert standings.measure(app, 60).ratio > 1
