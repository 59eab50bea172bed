"""The world of the matrix with a browser for each role, and what any answer says in words."""

import html
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from mhtr.accounts import sessions
from mhtr.accounts.gate import cookie_name
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability.sections import SECTIONS, QuestionKind
from tests.fitness.planting import BY_HAND, canary
from tests.fitness.records import Distance
from tests.fitness.world import World

RELEASED = {
    question.key: question.released
    for spec in SECTIONS
    for question in spec.questions
    if question.kind is QuestionKind.TEXT
}
"""Every question of the assessment answered in words, and whether its words may be released."""
TEXTS = frozenset(
    {
        "text/html",
        "text/csv",
        "text/plain",
        "text/calendar",
        "application/json",
        "application/problem+json",
        "image/svg+xml",
    }
)
SMALLEST = 100
"""Bytes of a real file. What stands for one in a record says what its own tests read."""
HEADERS = ("Content-Disposition", "Location", "ETag", "Link")
"""What stands beside the page: the name of a file, where it leads."""


def text_of(answer: TestResponse) -> str:
    """Everything an answer says, in small letters: its page or file, and what stands beside it.

    Raises:
        AssertionError: a kind of file that nobody reads here.
    """
    beside = " ".join(answer.headers.get(name, "") for name in HEADERS)
    return f"{html.unescape(_said(answer))} {html.unescape(beside)}".lower()


def _said(answer: TestResponse) -> str:
    if answer.mimetype == "application/pdf" and b"%%EOF" in answer.data:
        file = PdfReader(BytesIO(answer.data))
        about = " ".join(map(str, (file.metadata or {}).values()))
        return " ".join([about, *(page.extract_text() for page in file.pages)])
    stand_in = answer.mimetype == "application/pdf" and len(answer.data) < SMALLEST
    assert answer.mimetype in TEXTS or stand_in or not answer.data, answer.mimetype
    return answer.get_data(as_text=True)


class Matrix:
    """The world, a browser for each role, and what is planted where."""

    def __init__(self, app: Flask, distances: tuple[Distance, ...] = tuple(Distance)) -> None:
        self.app, self.world = app, World(distances)
        self.words: dict[str, tuple[Distance, str]] = {}
        for at, record in self.world.records.items():
            for column in self.world.planter.planted[at] - set(BY_HAND):
                self.words[canary(at, column)] = (at, column)
            for column in BY_HAND:
                for key, released in RELEASED.items():
                    kind = "released wording" if released else column
                    self.words[f"{canary(at, column)}-{key}".lower()] = (at, kind)
            for kind, texts in record.plain.items():
                self.words |= {text.lower(): (at, kind) for text in texts}
        # Hardly a page holds how most of the words begin: only then each is looked for.
        self._beginning: dict[str, list[str]] = {}
        for word in self.words:
            self._beginning.setdefault(word[:6], []).append(word)
        self.clients: dict[Role, FlaskClient] = {}
        for role in Role:
            client = FlaskClient(app, app.response_class)
            with writing():
                token = sessions.begin(self.world.staff[role])
            client.set_cookie(cookie_name(app), token)
            self.clients[role] = client
        db.session.remove()

    def get(self, role: Role, path: str) -> tuple[int, set[tuple[Distance, str]], str]:
        """Status, the canaries found, and the text."""
        answer = self.clients[role].get(path)
        text = text_of(answer)
        return answer.status_code, self.held(text), text

    def held(self, text: str) -> set[tuple[Distance, str]]:
        """What is planted where, of all that a text in small letters holds."""
        near = (words for start, words in self._beginning.items() if start in text)
        return {self.words[word] for words in near for word in words if word in text}
