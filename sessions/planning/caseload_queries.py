"""Everything needed to answer a question, read with a bounded number of statements."""

from mhtr.core.access import Viewer
from sessions.planning.ask_rules import Ask
from sessions.planning.men_read import Read
from sessions.planning.moving_queries import moving
from sessions.planning.waiting_queries import waiting


def read(ask: Ask, viewer: Viewer) -> Read:
    """Everything that is needed to answer a question about men of the viewer's scope."""
    return moving(ask, viewer) if ask.moves else waiting(ask, viewer)
