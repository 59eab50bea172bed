"""A pathway of the trust, for the pages of pathways."""

from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.courses import pathway_service
from sessions.courses.models import Pathway
from tests.sessions.courses.makers import pathway_of


def pathway(organisation_id: int, by: int) -> str:
    """A pathway in use, with a draft of its next revision; its reference."""
    made = pathway_of(organisation_id, by)
    with writing():
        row = db.session.get_one(Pathway, made.id)
        pathway_service.begin_draft(pathway_id=row.id, version=row.version, by=by)
        ref = str(row.ref)
    return ref
