// Wakes the components of the page, and again whatever htmx brings in. Heavy libraries are fetched only where used.
import { wakeBulk } from "./bulk.js";
import { wakeCountdowns } from "./countdown.js";
import { wakeDialogs } from "./dialogs.js";
import { wakeDropZones } from "./dropzone.js";
import { wakeKeys } from "./keys.js";
import { wakeNetwork } from "./network.js";
import { wakePalette } from "./palette.js";
import { wakeTabs } from "./tabs.js";
import { wakeThemeSwitch } from "./themeswitch.js";
import { wakeToasts } from "./toasts.js";

/** @param {ParentNode} root what was just added to the page */
async function wake(root) {
  wakeTabs(root);
  wakeBulk(root);
  wakeDropZones(root);
  if (root.querySelector("[data-chart]")) (await import("./chart.js")).wakeCharts(root);
  if (root.querySelector(".formula")) (await import("./formula.js")).wakeFormulas(root);
}

wakeThemeSwitch();
wakeDialogs();
wakeKeys();
wakePalette();
wakeToasts();
wakeNetwork();
wakeCountdowns(document);
void wake(document);
document.addEventListener("htmx:afterSwap", (event) => {
  const target = /** @type {CustomEvent} */ (event).detail.target;
  // an outerHTML swap leaves the old element behind: look from its parent, or from the page
  void wake(target?.isConnected ? target.parentElement ?? document : document);
});
/** @type {HTMLElement | null} */ (document.querySelector("[data-focus]"))?.focus();
