"""Somebody using the program: what he does is counted, what he sees is checked."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, expect

from tests.browser.judged import Judged
from tests.counts import count

AXE = (Path(__file__).parent / "axe.min.js").read_text()
AXE_AT = "/-axe.js"
"""Where the programs of these tests hand axe over: Chromium keeps it, and what it made of it."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SHAPE = (Path(__file__).parent / "shape.js").read_text()
EVERY_PAGE = bool(count(0, 1))
_judged = Judged("here")
"""Shapes of parts of pages that axe found no fault in, so far in this run."""
_judged_at_both = Judged("at-both")
"""Those of them whose page was then fit at the other width as well."""
EXPECTED = {403, 404, 409, 422, 429}
"""Answers that a journey may meet on purpose; anything else above 399 is trouble."""

Screen = tuple[int, int]
"""Width and height in pixels."""

TAKE_AXE = """(at) => new Promise((taken, failed) => {
  const script = document.createElement("script");
  script.src = at;
  script.onload = () => { script.remove(); taken(); };
  script.onerror = failed;
  document.head.append(script);
})"""
FRAMES = """async () => {
  for (let i = 0; i < 4; i += 1) await new Promise((next) => requestAnimationFrame(next));
}"""
"""A page that changed its width has put itself in order."""

PATIENCE = 10_000
"""Milliseconds for a page to arrive on a busy machine."""


