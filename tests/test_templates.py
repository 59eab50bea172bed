"""A template is made into Python once for all apps, and again when it has changed."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import DictLoader

from mhtr.web import templating
from tests.databases import app_on
from tests.templates import FOLDER, Remembering

made: list[str] = []


class Counting(Remembering):
    """Notes what it makes."""

    def compile(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        made.append(source)
        return super().compile(source, *args, **kwargs)


def said(source: str) -> str:
    environment = Counting(Flask(__name__), loader=DictLoader({"page": source}))
    return environment.get_template("page").render(name="Tunde")


def test_made_once_and_again_when_it_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    made.clear()
    assert [said("Dear {{ name }}"), said("Dear {{ name }}")] == ["Dear Tunde", "Dear Tunde"]
    assert made == ["Dear {{ name }}"]
    assert said("Hello {{ name }}") == "Hello Tunde"
    assert len(made) == 2


def test_apps_of_tests_remember(tmp_path: Path) -> None:
    app = app_on(f"sqlite:///{tmp_path / 'none.sqlite'}")
    assert isinstance(app.jinja_env, templating.TwoReadings)
    assert app.jinja_env.bytecode_cache is not None
