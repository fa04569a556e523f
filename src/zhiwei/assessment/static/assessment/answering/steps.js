// Worked solutions line by line: each line a formula or words.
import { makeField } from "./formulas.js";
import { say } from "./words.js";

const WORDS = /[\u4e00-\u9fff]/;

/** @param {ParentNode} root */
export function wakeSteps(root) {
  for (const place of /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-steps]")])) {
    place.addEventListener("click", (event) => clicked(place, event));
    place.addEventListener("keydown", (event) => pressed(place, event));
    if (!rows(place).length) add(place, "");
  }
}

/**
 * @param {HTMLElement} question
 * @returns {string[]}
 */
export function readSteps(question) {
  return rows(question).map((row) => line(row).value.trim()).filter(Boolean);
}

/**
 * @param {HTMLElement} question
 * @param {string[]} steps
 */
export function writeSteps(question, steps) {
  const list = question.querySelector(".steps");
  list?.replaceChildren();
  for (const step of steps.length ? steps : [""]) add(question, step);
}

/** @param {HTMLElement} place */
function rows(place) {
  return /** @type {HTMLElement[]} */ ([...place.querySelectorAll(".steps > li")]);
}

/**
 * @param {HTMLElement} row
 * @returns {HTMLElement & {value: string}}
 */
function line(row) {
  return /** @type {HTMLElement & {value: string}} */ (row.querySelector("math-field, input"));
}

/**
 * @param {HTMLElement} place
 * @param {string} value
 * @param {Element | null} [after]
 */
function add(place, value, after = null) {
  const row = document.createElement("li");
  row.append(lineField(value, !WORDS.test(value)), swap(WORDS.test(value)), removal());
  if (after) after.after(row);
  else place.querySelector(".steps")?.append(row);
  number(place);
  return row;
}

/**
 * @param {string} value
 * @param {boolean} formula
 */
function lineField(value, formula) {
  const field = formula ? makeField("") : Object.assign(document.createElement("input"), { className: "input", maxLength: 600 });
  field.value = value;
  return field;
}

/** @param {boolean} isText */
function swap(isText) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button small quiet" });
  button.dataset.stepSwap = "";
  button.textContent = say(isText ? "formula" : "text");
  return button;
}

function removal() {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "tool", textContent: "×" });
  button.dataset.stepRemove = "";
  return button;
}

/** @param {HTMLElement} place */
function number(place) {
  rows(place).forEach((row, n) => {
    line(row).setAttribute("aria-label", say("step", { n: n + 1 }));
    row.querySelector("[data-step-remove]")?.setAttribute("aria-label", say("stepRemove", { n: n + 1 }));
  });
}

/**
 * @param {HTMLElement} place
 * @param {Event} event
 */
function clicked(place, event) {
  const target = /** @type {Element} */ (event.target);
  const row = /** @type {HTMLElement | null} */ (target.closest("li"));
  if (target.closest("[data-step-add]")) line(add(place, "")).focus();
  else if (row && target.closest("[data-step-swap]")) exchange(place, row);
  else if (row && target.closest("[data-step-remove]")) remove(place, row);
  else return;
  place.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * @param {HTMLElement} place
 * @param {HTMLElement} row
 */
function exchange(place, row) {
  const old = line(row);
  const isText = old.tagName !== "INPUT";
  const fresh = lineField(old.value, !isText);
  old.replaceWith(fresh);
  row.querySelector("[data-step-swap]")?.replaceWith(swap(isText));
  number(place);
  fresh.focus();
}

/**
 * @param {HTMLElement} place
 * @param {HTMLElement} row
 */
function remove(place, row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  const other = /** @type {HTMLElement} */ (next ?? add(place, ""));
  number(place);
  line(other).focus();
}

/**
 * @param {HTMLElement} place
 * @param {KeyboardEvent} event
 */
function pressed(place, event) {
  if (event.key !== "Enter" || event.isComposing || event.repeat) return;
  const target = /** @type {Element} */ (event.target);
  if (!target.matches("math-field, input")) return;
  event.preventDefault();
  line(add(place, "", target.closest("li"))).focus();
}
