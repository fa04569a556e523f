import { keep, recall } from "./storage.js";

/** Light, dark, or as the system; told to charts by the event `zhiwei:theme`. */
export function wakeThemeSwitch() {
  show(recall("theme") ?? "auto");
  document.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest?.("[data-theme-set]");
    if (button instanceof HTMLElement) choose(button.dataset.themeSet ?? "auto");
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", told);
}

/** @param {string} theme */
function choose(theme) {
  keep("theme", theme === "auto" ? null : theme);
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  show(theme);
  told();
}

/** @param {string} theme */
function show(theme) {
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-theme-set") === theme));
  }
}

function told() {
  document.dispatchEvent(new Event("zhiwei:theme"));
}
