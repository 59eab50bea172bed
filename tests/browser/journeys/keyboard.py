"""Somebody who uses the keyboard only: every stop on the way shows where it is."""

from tests.browser.person import Person

STOPS = 120
"""More tab stops than any page of the program has before its last field."""

HERE = """() => {
  const el = document.activeElement;
  const label = el.labels && el.labels.length ? el.labels[0].textContent : "";
  const legend = el.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
  return {
    name: (el.getAttribute("aria-label") || label || el.textContent || "").trim(),
    group: legend.trim(), id: el.id, type: el.type || "", tag: el.tagName,
  };
}"""
SHOWN = """() => {
  const el = document.activeElement;
  if (el === document.body) return true;
  const looks = [getComputedStyle(el)];
  if (el.labels) for (const label of el.labels) looks.push(getComputedStyle(label, "::before"));
  return looks.some((look) => {
    const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0
      && !look.outlineColor.endsWith(", 0)") && look.outlineColor !== "transparent";
    return outlined || (look.boxShadow && look.boxShadow !== "none");
  });
}"""

STOPS_OF_PAGE = """() => {
  const groups = new Set();
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((el) => !el.disabled && el.type !== "hidden" && el.tabIndex >= 0)
    .filter((el) => el.checkVisibility({visibilityProperty: true}))
    .filter((el) => {
      if (el.type !== "radio") return true;
      const known = groups.has(el.name);
      groups.add(el.name);
      return !known;
    }).length;
}"""
MARKS = """() => {
  const el = document.activeElement;
  if (el === document.body) return "out";
  const marked = el.type === "radio"
    ? document.querySelector(`[type=radio][name="${el.name}"][data-was-here]`)
    : el.hasAttribute("data-was-here");
  el.setAttribute("data-was-here", "");
  return marked ? "again" : "new";
}"""


class Keyboard:
    """Tab, arrows, space, Enter and typing; nothing is ever clicked."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page

    def press(self, *keys: str) -> "Keyboard":
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def goes_to(self, name: str, group: str = "") -> "Keyboard":
        """By Tab to the field, button or link of this name, inside the group of this legend."""
        seen = []
        for _ in range(STOPS):
            here = self.page.evaluate(HERE)
            if here["name"].startswith(name) and group in here["group"]:
                return self
            seen.append(here["name"][:30])
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(SHOWN), f"no focus to be seen after {seen[-1]!r}"
        raise AssertionError(f"{name!r} cannot be reached by Tab: {seen}")

    def chooses(self, option: str, group: str) -> "Keyboard":
        """A radio button: Tab into the group, then arrows."""
        self._into(group)
        for _ in range(12):
            if self.page.evaluate(HERE)["name"] == option:
                return self.press("Space")
            self.press("ArrowDown")
        raise AssertionError(f"{option!r} is not in {group!r}")

    def ticks(self, option: str) -> "Keyboard":
        """A checkbox."""
        return self.goes_to(option).press("Space")

    def types(self, label: str, text: str, group: str = "") -> "Keyboard":
        """Into a field."""
        self.goes_to(label, group)
        self.page.keyboard.type(text)
        return self

    def follows(self, name: str) -> "Keyboard":
        """A link or button, by Enter; waits for the next page."""
        self.goes_to(name)
        with self.page.expect_navigation():
            self.press("Enter")
        return self

    def takes_up(self, about: str, *, heading: str = "", action: str = "") -> "Keyboard":
        """The row on Today about this man, in this list, with this action, by Tab and Enter."""
        for _ in range(STOPS):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(SHOWN), "no focus to be seen on Today"
            block = self.page.evaluate(
                "() => document.activeElement.closest('.app-block')?.textContent ?? ''"
            )
            name = self.page.evaluate(HERE)["name"]
            row = self.page.evaluate("() => document.activeElement.matches('.app-do')")
            if row and about in name and name.startswith(action) and heading in block:
                with self.page.expect_navigation():
                    self.press("Enter")
                return self
        raise AssertionError(f"{action!r} about {about!r} cannot be reached by Tab")

    def is_never_trapped(self) -> "Keyboard":
        """Tab comes to every stop of this page, leaves it at its end, and comes round again."""
        wanted, met, out = self.page.evaluate(STOPS_OF_PAGE), 0, 0
        for _ in range(2 * wanted + 10):
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(MARKS)
            met += found == "new"
            out += found == "out"
            assert self.page.evaluate(SHOWN), f"no focus to be seen on {self.page.url}"
        assert met >= wanted, f"Tab comes to {met} of {wanted} stops of {self.page.url}"
        self.press("Shift+Tab")
        assert self.page.evaluate(MARKS) in ("again", "out")
        return self

    def _into(self, group: str) -> None:
        for _ in range(STOPS):
            here = self.page.evaluate(HERE)
            if group in here["group"] and here["type"] == "radio":
                return
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(SHOWN), f"no focus to be seen before {group!r}"
        raise AssertionError(f"{group!r} cannot be reached by Tab")
