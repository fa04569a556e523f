import { openDialog } from "../ui/js/dialogs.js";
import { bindKeys } from "../ui/js/keys.js";
import { keep, recall } from "../ui/js/storage.js";
import { toast } from "../ui/js/toasts.js";
import { fill } from "../ui/js/words.js";
import { pieces, toggle, total, typedScore } from "./deskscore.js";
import { SaveQueue } from "./savequeue.js";

/**
 * @typedef {import("./deskscore.js").Point} Point
 * @typedef {import("./deskscore.js").Given} Given
 * @typedef {{score: number, by: string, comment: string, points: Given, mine: number}} PersonMark
 * @typedef {{score: number, confidence: number | null, points: Record<string, {score: number}>, reasons: {zh: string, en: string}[]}} MachineMark
 * @typedef {{id: string, cursor: string, version: number, state: string, answer: string, files: number, group: string, problem: boolean,
 *   exemplar: boolean, name: string, late: boolean, tags: string[], evidence: {start: number, end: number, point: string}[],
 *   machine: MachineMark | null, person: PersonMark | null, counted?: boolean}} Answer
 * @typedef {{item: string, max: number, me: number, rubric: Point[], urls: Record<string, string>}} Settings
 */

const NOBODY = "00000000-0000-0000-0000-000000000000";
const AHEAD = 6;

const root = /** @type {HTMLElement} */ (document.querySelector("[data-desk]"));
/** @type {Settings} */
const settings = JSON.parse(document.getElementById("desk-settings")?.textContent ?? "{}");
const { rubric, max } = settings;

/** @template {HTMLElement} T @param {string} name @returns {T} */
const part = (name) => /** @type {T} */ (root.querySelector(`[data-${name}]`));
/** @param {string} name @param {Record<string, string | number>} [values] */
const say = (name, values = {}) => fill(root.dataset[`word${name[0]?.toUpperCase()}${name.slice(1)}`] ?? name, values);

/** @type {Answer[]} */
let answers = [];
let at = -1;
let group = "";
let show = "todo";
let tag = "";
let names = false;
let ended = false;
/** @type {Promise<void> | null} */
let loading = null;
/** @type {Given | null} */
let given = null;
/** @type {string[]} */
const marked = [];
let states = /** @type {Record<string, number>} */ ({});
let asked = 0;

const scoreBox = /** @type {HTMLInputElement} */ (part("score"));
const tagBox = /** @type {HTMLInputElement} */ (part("tag-new"));
const commentBox = /** @type {HTMLTextAreaElement} */ (part("comment"));
const english = document.documentElement.lang.startsWith("en");

const queue = new SaveQueue({
  store: { read: () => recall(`desk-${settings.me}-${settings.item}`), write: (text) => keep(`desk-${settings.me}-${settings.item}`, text) },
  send: async (entry) => post(entry.url, entry.body),
  later: (run, ms) => void setTimeout(run, ms),
  told: (event, entry, data) => {
    drawSaving();
    if (event === "saved" && entry) saved(entry.id, data);
    if (event === "conflict" && entry) conflict(entry, data);
    if (event === "refused" && entry) refused(entry.id, data);
  },
});

/** @param {string} url @param {Record<string, unknown>} body */
async function post(url, body) {
  const token = /** @type {HTMLInputElement} */ (root.querySelector("[name=csrfmiddlewaretoken]")).value;
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
  return { status: response.status, data: await response.json().catch(() => null) };
}

