import { bindKeys } from "./keys.js";
import { word } from "./words.js";

/** @typedef {{label: string, url: string, icon?: string, note?: string}} Hit */
/** @typedef {{label: string, hits: Hit[]}} Group */

const WAIT_MS = 120;

/**
 * Where the choice goes next: round at both ends.
 *
 * @param {number} now -1 when nothing is chosen
 * @param {number} step
 * @param {number} count
 */
export function moved(now, step, count) {
  if (!count) return -1;
  return now < 0 ? (step > 0 ? 0 : count - 1) : (now + step + count) % count;
}

export function wakePalette() {
  const dialog = document.getElementById("palette");
  if (!(dialog instanceof HTMLDialogElement)) return;
  const input = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
  const list = /** @type {HTMLElement} */ (dialog.querySelector("[role=listbox]"));
  const open = () => {
    dialog.showModal();
    input.select();
    void look(dialog, input, list);
  };
  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-palette-open]")) open();
  });
  bindKeys({ "Ctrl+K": () => (dialog.open ? dialog.close() : open()) });
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(dialog, input, list), WAIT_MS);
  });
  input.addEventListener("keydown", (event) => steer(event, input, list));
}

/** @type {AbortController | null} */
let asking = null;

/**
 * @param {HTMLElement} dialog
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 */
async function look(dialog, input, list) {
  asking?.abort();
  asking = new AbortController();
  const url = new URL(dialog.dataset.url ?? "", location.href);
  url.searchParams.set("q", input.value.trim());
  try {
    const answer = await fetch(url, { signal: asking.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    draw(list, /** @type {{groups: Group[]}} */ (await answer.json()).groups);
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") say(list, word("searchFailed"));
    return;
  }
  if (!list.querySelector("[role=option]") && input.value.trim()) say(list, word("nothing"));
  choose(input, list, list.querySelector("[role=option]") ? 0 : -1);
}

/**
 * @param {HTMLElement} list
 * @param {Group[]} groups
 */
function draw(list, groups) {
  list.replaceChildren();
  let number = 0;
  for (const group of groups.filter((one) => one.hits.length)) {
    const box = document.createElement("div");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", group.label);
    const head = document.createElement("div");
    head.className = "palette-group";
    head.textContent = group.label;
    head.setAttribute("aria-hidden", "true");
    box.append(head, ...group.hits.map((hit) => option(hit, number++)));
    list.append(box);
  }
}

/**
 * @param {Hit} hit
 * @param {number} number
 */
function option(hit, number) {
  const row = document.createElement("a");
  row.className = "palette-hit";
  row.id = `palette-hit-${number}`;
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", "false");
  row.tabIndex = -1;
  row.href = hit.url;
  if (hit.icon) row.append(icon(hit.icon));
  row.append(Object.assign(document.createElement("span"), { textContent: hit.label }));
  if (hit.note) row.append(Object.assign(document.createElement("small"), { textContent: hit.note }));
  return row;
}

/** @param {string} name */
function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  const sheet = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  use.setAttribute("href", `${sheet}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * @param {HTMLElement} list
 * @param {string} text
 */
function say(list, text) {
  const line = Object.assign(document.createElement("p"), { className: "palette-group", textContent: text });
  list.replaceChildren(line);
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 */
function steer(event, input, list) {
  if (event.isComposing) return;
  const hits = [...list.querySelectorAll("[role=option]")];
  const now = hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(input, list, moved(now, event.key === "ArrowDown" ? 1 : -1, hits.length));
  } else if (event.key === "Enter" && now >= 0 && !event.repeat) {
    event.preventDefault();
    /** @type {HTMLAnchorElement} */ (hits[now]).click();
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 * @param {number} chosen
 */
function choose(input, list, chosen) {
  const hits = [...list.querySelectorAll("[role=option]")];
  hits.forEach((hit, n) => hit.setAttribute("aria-selected", String(n === chosen)));
  const hit = hits[chosen];
  if (hit) {
    input.setAttribute("aria-activedescendant", hit.id);
    hit.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}
