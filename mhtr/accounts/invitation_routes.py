"""The first sign-in: a link sets the password, then an authenticator, before anything else."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts import half_way, passwords, proof, sign_in_service
from mhtr.accounts.arrival import address, arrive, begin_here, next_page
from mhtr.accounts.authenticator import authenticator_page
from mhtr.accounts.blueprint import bp
from mhtr.accounts.forms import CodeForm, NewPasswordForm
from mhtr.accounts.half_way import HalfWay
from mhtr.accounts.models import Staff
from mhtr.accounts.own_password import about
from mhtr.accounts.sign_in_routes import Page, half_way_in, start_again
from mhtr.accounts.throttle_service import TooManyTries
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.web.gate import public

WRONG_FIRST_CODE = (
    "That code is not right. Check that the time on your phone is set automatically, "
    "then enter the newest code"
)


@bp.get("/invitations/<token>")
@public
def invitation(token: str) -> Page:
    """The form for a password. Opening the link, as mail scanners do, does not use it up."""
    staff = sign_in_service.live_invitation(token)
    return _gone() if staff is None else _password_page(NewPasswordForm(), staff)


@bp.post("/invitations/<token>")
@public
def accept_invitation(token: str) -> Page:
    """Set the password; the link is used up."""
    staff = sign_in_service.live_invitation(token)
    if staff is None:
        return _gone()
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, staff), 422
    found = passwords.faults(form.new_password.data, about=about(staff))
    if found:
        form.refuse(found[0], field="new_password")
        return _password_page(form, staff), 422
    db.session.rollback()
    hashed = passwords.hash_password(form.new_password.data)
    try:
        with writing():
            staff_id = sign_in_service.accept_invitation(token, hashed).id
    except Refused:
        return _gone()
    return half_way_in(staff_id, "")


@bp.get("/sign-in/authenticator")
@public
def first_authenticator() -> Page:
    """The QR code of the authenticator to be set up."""
    half = _not_yet_enrolled()
    return start_again() if half is None else _enrolment_page(CodeForm(), half)


@bp.post("/sign-in/authenticator")
@public
def confirm_first_authenticator() -> Page:
    """A code from it proves that it works: he is in, and is shown his recovery codes once."""
    half = _not_yet_enrolled()
    if half is None:
        return start_again()
    staff_id, goes_to = half.staff.id, half.goes_to
    form = CodeForm()
    if not form.validate_on_submit():
        return _enrolment_page(form, half), 422
    token, codes = "", None
    try:
        with writing():
            made = proof.start_code(staff_id, address=address())
            # Looked at again under the lock: another tab may have finished meanwhile.
            if db.session.get_one(Staff, staff_id).totp_secret is None:
                codes = sign_in_service.finish_enrolment(staff_id, form.code.data)
            if codes is not None:
                proof.code_was_right(made, staff_id)
                token = begin_here(db.session.get_one(Staff, staff_id))
    except TooManyTries as fault:
        form.refuse(fault.text)
        return _enrolment_page(form, half), 429
    if codes is None:
        form.refuse(WRONG_FIRST_CODE, field="code")
        return _enrolment_page(form, half), 422
    page = render_template(
        "accounts/recovery_codes.html", codes=codes, goes_to=next_page(staff_id, goes_to)
    )
    return arrive(Response(page, mimetype="text/html"), token)


def _not_yet_enrolled() -> HalfWay | None:
    half = half_way.recall()
    if half is None or half.staff.totp_secret is not None or not half.staff.totp_next_secret:
        return None
    return half


def _password_page(form: NewPasswordForm, staff: Staff) -> str:
    return render_template("accounts/invitation.html", form=form, staff=staff)


def _enrolment_page(form: CodeForm, half: HalfWay) -> str:
    return authenticator_page(form, half.staff, action=url_for("accounts.first_authenticator"))


def _gone() -> Page:
    return render_template("accounts/invitation_gone.html"), 410