/** @param {string} url */
async function read(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** Fetch what comes next, some answers ahead of the marker. */
function more() {
  if (ended || loading) return loading ?? Promise.resolve();
  const round = asked;
  const query = new URLSearchParams({ show, group, tag, names: names ? "1" : "", after: answers.at(-1)?.cursor ?? "" });
  loading = read(`${settings.urls.answers}?${query}`)
    .then((data) => {
      if (round !== asked) return;
      const known = new Set(answers.map((one) => one.id));
      const fresh = data.answers.filter((/** @type {Answer} */ one) => !known.has(one.id));
      ended = data.answers.length === 0;
      answers.push(...fresh);
    })
    .finally(() => {
      if (round === asked) loading = null;
    });
  return loading;
}

async function restart() {
  asked += 1;
  loading = null;
  answers = [];
  at = -1;
  ended = false;
  await more();
  await go(1);
}

/** @param {number} step */
async function go(step) {
  if (at + step < 0) {
    toast(say("first"));
    return;
  }
  if (at + step >= answers.length) await more();
  if (at + step >= answers.length) {
    drawEnd();
    return;
  }
  at += step;
  draw();
  if (answers.length - at < AHEAD) void more().catch(() => {});
}

const current = () => (at >= 0 ? answers[at] : undefined);

function draw() {
  const one = current();
  if (!one) return;
  given = one.person && Object.keys(one.person.points).length ? { ...one.person.points } : null;
  part("paper").textContent = say("paper", { n: at + 1 });
  part("name").textContent = [one.name, one.late ? say("late") : ""].filter(Boolean).join(" · ");
  drawAnswer(one);
  drawFiles(one);
  drawTags(one);
  drawMachine(one);
  drawPerson(one);
  scoreBox.value = one.person ? String(one.person.score) : "";
  scoreBox.placeholder = one.machine ? String(one.machine.score) : "";
  commentBox.value = one.person?.comment ?? "";
  part("problem").setAttribute("aria-pressed", String(one.problem));
  part("exemplar").setAttribute("aria-pressed", String(one.exemplar));
  trouble("");
  drawPoints();
  drawGroupButton(one);
  if (!rubric.length) focusScore();
  else part("answer").focus({ preventScroll: true });
}

/** @param {Answer} one */
function drawAnswer(one) {
  const box = part("answer");
  const order = new Map(rubric.map((point, place) => [point.id, place + 1]));
  box.replaceChildren(
    ...pieces(one.answer || say("blank"), one.answer ? one.evidence : []).map((piece) => {
      if (piece.point === null) return document.createTextNode(piece.text);
      const mark = document.createElement("mark");
      mark.className = "machine";
      mark.dataset.pointMark = piece.point;
      mark.textContent = piece.text;
      const number = order.get(piece.point);
      if (number) mark.append(Object.assign(document.createElement("sup"), { textContent: String(number) }));
      return mark;
    }),
  );
  box.classList.toggle("muted", !one.answer);
}

/** @param {Answer} one */
function drawFiles(one) {
  part("files").replaceChildren(
    ...Array.from({ length: one.files }, (_unused, number) =>
      Object.assign(document.createElement("img"), {
        src: (settings.urls.file ?? "").replace(NOBODY, one.id).replace("/0/", `/${number}/`),
        alt: say("photo", { n: number + 1 }),
        loading: "lazy",
      }),
    ),
  );
}

/** @param {Answer} one */
function drawTags(one) {
  part("tags").replaceChildren(
    ...one.tags.map((word) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "desk-tag", textContent: word });
      button.setAttribute("aria-label", say("untag", { tag: word }));
      button.addEventListener("click", () => void setTag(one, word, false));
      return button;
    }),
  );
}

/** @param {Answer} one */
function drawMachine(one) {
  part("suggestion").hidden = !one.machine;
  if (!one.machine) return;
  const sure = one.machine.confidence === null ? "" : ` · ${say("sure")} ${Math.round(one.machine.confidence * 100)}%`;
  part("machine").textContent = say("machine", { score: one.machine.score }) + sure;
  part("reasons").replaceChildren(
    ...one.machine.reasons.map((reason) => Object.assign(document.createElement("li"), { textContent: english ? reason.en : reason.zh })),
  );
}

/** @param {Answer} one */
function drawPerson(one) {
  part("person").hidden = !one.person;
  if (one.person) part("person").textContent = say("by", { name: one.person.by, score: one.person.score });
}

function drawPoints() {
  const one = current();
  rubric.forEach((point, place) => {
    const line = /** @type {HTMLElement} */ (root.querySelector(`[data-point="${place}"]`));
    const machine = one?.machine?.points[point.id]?.score;
    const shown = given ? (given[point.id] ?? 0) : machine;
    const pill = /** @type {HTMLElement} */ (line.querySelector("[data-point-score]"));
    pill.textContent = `${shown ?? "–"} / ${point.score}`;
    pill.className = `score ${given ? "person" : machine === undefined ? "none" : "machine"}`;
    line.classList.toggle("applied", Boolean(given && given[point.id]));
    line.querySelector("button")?.setAttribute("aria-pressed", String(Boolean(given && given[point.id])));
  });
  if (given) scoreBox.value = String(total(rubric, given, max));
}

/** @param {Answer} one */
function drawGroupButton(one) {
  const box = part("go-group");
  const size = groups.find((each) => each.key === one.group)?.todo ?? 0;
  box.hidden = size < 2;
  part("group-size").textContent = say("ago", { n: size });
}

