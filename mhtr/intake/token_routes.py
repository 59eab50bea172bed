"""Pages on which a system administrator makes and ends the API's tokens."""

import uuid
from datetime import timedelta

from flask import flash, g, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Organisation, OrganisationKind
from mhtr.accounts.step_up import step_up_required
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.intake import api_tokens
from mhtr.intake.api_tokens import SCOPE_WORDS, Scope
from mhtr.intake.models import ApiToken
from mhtr.intake.routes import bp
from mhtr.web import navigation
from mhtr.web.fields import (
    CheckboxesField,
    Choice,
    DatePartsField,
    Required,
    SelectField,
    TextField,
)
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.paging import SIZE, page_from, page_number
from mhtr.web.submission import saving

navigation.add_main(80, "API tokens", "intake.tokens", Role.SYSTEM_ADMINISTRATOR)


class TokenForm(Form):
    """What a new token is for."""

    organisation = SelectField(
        "Organisation", validators=[Required("Select the organisation")], prompt="Select one"
    )
    label = TextField(
        "Name of the sending system",
        hint="For example: Case system, North team",
        validators=[Required("Enter the name of the sending system")],
    )
    scopes = CheckboxesField(
        "What it may be used for",
        choices=[Choice(scope.value, words) for scope, words in SCOPE_WORDS.items()],
        validators=[Required("Say what the token may be used for")],
    )
    expires_on = DatePartsField(
        "Last day", hint="Within the next year", validators=[Required("Enter the last day")]
    )


def _form() -> TokenForm:
    form = TokenForm(data={"expires_on": clock.today() + timedelta(days=180)})
    teams = db.session.scalars(
        select(Organisation)
        .where(Organisation.kind == OrganisationKind.LD_TEAM, Organisation.closed_on.is_(None))
        .order_by(Organisation.sort_name, Organisation.id)
    )
    form.organisation.set_choices([Choice(str(team.ref), team.name) for team in teams])
    return form


@bp.get("/api-tokens")
@only(Role.SYSTEM_ADMINISTRATOR)
def tokens() -> str:
    """Every token, live ones first; never its text, which was shown once."""
    number = page_number()
    found = db.session.execute(
        select(ApiToken, Organisation.name)
        .join(Organisation, Organisation.id == ApiToken.organisation_id)
        .order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
        .limit(SIZE + 1)
        .offset((number - 1) * SIZE)
    ).all()
    page = page_from(found, number, size=SIZE)
    return render_template(
        "intake/tokens.html",
        page=page,
        rows=page.rows,
        form=_form(),
        today=clock.today(),
        words=SCOPE_WORDS,
    )


@bp.post("/api-tokens")
@step_up_required()
@only(Role.SYSTEM_ADMINISTRATOR)
def make_token() -> Response | tuple[str, int]:
    """Make a token. It is on the next page and nowhere else."""
    viewer, form = current_viewer(), _form()
    last_day = form.expires_on.data
    if form.validate() and last_day is not None:
        organisation_id = db.session.scalars(
            select(Organisation.id).where(Organisation.ref == uuid.UUID(form.organisation.data))
        ).one()
        try:
            with saving() as saved:
                token = api_tokens.make(
                    organisation_id=organisation_id,
                    label=form.label.data,
                    scopes=frozenset(Scope(value) for value in form.scopes.data),
                    expires_on=last_day,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for("intake.tokens"))
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        else:
            # The one page that is not reached by a redirect: a token must never be in an address.
            g.pop("shown", None)
            return render_template("intake/token_made.html", token=token, form=None), 200
    page = render_template(
        "intake/tokens.html", rows=(), form=form, today=clock.today(), words=SCOPE_WORDS
    )
    return page, 422


@bp.post("/api-tokens/<uuid:token_ref>/revoke")
@only(Role.SYSTEM_ADMINISTRATOR)
def revoke_token(token_ref: uuid.UUID) -> Response:
    """End a token at once."""
    viewer = current_viewer()
    with saving() as saved:
        api_tokens.revoke(ref=token_ref, by=viewer.staff_id)
        saved.goes_to(url_for("intake.tokens"))
    flash("The token is ended: nothing can be sent with it any more.", "success")
    return saved.redirect()
