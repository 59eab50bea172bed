"""Saving a form of this folder: done, refused beside what was typed, or read again."""

from collections.abc import Callable

from werkzeug.wrappers import Response

from mhtr.core.errors import Refused, Stale
from mhtr.web.forms import VersionedForm
from mhtr.web.submission import saving

CHANGED = (
    "Somebody changed this meanwhile. Nothing of yours is saved: look at how it is now, then "
    "send again."
)


def attempt(
    form: VersionedForm,
    do: Callable[[], object],
    goes_to: str,
    message: str,
    *,
    version_now: Callable[[], int],
) -> Response | None:
    """Save by `do` and go on to an address; None where it was refused, which the form then says.

    Args:
        version_now: reads the version again, for a page that was read before a change.
    """
    try:
        with saving() as saved:
            do()
            saved.goes_to(goes_to, message)
        return saved.redirect()
    except Stale:
        form.version.carry(version_now())
        form.refuse(CHANGED)
    except Refused as refused:
        form.refuse(" ".join(refused.reasons))
    return None


def at_once(do: Callable[[], object], goes_to: str, message: str) -> Response:
    """Save what a single button does.

    Raises:
        Refused: the rules do not allow it, or somebody changed the record meanwhile.
    """
    try:
        with saving() as saved:
            do()
            saved.goes_to(goes_to, message)
        return saved.redirect()
    except Stale as stale:
        raise Refused(CHANGED) from stale
