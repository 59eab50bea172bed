"""A session as it goes on: kept alive, proved again, and what was typed when it had run out."""

from flask import current_app, flash, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts import proof, sessions, sign_in_service
from mhtr.accounts.arrival import address, next_page
from mhtr.accounts.blueprint import bp
from mhtr.accounts.forms import AgainForm
from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.accounts.sign_in_routes import WRONG_CODE, Page
from mhtr.accounts.throttle_service import TooManyTries
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web import kept_posts
from mhtr.web.forms import Form
from mhtr.web.gate import signed_in
from mhtr.web.kept_words import in_words
from mhtr.web.redirects import local_page

MORE_KEPT = (
    "Another form that you sent while signed out is still kept. "
    "When you are done here, fetch it from your account, under your name at the top."
)


@bp.post("/session/extend")
@signed_in
def extend_session() -> Response:
    """He is still here. Answers with the seconds left, or leads back when asked by a form."""
    viewer = current_viewer()
    with writing():
        sessions.touch(viewer.session_id)
    if request.accept_mimetypes.best == "text/html":
        return redirect(local_page(request.args.get("next")) or "/", 303)
    return jsonify(seconds=g.seconds_left)


@bp.get("/sign-in/again")
@signed_in
def prove_again() -> str:
    """A code again, before something sensitive."""
    return _again_page(AgainForm())


@bp.post("/sign-in/again")
@signed_in
def check_again() -> Page:
    """Check the code; an authenticator's or a recovery code will do."""
    viewer, form = current_viewer(), AgainForm()
    if not form.validate_on_submit():
        return _again_page(form), 422
    try:
        with writing():
            right = proof.check_code(
                viewer.staff_id, form.code.data, address=address(), check=_either
            )
            if right:
                sessions.proved_again(viewer.session_id, by=viewer.staff_id)
    except TooManyTries as fault:
        form.refuse(fault.text)
        return _again_page(form), 429
    if not right:
        form.refuse(WRONG_CODE, field="code")
        return _again_page(form), 422
    return redirect(next_page(viewer.staff_id, local_page(request.args.get("next")) or ""), 303)


@bp.get("/sign-in/kept")
@signed_in
def kept() -> Page:
    """What was typed when the session had run out, and the way back to its form."""
    waiting = kept_posts.waiting(current_viewer().staff_id)
    if not waiting:
        return redirect("/", 303)
    row = waiting[0]
    typed = in_words(row.path, row.body)
    return render_template(
        "accounts/kept.html", form=Form(), typed=typed, kept=row, more=len(waiting) - 1
    )


@bp.post("/sign-in/kept")
@signed_in
def settle_kept() -> Response:
    """Back to the form with what was typed, or without it."""
    goes_to, others = "/", 0
    with writing():
        waiting = kept_posts.waiting(current_viewer().staff_id)
        # The page names what it showed: another may have been kept since.
        wanted = request.form.get("kept_form", str(waiting[0].ref) if waiting else "")
        shown = [row for row in waiting if str(row.ref) == wanted]
        for row in shown:
            kept_posts.settle(row)
            goes_to = f"{row.path}?kept={row.ref}"
        others = len(waiting) - len(shown)
    if "restore" in request.form and shown:
        if others:
            flash(MORE_KEPT, "important")
        return redirect(goes_to, 303)
    if shown:
        flash("What you had typed was not saved.", "important")
    return redirect(url_for("accounts.kept") if others else "/", 303)


def _either(staff_id: int, code: str) -> bool:
    return sign_in_service.use_code(staff_id, code) or sign_in_service.use_recovery_code(
        staff_id, code
    )


def _again_page(form: AgainForm) -> str:
    staff = db.session.get_one(Staff, current_viewer().staff_id)
    # The demonstration's people have no authenticator; elsewhere this route does not exist.
    without = staff.totp_secret is None and "demo" in current_app.blueprints
    demo_url = url_for("demo.prove_again", next=request.args.get("next")) if without else ""
    return render_template("accounts/again.html", form=form, demo_url=demo_url)
