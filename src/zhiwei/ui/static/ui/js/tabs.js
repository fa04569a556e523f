import { moved } from "./palette.js";

/** @param {ParentNode} root */
export function wakeTabs(root) {
  for (const strip of root.querySelectorAll("[data-tabs]:not([data-awake])")) {
    strip.setAttribute("data-awake", "");
    const tabs = /** @type {HTMLElement[]} */ ([...strip.querySelectorAll("[role=tab]")]);
    strip.addEventListener("click", (event) => {
      const tab = /** @type {Element} */ (event.target).closest("[role=tab]");
      if (tab) choose(tabs, tabs.indexOf(/** @type {HTMLElement} */ (tab)));
    });
    strip.addEventListener("keydown", (event) => {
      const { key } = /** @type {KeyboardEvent} */ (event);
      const now = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
      const next = { ArrowRight: moved(now, 1, tabs.length), ArrowLeft: moved(now, -1, tabs.length), Home: 0, End: tabs.length - 1 }[key];
      if (next === undefined) return;
      event.preventDefault();
      choose(tabs, next);
      tabs[next]?.focus();
    });
  }
}

/**
 * @param {HTMLElement[]} tabs
 * @param {number} chosen
 */
function choose(tabs, chosen) {
  tabs.forEach((tab, n) => {
    tab.setAttribute("aria-selected", String(n === chosen));
    tab.tabIndex = n === chosen ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = n !== chosen;
  });
}
