"""An onward referral as it is recorded now, beside what somebody typed on a page read before."""

from mhtr.core import formats
from mhtr.intake import onward_queries
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_rules import ONWARD_WORDS
from mhtr.web.both_versions import Difference, words
from mhtr.web.forms import Form

STALE = "Somebody recorded a step meanwhile. Nothing of yours is recorded yet."


def beside(row: OnwardReferral, typed: Form) -> tuple[Difference, ...]:
    """Each question of the form that was read before a later step; empty: it was read since.

    The form says so too, and is of the present version afterwards.
    """
    if not typed.is_submitted() or typed["version"].data == str(row.version):
        return ()
    typed.refuse(STALE)
    typed["version"].data, typed["version"].raw_data = str(row.version), None
    now = {
        "state": ONWARD_WORDS[row.state],
        "appointment_on": formats.moment(row.appointment_at) if row.appointment_at else "",
        "owner": onward_queries.owner_name(row),
    }
    return tuple(
        Difference(typed[name].label.text, saved, _typed(typed, name))
        for name, saved in now.items()
        if name in typed
    )


def _typed(form: Form, name: str) -> str:
    if name == "state":
        # It need not be a step that may follow now.
        return next((text for state, text in ONWARD_WORDS.items() if state == form[name].data), "")
    if name == "appointment_on":
        return " ".join(filter(None, (words(form[name]), words(form["appointment_time"]))))
    return words(form[name])
