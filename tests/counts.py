"""Small counts in `./run test`, full counts of the same tests in `./run faults`."""

import os


def count(small: int, full: int) -> int:
    """How often to try: `full` when the environment says MHTR_FAULTS=full."""
    return full if os.environ.get("MHTR_FAULTS") == "full" else small
