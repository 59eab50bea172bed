"""One form, one effect: repeats, races, and the same key with other answers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Blueprint, Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

import config as settings
from mhtr.accounts import sessions
from mhtr.accounts.gate import cookie_name, current_viewer
from mhtr.accounts.models import Organisation
from mhtr.app import create_app
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice
from mhtr.web.gate import signed_in
from mhtr.web.submission import saving
from tests.makers import make_staff

RACERS = 20
KEY = "0b51a5b6-6e2c-4a5e-9d7b-5f6f0e3f7a11"

bp = Blueprint("planted", __name__)


@bp.post("/planted/save")
@signed_in
def save() -> Response:
    viewer = current_viewer()
    with saving() as saved:
        count = db.session.scalar(select(func.count()).select_from(Notice))
        tasks.tell(viewer.principal_id, key=f"n{count}", text="saved")
        saved.goes_to("/today")
    return saved.redirect()


@bp.get("/planted/write")
@signed_in
def write_on_get() -> str:
    db.session.add(
        Notice(principal_id=current_viewer().principal_id, key="planted", text="planted")
    )
    db.session.flush()
    return "written"


@pytest.fixture
def planted(either_app: Flask) -> Iterator[Flask]:
    """A second app on the same database, with the routes above."""
    url = either_app.config["SQLALCHEMY_DATABASE_URI"]
    made = create_app(settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": url}))
    made.config["WTF_CSRF_ENABLED"] = False
    made.register_blueprint(bp)
    yield made
    with made.app_context():
        db.engine.dispose()


def signed_in_token() -> str:
    staff = make_staff(Role.ASSESSOR)
    with writing():
        return sessions.begin(staff)


def post(app: Flask, token: str, **body: str) -> tuple[int, str, str]:
    client = app.test_client()
    client.set_cookie(cookie_name(app), token)
    answer = client.post("/planted/save", data=body)
    return answer.status_code, answer.headers.get("Location", ""), answer.get_data(as_text=True)


def notices() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Notice)) or 0


def test_the_same_form_sent_twenty_times_at_once_has_one_effect(planted: Flask) -> None:
    token = signed_in_token()
    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(
            pool.map(lambda _: post(planted, token, submission_key=KEY, words="a"), range(RACERS))
        )
    assert {(status, location) for status, location, _ in answers} == {(303, "/today")}
    assert notices() == 1


def test_the_same_key_with_other_answers_shows_both_and_saves_nothing(planted: Flask) -> None:
    token = signed_in_token()
    post(planted, token, submission_key=KEY, words="first words")
    status, _, page = post(planted, token, submission_key=KEY, words="second words")
    assert status == 409
    assert "first words" in page
    assert "second words" in page
    assert notices() == 1


def test_another_persons_key_is_not_in_the_way(planted: Flask) -> None:
    for _ in range(2):
        post(planted, signed_in_token(), submission_key=KEY, words="a")
    assert notices() == 2


def test_passwords_and_codes_are_never_kept(planted: Flask) -> None:
    token = signed_in_token()
    post(planted, token, submission_key=KEY, words="a", old_password="canary", code="123456")
    status, _, page = post(planted, token, submission_key=KEY, words="b", new_password="canary")
    assert status == 409
    assert "canary" not in page
    assert "123456" not in page


def test_a_write_planted_in_a_get_fails(planted: Flask) -> None:
    client = planted.test_client()
    client.set_cookie(cookie_name(planted), signed_in_token())
    try:
        status = client.get("/planted/write").status_code
    except DBAPIError:  # under test an unexpected error is raised rather than made a page
        status = 500
    assert status >= 500
    assert notices() == 0
    assert db.session.scalars(select(Organisation.id)).first() is not None
