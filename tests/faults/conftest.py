"""Here the makers are what is tried: each step is taken, and none is put back."""

import pytest

from tests import worlds


@pytest.fixture(autouse=True)
def every_step_is_taken(own_worlds: None) -> None:
    """A step that is put back sends no statement at which it could be stopped."""
    worlds.switched_off()
