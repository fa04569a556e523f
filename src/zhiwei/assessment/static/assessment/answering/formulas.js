// Fields for typing formulas: MathLive, fetched only by pages that have one.
const VENDOR = new URL("../../vendor/mathlive/", import.meta.url);

/** @typedef {HTMLElement & {value: string}} FormulaField */

/** @type {Promise<void> | null} */
let ready = null;

/** Fetch the formula keyboard once. */
export function loadFormulas() {
  ready ??= load();
  return ready;
}

/**
 * The formula field of an expression question.
 *
 * @param {HTMLElement} question
 * @returns {FormulaField | null}
 */
export function fieldOf(question) {
  return question.querySelector("[data-formula-field] math-field");
}

/**
 * Make one formula field.
 *
 * @param {string} label for screen readers
 * @returns {FormulaField}
 */
export function makeField(label) {
  const field = /** @type {FormulaField} */ (document.createElement("math-field"));
  field.setAttribute("aria-label", label);
  field.setAttribute("smart-fence", "");
  return field;
}

/** @param {ParentNode} root */
export async function wakeFormulaFields(root) {
  const places = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".formula-place:empty")]);
  if (places.length === 0) return;
  await loadFormulas();
  for (const place of places) {
    const label = document.getElementById(place.dataset.labelled ?? "")?.textContent ?? "";
    place.append(makeField(label));
  }
}

async function load() {
  const { MathfieldElement } = await import(new URL("mathlive.js", VENDOR).href);
  MathfieldElement.fontsDirectory = new URL("fonts", VENDOR).href;
  MathfieldElement.soundsDirectory = null;
  MathfieldElement.locale = document.documentElement.lang.startsWith("en") ? "en" : "zh-cn";
}
