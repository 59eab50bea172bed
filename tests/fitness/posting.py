"""Forms as a page offers them, filled in as somebody would, and what a post writes."""

import re
import shutil
import uuid
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from mhtr.core.database import db

XHTML = "{http://www.w3.org/1999/xhtml}"
Fields = dict[str, list[str]]
Written = list[tuple[str, ...]]

BOOKKEEPING = {"submissions", "audit_head", "sign_in_sessions"}
"""Tables that repeat the form as sent, the chain's hash, or that the session is alive."""
RANDOM = {"ref", "token_hash", "pdf", "pdf_hash", "totp_secret", "totp_next_secret", "key"}
"""Columns that differ between two equal runs."""
NUMBERED = RANDOM | {"id"}
"""Likewise in rows written without the mapper, whose numbers the chain gives."""


@dataclass(frozen=True)
class PageForm:
    """One form of a page that was fetched."""

    endpoint: str
    action: str
    fields: Fields
    """Every name with what would be sent: what stands there, else something that fits."""
    offered: dict[str, set[str]] = field(default_factory=dict)
    """For each name that offers choices, the values it offers."""
    hidden: frozenset[str] = frozenset()

    def sent(self, **changes: list[str]) -> Fields:
        """What is posted, with a fresh key."""
        return {**self.fields, "submission_key": [str(uuid.uuid4())], **changes}


FORM = re.compile(r"(<form\b[^>]*>).*?</form>", re.DOTALL)


def forms_of(
    app: Flask, path: str, page: str, *, day: str, but: Container[str] = ()
) -> list[PageForm]:
    """The posting forms of a page but those to some endpoints, dates filled in with `day`.

    Forms do not stand in one another: each is read by itself, and only where it is wanted.
    """
    adapter = app.url_map.bind("localhost")
    found = []
    for form in FORM.finditer(page):
        opening = _read(form[1])
        if (opening.get("method") or "get").lower() != "post":
            continue
        action = urlsplit(opening.get("action") or path).path
        endpoint = str(adapter.match(action, method="POST")[0])
        if endpoint not in but:
            found.append(_form(endpoint, action, _read(form[0]), day))
    return found


@lru_cache(maxsize=500)
def _read(source: str) -> Element:
    form: Element = html5lib.parseFragment(source)[0]
    return form


def _form(endpoint: str, action: str, element: Element, day: str) -> PageForm:
    fields: Fields = {}
    offered: dict[str, set[str]] = {}
    hidden = set()
    for one in element.iter():
        name, tag = one.get("name"), str(one.tag).removeprefix(XHTML)
        if not name:
            continue
        kind = (one.get("type") or "").lower()
        if tag == "select":
            fields[name], offered[name] = _selected(one)
        elif tag == "textarea":
            fields[name] = [one.text or "Said in so many words"]
        elif tag == "button":
            fields.setdefault(name, [one.get("value") or ""])
        elif kind in ("radio", "checkbox"):
            value = one.get("value") or "on"
            chosen = fields.setdefault(name, [])
            offered.setdefault(name, set()).add(value)
            if one.get("checked") is not None:
                chosen[:] = [value] if kind == "radio" else [*chosen, value]
        elif tag == "input":
            fields[name] = [one.get("value") or _fitting(name, kind, one, day)]
            if kind == "hidden":
                hidden.add(name)
    for name, values in offered.items():
        if not fields[name] and values:
            fields[name] = [min(values)]
    return PageForm(endpoint, action, fields, offered, frozenset(hidden))


def _selected(element: Element) -> tuple[list[str], set[str]]:
    options = [one for one in element.iter(f"{XHTML}option") if one.get("value")]
    chosen = [str(one.get("value")) for one in options if one.get("selected") is not None]
    values = [str(one.get("value")) for one in options]
    return chosen or values[:1], set(values)


FITTING = {
    r"opens": "09:00",
    r"closes": "17:00",
    r"time": "09:30",
    r"postcode": "SE1 9ZZ",
    r"nhs": "9990000018",
    r"crn": "X123456",
    r"hcpc": "PYL000777",
    r"^ods_code$": "RZQ",
    r"^version$": "0",
    r"area": "south",
}
PARTS = {"day": 0, "month": 1, "year": 2}


