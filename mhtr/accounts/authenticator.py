"""The page on which an authenticator is set up, at first sign-in and when it is replaced."""

from flask import current_app, render_template

from mhtr.accounts import totp
from mhtr.accounts.forms import CodeForm
from mhtr.accounts.models import Staff


def authenticator_page(form: CodeForm, staff: Staff, *, action: str) -> str:
    """QR code and secret of the authenticator being set up, with the form for its first code."""
    secret = staff.totp_next_secret or ""
    service = str(current_app.config["SERVICE_NAME"])
    uri = totp.enrolment_uri(secret, username=staff.username, service=service)
    return render_template(
        "accounts/authenticator.html",
        form=form,
        action=action,
        qr=totp.qr_image(uri),
        uri=uri,
        secret=totp.in_groups(secret),
    )
