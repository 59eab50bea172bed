// A questionnaire by keyboard: one key answers a question and moves on. The page works without.
const form = document.querySelector("[data-measure]");

if (form) {
  const items = [...form.querySelectorAll("[data-item]")];
  const hint = document.querySelector("[data-measure-keys]");
  if (hint) hint.hidden = false;

  const radios = (item) => [...item.querySelectorAll('input[type="radio"]')];
  const chosen = (item) => radios(item).find((radio) => radio.checked);

  // A question that depends on the total is shown once the total is high enough.
  const reveal = () => {
    const total = items
      .filter((item) => !item.dataset.onlyAbove)
      .reduce((sum, item) => sum + (Number(chosen(item)?.value) || 0), 0);
    for (const item of items) {
      if (item.dataset.onlyAbove) item.hidden = total <= Number(item.dataset.onlyAbove);
    }
  };

  const next = (item) => {
    const after = items.slice(items.indexOf(item) + 1).find((other) => !other.hidden);
    const target = after ? chosen(after) ?? radios(after)[0] : form.querySelector('button[value="submit"]');
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  };

  const letters = { d: "declined", n: "not_applicable" };
  // While no field, button or link has the focus a key goes to the first question without an answer.
  const meant = (target) =>
    target.closest("a, button, input, select, summary, textarea")
      ? target.closest("[data-measure] [data-item]")
      : items.find((item) => !item.hidden && !chosen(item));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const item = meant(event.target);
    if (!item) return;
    const wanted = letters[event.key.toLowerCase()] ?? event.key;
    const radio = radios(item).find((choice) => choice.value === wanted);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    next(item);
  });
  form.addEventListener("change", reveal);
  window.addEventListener("pageshow", reveal);
  reveal();
}