def _fitting(name: str, kind: str, element: Element, day: str) -> str:
    part = re.search(r"-(day|month|year)$", name)
    if part:
        return day.split("-")[PARTS[part.group(1)]]
    if kind in ("email", "tel"):
        return "zq.somebody@example.org" if kind == "email" else "07700 900456"
    for pattern, text in FITTING.items():
        if re.search(pattern, name):
            return text
    if element.get("inputmode") == "numeric" or kind == "number":
        return "6"
    return "Zq words"


def others(form: PageForm) -> Iterator[PageForm]:
    """The same form with another of the offered answers in one place: a route may want that."""
    for name, values in form.offered.items():
        for value in sorted(values - set(form.fields[name])):
            yield replace(form, fields={**form.fields, name: [value]})


class Keeper:
    """Puts the database back as it was, and notes what a post writes."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.file = Path(str(db.engine.url.database))
        self.kept = self.file.with_suffix(".kept")
        self._rest()
        shutil.copyfile(self.file, self.kept)

    def _rest(self) -> None:
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()

    def restore(self) -> None:
        """As it was when this keeper was made."""
        db.session.remove()
        db.engine.dispose()
        for leftover in self.file.parent.glob(self.file.name + "-*"):
            leftover.unlink()
        shutil.copyfile(self.kept, self.file)

    def post(self, client: FlaskClient, path: str, data: Fields) -> tuple[int, Written]:
        """The answer's status and every row it wrote, then everything is undone."""
        with recorded() as written:
            status = client.post(path, data=data).status_code
        if status < 400 or written:
            self.restore()
        return status, sorted(written)


@contextmanager
def recorded() -> Iterator[Written]:
    """Every row flushed and every changing statement, in a form that two runs can compare."""
    kept: Written = []
    running: Written = []

    def flushed(session: Session, _context: object) -> None:
        for word, rows in (("new", session.new), ("dirty", session.dirty)):
            running.extend(_row(word, row) for row in rows if session.is_modified(row) or word)
        running.extend(_row("deleted", row) for row in session.deleted)

    def executed(state: ORMExecuteState) -> None:
        running.extend(_statement(state))

    def committed(_session: Session) -> None:
        kept.extend(row for row in running if row)
        running.clear()

    def undone(_session: Session, *_rest: object) -> None:
        running.clear()

    listeners = (
        ("after_flush", flushed),
        ("do_orm_execute", executed),
        ("after_commit", committed),
        ("after_rollback", undone),
    )
    for name, listener in listeners:
        event.listen(db.session, name, listener)
    try:
        yield kept
    finally:
        for name, listener in listeners:
            event.remove(db.session, name, listener)


def _statement(state: ORMExecuteState) -> Iterator[tuple[str, ...]]:
    statement: Any = state.statement
    if state.is_insert:
        sent: Any = state.parameters or {}
        for row in sent if isinstance(sent, list) else [sent]:
            told = {k: v for k, v in row.items() if "hash" not in k and k not in NUMBERED}
            if row.get("action") != "page.viewed":
                yield "insert", _plain(told)
    elif state.is_update or state.is_delete:
        compiled = statement.compile(dialect=db.engine.dialect)
        if not any(table in str(compiled) for table in BOOKKEEPING):
            yield "statement", str(compiled), _plain(compiled.params)


def _row(word: str, row: Any) -> tuple[str, ...]:
    state = inspect(row)
    table = str(state.mapper.local_table.name)
    if table in BOOKKEEPING:
        return ()
    values = []
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        if name in RANDOM or (table == "audit_events" and "hash" in name):
            continue
        history = state.attrs[name].history
        if word != "dirty" or history.has_changes():
            values.append(f"{name}={_plain(state.dict.get(name))}")
    return (word, table, *values) if values else ()


def _plain(value: Any) -> str:
    """Text in which new references and hashes are all alike."""
    text = re.sub(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", "ref", repr(value))
    return re.sub(r"\b[0-9a-f]{64}\b|'[A-Za-z0-9_-]{43}'", "hash", text)
