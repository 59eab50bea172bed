"""Which sections of a record may be read and changed for which purpose."""

from collections.abc import Mapping
from types import MappingProxyType

from mhtr.core.access import Purpose
from mhtr.people.sections import Section

_SEES: Mapping[Purpose, frozenset[Section]] = MappingProxyType(
    {
        Purpose.CLINICAL: frozenset(Section),
        Purpose.ADMINISTRATION: frozenset(Section) - {Section.EQUALITY},
        Purpose.LINK_WORK: frozenset(
            {Section.NAMES, Section.CONTACT, Section.NEEDS, Section.LANGUAGE, Section.GP}
        ),
    }
)
_CHANGES: Mapping[Purpose, frozenset[Section]] = MappingProxyType(
    {
        Purpose.CLINICAL: frozenset(Section),
        Purpose.ADMINISTRATION: frozenset(
            {Section.ADDRESS, Section.CONTACT, Section.NEEDS, Section.LANGUAGE}
        ),
    }
)


def seen_by(purposes: frozenset[Purpose]) -> frozenset[Section]:
    """Sections that somebody acting for these purposes may read."""
    return frozenset().union(*(_SEES.get(purpose, frozenset()) for purpose in purposes))


def changed_by(purposes: frozenset[Purpose]) -> frozenset[Section]:
    """Sections that somebody acting for these purposes may change."""
    return frozenset().union(*(_CHANGES.get(purpose, frozenset()) for purpose in purposes))
