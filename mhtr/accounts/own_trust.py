"""The treating trust of whoever looks."""

from mhtr.accounts.models import OrganisationKind
from mhtr.core.access import Viewer
from mhtr.core.errors import NotFound


def trust_of(viewer: Viewer) -> int:
    """The treating trust whose rota, pathways, places and hours the viewer may see: his own.

    Raises:
        NotFound: his organisation treats nobody.
    """
    if viewer.organisation_kind != OrganisationKind.TREATING_TRUST:
        raise NotFound
    return viewer.organisation_id
