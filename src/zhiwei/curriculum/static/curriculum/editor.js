// The item editor: fields ↔ content, live preview, trial marking, duplicates, knowledge points, keys.
import { bindKeys } from "../ui/js/keys.js";
import { wakeFormulas } from "../ui/js/formula.js";
import { toast } from "../ui/js/toasts.js";
import { GROUPS, toContent, toFields } from "./content.js";

const editor = /** @type {HTMLFormElement} */ (document.getElementById("editor"));
const FACTS = ["type", "subject", "stage", "max_score", "difficulty", "cognitive_level", "stem", "explanation"];
const NUMBERS = ["max_score", "difficulty"];
const PLAIN = ["partial", "truth", "order_free", "tolerance_kind", "tolerance", "figures", "unit", "unit_optional", "test", "form", "genre", "min_length", "parameters"];
const LISTS = ["options", "blanks", "pairs", "order", "traits", "models", "rubric", "errors"];
const FEWEST = { options: 4, blanks: 1, pairs: 3, order: 3, models: 1, rubric: 1 };

/** @type {Record<string, any>} */
let original = stored("item-content");
/** @type {Map<string, string>} key and name */
const points = new Map((original.points ?? []).map((/** @type {string} */ key) => [key, stored("item-points")[key] ?? key]));
/** @type {WeakMap<Element, any>} what a row carries beside its fields */
const carried = new WeakMap();

/** @param {string} id */
function stored(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}");
}

/** @param {string} where @returns {any} */
function one(where) {
  return editor.querySelector(where);
}

/** @param {string} name @returns {any[]} */
function named(name) {
  return [...editor.querySelectorAll(`[name="${name}"]`)];
}

/** The field of a name that belongs to the type now shown. @param {string} name */
function field(name) {
  const all = named(name);
  return all.find((each) => !each.dataset.for || each.dataset.for === one("[name=type]").value) ?? all[0];
}

function show() {
  for (const name of FACTS) field(name).value = original[name] ?? "";
  const fields = toFields(original);
  for (const name of PLAIN) {
    const place = field(name);
    if (place.type === "checkbox") place.checked = Boolean(fields[name]);
    else place.value = fields[name] ?? "";
  }
  for (const place of named("answer")) place.value = fields.answer;
  for (const name of LISTS) {
    one(`[data-rows="${name}"]`).replaceChildren();
    const rows = fields[name];
    for (const row of rows) add(name, row);
    for (let n = rows.length; n < (/** @type {Record<string, number>} */ (FEWEST)[name] ?? 0); n += 1) add(name);
  }
  groups();
  chips();
}

/** @param {string} name @param {Record<string, any>} [values] */
function add(name, values = {}) {
  const sheet = /** @type {HTMLTemplateElement} */ (document.querySelector(`template[data-row="${name}"]`));
  const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (sheet.content.cloneNode(true)).firstElementChild);
  for (const place of /** @type {NodeListOf<any>} */ (row.querySelectorAll("[data-field]"))) {
    const value = values[place.dataset.field];
    if (place.type === "checkbox") place.checked = Boolean(value);
    else if (value !== undefined) place.value = value;
  }
  carried.set(row, values.kept);
  one(`[data-rows="${name}"]`).append(row);
  return row;
}

function groups() {
  const type = one("[name=type]").value;
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (editor.querySelectorAll("[data-group]"))) {
    group.hidden = !(GROUPS[type] ?? []).includes(group.dataset.group ?? "");
  }
}

/** What the fields say now. */
function content() {
  /** @type {Record<string, any>} */
  const facts = {};
  for (const name of FACTS) {
    const value = field(name).value;
    facts[name] = NUMBERS.includes(name) && value !== "" ? Number(value) : value;
  }
  facts.points = [...points.keys()];
  /** @type {Record<string, any>} */
  const fields = { answer: field("answer").value };
  for (const name of PLAIN) fields[name] = field(name).type === "checkbox" ? field(name).checked : field(name).value;
  for (const name of LISTS) fields[name] = [...one(`[data-rows="${name}"]`).children].map(rowOf);
  return toContent(facts, fields, original);
}

/** @param {Element} row */
function rowOf(row) {
  const places = /** @type {any[]} */ ([...row.querySelectorAll("[data-field]")]);
  return Object.fromEntries([...places.map((place) => [place.dataset.field, place.type === "checkbox" ? place.checked : place.value]), ["kept", carried.get(row)]]);
}

