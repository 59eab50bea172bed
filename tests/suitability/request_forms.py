"""The PSR author's form, filled in."""

import uuid
from datetime import date
from typing import Any


def date_parts(name: str, day: date | None) -> dict[str, str]:
    parts = ("", "", "") if day is None else (str(day.day), str(day.month), str(day.year))
    return dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), parts, strict=True))


def form_of_request(**change: Any) -> dict[str, Any]:
    form = {
        "plea": "guilty",
        "court_code": "B01KR",
        **date_parts("hearing_on", date(2026, 12, 11)),
        "psr_type": "short",
        **date_parts("psr_filed_on", None),
        **date_parts("asked_for_on", None),
        "custody": "bail",
        "risk_of_harm": "medium",
        "staff_safety": "no",
        "interpreter": "no",
        "submission_key": str(uuid.uuid4()),
    }
    return {**form, **change}
