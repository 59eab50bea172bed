"""A test client that checks every page: valid HTML, title, one h1, labels, no outside host."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mhtr.accounts import sessions
from mhtr.accounts.gate import cookie_name
from mhtr.accounts.models import Staff
from mhtr.core.transaction import writing

XHTML = "{http://www.w3.org/1999/xhtml}"
NEW_EACH_TIME = re.compile(r'(<script(?: type="module")? nonce=")[\w-]{24}(?=")')
"""What differs between two fetches of a page."""
UNLABELLED = {"hidden", "submit", "button", "image"}


class PageFault(AssertionError):
    """A page that was fetched is not fit to be shown."""


class PageClient(FlaskClient):
    """Flask's test client, with every HTML answer checked."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.data and response.status_code != 303:
            check_page(response.get_data(as_text=True))
        return response

    def sign_in(self, staff: Staff) -> "PageClient":
        """Sign in as this member of staff."""
        with writing():
            token = sessions.begin(staff)
        self.set_cookie(cookie_name(self.application), token)
        return self

    def page(self, path: str, **kwargs: Any) -> str:
        """The text of a page that must be there."""
        response = self.get(path, **kwargs)
        assert response.status_code == 200, f"{path} answered {response.status_code}"
        return response.get_data(as_text=True)


def check_page(html: str) -> None:
    """Raise PageFault with every fault of the page; the very same page is looked through once."""
    faults = _faults_of(NEW_EACH_TIME.sub(r"\1", html))
    if faults:
        raise PageFault("; ".join(faults))


@lru_cache(maxsize=500)
def _faults_of(html: str) -> list[str]:
    return _faults(html)


def _faults(html: str) -> list[str]:
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(html)
    found = [f"invalid HTML: {code} at {place}" for place, code, _ in parser.errors]
    every = list(tree.iter())
    if not html.lstrip().lower().startswith("<!doctype html>"):
        found.append("no doctype")
    title = tree.find(f".//{XHTML}title")
    headings = tree.findall(f".//{XHTML}h1")
    if title is None or not (title.text or "").strip():
        found.append("no title")
    if len(headings) != 1:
        found.append(f"{len(headings)} h1")
    elif title is not None:
        heading = " ".join("".join(headings[0].itertext()).split())
        if heading.casefold() not in " ".join((title.text or "").split()).casefold():
            found.append(f"the title does not hold the heading {heading!r}")
    ids = [element.get("id") for element in every if element.get("id")]
    found += [f"id {name} twice" for name in {i for i in ids if ids.count(i) > 1}]
    found += _unlabelled(every, set(ids))
    found += _outside(every)
    found += [
        f"inline style or handler on {element.tag}"
        for element in every
        if element.get("style") or any(a.startswith("on") for a in element.attrib)
    ]
    if re.search(r"\boffender", html, re.IGNORECASE):
        found.append("says offender")
    return found


def _unlabelled(every: list[Element], ids: set[str | None]) -> list[str]:
    labels = {element.get("for") for element in every if element.tag == f"{XHTML}label"}
    faults = [f"label for missing {name}" for name in labels if name and name not in ids]
    for element in every:
        name = str(element.tag).removeprefix(XHTML)
        if name not in ("input", "select", "textarea"):
            continue
        if name == "input" and element.get("type") in UNLABELLED:
            continue
        if element.get("id") not in labels and not element.get("aria-label"):
            faults.append(f"field {element.get('name')} has no label")
        for described in (element.get("aria-describedby") or "").split():
            if described not in ids:
                faults.append(f"field {element.get('name')} is described by missing {described}")
    return faults


def _outside(every: list[Element]) -> list[str]:
    faults = []
    for element in every:
        for attribute in ("src", "href", "action"):
            value = element.get(attribute) or ""
            host = urlsplit(value).netloc
            loads = attribute != "href" or element.tag == f"{XHTML}link"
            if host and loads and not value.startswith("data:"):
                faults.append(f"calls another host: {host}")
    return faults
