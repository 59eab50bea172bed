"""What tests post to pages of the court case and of triage."""

import uuid
from typing import Any

from mhtr.cases.models import Case
from tests.pages import PageClient


def post(client: PageClient, path: str, **data: Any) -> Any:
    return client.post(path, data={"submission_key": str(uuid.uuid4()), **data})


def post_triage(client: PageClient, case: Case, **data: Any) -> Any:
    key = {"submission_key": str(uuid.uuid4()), "version": str(case.version), "form": "triage"}
    return client.post(f"/cases/{case.ref}/triage", data={**key, **data})
