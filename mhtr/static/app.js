// Small improvements for browsers with scripts. Every page works without them.
import { initAll } from "./nhsuk/nhsuk-frontend-10.6.1.min.js";

initAll();

// The design system marks radios with aria-expanded, which ARIA does not allow on that role.
function dropExpanded() {
  for (const radio of document.querySelectorAll('input[type="radio"][aria-expanded]')) {
    radio.removeAttribute("aria-expanded");
  }
}
dropExpanded();
document.addEventListener("click", dropExpanded);
window.addEventListener("pageshow", dropExpanded);

const content = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

// One line for all tabs of this browser: a page opened or kept alive in one keeps the others alive.
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
const viewer = () => document.querySelector(".app-account")?.textContent.trim() ?? "";

function watchSession(seconds) {
  const warnBefore = Math.min(120, seconds / 2) * 1000;
  const warning = document.getElementById("session-warning");
  const ended = document.getElementById("session-ended");
  const minutes = warning.querySelector("[data-minutes]");
  const failed = warning.querySelector("[data-failed]");
  let endsAt = 0;

  const renew = (left) => {
    endsAt = Date.now() + left * 1000;
    failed.hidden = true;
    document.body.classList.remove("app-covered");
    if (warning.open) warning.close();
    if (ended.open) ended.close();
  };

  const tell = (left) => tabs?.postMessage({ viewer: viewer(), token: content("csrf-token"), left });

  const check = () => {
    const left = endsAt - Date.now();
    if (left <= 0) {
      if (ended.open) return;
      if (warning.open) warning.close();
      document.body.classList.add("app-covered");
      ended.showModal();
    } else if (left <= warnBefore) {
      const whole = Math.ceil(left / 60000);
      const text = left < 60000 ? "less than a minute" : `${whole} minute${whole === 1 ? "" : "s"}`;
      if (minutes.textContent !== text) minutes.textContent = text;
      if (!warning.open) warning.showModal();
    }
  };

  const extend = async () => {
    failed.hidden = true;
    try {
      const answer = await fetch(content("session-extend-url"), {
        method: "POST",
        headers: { "X-CSRFToken": content("csrf-token") },
        credentials: "same-origin",
        redirect: "error",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      // Near the end of the longest time a session may last, less is left than asked for.
      const { seconds: left } = await answer.json();
      renew(left);
      tell(left);
    } catch {
      failed.hidden = false;
    }
  };

  // Another tab was opened or signed in again as the same person: carry on here with its token.
  const heard = ({ data }) => {
    if (data.viewer !== viewer()) return;
    document.querySelector('meta[name="csrf-token"]').content = data.token;
    for (const input of document.querySelectorAll('input[name="csrf_token"]')) {
      input.value = data.token;
    }
    renew(data.left);
  };

  warning.querySelector("[data-stay]").addEventListener("click", extend);
  // Escape in the warning means "I am here"; the covering dialog must not be dismissed.
  warning.addEventListener("cancel", (event) => { event.preventDefault(); extend(); });
  ended.addEventListener("cancel", (event) => event.preventDefault());
  ended.addEventListener("keydown", (event) => { if (event.key === "Escape") event.preventDefault(); });
  if (tabs) tabs.onmessage = heard;
  // A laptop that slept runs no timers: look again as soon as it is back.
  document.addEventListener("visibilitychange", check);
  window.addEventListener("pageshow", check);
  renew(seconds);
  tell(seconds);
  window.setInterval(check, 1000);
}

const seconds = Number(content("session-seconds"));
if (seconds > 0) watchSession(seconds);

// Leaving at once also takes this page out of the tab's history.
for (const link of document.querySelectorAll("[data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.hidden = true;
    window.location.replace(link.href);
  });
}

// Work that is done in portions goes on by itself; a moment leaves the page time to be read.
const portion = document.querySelector("form[data-goes-on]");
if (portion) {
  window.setTimeout(() => portion.requestSubmit(), 400);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A register by keyboard: a number chooses in the row that has the focus and goes on to the next.
for (const register of document.querySelectorAll("form[data-numbered]")) {
  for (const hint of register.querySelectorAll("[data-numbered-hint]")) hint.hidden = false;
  register.addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.altKey || event.metaKey;
    if (held || event.target.type !== "radio" || !/^[1-9]$/.test(event.key)) return;
    const row = event.target.closest("fieldset");
    const chosen = row.querySelectorAll('input[type="radio"]')[Number(event.key) - 1];
    if (!chosen) return;
    event.preventDefault();
    chosen.focus();
    chosen.click();
    const asked = [...row.querySelectorAll('input[type="text"]')].find((one) => one.checkVisibility());
    const rows = [...register.querySelectorAll("fieldset")];
    const next = rows[rows.indexOf(row) + 1];
    (asked ?? next?.querySelector('input[type="radio"]') ?? register.querySelector("button")).focus();
  });
}
