"""The referral API: JSON in and out, a token per organisation, problems as RFC 9457 says.

Its own blueprint without cookies or CSRF tokens: a bearer token is sent on purpose, never by a
browser on its own.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Blueprint, Response, current_app, g, jsonify, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import api_service, api_tokens, queries
from mhtr.intake.api_description import LONGEST_VALUE, describe
from mhtr.intake.api_tokens import Caller, Scope
from mhtr.intake.known_reference import ReferenceTaken
from mhtr.intake.models import ApiCall, Referral
from mhtr.intake.referral import FIELDS, TEXTS, ReferralSubmission, read_referral
from mhtr.intake.said_of_safety import danger_in
from mhtr.people.rules import accepts
from mhtr.web.gate import by_token, public
from mhtr.web.problems import PROBLEM, problem

bp = Blueprint("api", __name__, url_prefix="/api/v1")

KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")
LOOKED_AT = "A clinician of the service is asked to look into it."
LARGEST_BODY = 64 * 1024
SEARCHED_BODY = 16 * LARGEST_BODY
"""How much of one that is too large is searched for what it says of safety."""
P = ParamSpec("P")


class Problem(Exception):
    """A refusal, answered as problem+json."""

    def __init__(self, status: int, detail: str = "", **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more


@bp.errorhandler(Problem)
def _problem(refused: Problem) -> Response:
    response = problem(refused.status, refused.detail, **refused.more)
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if refused.status == 429:
        response.headers["Retry-After"] = str(refused.more.get("retry_after", 60))
    return response


@bp.errorhandler(OperationalError)
def _database_lost(_error: OperationalError) -> Response:
    db.session.rollback()
    return _problem(Problem(503, "Nothing was saved. Try again with the same key."))


@bp.after_request
def _say_of_safety(response: Response) -> Response:
    """Whatever the refusal, and whoever made it: what the refused one says of safety is told."""
    if request.endpoint != "api.send" or response.mimetype != PROBLEM:
        return response
    danger = danger_in(_as_far_as_it_goes())
    said = json.loads(response.get_data())
    if danger and not said.get("safety_not_taken"):
        said["safety_not_taken"] = True
        said["detail"] = " ".join(filter(None, [said.get("detail"), danger]))
        response.set_data(json.dumps(said))
    return response


def _as_far_as_it_goes() -> bytes:
    """The beginning of the body. One that is too large, or cut off, is read no further."""
    try:
        if (request.content_length or 0) <= LARGEST_BODY:
            return request.get_data()[:SEARCHED_BODY]
        return request.stream.read(SEARCHED_BODY)
    except (HTTPException, OSError):
        return b""


@bp.after_request
def _count(response: Response) -> Response:
    """Note how the call was answered, unless the referral's own transaction did."""
    if g.get("api_call") and not g.get("api_counted"):
        db.session.rollback()
        with writing():
            api_service.note_call(
                call_id=g.api_call,
                status=response.status_code,
                shown_case_id=g.get("api_shown"),
            )
    return response