function drawEnd() {
  at = answers.length;
  const box = part("answer");
  box.replaceChildren(document.createTextNode(say("done")));
  part("paper").textContent = "";
  part("name").textContent = "";
  part("files").replaceChildren();
  part("tags").replaceChildren();
  part("suggestion").hidden = true;
  part("person").hidden = true;
  scoreBox.value = "";
  scoreBox.placeholder = "";
  given = null;
  drawPoints();
  void refresh();
}

function drawSaving() {
  const box = part("save");
  box.dataset.state = queue.state;
  part("save-text").textContent = say(queue.state, { n: queue.size });
}

function drawProgress() {
  const whole = Object.values(states).reduce((sum, count) => sum + count, 0);
  part("reviewed").textContent = String(states.reviewed ?? 0);
  part("total").textContent = String(whole);
  const bar = /** @type {HTMLProgressElement} */ (part("bar"));
  bar.max = whole || 1;
  bar.value = states.reviewed ?? 0;
}

/** @type {{key: string, size: number, todo: number, doubtful: number, example: string}[]} */
let groups = [];

async function refresh() {
  const data = await read(settings.urls.state ?? "").catch(() => null);
  if (!data) return;
  states = data.states;
  groups = data.groups;
  drawProgress();
  drawGroups();
  drawSpread(data.spread);
  drawTagChoice(data.tags);
  drawExemplars(data.exemplars);
  const one = current();
  if (one) drawGroupButton(one);
}

function drawGroups() {
  part("groups").replaceChildren(
    ...groups.map((each, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `desk-group${each.todo ? "" : " finished"}`;
      button.setAttribute("aria-pressed", String(each.key === group));
      const head = document.createElement("strong");
      head.textContent = `${String.fromCharCode(65 + (place % 26))} · ${say("ago", { n: each.size })}${each.doubtful ? ` · ● ${each.doubtful}` : ""}`;
      button.append(head, Object.assign(document.createElement("span"), { textContent: each.example || say("blank") }));
      button.addEventListener("click", () => {
        group = group === each.key ? "" : each.key;
        drawGroups();
        void restart();
      });
      const line = document.createElement("li");
      line.append(button);
      return line;
    }),
  );
}

/** @param {{score: number, n: number}[]} spread */
function drawSpread(spread) {
  const box = document.createElement("div");
  box.className = "desk-spread";
  const most = Math.max(1, ...spread.map((row) => row.n));
  for (const row of spread) {
    const bar = document.createElement("meter");
    bar.max = most;
    bar.value = row.n;
    bar.textContent = String(row.n);
    box.append(text("span", String(row.score)), bar, text("span", String(row.n)));
  }
  part("spread").replaceChildren(box);
}

/** @param {{answer: string, score: number}[]} rows */
function drawExemplars(rows) {
  part("exemplars").replaceChildren(...rows.map((row) => text("p", `${row.score}：${row.answer}`)));
}

/** @param {string} tag @param {string} words */
function text(tag, words) {
  return Object.assign(document.createElement(tag), { textContent: words });
}

/** The mark as it stands on the page, or `null` with the reason shown. @returns {{score: number, points: Given, comment: string} | null} */
function asTyped() {
  const score = typedScore(scoreBox.value, max);
  if (score === null) {
    trouble(say("score", { max }));
    focusScore();
    return null;
  }
  const follows = given && total(rubric, given, max) === score;
  return { score, points: follows && given ? given : {}, comment: commentBox.value.trim() };
}

/** @param {string} words */
function trouble(words) {
  part("trouble").hidden = !words;
  part("trouble").textContent = words;
}

async function save() {
  const one = current();
  const mark = one && asTyped();
  if (!one || !mark) return;
  const changed = !one.person || one.person.score !== mark.score || one.person.comment !== mark.comment || JSON.stringify(one.person.points) !== JSON.stringify(mark.points);
  if (changed) {
    count(one);
    one.person = { ...mark, by: "", mine: settings.me };
    marked.push(one.id);
    void queue.push({ id: one.id, url: (settings.urls.mark ?? "").replace(NOBODY, one.id), body: { ...mark, seen: one.version } });
  }
  await go(1);
}

/** @param {Answer} one */
function count(one) {
  if (one.state === "reviewed") return;
  states[one.state] = Math.max((states[one.state] ?? 1) - 1, 0);
  states.reviewed = (states.reviewed ?? 0) + 1;
  one.state = "reviewed";
  drawProgress();
}

