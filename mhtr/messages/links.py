"""What a message outside the program says in place of a name: a reference and a link."""

import uuid

from flask import current_app


def link(endpoint: str, **values: object) -> str:
    """The full address of a page, for somebody who reads it in a mail and signs in first."""
    root: str = current_app.config["ADDRESS"]
    return root.rstrip("/") + current_app.url_map.bind("").build(endpoint, values)


def reference(ref: uuid.UUID) -> str:
    """How a case is called where no name may stand: long enough that no two are alike here."""
    said = ref.hex[:12].upper()
    return f"{said[:4]} {said[4:8]} {said[8:]}"