def authenticated(scope: Scope) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Only with a live token of this scope and within its limit."""

    def wrap(view: Callable[P, Response]) -> Callable[P, Response]:
        @wraps(view)
        def inner(*args: P.args, **kwargs: P.kwargs) -> Response:
            for name in ("api_caller", "api_call", "api_counted", "api_shown"):
                g.pop(name, None)
            kind, _, token = request.headers.get("Authorization", "").partition(" ")
            caller = api_tokens.recognise(token.strip()) if kind.lower() == "bearer" else None
            if caller is None:
                raise Problem(401)
            db.session.rollback()
            with writing():
                wait, g.api_call = api_tokens.take_turn(caller.token_id)
            if wait:
                raise Problem(429, f"Try again in {wait} seconds.", retry_after=wait)
            g.api_caller = caller
            if scope not in caller.scopes:
                raise Problem(403)
            return view(*args, **kwargs)

        return inner

    return wrap


@bp.get("/openapi.json")
@public
def description() -> Response:
    """The OpenAPI description."""
    return jsonify(describe(url_for("api.description").removesuffix("/openapi.json")))


@bp.post("/referrals")
@by_token
@authenticated(Scope.WRITE)
def send() -> Response:
    """Take a referral once; the same again, by its key or its reference, gets the first answer."""
    caller: Caller = g.api_caller
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise Problem(400, "Send an Idempotency-Key of 8 to 80 letters, digits, - or _.")
    answers = _answers()
    digest = hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()
    earlier = api_service.earlier(token_id=caller.token_id, key=key)
    if earlier is not None:
        return _replay(earlier, digest)
    submission = _read(answers)
    try:
        with writing():
            call = api_service.take(
                caller=caller,
                call_id=g.api_call,
                key=key,
                digest=digest,
                submission=submission,
            )
            answer, status = call.answer or {}, call.status
    except ReferenceTaken as taken:
        raise _reference_taken(caller, taken) from taken
    except IntegrityError:
        # The same sending arrived twice at once; the other one was first.
        again = api_service.earlier(token_id=caller.token_id, key=key)
        if again is None:
            raise
        return _replay(again, digest)
    except Refused as refusal:
        raise Problem(422, " ".join(refusal.reasons)) from refusal
    g.api_counted = True
    return _taken(answer, status, repeated=status == 200)


def _reference_taken(caller: Caller, taken: ReferenceTaken) -> Problem:
    """The refusal names the referral that stands, and what the refused one said of safety."""
    with writing():
        api_service.refuse(caller=caller, taken=taken)
    looked_at = f" {LOOKED_AT}" if taken.danger else ""
    return Problem(
        409,
        " ".join(taken.reasons) + looked_at,
        title="This external reference stands for another referral",
        existing_reference=str(taken.reference),
        safety_not_taken=bool(taken.danger),
    )


@bp.get("/referrals/<uuid:reference>")
@by_token
@authenticated(Scope.READ)
def ask(reference: uuid.UUID) -> Response:
    """What became of a referral of the caller's own organisation."""
    caller: Caller = g.api_caller
    found = db.session.execute(
        select(Case, Referral.external_reference)
        .join(Referral, Referral.case_id == Case.id)
        .where(Case.ref == reference, Referral.organisation_id == caller.organisation_id)
    ).one_or_none()
    if found is None or not api_service.is_told(found[0], caller):
        raise Problem(404, "There is no such referral.")
    g.api_shown = found[0].id
    return jsonify(api_service.receipt(found[0], found[1] or ""))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object each of whose fields is there once: of two answers neither is chosen."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise KeyError(name)
        found[name] = value
    return found


def _answers() -> dict[str, str]:
    if request.mimetype != "application/json":
        raise Problem(415)
    if (request.content_length or 0) > LARGEST_BODY:
        raise Problem(413)
    content = request.get_data()
    if len(content) > LARGEST_BODY:  # sent in pieces, without saying how much it is
        raise Problem(413)
    try:
        body = json.loads(content.decode("utf-8"), object_pairs_hook=_once)
    except KeyError as twice:
        raise Problem(422, f"“{str(twice.args[0])[:60]}” is there twice.") from None
    except (ValueError, RecursionError):
        raise Problem(400, "The body is not JSON in UTF-8.") from None
    if not isinstance(body, dict):
        raise Problem(422, "Send one JSON object.")
    wrong = [
        {"field": name[:60], "message": words}
        for name, value in body.items()
        if (words := _not_described(name, value))
    ]
    if wrong:
        raise Problem(422, "Only the described fields, each as text.", errors=wrong)
    return body


def _not_described(name: str, value: object) -> str:
    """Why the description does not allow this field; empty where it does."""
    if name not in FIELDS:
        return "This is not a field of a referral"
    if not isinstance(value, str):
        return "Send text"
    longest = TEXTS.get(name, LONGEST_VALUE)
    return f"Send {longest:,} characters or fewer" if len(value) > longest else ""


def _read(answers: dict[str, str]) -> ReferralSubmission:
    fictional = accepts(current_app.config).fictional
    codes = queries.code_lists(fictional=fictional)
    read = read_referral(answers, clock.today(), codes, clock.london())
    if isinstance(read, ReferralSubmission):
        return read
    errors = [{"field": problem.field, "message": problem.message} for problem in read]
    raise Problem(422, "Put these right and send it again.", errors=errors)


def _replay(earlier: ApiCall, digest: str) -> Response:
    if earlier.body_hash != digest:
        raise Problem(409, "Nothing was saved. Use a new key for a new referral.")
    return _taken(earlier.answer or {}, earlier.status, repeated=True)


def _taken(answer: dict[str, Any], status: int, *, repeated: bool) -> Response:
    response = jsonify(answer)
    response.status_code = status
    response.headers["Location"] = url_for("api.ask", reference=answer["reference"])
    if repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response
