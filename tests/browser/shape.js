// What axe's judgement of a page depends on, as texts: one for each part of the body and of main,
// saying which elements stand in which, their classes, roles, names and descriptions, and how they
// are shown at this width: whether, as what, in which colours. Words themselves, addresses and
// identifiers are left out, and equal neighbours (rows of a table) count once.
() => {
  const POINTS = ["aria-labelledby", "aria-describedby", "aria-controls", "for", "headers"];
  const VALUES = ["class", "type", "role", "lang", "scope", "autocomplete", "tabindex"];
  const alone = (element) => {
    const shown = getComputedStyle(element);
    const own = [element.tagName, shown.display, shown.visibility];
    own.push(shown.color, shown.backgroundColor);
    for (const name of element.getAttributeNames()) {
      const value = element.getAttribute(name);
      if (POINTS.includes(name)) {
        const found = value.split(/\s+/).map((id) => (document.getElementById(id) ? 1 : 0));
        own.push(name + found.join(""));
      } else if (VALUES.includes(name)) own.push(name + "=" + value);
      else own.push(name + (value ? "" : "!"));
    }
    if (element.labels) own.push("labels" + element.labels.length);
    return own.join(" ");
  };
  const of = (element) => {
    const inside = [];
    for (const child of element.childNodes) {
      const shape =
        child.nodeType === Node.TEXT_NODE
          ? child.data.trim() && "t"
          : child.nodeType === Node.ELEMENT_NODE && of(child);
      if (shape && shape !== inside[inside.length - 1]) inside.push(shape);
    }
    return alone(element) + "(" + inside.join(",") + ")";
  };
  const main = document.querySelector("main");
  const around = [document.head];
  const within = [alone(document.body)];
  for (let at = main; at !== document.body; at = at.parentElement) {
    within.push(alone(at));
    around.push(...[...at.parentElement.children].filter((one) => one !== at));
  }
  return [
    ...[...main.children].map((one) => "main " + of(one)),
    ...around.map((one) => "around " + of(one)),
    ...within.map((one) => "around " + one),
  ];
}
