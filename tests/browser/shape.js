// What axe's judgement of a page depends on, as texts: one for each part of the body and of main,
// saying which elements stand in which, their classes, roles, names and descriptions, at this width.
// Words themselves, addresses and identifiers are left out, and equal neighbours (rows of a table)
// count once.
() => {
  const POINTS = ["aria-labelledby", "aria-describedby", "aria-controls", "for", "headers"];
  const VALUES = ["class", "type", "role", "lang", "scope", "autocomplete", "tabindex"];
  const of = (element) => {
    const own = [element.tagName];
    for (const name of element.getAttributeNames()) {
      const value = element.getAttribute(name);
      if (POINTS.includes(name)) {
        const found = value.split(/\s+/).map((id) => (document.getElementById(id) ? 1 : 0));
        own.push(name + found.join(""));
      } else if (VALUES.includes(name)) own.push(name + "=" + value);
      else own.push(name + (value ? "" : "!"));
    }
    if (element.labels) own.push("labels" + element.labels.length);
    const inside = [];
    for (const child of element.childNodes) {
      const shape =
        child.nodeType === Node.TEXT_NODE
          ? child.data.trim() && "t"
          : child.nodeType === Node.ELEMENT_NODE && of(child);
      if (shape && shape !== inside[inside.length - 1]) inside.push(shape);
    }
    return own.join(" ") + "(" + inside.join(",") + ")";
  };
  const main = document.querySelector("main");
  const around = [document.head];
  for (let at = main; at !== document.body; at = at.parentElement)
    around.push(...[...at.parentElement.children].filter((one) => one !== at));
  return [
    ...[...main.children].map((one) => window.innerWidth + " main " + of(one)),
    ...around.map((one) => window.innerWidth + " around " + of(one)),
  ];
}
