// The answering page: fields, queue, clock, photos and handing in, put together.
import { openDialog } from "../../ui/js/dialogs.js";
import { wakeClock } from "./clock.js";
import { decide } from "./conflict.js";
import { wakeDrawing } from "./drawing.js";
import { wakeEssays } from "./essay.js";
import { readAnswer, writeAnswer } from "./fields.js";
import { loadFormulas, wakeFormulaFields } from "./formulas.js";
import { wakeOrdering } from "./ordering.js";
import { Photos } from "./photos.js";
import { SaveQueue } from "./queue.js";
import { keepOffline, remember, remembered } from "./shell.js";
import { wakeSteps } from "./steps.js";
import { answerStore, deviceName } from "./store.js";
import { isBlank } from "./values.js";
import { askWhich } from "./versions.js";
import { say } from "./words.js";

/** @typedef {{value: import("./values.js").Answer, sequence: number, device: string, photos: number[]}} Kept */
/** @typedef {{sitting: string, state: string, ticket: string, save_url: string, now: string, due_at: string | null, closes_at: string | null, timed: boolean, kept: Record<string, Kept>}} Start */

const LOOK_AGAIN_MS = 30_000;
const root = /** @type {HTMLElement} */ (document.getElementById("answering"));
/** @type {Start} */
let start = JSON.parse(document.getElementById("start")?.textContent ?? "{}");
const device = deviceName();
const questions = /** @type {Map<string, HTMLElement>} */ (
  new Map([...root.querySelectorAll("[data-question]")].map((one) => [/** @type {HTMLElement} */ (one).dataset.question ?? "", /** @type {HTMLElement} */ (one)]))
);
const store = answerStore(start.sitting);
const queue = new SaveQueue({
  store,
  send,
  now: () => Date.now(),
  later: (act, milliseconds) => setTimeout(act, milliseconds),
  chance: Math.random,
  online: () => navigator.onLine,
  told,
  conflict: (mine, theirs) => ask(mine.item, mine.value, theirs),
  taken: (change) => void remember(start.sitting, change).catch(() => {}),
});

await wake();

async function wake() {
  if (root.querySelector("[data-formula-field], [data-steps]")) await loadFormulas();
  await wakeFormulaFields(root);
  wakeSteps(root);
  void wakeOrdering(root);
  await catchUp();
  take(start.kept, new Map(store.all().map((one) => [one.item, one])));
  wakeEssays(root);
  wakeClock(/** @type {HTMLElement} */ (document.getElementById("time-left")), start, () => start.timed && void handIn());
  const photos = new Photos(root, markAll);
  wakeDrawing(root, (question, blob) => photos.take(question, blob));
  for (const name of ["input", "change"]) root.addEventListener(name, typed);
  addEventListener("online", () => void lookAgain());
  addEventListener("offline", () => queue.tell(queue.count ? "offline" : "saved"));
  addEventListener("pagehide", () => void queue.flush());
  document.addEventListener("visibilitychange", () => void (document.hidden ? queue.flush() : lookAgain()));
  document.getElementById("hand-in")?.addEventListener("submit", (event) => void askHandIn(event));
  document.getElementById("confirm-yes")?.addEventListener("click", () => void handIn());
  wakeNavigator();
  markAll();
  root.dataset.ready = "";
  void keepOffline().catch(() => {});
}

/** This page may be a copy kept for want of network: what the server has taken since is known here. */
async function catchUp() {
  for (const one of await remembered(start.sitting).catch(() => [])) {
    const held = start.kept[one.item];
    if (held && held.sequence < one.sequence) Object.assign(held, { value: one.value, sequence: one.sequence, device });
  }
}

/**
 * Fill the fields from what is kept, here and there.
 *
 * @param {Record<string, Kept>} kept
 * @param {Map<string, import("./queue.js").Change>} mine what only this device has
 */
function take(kept, mine) {
  for (const [item, question] of questions) {
    const held = kept[item] ?? { value: {}, sequence: 0, device: "", photos: [] };
    const local = mine.get(item) ?? null;
    const known = queue.bases.get(item);
    queue.seen(item, held.sequence);
    const choice = decide(local, held, device);
    if (choice === "server") {
      if (local) queue.forget(item);
      if (known !== held.sequence || local) writeAnswer(question, held.value);
      continue;
    }
    if (local && !queue.waiting.has(item)) writeAnswer(question, /** @type {import("./values.js").Answer} */ (local.value));
    if (local && choice === "local") queue.resume({ ...local, sequence: Math.max(local.sequence, held.sequence + 1), base: held.sequence });
    if (local && choice === "conflict") {
      queue.keep(local);
      queue.dispute(item);
      ask(item, local.value, { item, sequence: held.sequence, saved_at: "", value: held.value });
    }
  }
}