async function saveGroup() {
  const one = current();
  const mark = one && asTyped();
  if (!one?.group || !mark || part("go-group").hidden) return;
  const { status, data } = await post(settings.urls.group ?? "", { ...mark, group: one.group }).catch(() => ({ status: 0, data: null }));
  if (status !== 200) {
    toast(say("refused", { text: data?.message ?? "" }), "wrong");
    return;
  }
  toast(say("group", { n: data.marked.length }), "done");
  group = "";
  await refresh();
  await restart();
}

/** @param {string} id @param {any} data */
function saved(id, data) {
  const one = answers.find((each) => each.id === id);
  if (one && data) {
    one.version = data.version;
    if (data.person) one.person = data.person;
  }
}

/** @param {string} id @param {any} data */
function refused(id, data) {
  const place = answers.findIndex((each) => each.id === id);
  const one = answers[place];
  if (one) one.person = null;
  toast(say("refused", { text: data?.message ?? "" }), "wrong");
}

/** @param {import("./savequeue.js").Entry} entry @param {any} data */
function conflict(entry, data) {
  part("conflict-text").textContent = data?.message ?? "";
  part("theirs").textContent = String(data?.theirs?.score ?? "–");
  part("yours").textContent = String(data?.yours ?? "–");
  part("their-comment").textContent = [data?.theirs?.by, data?.theirs?.comment].filter(Boolean).join("：");
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("conflict"));
  const one = answers.find((each) => each.id === entry.id);
  part("keep-theirs").onclick = () => {
    if (one && data?.theirs) Object.assign(one, { person: data.theirs, version: data.version });
    dialog.close();
    if (one === current()) draw();
  };
  part("keep-mine").onclick = () => {
    dialog.close();
    void queue.push({ ...entry, body: { ...entry.body, seen: data?.version } });
  };
  openDialog("conflict");
}

async function undo() {
  const id = marked.pop() ?? current()?.id;
  if (!id) return;
  await queue.flush();
  const { status, data } = await post((settings.urls.undo ?? "").replace(NOBODY, id), {}).catch(() => ({ status: 0, data: null }));
  if (status !== 200) {
    toast(say("refused", { text: data?.message ?? "" }), "wrong");
    return;
  }
  const place = answers.findIndex((each) => each.id === id);
  const one = answers[place];
  if (one) {
    Object.assign(one, { version: data.version, state: data.state, person: data.person });
    at = place;
    draw();
  }
  toast(say("undone"));
  await refresh();
}

function adopt() {
  const one = current();
  if (!one?.machine) {
    trouble(say("nothing"));
    return;
  }
  const suggested = one.machine.points;
  given = rubric.length ? Object.fromEntries(rubric.map((point) => [point.id, suggested[point.id]?.score ?? 0])) : null;
  if (given && total(rubric, given, max) !== one.machine.score) given = null;
  drawPoints();
  scoreBox.value = String(one.machine.score);
  trouble("");
}

/** @param {number} place */
function flip(place) {
  const one = current();
  if (!one) return;
  const suggested = one.machine ? Object.fromEntries(Object.entries(one.machine.points).map(([key, value]) => [key, value.score])) : null;
  given = toggle(rubric, given, place, suggested);
  trouble("");
  drawPoints();
}

/** @param {"problem" | "exemplar"} flag */
async function sign(flag) {
  const one = current();
  if (!one) return;
  one[flag] = !one[flag];
  part(flag).setAttribute("aria-pressed", String(one[flag]));
  await queue.push({ id: `${flag}-${one.id}`, url: (settings.urls.flag ?? "").replace(NOBODY, one.id), body: { flag, on: one[flag] } });
}

/** @param {Answer} one @param {string} word @param {boolean} on */
async function setTag(one, word, on) {
  const { status, data } = await post((settings.urls.tag ?? "").replace(NOBODY, one.id), { tag: word, on }).catch(() => ({ status: 0, data: null }));
  if (status !== 200) {
    toast(say("refused", { text: data?.message ?? "" }), "wrong");
    return;
  }
  one.tags = data.tags;
  if (one === current()) drawTags(one);
  drawTagChoice(data.known);
}

async function addTag() {
  const one = current();
  const word = tagBox.value.trim();
  if (!one || !word) return;
  tagBox.value = "";
  await setTag(one, word, true);
}

