"""Making principals: whatever a grant can be given to gets one when it is made."""

from mhtr.core.access import Principal, PrincipalKind
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing


def new_principal(kind: PrincipalKind) -> int:
    """A fresh principal for a new member of staff, team or organisation; returns its id."""
    must_be_writing()
    principal = Principal(kind=kind)
    db.session.add(principal)
    db.session.flush()
    return principal.id
