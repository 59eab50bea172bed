"""What a log may say of an error."""

import traceback


def kind_and_place(error: Exception) -> str:
    """What the database says of a refused row quotes it: only kind and place may be logged."""
    steps = traceback.extract_tb(error.__traceback__)[-4:]
    places = " > ".join(f"{step.filename}:{step.lineno}" for step in steps)
    return f"{type(error).__name__} at {places}"