/** @param {string} address @param {Record<string, any>} body @param {string} accept */
async function ask(address, body, accept = "text/html") {
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
  try {
    return await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", Accept: accept === "text/html" ? "application/json, text/html" : accept, "X-CSRFToken": token }, body: JSON.stringify(body) });
  } catch {
    return new Response(JSON.stringify({ message: editor.dataset.wordFault }), { status: 503 });
  }
}

/** Put the answer of the server in a place: its HTML, or the sentence that says what is wrong. @param {any} place @param {Response} answer */
async function put(place, answer) {
  const text = await answer.text();
  if (answer.ok) {
    place.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    return wakeFormulas(place);
  }
  place.replaceChildren(Object.assign(document.createElement("p"), { className: "field-error", textContent: sentence(text) }));
}

/** @param {string} text */
function sentence(text) {
  try {
    return String(JSON.parse(text).message);
  } catch {
    return editor.dataset.wordFault ?? "";
  }
}

let turn = 0;
async function preview() {
  const mine = ++turn;
  const answer = await ask(editor.dataset.preview ?? "", { content: content() });
  if (mine === turn) await put(one("[data-preview-box]"), answer);
}

async function alike() {
  if (one("[name=stem]").value.length > 7) await put(one("[data-alike-box]"), await ask(editor.dataset.alike ?? "", { content: content(), uuid: editor.dataset.uuid }));
}

/** The trial answer in the shape its type takes. */
function trialAnswer() {
  const text = one("[data-answer]").value;
  const type = one("[name=type]").value;
  const lines = text.split("\n");
  if (type === "blank" && lines.length > 1) return { value: lines };
  if (type === "solution") return { steps: lines.filter(Boolean) };
  if (type === "matching") return { value: lines.map((/** @type {string} */ line) => line.split(/[\s,，:：-]+/).slice(0, 2)).filter((/** @type {string[]} */ pair) => pair.length === 2) };
  return { text };
}

async function tryAnswer() {
  await put(one("[data-trial-box]"), await ask(editor.dataset.try ?? "", { content: content(), answer: trialAnswer() }));
}

function keepSample() {
  const score = one("[data-trial]")?.dataset.score;
  if (score === undefined) return;
  const full = Number(score) >= Number(field("max_score").value);
  const kind = full ? "full" : Number(score) > 0 ? "partial" : "wrong";
  original.samples = [...(original.samples ?? []), { ...trialAnswer(), score: Number(score), kind }];
  changed();
  toast(editor.dataset.wordSample ?? "", "info");
}

function chips() {
  const box = one("[data-points]");
  box.replaceChildren(
    ...[...points].map(([key, name]) => {
      const chip = Object.assign(document.createElement("span"), { className: "chip", textContent: name, title: key });
      const away = Object.assign(document.createElement("button"), { type: "button", textContent: "×", ariaLabel: `${editor.dataset.wordRemove} ${name}` });
      away.addEventListener("click", () => {
        points.delete(key);
        chips();
        changed();
      });
      chip.append(away);
      return chip;
    }),
  );
}

/** @param {string} key @param {string} name */
function take(key, name) {
  points.set(key, name);
  chips();
  changed();
}

async function suggest() {
  const answer = await ask(editor.dataset.suggest ?? "", { content: content(), uuid: editor.dataset.uuid }, "application/json");
  const found = answer.ok ? (await answer.json()).points : [];
  one("[data-suggested]").replaceChildren(
    ...found.filter((/** @type {any} */ each) => !points.has(each.key)).map((/** @type {any} */ each) => {
      const chip = Object.assign(document.createElement("button"), { type: "button", className: "chip suggested", textContent: `+ ${each.name} ${Math.round(each.share * 100)}%`, title: each.key });
      chip.addEventListener("click", () => {
        chip.remove();
        take(each.key, each.name);
      });
      return chip;
    }),
  );
}

/** @type {Map<string, string>} */
const offered = new Map();
async function findPoints() {
  const box = one("[data-point-search]");
  const hit = offered.get(box.value);
  if (hit) {
    take(hit, box.value.split(" · ")[0]);
    box.value = "";
    return;
  }
  if (!box.value.trim()) return;
  const query = new URLSearchParams({ q: box.value, subject: field("subject").value });
  const answer = await fetch(`${editor.dataset.search}?${query}`, { headers: { Accept: "application/json" } });
  const found = answer.ok ? (await answer.json()).points : [];
  document.getElementById("points-found")?.replaceChildren(
    ...found.map((/** @type {any} */ each) => {
      const label = `${each.name} · ${each.grade ?? ""}`;
      offered.set(label, each.key);
      return Object.assign(document.createElement("option"), { value: label });
    }),
  );
}

