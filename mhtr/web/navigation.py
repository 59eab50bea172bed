"""Links of the header and of a case's pages, registered by the features that own them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from flask import request, url_for

from mhtr.core.access import Purpose, Role, Viewer


@dataclass(frozen=True)
class NavItem:
    """A link as the layout shows it."""

    text: str
    href: str
    current: bool


class CaseGroup(StrEnum):
    """What a page of a case is about; the value is what the menu says."""

    CASE = "Case"
    PERSON = "Person"
    REFERRAL = "Referral"
    SUITABILITY = "Suitability"
    COURT = "Court"
    TREATMENT = "Treatment"


@dataclass(frozen=True)
class NavGroup:
    """Pages of a case that belong together.

    `text` and `href` (its first page) stand for the group where there is no room for its pages;
    both are empty where every page has a place of its own.
    """

    text: str
    href: str
    items: tuple[NavItem, ...]

    @property
    def current(self) -> bool:
        """Whether the viewer is on one of its pages."""
        return any(item.current for item in self.items)


CALENDAR = "calendar.week"
"""The page of the header's menu under which the pages of scheduling stand side by side."""
FEW = 5
"""So many links stand side by side even on a phone."""


@dataclass(frozen=True)
class _Main:
    order: int
    text: str
    endpoint: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class _Under:
    parent: str
    order: int
    text: str
    endpoint: str
    roles: frozenset[Role]
    section: tuple[str, ...]

    def shows(self, endpoint: str) -> bool:
        return endpoint == self.endpoint or endpoint.startswith(self.section)


@dataclass(frozen=True)
class _CaseLink:
    group: CaseGroup
    order: int
    text: str
    endpoint: str
    purposes: frozenset[Purpose]
    section: tuple[str, ...]
    roles: frozenset[Role]


_main: dict[str, _Main] = {}
_under: dict[str, _Under] = {}
_case: dict[str, _CaseLink] = {}


def add_main(order: int, text: str, endpoint: str, *roles: Role) -> None:
    """A link in the header for holders of these roles (none named: everybody signed in)."""
    _main[endpoint] = _Main(order, text, endpoint, frozenset(roles))


def add_under(
    parent: str, order: int, text: str, endpoint: str, *roles: Role, section: tuple[str, ...] = ()
) -> None:
    """A link beside others below a page of the header's menu, for holders of these roles.

    Args:
        section: prefixes of endpoints under which the link counts as current.
    """
    _under[endpoint] = _Under(parent, order, text, endpoint, frozenset(roles), section)


def add_case(
    group: CaseGroup,
    order: int,
    text: str,
    endpoint: str,
    *purposes: Purpose,
    section: tuple[str, ...] = (),
    roles: Iterable[Role] = (),
) -> None:
    """A link on a case's pages for viewers with one of these purposes.

    Args:
        order: inside its group.
        endpoint: takes `case_ref`.
        section: prefixes of endpoints under which the link counts as current.
        roles: only for holders of one of these (none named: for the purpose alone).
    """
    _case[endpoint] = _CaseLink(
        group, order, text, endpoint, frozenset(purposes), section, frozenset(roles)
    )


def main_items(viewer: Viewer | None) -> list[NavItem]:
    """The header's links for this viewer."""
    if viewer is None:
        return []
    shown = [i for i in _main.values() if not i.roles or i.roles & viewer.roles]
    here = {request.endpoint, *(one.parent for one in _here(viewer))}
    return [
        NavItem(i.text, url_for(i.endpoint), i.endpoint in here)
        for i in sorted(shown, key=lambda item: (item.order, item.text))
    ]


def items_beside(viewer: Viewer | None) -> list[NavItem]:
    """The links beside this page, where it stands below a page of the header's menu."""
    if viewer is None:
        return []
    current = _here(viewer)
    parents = {one.parent for one in current}
    return [
        NavItem(one.text, url_for(one.endpoint), one in current)
        for one in sorted(_under.values(), key=lambda one: (one.order, one.text))
        if one.parent in parents and one.roles & viewer.roles
    ]


def _here(viewer: Viewer) -> list[_Under]:
    """The link that this page belongs to; the most particular one where several do."""
    endpoint = request.endpoint or ""
    found = [one for one in _under.values() if one.shows(endpoint) and one.roles & viewer.roles]
    return sorted(found, key=lambda one: one.endpoint != endpoint)[:1]


def case_groups(
    viewer: Viewer, case_ref: object, purposes: frozenset[Purpose]
) -> tuple[NavGroup, ...]:
    """The links between a case's pages, for the purposes that hold for this viewer and case."""
    shown = sorted(
        (
            link
            for link in _case.values()
            if link.purposes & purposes and (not link.roles or link.roles & viewer.roles)
        ),
        key=lambda link: (link.order, link.text),
    )
    made = []
    for group in CaseGroup:
        items = tuple(_case_item(link, case_ref) for link in shown if link.group is group)
        if items:
            folded = len(shown) > FEW and len(items) > 1
            text, href = (group.value, items[0].href) if folded else ("", "")
            made.append(NavGroup(text, href, items))
    return tuple(made)


def _case_item(link: _CaseLink, case_ref: object) -> NavItem:
    here = request.endpoint or ""
    current = here == link.endpoint or any(here.startswith(prefix) for prefix in link.section)
    return NavItem(link.text, url_for(link.endpoint, case_ref=case_ref), current)
