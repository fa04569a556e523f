// The tray: drag a page onto a pupil's place, look at it large, or go by keys. Without this script the forms still work.
import { openDialog } from "../../ui/js/dialogs.js";
import { bindKeys } from "../../ui/js/keys.js";

/** Uuid of the page being dragged. */
let dragged = "";

/** @param {EventTarget | null} target @param {string} what */
function near(target, what) {
  return target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(what)) : null;
}

function cards() {
  return /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-card]")]);
}

/** @param {number} step */
function go(step) {
  const all = cards();
  const at = all.findIndex((one) => one.contains(document.activeElement));
  all[Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
}

/** The card one is on, else the first. */
function here() {
  const all = cards();
  return all.find((one) => one.contains(document.activeElement)) ?? all[0];
}

/**
 * Give a page to the place it was dropped on. A page dragged from the board has no card: its form is made from any.
 *
 * @param {string} page
 * @param {HTMLElement} slot
 */
function place(page, slot) {
  const form = document.createElement("form");
  form.hidden = true;
  const fields = { person: slot.dataset.person ?? "", page: slot.dataset.page ?? "0" };
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  const htmx = /** @type {any} */ (window).htmx;
  document.body.append(form);
  htmx.ajax("POST", `/assessment/paper/pages/${page}/place/`, { source: form, values: fields, target: "#tray", swap: "outerHTML" });
  form.remove();
}

document.addEventListener("dragstart", (event) => {
  const held = near(event.target, "[data-drag]");
  if (!held) return;
  dragged = held.dataset.drag ?? "";
  held.classList.add("dragged");
  event.dataTransfer?.setData("text/plain", dragged);
});
document.addEventListener("dragend", (event) => {
  near(event.target, "[data-drag]")?.classList.remove("dragged");
  dragged = "";
});
document.addEventListener("dragover", (event) => {
  const slot = near(event.target, "[data-slot]");
  if (!slot || !dragged) return;
  event.preventDefault();
  slot.classList.add("over");
});
document.addEventListener("dragleave", (event) => near(event.target, "[data-slot]")?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  const slot = near(event.target, "[data-slot]");
  if (!slot || !dragged) return;
  event.preventDefault();
  slot.classList.remove("over");
  place(dragged, slot);
});
document.addEventListener("click", (event) => {
  const link = /** @type {HTMLAnchorElement | null} */ (near(event.target, "a[data-look]"));
  const image = /** @type {HTMLImageElement | null} */ (document.getElementById("look-image"));
  if (!link || !image || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  image.src = link.href;
  openDialog("look");
});
document.addEventListener("htmx:afterSwap", () => cards()[0]?.focus());

bindKeys({
  J: () => go(1),
  K: () => go(-1),
  X: () => /** @type {HTMLFormElement | null} */ (here()?.querySelector("[data-aside]"))?.requestSubmit(),
  Z: () => /** @type {HTMLElement | null} */ (document.querySelector("[data-undo]"))?.click(),
});
document.addEventListener("keydown", (event) => {
  const card = near(event.target, "[data-card]");
  if (event.key !== "Enter" || event.target !== card) return;
  event.preventDefault();
  /** @type {HTMLElement | null} */ (card?.querySelector("input[name=who]"))?.focus();
});