/** @type {HTMLTextAreaElement | HTMLInputElement | null} */
let caret = null;
async function openFormula() {
  const { MathfieldElement } = await import("../vendor/mathlive/mathlive.js");
  MathfieldElement.fontsDirectory = new URL("../vendor/mathlive/fonts", import.meta.url).href;
  MathfieldElement.soundsDirectory = null;
  await customElements.whenDefined("math-field");
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("formula-dialog"));
  dialog.showModal();
  /** @type {any} */ (dialog.querySelector("[data-math]")).focus();
}

function insertFormula() {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("formula-dialog"));
  const math = /** @type {any} */ (dialog.querySelector("[data-math]"));
  const place = caret ?? one("[name=stem]");
  if (math.value) place.setRangeText(`$${math.value}$`, place.selectionStart ?? place.value.length, place.selectionEnd ?? place.value.length, "end");
  math.value = "";
  dialog.close();
  place.focus();
  changed();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;
function changed() {
  one("[data-status]").textContent = editor.dataset.wordUnsaved ?? "";
  if (!one("[data-source-box]").open) one("[data-source]").value = "";
  clearTimeout(soon);
  clearTimeout(later);
  soon = setTimeout(preview, 350);
  later = setTimeout(alike, 1200);
}

async function save() {
  const answer = await ask(editor.dataset.save ?? "", { content: content() }, "application/json");
  const text = await answer.text();
  if (!answer.ok) {
    one("[data-status]").textContent = sentence(text);
    return toast(sentence(text), "wrong");
  }
  const saved = JSON.parse(text);
  original = content();
  editor.dataset.save = saved.save;
  editor.dataset.uuid = saved.uuid;
  const open = one("[data-open]");
  open.href = saved.url;
  open.hidden = false;
  one("[data-status]").textContent = (editor.dataset.wordSaved ?? "").replace("{n}", saved.version);
  toast((editor.dataset.wordSaved ?? "").replace("{n}", saved.version), "done");
}

function takeSource() {
  try {
    original = JSON.parse(one("[data-source]").value);
  } catch (error) {
    return toast(String(error), "wrong");
  }
  points.clear();
  for (const key of original.points ?? []) points.set(key, key);
  show();
  changed();
}

editor.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
editor.addEventListener("focusin", (event) => {
  const place = /** @type {any} */ (event.target);
  if (place.matches?.("textarea, input:not([type])")) caret = place;
});
editor.addEventListener("input", (event) => {
  const place = /** @type {HTMLElement} */ (event.target);
  if (place.matches("[data-point-search]")) return void findPoints();
  if (place.matches("[data-answer], [data-source]")) return;
  if (place.matches("[name=type]")) groups();
  if (place.matches('[data-field="right"]') && one("[name=type]").value === "single_choice") {
    for (const other of /** @type {NodeListOf<HTMLInputElement>} */ (editor.querySelectorAll('[data-field="right"]'))) if (other !== place) other.checked = false;
  }
  changed();
});
editor.addEventListener("click", (event) => {
  const place = /** @type {HTMLElement} */ (event.target);
  const adder = /** @type {HTMLElement | null} */ (place.closest("[data-add]"));
  if (adder) add(adder.dataset.add ?? "").querySelector("input, textarea")?.focus();
  if (place.closest("[data-remove]")) {
    place.closest(".editor-row")?.remove();
    changed();
  }
  if (place.closest("[data-formula]")) openFormula();
  if (place.closest("[data-try-button]")) tryAnswer();
  if (place.closest("[data-keep-sample]")) keepSample();
  if (place.closest("[data-suggest]")) suggest();
  if (place.closest("[data-take-source]")) takeSource();
});
one("[data-source-box]").addEventListener("toggle", () => {
  if (one("[data-source-box]").open) one("[data-source]").value = JSON.stringify(content(), null, 2);
});
document.querySelector("[data-insert-formula]")?.addEventListener("click", insertFormula);
document.getElementById("formula-dialog")?.addEventListener("keydown", (event) => {
  if (/** @type {KeyboardEvent} */ (event).key === "Enter" && !(/** @type {KeyboardEvent} */ (event).shiftKey)) {
    event.preventDefault();
    insertFormula();
  }
});
bindKeys(
  {
    "Ctrl+S": save,
    "Ctrl+M": openFormula,
    "Ctrl+Enter": tryAnswer,
    "Alt+O": () => /** @type {HTMLElement | null} */ (editor.querySelector("[data-group]:not([hidden]) [data-add]"))?.click(),
  },
  { inFields: true },
);
show();
preview();
