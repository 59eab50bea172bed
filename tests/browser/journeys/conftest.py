"""The programme that the journeys happen in."""

import pytest
from flask import Flask

from mhtr.core.database import db
from tests.browser.journeys.programme import Programme


@pytest.fixture
def programme(app: Flask) -> Programme:
    """Nobody is referred yet."""
    made = Programme()
    db.session.rollback()
    return made
