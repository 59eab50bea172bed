"""The people of a case that is allocated, for every test that asks for them."""

import pytest
from flask import Flask

from tests.suitability.journey import People, allocated


@pytest.fixture
def people(app: Flask) -> People:
    """An allocated case, on SQLite; a module that needs both engines has a fixture of its own."""
    return allocated()
