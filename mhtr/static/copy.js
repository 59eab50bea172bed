// Offers a copy button beside a read-only text. Without scripts the text can be selected by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const told = button.parentElement.querySelector("[data-copied]");
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.value);
      told.textContent = "Copied.";
    } catch {
      source.focus();
      source.select();
      told.textContent = "Press Ctrl and C to copy the selected text.";
    }
  });
}
