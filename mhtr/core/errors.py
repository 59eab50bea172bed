"""Refusals a service can answer with. Each becomes a clear page or a message beside a field."""


class Refused(Exception):
    """The rules do not allow this now. `reasons` are plain sentences for the person asking."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class CannotBe(Refused):
    """What was said cannot be so; `problems` names each field with words for it."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(*(words for _, words in problems))
        self.problems = problems


class Stale(Exception):
    """Somebody changed the record since the page was read. Nothing was saved."""

    def __init__(self, saved: object = None) -> None:
        super().__init__("the record was changed meanwhile")
        self.saved = saved


class NotFound(Exception):
    """No such record in the viewer's scope. Also said of records that exist outside it."""
