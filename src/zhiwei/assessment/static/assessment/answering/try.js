// One question answered in place: the fields of the answering page without its queue.
import { wakeEssays } from "./essay.js";
import { readAnswer } from "./fields.js";
import { loadFormulas, wakeFormulaFields } from "./formulas.js";
import { wakeOrdering } from "./ordering.js";
import { wakeSteps } from "./steps.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-try]"));
const question = /** @type {HTMLElement | null} */ (form?.querySelector("[data-question]") ?? null);
if (form && question) {
  if (question.querySelector("[data-formula-field], [data-steps]")) await loadFormulas();
  await wakeFormulaFields(form);
  wakeSteps(form);
  wakeEssays(form);
  void wakeOrdering(form);
  form.addEventListener("submit", () => {
    /** @type {HTMLInputElement} */ (form.elements.namedItem("value")).value = JSON.stringify(readAnswer(question));
  });
  form.dataset.ready = "";
}
