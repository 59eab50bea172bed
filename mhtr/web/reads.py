"""The audit of reads: one row a page, naming the records it showed, written before it is sent."""

import logging
from collections.abc import Callable

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from mhtr.core import audit
from mhtr.core.access import Viewer
from mhtr.core.transaction import keep_at_hand, writing

log = logging.getLogger(__name__)

Extra = Callable[[Viewer], Callable[[], None] | None]


def shows(kind: str, *ids: int, case_id: int | None = None) -> None:
    """Say that this page shows these records. The page is audited with them."""
    if "shown" not in g:
        g.shown = {}
    g.shown.setdefault(kind, set()).update(ids)
    if case_id is not None:
        g.shown_case = case_id


def init_reads(app: Flask, touch: Extra, failed: Callable[[], Response]) -> None:
    """Audit reads after rendering and before the first byte.

    Args:
        touch: given the viewer, returns a function that notes he was here, where that is due.
        failed: makes the answer when the audit cannot be written; nothing of the page is sent.
    """

    @app.before_request
    def fresh() -> None:
        g.pop("shown", None)
        g.pop("shown_case", None)
        keep_at_hand()

    @app.after_request
    def audit_read(response: Response) -> Response:
        viewer: Viewer | None = g.get("viewer")
        shown: dict[str, set[int]] = g.get("shown", {})
        if viewer is None or request.endpoint == "static":
            return response
        try:
            note = touch(viewer)
            if not shown and note is None:
                return response
            with writing():
                if shown:
                    audit.record(
                        "page.viewed",
                        by=viewer.staff_id,
                        case_id=g.get("shown_case"),
                        page=request.endpoint,
                        shown={kind: sorted(ids) for kind, ids in sorted(shown.items())},
                    )
                if note is not None:
                    note()
        except SQLAlchemyError:
            log.error("the audit of a read failed, the page was not sent")
            return failed()
        return response
