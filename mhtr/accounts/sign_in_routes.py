"""Signing in: name and password, then a code, then in. And out again."""

from collections.abc import Callable

from flask import current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts import half_way, proof, sessions, sign_in_service
from mhtr.accounts.arrival import address, arrive, begin_here, leave, next_page
from mhtr.accounts.blueprint import bp
from mhtr.accounts.forms import CodeForm, RecoveryCodeForm, SignInForm
from mhtr.accounts.half_way import HalfWay
from mhtr.accounts.models import Staff
from mhtr.accounts.throttle_service import TooManyTries
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web.forms import Form
from mhtr.web.gate import public
from mhtr.web.redirects import local_page

Page = Response | tuple[str, int] | str
WRONG = "The email address or password is not right"
WRONG_CODE = "That code is not right. Wait for a new one to appear in the app, and enter that"
WRONG_RECOVERY = "That recovery code is not right, or was used before"
TOO_LATE = "That took longer than 10 minutes. Sign in again."


@bp.get("/sign-in")
@public
def sign_in() -> Page:
    """Name and password. Whoever is signed in already goes on to where he was going."""
    if g.viewer is not None:
        return redirect(local_page(request.args.get("next")) or "/", 303)
    return _sign_in_page(SignInForm())


@bp.post("/sign-in")
@public
def check_sign_in() -> Page:
    """Check name and password. The answer never tells whether there is such an account."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form), 422
    try:
        staff_id = proof.check_password(form.username.data, form.password.data, address=address())
    except TooManyTries as fault:
        form.refuse(fault.text)
        return _sign_in_page(form), 429
    if staff_id is None:
        form.refuse(WRONG)
        return _sign_in_page(form), 422
    return half_way_in(staff_id, local_page(request.args.get("next")) or "")


def half_way_in(staff_id: int, goes_to: str) -> Response:
    """The password was right: on to the code, or to setting up the authenticator it comes from."""
    enrolled = db.session.get_one(Staff, staff_id).totp_secret is not None
    if not enrolled:
        with writing():
            sign_in_service.begin_enrolment(staff_id)
    half_way.remember(db.session.get_one(Staff, staff_id), goes_to)
    return redirect(
        url_for("accounts.sign_in_code" if enrolled else "accounts.first_authenticator"), 303
    )


@bp.get("/sign-in/code")
@public
def sign_in_code() -> Page:
    """The authenticator's code."""
    half = enrolled_half_way()
    return start_again() if half is None else _code_page(CodeForm())


@bp.post("/sign-in/code")
@public
def check_sign_in_code() -> Page:
    """Check the code and let him in."""
    form = CodeForm()
    return _check(form, lambda: form.code.data, sign_in_service.use_code, WRONG_CODE, _code_page)


@bp.get("/sign-in/recovery-code")
@public
def sign_in_recovery() -> Page:
    """A code from the printed list, for when the phone is not at hand."""
    half = enrolled_half_way()
    return start_again() if half is None else _recovery_page(RecoveryCodeForm())


@bp.post("/sign-in/recovery-code")
@public
def check_sign_in_recovery() -> Page:
    """Check the recovery code, use it up and let him in."""
    form = RecoveryCodeForm()
    return _check(
        form,
        lambda: form.recovery_code.data,
        sign_in_service.use_recovery_code,
        WRONG_RECOVERY,
        _recovery_page,
    )


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """End this session. Somebody whose session has run out is simply shown the sign-in page."""
    viewer = g.viewer
    if viewer is not None:
        with writing():
            sessions.end(viewer.session_id, by=viewer.staff_id, because="signed_out")
        g.viewer = None
    answer = leave(redirect(url_for("accounts.sign_in"), 303))
    flash("You are signed out.", "success")
    return answer


def enrolled_half_way() -> HalfWay | None:
    """Who is half way and has an authenticator."""
    half = half_way.recall()
    return half if half is not None and half.staff.totp_secret is not None else None


def start_again() -> Response:
    """Back to name and password, saying why."""
    flash(TOO_LATE, "important")
    return redirect(url_for("accounts.sign_in"), 303)


def _check(
    form: Form,
    typed: Callable[[], str],
    check: Callable[[int, str], bool],
    wrong: str,
    page: Callable[[Form], str],
) -> Page:
    half = enrolled_half_way()
    if half is None:
        return start_again()
    staff_id, goes_to = half.staff.id, half.goes_to
    if not form.validate_on_submit():
        return page(form), 422
    token = None
    try:
        with writing():
            if proof.check_code(staff_id, typed(), address=address(), check=check):
                token = begin_here(db.session.get_one(Staff, staff_id))
    except TooManyTries as fault:
        form.refuse(fault.text)
        return page(form), 429
    if token is None:
        form.refuse(wrong, field="code" if "code" in form else "recovery_code")
        return page(form), 422
    answer = arrive(redirect(next_page(staff_id, goes_to), 303), token)
    if check is sign_in_service.use_recovery_code:
        left = sign_in_service.codes_left(staff_id)
        flash(
            f"You have {left} recovery codes left. If your phone is lost or new, "
            "set up your authenticator again under Your account.",
            "important",
        )
    return answer


def _sign_in_page(form: Form) -> str:
    # The demonstration's page does not exist in production.
    demo_url = (
        url_for("demo.choose", next=request.args.get("next"))
        if "demo" in current_app.blueprints
        else ""
    )
    return render_template("accounts/sign_in.html", form=form, demo_url=demo_url)


def _code_page(form: Form) -> str:
    return render_template("accounts/code.html", form=form)


def _recovery_page(form: Form) -> str:
    return render_template("accounts/recovery_code.html", form=form)
