"""The rules of every instrument: what each says, where it was read, and signing it."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.web.fields import Required, TextAreaField
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.signing import queries, service


class SignForm(Form):
    """What was read before signing."""

    source_read = TextAreaField(
        "Which source did you read?",
        [Required("Say which source you read")],
        hint="Title, edition and page, or the address and the day you read it.",
        max_length=500,
        rows=3,
    )


class WithdrawForm(Form):
    """Taking a signature back."""


@bp.get("/measures/rules")
@only(*CLINICAL_ROLES)
def rules() -> str:
    """Every rule of every instrument."""
    every = queries.every()
    waiting = [one for one in every if one.unsigned]
    return render_template("outcome_measures/rules.html", instruments=every, waiting=waiting)


@bp.route("/measures/rules/<instrument>/<rule>", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def rule(instrument: str, rule: str) -> Page | Response:
    """One rule: its source, its signatures, and signing it."""
    viewer = current_viewer()
    form = SignForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.sign(
                    instrument=instrument,
                    rule=rule,
                    source_read=form.source_read.data,
                    by=viewer.staff_id,
                )
                saved.goes_to(
                    url_for("measures.rule", instrument=instrument, rule=rule),
                    "You have signed this rule. It is applied from now on",
                )
            return saved.redirect()
        except Refused as refusal:
            for reason in refusal.reasons:
                form.refuse(reason)
    return _page(instrument, rule, form)


@bp.post("/measures/rules/<instrument>/<rule>/withdraw")
@only(*CLINICAL_ROLES)
def withdraw_rule(instrument: str, rule: str) -> Page | Response:
    """Take the signature of a rule back."""
    viewer = current_viewer()
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.withdraw(instrument=instrument, rule=rule, by=viewer.staff_id)
                saved.goes_to(
                    url_for("measures.rule", instrument=instrument, rule=rule),
                    "The signature is withdrawn. The rule is not applied any more",
                )
            return saved.redirect()
        except Refused as refusal:
            for reason in refusal.reasons:
                form.refuse(reason)
    return _page(instrument, rule, form)


def _page(instrument: str, rule: str, form: Form) -> Page:
    viewer = current_viewer()
    of, state = queries.one(instrument, rule)
    return form_page(
        "outcome_measures/rule.html",
        form=form,
        sign_form=form if isinstance(form, SignForm) else SignForm(formdata=None),
        of=of,
        state=state,
        why_not=service.why_not(db.session.get_one(Staff, viewer.staff_id)),
    )
