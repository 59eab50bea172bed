"""Words for what a row of the wall rests on, as staff read them."""

from collections.abc import Mapping

from mhtr.wall.kinds import Basis, InReports

BASIS_WORDS: Mapping[Basis, str] = {
    Basis.ORDER: "Because of the order (told, not asked)",
    Basis.CONSENT: "His consent",
    Basis.EXCEPTION: "Logged exception",
    Basis.OWN: "Probation's own record",
}
"""As probation reads them: what stays with the service is never in front of it."""
IN_REPORTS_WORDS: Mapping[InReports, str] = {
    InReports.NEVER: "Never, whatever is agreed",
    InReports.ALWAYS: "Always: the order cannot be supervised without it",
    InReports.UNLESS: "Yes, unless the agreement leaves it out",
    InReports.IF_AGREED: "Only if the agreement adds it",
}
TO_HIM: Mapping[str, str] = {
    "decision": "what your officer decided about a missed session",
    "warning_issued": "whether you were warned",
    "attendance_codes": "a short code for each session, which says if you came",
}
"""Rows whose own words for him are none, or say too little where they stand alone."""
