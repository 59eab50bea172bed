"""The trust that most tests of intake need."""

import pytest
from flask import Flask

from tests.intake.house import House


@pytest.fixture
def house(app: Flask) -> House:
    """A trust that covers Croydon, its staff, and a referral from there."""
    return House()
