import { word } from "./words.js";

/**
 * Rows between the last one pressed and this one, for Shift-click.
 *
 * @param {number} from -1 when none was pressed before
 * @param {number} to
 * @returns {[number, number]} first and last, both included
 */
export function span(from, to) {
  return from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
}

/** @param {ParentNode} root */
export function wakeBulk(root) {
  for (const bar of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-bulk]:not([data-awake])"))) {
    bar.dataset.awake = "";
    const name = bar.dataset.bulk ?? "";
    const scope = bar.closest("form") ?? document;
    let last = -1;
    scope.addEventListener("click", (event) => {
      const box = /** @type {Element} */ (event.target);
      if (!(box instanceof HTMLInputElement)) return;
      const rows = boxes(scope, name);
      if (box.dataset.selectAll === name) rows.forEach((row) => (row.checked = box.checked));
      if (box.dataset.select === name) {
        const at = rows.indexOf(box);
        if (/** @type {MouseEvent} */ (event).shiftKey) {
          const [first, end] = span(last, at);
          rows.slice(first, end + 1).forEach((row) => (row.checked = box.checked));
        }
        last = at;
      }
      show(scope, bar, name);
    });
    show(scope, bar, name);
  }
}

/**
 * @param {ParentNode} scope
 * @param {string} name
 * @returns {HTMLInputElement[]}
 */
function boxes(scope, name) {
  return /** @type {HTMLInputElement[]} */ ([...scope.querySelectorAll(`[data-select="${name}"]`)]);
}

/**
 * @param {ParentNode} scope
 * @param {HTMLElement} bar
 * @param {string} name
 */
function show(scope, bar, name) {
  const rows = boxes(scope, name);
  const picked = rows.filter((row) => row.checked).length;
  bar.hidden = picked === 0;
  const words = bar.querySelector("[data-bulk-count]");
  if (words) words.textContent = word("selected", { n: picked });
  const all = scope.querySelector(`[data-select-all="${name}"]`);
  if (all instanceof HTMLInputElement) {
    all.checked = picked > 0 && picked === rows.length;
    all.indeterminate = picked > 0 && picked < rows.length;
  }
}
