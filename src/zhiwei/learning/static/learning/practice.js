// One practice question: wakes its fields and sends the answer as the engines take it.
import { readAnswer } from "../assessment/answering/fields.js";
import { loadFormulas, wakeFormulaFields } from "../assessment/answering/formulas.js";
import { wakeOrdering } from "../assessment/answering/ordering.js";
import { wakeSteps } from "../assessment/answering/steps.js";
import { isBlank } from "../assessment/answering/values.js";

const root = /** @type {HTMLElement} */ (document.getElementById("practising"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("answer-form"));
const question = /** @type {HTMLElement} */ (form.querySelector("[data-question]"));
const note = /** @type {HTMLElement} */ (document.getElementById("answer-note"));

if (root.querySelector("[data-formula-field], [data-steps]")) await loadFormulas();
await wakeFormulaFields(root);
wakeSteps(root);
await wakeOrdering(root);
form.addEventListener("submit", (event) => {
  const answer = readAnswer(question);
  note.hidden = !isBlank(answer);
  if (isBlank(answer)) {
    event.preventDefault();
    return;
  }
  /** @type {HTMLInputElement} */ (form.elements.namedItem("value")).value = JSON.stringify(answer);
});
root.dataset.ready = "";
