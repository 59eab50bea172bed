"""What takes a man, or his case, to another trust is said beforehand, with its name, and ticked."""

from mhtr.accounts.models import Organisation
from mhtr.core.database import db
from mhtr.core.errors import Refused


class GoesElsewhere(Refused):
    """It would go to another trust, and nobody has said that he means that one.

    `trust_id` is the trust; the reason says in words what would happen.
    """

    def __init__(self, trust_id: int, words: str) -> None:
        super().__init__(words)
        self.trust_id = trust_id


def name_of(trust_id: int) -> str:
    """The name of a trust."""
    return db.session.get_one(Organisation, trust_id).name
