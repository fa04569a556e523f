// Drawing on a blank: drag out a box, say which question it is and how it is read; keys move, size and delete it.
import { toast } from "../../ui/js/toasts.js";
import { between, grown, isLargeEnough, moved } from "./regions.js";

/** @typedef {import("./regions.js").Box & {page: number, question: string, kind: string, options: string, cells: number, multiple: boolean}} Region */

const board = /** @type {HTMLElement} */ (document.getElementById("drawing-board"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("draw-form"));
const note = /** @type {HTMLElement} */ (document.getElementById("draw-note"));
const start = JSON.parse(document.getElementById("draw-start")?.textContent ?? "{}");
/** @type {{id: string, label: string, kind: string, options: string, multiple: boolean, score: number}[]} */
const questions = start.questions ?? [];
/** @type {Region[]} */
const regions = start.regions ?? [];
let chosen = -1;

/** @param {string} name */
function field(name) {
  return /** @type {HTMLInputElement & HTMLSelectElement} */ (form.elements.namedItem(name));
}

/** @param {Region} region */
function nameOf(region) {
  const question = questions.find((one) => one.id === region.question);
  return region.kind === "number" ? "№" : question?.label ?? "?";
}

function show() {
  for (const page of /** @type {NodeListOf<HTMLElement>} */ (board.querySelectorAll(".draw-page"))) {
    page.querySelectorAll(".draw-region").forEach((one) => one.remove());
    regions.forEach((region, index) => region.page === Number(page.dataset.page) && page.append(shape(region, index)));
  }
  const list = /** @type {HTMLElement} */ (document.getElementById("draw-list"));
  list.replaceChildren(...regions.map((region, index) => entry(region, index)));
  form.hidden = chosen < 0;
}

/** @param {Region} region @param {number} index */
function shape(region, index) {
  const one = document.createElement("div");
  one.className = "draw-region";
  one.tabIndex = 0;
  one.setAttribute("role", "button");
  one.setAttribute("aria-pressed", String(index === chosen));
  one.setAttribute("aria-label", (board.dataset.region ?? "").replace("{n}", nameOf(region)));
  one.textContent = nameOf(region);
  one.dataset.index = String(index);
  fit(one, region);
  one.addEventListener("focus", () => choose(index));
  return one;
}

/** @param {HTMLElement} one @param {import("./regions.js").Box} box */
function fit(one, box) {
  for (const [side, share] of [["left", box.x], ["top", box.y], ["width", box.w], ["height", box.h]]) {
    one.style.setProperty(String(side), `${Number(share) * 100}%`);
  }
}

/** @param {Region} region @param {number} index */
function entry(region, index) {
  const line = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small quiet";
  const kind = field("kind").querySelector(`option[value=${region.kind}]`)?.textContent ?? region.kind;
  button.textContent = `${nameOf(region)} · ${kind}`;
  button.addEventListener("click", () => focusOn(index));
  line.append(button);
  return line;
}

/** @param {number} index */
function focusOn(index) {
  /** @type {HTMLElement | null} */ (board.querySelector(`.draw-region[data-index="${index}"]`))?.focus();
}

/** @param {number} index */
function choose(index) {
  chosen = index;
  const region = regions[index];
  form.hidden = !region;
  if (!region) return;
  for (const name of ["question", "kind", "options", "cells"]) {
    field(name).value = String(region[/** @type {"question"} */ (name)]);
  }
  field("multiple").checked = region.multiple;
  tellFields(region.kind);
  board.querySelectorAll(".draw-region").forEach((one) => {
    one.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (one).dataset.index === String(index)));
  });
}

/** @param {string} kind */
function tellFields(kind) {
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-for]"))) {
    one.hidden = !(one.dataset.for ?? "").split(" ").includes(kind);
  }
  const holder = field("question").closest("label");
  if (holder) holder.hidden = kind === "number";
}

/** The next question that has no box yet, with what suits it. @returns {Omit<Region, "page" | "x" | "y" | "w" | "h">} */
function suggestion() {
  const free = questions.find((one) => !regions.some((region) => region.question === one.id)) ?? questions[0];
  return { question: free?.id ?? "", kind: free?.kind ?? "free", options: free?.options ?? "ABCD", cells: 4, multiple: free?.multiple ?? false };
}

