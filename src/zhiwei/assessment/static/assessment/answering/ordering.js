// Putting in order: by dragging, by buttons, by keyboard; each move is said aloud.
import { say } from "./words.js";

/** @param {ParentNode} root */
export async function wakeOrdering(root) {
  const lists = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".ordering")]);
  if (lists.length === 0) return;
  for (const list of lists) list.addEventListener("click", (event) => clicked(list, event));
  const { default: Sortable } = await import(new URL("../../vendor/sortable.js", import.meta.url).href);
  for (const list of lists) Sortable.create(list, { animation: 120, handle: ".grip", onEnd: () => changed(list) });
}

/**
 * @param {HTMLElement} list
 * @param {Event} event
 */
function clicked(list, event) {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-move]"));
  const row = button?.closest("li");
  if (!button || !row) return;
  if (button.dataset.move === "-1") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  button.focus();
  changed(list, [...list.children].indexOf(row) + 1);
}

/**
 * @param {HTMLElement} list
 * @param {number} [place]
 */
function changed(list, place) {
  const box = list.parentElement?.querySelector("[data-order-kept]");
  if (box instanceof HTMLInputElement) box.checked = true;
  list.dispatchEvent(new Event("input", { bubbles: true }));
  if (place) announce(say("moved", { n: place }));
}

/** @param {string} text */
function announce(text) {
  const line = document.getElementById("hand-in-note") ?? document.querySelector("[role=status]");
  if (line) line.textContent = text;
}