class Person:
    """A browser page with a count of interactions (a click, key choice or typed field is one)."""

    def __init__(self, page: Page, *, scripts: bool = True, other: Screen | None = None) -> None:
        self.page = page
        self.other = other
        self.scripts = scripts
        self.interactions = 0
        self.troubles: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def signs_in_as(self, role: str) -> "Person":
        """As the demonstration's one click does, without its page; not counted."""
        page = self.page.request.get("/demo/").text()
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert token, "no button to sign in with"
        form = {"csrf_token": token[1], "role": role}
        self.page.request.post("/demo/sign-in", form=form, max_redirects=0)
        self.page.goto("/today")
        return self

    def signs_out(self) -> "Person":
        """By the button in the header; not counted."""
        self.page.get_by_role("button", name="Sign out").click()
        self.page.wait_for_url("**/sign-in*")
        return self

    def goes_to(self, path: str) -> "Person":
        """By address; not counted."""
        self.page.goto(path)
        return self

    def clicks(self, name: str, *, role: str = "", exact: bool = False) -> "Person":
        """A button or link with this text (or another element of the given role)."""
        self.interactions += 1
        found = self.page.locator("main") if role == "main" else self.page
        if role and role != "main":
            target = found.get_by_role(role, name=name, exact=exact)  # type: ignore[arg-type]
        else:
            target = found.get_by_role("button", name=name, exact=exact).or_(
                found.get_by_role("link", name=name, exact=exact)
            )
        target.first.click()
        return self.lands()

    def lands(self) -> "Person":
        """Wait for the page that a click asked for: a click ends when its page begins to arrive."""
        self.page.wait_for_load_state()
        return self

    def takes_up(self, about: str, *, heading: str = "", action: str = "") -> "Person":
        """The row on Today about this man, in this list, with this action: one click."""
        self.interactions += 1
        rows = self.page.locator(".app-block").filter(has_text=heading).locator(".app-row")
        rows.filter(has_text=about).locator(".app-do", has_text=action).first.click()
        return self.lands()

    def chooses(self, label: str, *, group: str = "") -> "Person":
        """A radio button or checkbox, inside the group with this legend."""
        self.interactions += 1
        place: Page | Locator = self.page
        if group:
            place = self.page.get_by_role("group", name=re.compile(re.escape(group)))
        place.get_by_label(label, exact=True).first.check()
        return self

    def types(self, label: str, text: str) -> "Person":
        """Into the field with this label."""
        self.interactions += 1
        self.page.get_by_label(label).first.fill(text)
        return self

    def picks(self, label: str, option: str) -> "Person":
        """An option of a select."""
        self.interactions += 1
        self.page.get_by_label(label).first.select_option(label=option)
        return self

    def types_date(self, group: str, day: int, month: int, year: int) -> "Person":
        """A date in three fields: one interaction each."""
        place = self.page.get_by_role("group", name=re.compile(re.escape(group)))
        for part, value in (("Day", day), ("Month", month), ("Year", year)):
            self.interactions += 1
            place.get_by_label(part).fill(str(value))
        return self

    def sees(self, *texts: str) -> "Person":
        """Each of these texts on the page, once it has arrived."""
        for text in texts:
            self._waits_for(self.page.locator("body"), text)
        return self

    def arrives_at(self, heading: str) -> "Person":
        """On the page with this heading, which is fit to be used."""
        self._waits_for(self.page.locator("h1"), heading)
        return self.finds_the_page_fit()

    def within(self, budget: int) -> "Person":
        """No more interactions than this since counting began."""
        assert self.interactions <= budget, f"{self.interactions} interactions, budget {budget}"
        return self

    def does_not_see(self, *texts: str) -> "Person":
        """None of these texts anywhere in the page's source."""
        source = self.lands().page.content()
        for text in texts:
            assert text not in source, f"{text!r} is on {self.page.url}"
        return self

    def finds_the_page_fit(self) -> "Person":
        """No accessibility fault, no sideways scrolling, one h1, a title.

        Where no script runs axe cannot either: the same pages are judged where it can. What axe
        takes half of a walk's time for is judged once for pages whose every part is made as
        one it has judged (elements, classes, labels; see shape.js), and inside main only where
        nothing around it is new; `./run faults` judges every one, and whole. Where this walk is
        not taken at the other width as well, it is fit there too, once for each such page.
        """
        self.lands()
        parts = self._finds_it_fit_here()
        if self.other and (EVERY_PAGE or _judged_at_both.of_these_new(parts)):
            own = self.page.viewport_size
            assert own
            self.turns_to(self.other)
            _judged_at_both.add(parts | self._finds_it_fit_here())
            self.turns_to((own["width"], own["height"]))
        return self

    def turns_to(self, screen: Screen) -> "Person":
        """A screen of another width and height."""
        self.page.set_viewport_size({"width": screen[0], "height": screen[1]})
        return self.settles()

    def settles(self) -> "Person":
        """Wait until the page has put itself in order for its width."""
        if self.scripts:
            # The header folds its menu a frame after the change, and a frame after that again.
            self.page.evaluate(FRAMES)
        return self

    def _finds_it_fit_here(self) -> set[str]:
        """The shapes of its parts."""
        parts = set[str]()
        if self.scripts:
            parts.update(self.page.evaluate(SHAPE))
            new = _judged.of_these_new(parts)
            if EVERY_PAGE or new:
                # What stands around is as on a page it has judged: it need not be read again.
                inside = not EVERY_PAGE and all(part.startswith("main ") for part in new)
                self._finds_no_fault("main" if inside else "html")
                _judged.add(parts)
        self.finds_nothing_too_wide()
        # Not by a locator: the first one on a page takes as long as ten questions.
        headings = self.page.evaluate("document.querySelectorAll('h1').length")
        assert headings == 1, f"{self.page.url} h1"
        return parts

    def _finds_no_fault(self, inside: str) -> None:
        if self.page.url.startswith("http"):
            self.page.evaluate(TAKE_AXE, AXE_AT)
        else:
            self.page.add_script_tag(content=AXE)
        # The rest of what axe says, ten times as long, is not handed over.
        violations: list[dict[str, Any]] = self.page.evaluate(
            "async ([inside, rules]) => (await axe.run(inside === 'main' ? inside : document,"
            " {runOnly: rules, resultTypes: ['violations'], preload: false, selectors: false,"
            " ancestry: false, elementRef: false})).violations",
            [inside, RULES],
        )
        faults = [
            f"{v['id']}: {v['nodes'][0]['html'][:200]} ({v['nodes'][0]['failureSummary']})"
            for v in violations
        ]
        assert not faults, f"{self.page.url}: {faults}"

    def finds_nothing_too_wide(self) -> "Person":
        """No sideways scrolling."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"
        return self

    def starts_counting(self) -> "Person":
        """From here on."""
        self.interactions = 0
        return self

    def had_no_trouble(self) -> None:
        """Fail with whatever the console or the network complained of."""
        assert not self.troubles, self.troubles

    def _waits_for(self, place: Locator, text: str) -> None:
        try:
            expect(place).to_contain_text(text, use_inner_text=True, timeout=PATIENCE)
        except AssertionError:
            shown = " ".join(self.page.locator("main").inner_text().split())[:1500]
            # Playwright's own message repeats the whole page several times.
            raise AssertionError(f"{text!r} is not on {self.page.url}: {shown}") from None

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports every 4xx answer in the console too; `_answered` judges those.
        if message.type in ("error", "warning") and "the server responded with" not in message.text:
            self.troubles.append(f"console {message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in str(request.failure):
            self.troubles.append(f"request failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in EXPECTED:
            self.troubles.append(f"{response.status} from {response.url}")
