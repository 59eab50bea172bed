"""Sensitive actions ask for a code again, unless one was entered a few minutes ago.

    @bp.get("/me/authenticator")
    @step_up_required()
    @signed_in
    def replace_authenticator() -> str: ...

Put it on the page of the form as well as on its POST, so that he is asked before he types.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import redirect, request, url_for

from mhtr.accounts import sessions
from mhtr.accounts.gate import SAFE_METHODS, current_viewer
from mhtr.core.transaction import writing
from mhtr.web import kept_posts

View = TypeVar("View", bound=Callable[..., Any])
MINUTES = 5


def step_up_required(minutes: int = MINUTES) -> Callable[[View], View]:
    """The view runs only within `minutes` of entering a code; otherwise a code is asked for.

    What was typed in a form is kept and offered afterwards; passwords and codes are not.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            viewer = current_viewer()
            if sessions.proved_within(viewer.session_id, minutes):
                return view(*args, **kwargs)
            if request.method in SAFE_METHODS:
                back = request.full_path.rstrip("?")
            else:
                back = kept_posts.page_of_form()
                with writing():
                    kept_posts.keep(viewer.staff_id)
            return redirect(url_for("accounts.prove_again", next=back), 303)

        return guarded  # type: ignore[return-value]  # same signature, by wraps

    return mark
