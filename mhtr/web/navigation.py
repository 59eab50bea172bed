"""Links of the header and of a case's pages, registered by the features that own them."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request, url_for

from mhtr.core.access import Purpose, Role, Viewer


@dataclass(frozen=True)
class NavItem:
    """A link as the layout shows it."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True)
class _Main:
    order: int
    text: str
    endpoint: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class _CaseLink:
    order: int
    text: str
    endpoint: str
    purposes: frozenset[Purpose]
    section: tuple[str, ...]
    roles: frozenset[Role]


_main: dict[str, _Main] = {}
_case: dict[str, _CaseLink] = {}


def add_main(order: int, text: str, endpoint: str, *roles: Role) -> None:
    """A link in the header for holders of these roles (none named: everybody signed in)."""
    _main[endpoint] = _Main(order, text, endpoint, frozenset(roles))


def add_case(
    order: int,
    text: str,
    endpoint: str,
    *purposes: Purpose,
    section: tuple[str, ...] = (),
    roles: Iterable[Role] = (),
) -> None:
    """A link on a case's pages for viewers with one of these purposes.

    Args:
        endpoint: takes `case_ref`.
        section: prefixes of endpoints under which the link counts as current.
        roles: only for holders of one of these (none named: for the purpose alone).
    """
    _case[endpoint] = _CaseLink(
        order, text, endpoint, frozenset(purposes), section, frozenset(roles)
    )


def main_items(viewer: Viewer | None) -> list[NavItem]:
    """The header's links for this viewer."""
    if viewer is None:
        return []
    shown = [i for i in _main.values() if not i.roles or i.roles & viewer.roles]
    return [
        NavItem(i.text, url_for(i.endpoint), request.endpoint == i.endpoint)
        for i in sorted(shown, key=lambda item: (item.order, item.text))
    ]


def case_items(viewer: Viewer, case_ref: object, purposes: frozenset[Purpose]) -> list[NavItem]:
    """The links between a case's pages, for the purposes that hold for this viewer and case."""
    here = request.endpoint or ""
    return [
        NavItem(
            i.text,
            url_for(i.endpoint, case_ref=case_ref),
            here == i.endpoint or any(here.startswith(prefix) for prefix in i.section),
        )
        for i in sorted(_case.values(), key=lambda item: (item.order, item.text))
        if i.purposes & purposes and (not i.roles or i.roles & viewer.roles)
    ]
