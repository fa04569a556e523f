// Two versions of one answer side by side; the pupil chooses.
import { plain } from "./values.js";
import { say } from "./words.js";

/**
 * @param {{number: string, mine: unknown, theirs: unknown, keepMine: () => void, keepTheirs: () => void}} both
 */
export function askWhich({ number, mine, theirs, keepMine, keepTheirs }) {
  const card = Object.assign(document.createElement("section"), { className: "card conflict", tabIndex: -1 });
  card.dataset.conflict = number;
  const title = Object.assign(document.createElement("h2"), { textContent: say("conflictTitle", { n: number }) });
  const both = Object.assign(document.createElement("div"), { className: "grid-2" });
  const close = () => card.remove();
  both.append(
    version(say("here"), mine, say("conflictHere"), () => (close(), keepMine())),
    version(say("there"), theirs, say("conflictThere"), () => (close(), keepTheirs())),
  );
  card.append(title, both);
  const place = document.getElementById("conflicts");
  place?.querySelector(`[data-conflict="${CSS.escape(number)}"]`)?.remove();
  place?.append(card);
  card.focus();
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string} label
 * @param {() => void} choose
 */
function version(name, value, label, choose) {
  const box = Object.assign(document.createElement("div"), { className: "stack-tight" });
  const head = Object.assign(document.createElement("h3"), { textContent: name });
  const text = Object.assign(document.createElement("pre"), { className: "answer version", textContent: plain(value) || say("blank") });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: label });
  button.addEventListener("click", choose);
  box.append(head, text, button);
  return box;
}
