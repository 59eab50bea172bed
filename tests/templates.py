"""Templates are made into Python once in a run of the tests, not anew for every app of a process.

All of them take four seconds of a processor; read back, an eighth of one.
"""

import os
import shutil
import tempfile
from typing import Any

from jinja2 import FileSystemBytecodeCache

from mhtr.web import templating

FOLDER = "TEST_TEMPLATES"
"""Names the folder to the workers and to the programs that a test starts in its own process."""


class Remembering(templating.TwoReadings):
    """The program's environment; a template that is still the same is not made anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kept = FileSystemBytecodeCache(os.environ[FOLDER])
        super().__init__(*args, **{**kwargs, "bytecode_cache": kept})


def made_once() -> None:
    """From here on, in this process; the first process of a run makes the folder."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="mhtr-templates-")
    templating.TwoReadings = Remembering  # type: ignore[misc]


def over() -> None:
    """The run is over: nothing of it is left to the next one."""
    shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)
