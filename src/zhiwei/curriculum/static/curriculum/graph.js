// The knowledge graph: places come from the server, this draws, filters, finds and focuses.
import cytoscape from "../vendor/cytoscape.js";
import { bindKeys } from "../ui/js/keys.js";

/** @typedef {[string, string, number | null, number, number, number, number]} Node key, name, grade, domain, x, y, in focus */

const page = /** @type {HTMLElement} */ (document.getElementById("graph-page"));
const canvas = /** @type {HTMLElement} */ (document.getElementById("graph-canvas"));
const form = /** @type {HTMLFormElement} */ (page.querySelector("form"));
const card = /** @type {HTMLElement} */ (page.querySelector("[data-card]"));
const HUES = ["--indigo", "--green", "--amber", "--vermilion", "--muted", "--ink-soft", "--green-mid", "--amber-mid"];
const token = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

let focus = page.dataset.focus ?? "";
/** @type {any} */
let drawing = null;
/** @type {{nodes: Node[], lines: [number, number][], domains: string[]}} */
let data = { nodes: [], lines: [], domains: [] };

async function load() {
  const query = new URLSearchParams(focus ? { focus, depth: "2" } : { subject: value("subject"), grade: value("grade"), domain: value("domain") });
  const answer = await fetch(`${page.dataset.url}?${query}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  data = await answer.json();
  draw();
  const count = page.querySelector("[data-count]");
  if (count instanceof HTMLElement) count.textContent = `${data.nodes.length} ${count.dataset.unit}`;
  legend();
}

/** @param {string} name */
function value(name) {
  const field = form.elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field.value : "";
}

function draw() {
  drawing?.destroy();
  const many = data.nodes.length > 400;
  drawing = cytoscape({
    container: canvas,
    elements: [
      ...data.nodes.map((node, place) => ({
        data: { id: `${place}`, key: node[0], name: node[1], grade: node[2], domain: node[3], hue: token(HUES[node[3] % HUES.length] ?? "--muted"), mine: node[6] },
        position: { x: node[4], y: node[5] },
      })),
      ...headings(),
      ...data.lines.map(([from, to]) => ({ data: { source: `${from}`, target: `${to}` } })),
    ],
    layout: { name: "preset" },
    style: /** @type {any} */ ([
      { selector: "node", style: { shape: "round-rectangle", width: 150, height: 30, "background-color": token("--surface"), "border-width": 1.5, "border-color": "data(hue)", label: "data(name)", "text-valign": "center", "text-max-width": "142px", "text-wrap": "ellipsis", "font-size": 12, color: token("--ink"), "min-zoomed-font-size": 6 } },
      { selector: "node[mine = 1]", style: { "border-width": 4, "font-weight": "bold" } },
      { selector: "node[heading]", style: { "background-opacity": 0, "border-width": 0, "font-size": 30, "font-weight": "bold", color: token("--muted"), "min-zoomed-font-size": 0, "text-max-width": "400px", events: "no" } },
      { selector: "edge", style: { width: 1.2, "line-color": token("--line-strong"), opacity: 0.55, "curve-style": many ? "haystack" : "bezier", "target-arrow-shape": "triangle", "target-arrow-color": token("--line-strong"), "arrow-scale": 0.8 } },
      { selector: ".dim", style: { opacity: 0.14 } },
      { selector: "node.near", style: { "border-width": 3 } },
      { selector: "edge.near", style: { opacity: 1, width: 2, "line-color": token("--ink-soft"), "target-arrow-color": token("--ink-soft") } },
    ]),
    minZoom: 0.05,
    maxZoom: 2.5,
    textureOnViewport: many,
    hideEdgesOnViewport: data.nodes.length > 1200,
    autoungrabify: true,
    boxSelectionEnabled: false,
  });
  drawing.on("tap", "node", (/** @type {any} */ event) => choose(event.target));
  drawing.on("tap", (/** @type {any} */ event) => event.target === drawing && release());
  canvas.dataset.drawn = `${data.nodes.length}`;
  const mine = drawing.nodes("[mine = 1]");
  if (mine.length) choose(mine[0]);
  else drawing.fit(undefined, 20);
}

/** The grades, each above its own columns. */
function headings() {
  const grades = /** @type {HTMLSelectElement} */ (form.elements.namedItem("grade"));
  return [...grades.options].flatMap((option) => {
    const mine = data.nodes.filter((node) => option.value && `${node[2]}` === option.value);
    if (!mine.length) return [];
    const across = mine.map((node) => node[4]);
    const place = { x: (Math.min(...across) + Math.max(...across)) / 2, y: Math.min(...mine.map((node) => node[5])) - 60 };
    return [{ data: { id: `grade-${option.value}`, heading: 1, name: option.text }, position: place, selectable: false }];
  });
}

/** @param {any} node */
function choose(node) {
  const near = node.closedNeighborhood();
  drawing.batch(() => {
    drawing.elements("[!heading]").removeClass("near").addClass("dim");
    near.removeClass("dim").addClass("near");
  });
  fill("[data-name]", node.data("name"));
  fill("[data-facts]", [data.domains[node.data("domain")], node.data("key")].filter(Boolean).join(" · "));
  const open = card.querySelector("[data-open]");
  if (open instanceof HTMLAnchorElement) open.href = `${page.dataset.pointUrl}${encodeURIComponent(node.data("key"))}/`;
  card.dataset.key = node.data("key");
  card.hidden = false;
}

function release() {
  drawing?.elements().removeClass("near dim");
  card.hidden = true;
}

/**
 * @param {string} where
 * @param {string} text
 */
function fill(where, text) {
  const place = card.querySelector(where);
  if (place) place.textContent = text;
}

function legend() {
  const place = /** @type {HTMLElement} */ (page.querySelector("[data-legend]"));
  place.replaceChildren(
    ...data.domains.map((name, number) => {
      const line = document.createElement("span");
      const mark = document.createElement("span");
      mark.className = "legend-mark";
      mark.style.background = token(HUES[number % HUES.length] ?? "--muted");
      line.append(mark, name || "—");
      return line;
    }),
  );
}

/** @param {string} key */
function focusOn(key) {
  focus = key;
  history.replaceState(null, "", key ? `?focus=${encodeURIComponent(key)}` : location.pathname);
  release();
  load();
}

/** @type {Map<string, string>} */
const found = new Map();
async function seek() {
  const typed = value("q").trim();
  const hit = found.get(typed);
  if (hit) return go(hit);
  if (!typed) return;
  const query = new URLSearchParams({ q: typed, subject: focus ? "" : value("subject") });
  const answer = await fetch(`${page.dataset.searchUrl}?${query}`, { headers: { Accept: "application/json" } });
  const points = answer.ok ? (await answer.json()).points : [];
  const list = /** @type {HTMLElement} */ (document.getElementById("graph-found"));
  list.replaceChildren(
    ...points.map((/** @type {{key: string, name: string}} */ one) => {
      found.set(one.name, one.key);
      return Object.assign(document.createElement("option"), { value: one.name });
    }),
  );
}

/** @param {string} key */
function go(key) {
  const node = drawing?.nodes().filter((/** @type {any} */ one) => one.data("key") === key);
  if (!node?.length) return focusOn(key);
  drawing.animate({ center: { eles: node }, zoom: 1 }, { duration: 200 });
  choose(node[0]);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  seek();
});
form.addEventListener("input", (event) => {
  if (/** @type {HTMLInputElement} */ (event.target).name === "q") return seek();
  focus = "";
  if (/** @type {HTMLInputElement} */ (event.target).name === "subject") {
    location.search = new URLSearchParams({ subject: value("subject") }).toString();
    return;
  }
  release();
  load();
});
card.querySelector("[data-close]")?.addEventListener("click", release);
card.querySelector("[data-focus-button]")?.addEventListener("click", () => focusOn(card.dataset.key ?? ""));
canvas.addEventListener("keydown", (event) => {
  /** @type {Record<string, [number, number]>} */
  const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  const step = steps[event.key];
  if (step) drawing?.panBy({ x: step[0], y: step[1] });
  else if (event.key === "+" || event.key === "=") drawing?.zoom(drawing.zoom() * 1.2);
  else if (event.key === "-") drawing?.zoom(drawing.zoom() / 1.2);
  else return;
  event.preventDefault();
});
bindKeys({ F: () => drawing?.fit(undefined, 30), Escape: () => (focus ? focusOn("") : release()) });
load();
