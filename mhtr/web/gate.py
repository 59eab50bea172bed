"""Every route declares who may use it. A route without a rule is refused, and a test names it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from mhtr.core.access import Role

View = TypeVar("View", bound=Callable[..., Any])

RULE = "mhtr_access_rule"
EMERGENCY = "mhtr_in_emergency"


class RuleKind(StrEnum):
    """How a route is guarded."""

    PUBLIC = "public"
    """Anybody, signed in or not. Shows no record."""
    SIGNED_IN = "signed_in"
    """Any member of staff. Shows only his own things."""
    ROLES = "roles"
    """Holders of one of the roles; records inside still go through the viewer's scope."""
    TOKEN = "token"  # noqa: S105  (a kind of rule, not a secret)
    """A bearer token checked by the route's own blueprint."""


@dataclass(frozen=True)
class Rule:
    """A route's access rule."""

    kind: RuleKind
    roles: frozenset[Role] = frozenset()

    def allows(self, roles: frozenset[Role] | None) -> bool:
        """Whether somebody with these roles (None: nobody signed in) may use the route."""
        if self.kind in (RuleKind.PUBLIC, RuleKind.TOKEN):
            return True
        if roles is None:
            return False
        return self.kind is RuleKind.SIGNED_IN or bool(self.roles & roles)


def _mark(rule: Rule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, RULE, rule)
        return view

    return mark


public = _mark(Rule(RuleKind.PUBLIC))
signed_in = _mark(Rule(RuleKind.SIGNED_IN))
by_token = _mark(Rule(RuleKind.TOKEN))


def only(*roles: Role) -> Callable[[View], View]:
    """The route is for holders of any of these roles. Put it directly above the function."""
    if not roles:
        raise ValueError("name at least one role")
    return _mark(Rule(RuleKind.ROLES, frozenset(roles)))


def in_emergency(view: View) -> View:
    """What is sent here is what an emergency needs: emergency access to a record is enough.

    Whatever is not marked asks for a standing grant. Put it directly above `only`, and on the
    page that has the form.
    """
    setattr(view, EMERGENCY, True)
    return view


def serves_emergency(app: Flask, endpoint: str) -> bool:
    """Whether an endpoint is marked by `in_emergency`."""
    return bool(getattr(app.view_functions.get(endpoint), EMERGENCY, False))


def by_emergency() -> None:
    """The page shows a record that is the viewer's by emergency access only: it says so in place
    of the buttons of what cannot be saved with that."""
    g.cannot_save = not serves_emergency(current_app, request.endpoint or "")


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """The rule of an endpoint, or None where it has none (then nobody may use it)."""
    if endpoint.endswith("static"):
        return Rule(RuleKind.PUBLIC)
    rule = getattr(app.view_functions.get(endpoint), RULE, None)
    return rule if isinstance(rule, Rule) else None
