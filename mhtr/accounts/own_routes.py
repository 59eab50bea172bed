"""Your account: sessions, password, authenticator and recovery codes of whoever is signed in."""

import uuid

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts import passwords, proof, sessions, sign_in_service
from mhtr.accounts.arrival import address, leave
from mhtr.accounts.authenticator import authenticator_page
from mhtr.accounts.blueprint import bp
from mhtr.accounts.forms import ChangePasswordForm, CodeForm
from mhtr.accounts.gate import current_viewer
from mhtr.accounts.invitation_routes import WRONG_FIRST_CODE
from mhtr.accounts.models import Staff
from mhtr.accounts.own_password import about
from mhtr.accounts.sign_in_routes import Page
from mhtr.accounts.step_up import step_up_required
from mhtr.accounts.throttle_service import TooManyTries
from mhtr.core.access import ROLE_LABELS, Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.transaction import writing
from mhtr.web import kept_posts
from mhtr.web.forms import Form
from mhtr.web.gate import signed_in


@bp.get("/me")
@signed_in
def me() -> str:
    """Who he is here, where he is signed in, and how he signs in."""
    viewer = current_viewer()
    staff = _own()
    return render_template(
        "accounts/me.html",
        form=Form(),
        staff=staff,
        roles=[ROLE_LABELS[role] for role in Role if role in viewer.roles],
        teams=[membership.team.name for membership in staff.memberships],
        open_sessions=sessions.own_sessions(staff.id),
        this_session=viewer.session_id,
        kept=len(kept_posts.waiting(staff.id)),
        codes_left=sign_in_service.codes_left(staff.id),
    )


@bp.post("/me/sessions/<uuid:session_ref>/end")
@signed_in
def end_session(session_ref: uuid.UUID) -> Response:
    """End one of his own sessions."""
    viewer = current_viewer()
    with writing():
        row = sessions.by_ref(viewer.staff_id, session_ref)
        if row is None:
            raise NotFound
        sessions.end(row.id, by=viewer.staff_id, because="ended_by_owner")
        own = row.id == viewer.session_id
    if own:
        return leave(redirect(url_for("accounts.sign_in"), 303))
    flash("That session has ended.", "success")
    return redirect(url_for("accounts.me"), 303)


@bp.post("/me/sessions/end")
@signed_in
def end_every_session() -> Response:
    """Sign out everywhere, here too."""
    viewer = current_viewer()
    with writing():
        sessions.end_all(viewer.staff_id, by=viewer.staff_id, because="ended_by_owner")
    answer = leave(redirect(url_for("accounts.sign_in"), 303))
    flash("You are signed out everywhere.", "success")
    return answer


@bp.get("/me/password")
@signed_in
def own_password() -> str:
    """A new password."""
    return _password_page(ChangePasswordForm())


@bp.post("/me/password")
@signed_in
def change_own_password() -> Page:
    """Check the present password and the new one, and end his other sessions."""
    viewer, form = current_viewer(), ChangePasswordForm()
    if not form.validate_on_submit():
        return _password_page(form), 422
    staff = _own()
    username, own_words = staff.username, about(staff)
    try:
        right = proof.check_password(username, form.old_password.data, address=address())
    except TooManyTries as fault:
        form.refuse(fault.text)
        return _password_page(form), 429
    found = passwords.faults(form.new_password.data, about=own_words)
    if right is None:
        form.refuse("This is not the password you have now", field="old_password")
    elif form.new_password.data == form.old_password.data:
        form.refuse("Choose a password other than the one you have now", field="new_password")
    elif found:
        form.refuse(found[0], field="new_password")
    if form.summary():
        return _password_page(form), 422
    db.session.rollback()
    hashed = passwords.hash_password(form.new_password.data)
    with writing():
        sign_in_service.change_password(viewer.staff_id, hashed, session_id=viewer.session_id)
    flash("Your password is changed. You were signed out everywhere else.", "success")
    return redirect(url_for("accounts.me"), 303)


@bp.get("/me/authenticator")
@step_up_required()
@signed_in
def own_authenticator() -> str:
    """Before another authenticator is set up: what will happen."""
    return render_template("accounts/replace_authenticator.html", form=Form())


@bp.post("/me/authenticator")
@step_up_required()
@signed_in
def replace_authenticator() -> Response:
    """Make the secret of the new one. The present one stays good until the new one is proved."""
    with writing():
        sign_in_service.begin_enrolment(current_viewer().staff_id)
    return redirect(url_for("accounts.new_authenticator"), 303)


@bp.get("/me/authenticator/new")
@step_up_required()
@signed_in
def new_authenticator() -> Page:
    """The new authenticator's QR code."""
    staff = _own()
    if not staff.totp_next_secret:
        return redirect(url_for("accounts.own_authenticator"), 303)
    return _authenticator_page(CodeForm(), staff)


@bp.post("/me/authenticator/new")
@step_up_required()
@signed_in
def confirm_new_authenticator() -> Page:
    """A code from the new one proves it: it takes the old one's place, with new recovery codes."""
    viewer, form = current_viewer(), CodeForm()
    if not form.validate_on_submit():
        return _authenticator_page(form, _own()), 422
    try:
        with writing():
            made = proof.start_code(viewer.staff_id, address=address())
            codes = sign_in_service.finish_enrolment(viewer.staff_id, form.code.data)
            if codes is not None:
                proof.code_was_right(made, viewer.staff_id)
                sessions.end_all(
                    viewer.staff_id,
                    by=viewer.staff_id,
                    because="authenticator_changed",
                    but=viewer.session_id,
                )
    except TooManyTries as fault:
        form.refuse(fault.text)
        return _authenticator_page(form, _own()), 429
    if codes is None:
        form.refuse(WRONG_FIRST_CODE, field="code")
        return _authenticator_page(form, _own()), 422
    return _codes_page(codes)


@bp.get("/me/recovery-codes")
@step_up_required()
@signed_in
def own_recovery_codes() -> str:
    """Before new recovery codes are made: what will happen."""
    left = sign_in_service.codes_left(current_viewer().staff_id)
    return render_template("accounts/renew_recovery_codes.html", form=Form(), codes_left=left)


@bp.post("/me/recovery-codes")
@step_up_required()
@signed_in
def renew_recovery_codes() -> str:
    """Ten new codes, shown this once; the old ones stop working."""
    with writing():
        codes = sign_in_service.new_recovery_codes(current_viewer().staff_id)
    return _codes_page(codes)


def _own() -> Staff:
    return db.session.get_one(Staff, current_viewer().staff_id)


def _password_page(form: ChangePasswordForm) -> str:
    staff = _own()
    return render_template(
        "accounts/change_password.html",
        form=form,
        username=staff.username,
        has_one=bool(staff.password_hash),
    )


def _authenticator_page(form: CodeForm, staff: Staff) -> str:
    return authenticator_page(form, staff, action=url_for("accounts.new_authenticator"))


def _codes_page(codes: list[str]) -> str:
    return render_template(
        "accounts/recovery_codes.html", codes=codes, goes_to=url_for("accounts.me")
    )