/** @param {Event} event */
function typed(event) {
  const question = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-question]"));
  if (!question || /** @type {Element} */ (event.target).closest("[data-working]")) return;
  const item = question.dataset.question ?? "";
  queue.put(item, readAnswer(question));
  mark(item);
}

/**
 * @param {import("./queue.js").Change[]} changes
 * @returns {Promise<import("./queue.js").Reply>}
 */
async function send(changes) {
  const body = JSON.stringify({ ticket: start.ticket, device, answers: changes });
  try {
    const reply = await fetch(start.save_url, { method: "POST", body, headers: { "Content-Type": "application/json" }, keepalive: body.length < 60_000 });
    const told = await reply.json().catch(() => ({}));
    return { status: reply.status, saved: told.saved, message: told.message };
  } catch {
    return { status: 0 };
  }
}

/**
 * @param {string} item
 * @param {unknown} mine
 * @param {import("./queue.js").Told} theirs
 */
function ask(item, mine, theirs) {
  const question = /** @type {HTMLElement} */ (questions.get(item));
  askWhich({
    number: question.dataset.number ?? "",
    mine,
    theirs: theirs.value,
    keepMine: () => void queue.settle(item, theirs.sequence, readAnswer(question)),
    keepTheirs: () => {
      queue.yieldTo(item, theirs.sequence);
      writeAnswer(question, /** @type {import("./values.js").Answer} */ (theirs.value ?? {}));
      mark(item);
    },
  });
}

let looked = Date.now();

/** After a while away: what did another device do meanwhile, and is the sitting still open? */
async function lookAgain() {
  if (Date.now() - looked > LOOK_AGAIN_MS || queue.count) {
    looked = Date.now();
    const reply = await fetch(root.dataset.latest ?? "", { headers: { Accept: "application/json" } }).catch(() => null);
    if (reply?.ok) {
      start = await reply.json();
      if (start.state !== "answering") return location.reload();
      take(start.kept, new Map([...queue.waiting].filter(([item]) => !queue.disputed.has(item))));
      markAll();
    }
  }
  await queue.flush();
}

/** @param {import("./queue.js").State} state */
function told(state) {
  const line = /** @type {HTMLElement} */ (document.getElementById("save-state"));
  const looks = { saved: "saved", saving: "saving", retrying: "waiting", offline: "waiting", "signed-out": "failed", closed: "failed", nowhere: "failed" };
  line.dataset.state = looks[state.kind];
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const words = { saved: "saved", saving: "saving", retrying: "retrying", offline: "offline", "signed-out": "signedOut", closed: "closed", nowhere: "nowhere" };
  const text = state.message && state.kind !== "closed" ? state.message : say(words[state.kind], { time, n: state.waiting, s: state.seconds ?? 0 });
  const place = /** @type {HTMLElement} */ (line.querySelector("span"));
  if (place.textContent !== text) place.textContent = text;
}

/** @param {string} item */
function answered(item) {
  const question = /** @type {HTMLElement} */ (questions.get(item));
  return !isBlank(readAnswer(question)) || question.querySelector(".photos li") !== null;
}

function markAll() {
  for (const item of questions.keys()) mark(item);
}

/** @param {string} item */
function mark(item) {
  const link = root.querySelector(`[data-jump="${CSS.escape(item)}"]`);
  const done = answered(item);
  link?.toggleAttribute("data-answered", done);
  const said = link?.querySelector("[data-said]");
  if (said) said.textContent = say(done ? "answered" : "unanswered");
}

function wakeNavigator() {
  root.querySelector(".navigator")?.addEventListener("click", (event) => {
    const link = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-jump]"));
    if (!link) return;
    event.preventDefault();
    const question = questions.get(link.dataset.jump ?? "");
    question?.scrollIntoView({ block: "start" });
    question?.focus({ preventScroll: true });
  });
}

/** @param {Event} event */
async function askHandIn(event) {
  event.preventDefault();
  await queue.flush();
  const note = /** @type {HTMLElement} */ (document.getElementById("hand-in-note"));
  if (queue.disputed.size || queue.count) {
    note.textContent = say(queue.disputed.size ? "handInConflict" : "handInOffline");
    return;
  }
  note.textContent = "";
  const open = [...questions.keys()].filter((item) => !answered(item));
  const list = open.map((item) => questions.get(item)?.dataset.number).slice(0, 12).join("、");
  const text = open.length ? say("someUnanswered", { n: open.length, list }) : say("allAnswered", { n: questions.size });
  /** @type {HTMLElement} */ (document.getElementById("confirm-text")).textContent = text;
  openDialog("confirm");
}

async function handIn() {
  await queue.flush();
  if (queue.count === 0 && navigator.onLine) /** @type {HTMLFormElement} */ (document.getElementById("hand-in")).submit();
}