/** @param {number} page @param {import("./regions.js").Box} box */
function add(page, box) {
  regions.push({ page, ...box, ...suggestion() });
  chosen = regions.length - 1;
  show();
  focusOn(chosen);
}

function remove() {
  if (chosen < 0) return;
  regions.splice(chosen, 1);
  chosen = Math.min(chosen, regions.length - 1);
  show();
  if (chosen >= 0) focusOn(chosen);
}

/** @param {PointerEvent} event @param {HTMLElement} page */
function at(event, page) {
  const frame = page.getBoundingClientRect();
  return { x: (event.clientX - frame.left) / frame.width, y: (event.clientY - frame.top) / frame.height };
}

/** @param {HTMLElement} page */
function wakePage(page) {
  page.addEventListener("pointerdown", (event) => {
    const held = /** @type {HTMLElement} */ (event.target).closest?.(".draw-region");
    const from = at(event, page);
    const index = held ? Number(/** @type {HTMLElement} */ (held).dataset.index) : -1;
    const region = regions[index];
    const before = region ? { ...region } : null;
    page.setPointerCapture(event.pointerId);
    const growing = held ? null : document.createElement("div");
    if (growing) {
      growing.className = "draw-region growing";
      page.append(growing);
    }
    /** @param {PointerEvent} move */
    const follow = (move) => {
      const to = at(move, page);
      if (growing) fit(growing, between(from, to));
      if (!before || !region) return;
      Object.assign(region, moved(before, to.x - from.x, to.y - from.y));
      show();
    };
    page.addEventListener("pointermove", follow);
    page.addEventListener("pointerup", (end) => {
      page.removeEventListener("pointermove", follow);
      growing?.remove();
      const box = between(from, at(end, page));
      if (!before && isLargeEnough(box)) add(Number(page.dataset.page), box);
      if (before) focusOn(index);
    }, { once: true });
  });
}

board.addEventListener("keydown", (event) => {
  if (!(event.target instanceof HTMLElement) || !event.target.classList.contains("draw-region")) return;
  /** @type {Record<string, [number, number]>} */
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const step = steps[event.key];
  const region = regions[chosen];
  if (step && region) {
    event.preventDefault();
    const [dx, dy] = step;
    Object.assign(region, (event.shiftKey ? grown : moved)(region, dx * 0.004, dy * 0.004));
    const index = chosen;
    show();
    focusOn(index);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    remove();
  }
});

form.addEventListener("input", () => {
  const region = regions[chosen];
  if (!region) return;
  const question = questions.find((one) => one.id === field("question").value);
  if (question && question.id !== region.question) {
    field("kind").value = question.kind;
    field("options").value = question.options;
    field("multiple").checked = question.multiple;
  }
  Object.assign(region, {
    question: field("question").value,
    kind: field("kind").value,
    options: field("options").value,
    cells: Number(field("cells").value) || 4,
    multiple: field("multiple").checked,
  });
  tellFields(region.kind);
  show();
});
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("draw-remove")?.addEventListener("click", remove);
document.getElementById("draw-add")?.addEventListener("click", () => add(1, { x: 0.3, y: 0.3, w: 0.3, h: 0.05 }));
document.getElementById("draw-save")?.addEventListener("click", () => void save());

async function save() {
  if (!regions.length) {
    note.textContent = board.dataset.nothing ?? "";
    return;
  }
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  const answer = await fetch(board.dataset.save ?? "", {
    method: "POST",
    body: JSON.stringify(regions),
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token },
  });
  const told = await answer.json();
  note.textContent = answer.ok ? board.dataset.saved ?? "" : told.message;
  toast(note.textContent ?? "", answer.ok ? "done" : "wrong");
}

field("question").replaceChildren(
  ...questions.map((one) => Object.assign(document.createElement("option"), { value: one.id, textContent: one.label })),
);
board.querySelectorAll(".draw-page").forEach((page) => wakePage(/** @type {HTMLElement} */ (page)));
show();