/** What may be filtered by, and what is offered while typing. @param {{text: string, n: number}[]} known */
function drawTagChoice(known) {
  const box = /** @type {HTMLSelectElement} */ (part("tag-filter"));
  const first = /** @type {HTMLOptionElement} */ (box.options[0]);
  box.replaceChildren(first, ...known.map((each) => new Option(`${each.text} ${each.n}`, each.text, false, each.text === tag)));
  part("tag-known").replaceChildren(...known.map((each) => new Option(each.text, each.text)));
}

function focusScore() {
  scoreBox.focus({ preventScroll: true });
  scoreBox.select();
}

/** @param {string} name */
function unfold(name) {
  const box = /** @type {HTMLDetailsElement} */ (part(name));
  box.open = !box.open;
}

function showNames() {
  names = !names;
  part("names").setAttribute("aria-pressed", String(names));
  void restart();
}

async function acceptAll() {
  const { status, data } = await post(settings.urls.accept ?? "", {}).catch(() => ({ status: 0, data: null }));
  if (status !== 200) toast(say("refused", { text: data?.message ?? "" }), "wrong");
  await refresh();
  await restart();
}

function bind() {
  /** @type {Record<string, () => void>} */
  const keys = {
    A: adopt, S: focusScore, C: () => commentBox.focus(), J: () => void go(1), ArrowRight: () => void go(1), K: () => void go(-1),
    ArrowLeft: () => void go(-1), U: () => void undo(), "Ctrl+Z": () => void undo(), P: () => void sign("problem"), E: () => void sign("exemplar"),
    T: () => tagBox.focus(), R: () => unfold("reference"), D: () => unfold("spread-box"), N: showNames,
    0: () => { scoreBox.value = "0"; given = null; drawPoints(); scoreBox.value = "0"; focusScoreEnd(); },
  };
  for (let number = 1; number <= 9; number += 1) keys[String(number)] = () => (rubric.length ? flip(number - 1) : typeDigit(number));
  for (const [key, act] of Object.entries(keys)) keys[key] = () => { if (!document.querySelector("dialog[open]")) act(); };
  bindKeys(keys);
  document.addEventListener("keydown", enter);
  /** @type {HTMLElement[]} */ ([scoreBox, commentBox, tagBox]).forEach((box) => box.addEventListener("keydown", (event) => { if (event.key === "Escape") part("answer").focus(); }));
  scoreBox.addEventListener("input", () => { given = null; drawPoints(); });
  part("go").addEventListener("click", () => void save());
  part("go-group").addEventListener("click", () => void saveGroup());
  part("back").addEventListener("click", () => void go(-1));
  part("skip").addEventListener("click", () => void go(1));
  part("undo").addEventListener("click", () => void undo());
  part("problem").addEventListener("click", () => void sign("problem"));
  part("exemplar").addEventListener("click", () => void sign("exemplar"));
  part("names").addEventListener("click", showNames);
  part("accept").addEventListener("click", () => void acceptAll());
  part("rubric").addEventListener("click", (event) => {
    const key = /** @type {Element} */ (event.target).closest("[data-toggle]");
    if (key instanceof HTMLElement) flip(Number(key.dataset.toggle));
  });
  part("show").addEventListener("change", (event) => {
    show = /** @type {HTMLSelectElement} */ (event.target).value;
    void restart();
  });
  part("tag-filter").addEventListener("change", (event) => {
    tag = /** @type {HTMLSelectElement} */ (event.target).value;
    void restart();
  });
  part("tag-add").addEventListener("click", () => void addTag());
  window.addEventListener("online", () => void queue.flush());
  window.addEventListener("beforeunload", (event) => { if (queue.size && queue.state === "failed") event.preventDefault(); });
}

/** Enter saves, also from the fields; on links and buttons it does what it does everywhere. @param {KeyboardEvent} event */
function enter(event) {
  const busy = document.activeElement?.closest("a, button, summary, select, dialog");
  if (event.key !== "Enter" || event.repeat || event.isComposing || busy || document.querySelector("dialog[open]")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (document.activeElement === tagBox) void addTag();
  else void (event.shiftKey ? saveGroup() : save());
}

function focusScoreEnd() {
  scoreBox.focus({ preventScroll: true });
  scoreBox.setSelectionRange(scoreBox.value.length, scoreBox.value.length);
}

/** @param {number} digit */
function typeDigit(digit) {
  scoreBox.value = String(digit);
  focusScoreEnd();
}

bind();
drawSaving();
void queue.flush();
void refresh();
setInterval(() => { if (!groups.length) void refresh(); }, 5000);
void restart();
