// Reads answers from the fields of a question and puts them back.
import { fieldOf as formulaOf } from "./formulas.js";
import { readSteps, writeSteps } from "./steps.js";

/** @typedef {import("./values.js").Answer} Answer */

/**
 * @param {HTMLElement} question a `fieldset` with `data-type`
 * @returns {Answer}
 */
export function readAnswer(question) {
  const type = question.dataset.type ?? "";
  if (type === "composite") return { value: readParts(question) };
  const read = READERS[type];
  return read ? read(question) : {};
}

/**
 * @param {HTMLElement} question
 * @param {Answer} answer
 */
export function writeAnswer(question, answer) {
  const type = question.dataset.type ?? "";
  if (type === "composite") {
    const values = /** @type {Record<string, Answer>} */ (answer.value ?? {});
    for (const part of parts(question)) writeAnswer(part, values[partName(part)] ?? {});
    return;
  }
  WRITERS[type]?.(question, answer);
}

/** @param {HTMLElement} question */
function readParts(question) {
  /** @type {Record<string, Answer>} */
  const values = {};
  for (const part of parts(question)) values[partName(part)] = readAnswer(part);
  return values;
}

/** @param {HTMLElement} question */
function parts(question) {
  return /** @type {HTMLElement[]} */ ([...question.querySelectorAll("[data-part]")]);
}

/** @param {HTMLElement} part */
function partName(part) {
  return (part.dataset.part ?? "").split("/").pop() ?? "";
}

/**
 * @param {HTMLElement} question
 * @param {string} selector
 */
function inputs(question, selector) {
  return /** @type {HTMLInputElement[]} */ ([...question.querySelectorAll(selector)]);
}

/** @param {HTMLElement} question */
const picked = (question) => inputs(question, "[data-field] .choice input").filter((one) => one.checked).map((one) => one.value);
/** @param {HTMLElement} question */
const textBox = (question) => /** @type {HTMLTextAreaElement | null} */ (question.querySelector("[data-field] textarea, [data-field] input.input"));
/** @type {(question: HTMLElement) => Answer} */
const readText = (question) => ({ text: textBox(question)?.value ?? "" });
/** @type {(question: HTMLElement, answer: Answer) => void} */
const writeText = (question, answer) => {
  const box = textBox(question);
  if (box) box.value = String(answer.text ?? "");
  box?.dispatchEvent(new Event("zhiwei:filled"));
};
/** @type {(question: HTMLElement, answer: Answer) => void} */
const writePicked = (question, answer) => {
  const chosen = (Array.isArray(answer.value) ? answer.value : [answer.value ?? answer.text]).map(String);
  for (const one of inputs(question, "[data-field] .choice input")) one.checked = chosen.includes(one.value);
};

/** @type {Record<string, (question: HTMLElement) => Answer>} */
const READERS = {
  single_choice: (question) => ({ value: picked(question)[0] ?? "" }),
  multiple_choice: (question) => ({ value: picked(question) }),
  true_false: (question) => ({ value: { true: true, false: false }[picked(question)[0] ?? ""] ?? null }),
  blank: (question) => ({ value: inputs(question, "[data-gap]").map((one) => one.value) }),
  numeric: readText,
  short_answer: readText,
  essay: readText,
  file: readText,
  expression: (question) => ({ text: formulaOf(question)?.value ?? "" }),
  solution: (question) => ({ steps: readSteps(question) }),
  matching: (question) => ({
    value: Object.fromEntries(inputs(question, "[data-left]").filter((one) => one.value).map((one) => [one.dataset.left, one.value])),
  }),
  ordering: (question) => ({
    value: inputs(question, "[data-order-kept]")[0]?.checked ? inputs(question, ".ordering [data-id]").map((one) => one.dataset.id) : [],
  }),
};

/** @type {Record<string, (question: HTMLElement, answer: Answer) => void>} */
const WRITERS = {
  single_choice: writePicked,
  multiple_choice: writePicked,
  true_false: writePicked,
  blank: (question, answer) => {
    const values = Array.isArray(answer.value) ? answer.value : [];
    inputs(question, "[data-gap]").forEach((one, n) => (one.value = String(values[n] ?? "")));
  },
  numeric: writeText,
  short_answer: writeText,
  essay: writeText,
  file: writeText,
  expression: (question, answer) => {
    const field = formulaOf(question);
    if (field) field.value = String(answer.text ?? "");
  },
  solution: (question, answer) => writeSteps(question, answer.steps ?? []),
  matching: (question, answer) => {
    const pairs = /** @type {Record<string, string>} */ (answer.value ?? {});
    for (const one of inputs(question, "[data-left]")) one.value = pairs[one.dataset.left ?? ""] ?? "";
  },
  ordering: (question, answer) => {
    const order = Array.isArray(answer.value) ? answer.value.map(String) : [];
    const list = question.querySelector(".ordering");
    for (const id of order) {
      const row = inputs(question, ".ordering [data-id]").find((one) => one.dataset.id === id);
      if (row) list?.append(row);
    }
    const box = inputs(question, "[data-order-kept]")[0];
    if (box) box.checked = order.length > 0;
  },
};
