import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces, toggle, total, typedScore } from "../../../src/zhiwei/assessment/static/assessment/deskscore.js";
import { SaveQueue, waitBefore } from "../../../src/zhiwei/assessment/static/assessment/savequeue.js";

const RUBRIC = [
  { id: "a", score: 2, description: "列式" },
  { id: "b", score: 1, description: "单位" },
];

/** A queue over a pretended network and store. */
function desk(answers, kept = { text: null }) {
  const sent = [];
  const told = [];
  const waits = [];
  const queue = new SaveQueue({
    store: { read: () => kept.text, write: (text) => (kept.text = text) },
    send: async (entry) => {
      sent.push(entry.body);
      const answer = answers.shift() ?? { status: 200, data: {} };
      if (answer === "cut") throw new Error("network");
      return answer;
    },
    later: (run, ms) => waits.push({ run, ms }),
    told: (event, entry) => event !== "state" && told.push([event, entry?.id]),
  });
  return { queue, sent, told, waits, kept };
}

test("a typed score is a number within the marks; nothing typed is nothing", () => {
  assert.equal(typedScore("0", 4), 0);
  assert.equal(typedScore(" 3.5 ", 4), 3.5);
  assert.equal(typedScore("３", 4), 3);
  for (const wrong of ["", " ", "5", "-1", "1e1", "a", "3.", "NaN"]) assert.equal(typedScore(wrong, 4), null, wrong);
});

test("the first key mends the machine's suggestion, later keys go on from there", () => {
  const once = toggle(RUBRIC, null, 1, { a: 2, b: 1, gone: 9 });
  assert.deepEqual(once, { a: 2, b: 0 });
  assert.deepEqual(toggle(RUBRIC, once, 1, null), { a: 2, b: 1 });
  assert.deepEqual(toggle(RUBRIC, null, 0, null), { a: 2, b: 0 });
  assert.equal(toggle(RUBRIC, null, 7, null), null);
});

test("points add up, never below nothing or above full marks", () => {
  assert.equal(total(RUBRIC, { a: 2, b: 1 }, 3), 3);
  assert.equal(total(RUBRIC, { a: 2, b: 1 }, 2), 2);
  assert.equal(total([{ id: "p", score: -1, description: "" }], { p: -1 }, 3), 0);
});

test("pieces join to the whole answer, also beyond the basic plane", () => {
  const text = "𠮷由于惯性向前";
  const cut = pieces(text, [{ start: 1, end: 5, point: "b" }, { start: 3, end: 6, point: "c" }]);
  assert.equal(cut.map((one) => one.text).join(""), text);
  assert.deepEqual(cut[1], { text: "由于惯性", point: "b" });
});

test("marks go out one after another and are forgotten once kept", async () => {
  const { queue, sent, told, kept } = desk([]);
  await Promise.all([queue.push({ id: "1", url: "/1", body: { score: 1 } }), queue.push({ id: "2", url: "/2", body: { score: 2 } })]);
  assert.deepEqual(sent.map((body) => body.score), [1, 2]);
  assert.deepEqual(told, [["saved", "1"], ["saved", "2"]]);
  assert.equal(kept.text, null);
  assert.equal(queue.state, "saved");
});

test("a cut network loses nothing: kept in the browser, sent when it is back", async () => {
  const { queue, sent, told, waits, kept } = desk(["cut", { status: 503, data: null }]);
  await queue.push({ id: "1", url: "/1", body: { score: 3 } });
  assert.equal(queue.state, "failed");
  assert.match(kept.text, /"score":3/);
  await waits[0].run();
  await new Promise((done) => setImmediate(done));
  assert.equal(waits[1].ms, 2000);
  await waits[1].run();
  await new Promise((done) => setImmediate(done));
  assert.equal(sent.length, 3);
  assert.deepEqual(told, [["saved", "1"]]);
});

test("a page opened again sends what the last one could not", async () => {
  const kept = { text: JSON.stringify([{ id: "9", url: "/9", body: { score: 2 } }]) };
  const { queue, sent } = desk([], kept);
  assert.equal(queue.size, 1);
  await queue.flush();
  assert.deepEqual(sent, [{ score: 2 }]);
});

test("a newer mark of the same answer takes the place of the one not yet sent", async () => {
  const { queue, sent, waits } = desk(["cut"]);
  await queue.push({ id: "1", url: "/1", body: { score: 1 } });
  const again = queue.push({ id: "1", url: "/1", body: { score: 2 } });
  await again;
  for (const wait of waits.splice(0)) wait.run();
  await new Promise((done) => setImmediate(done));
  assert.equal(sent.at(-1).score, 2);
  assert.equal(queue.size, 0);
});

test("a conflict and a refusal are told and do not hold up the rest", async () => {
  const { queue, told } = desk([{ status: 409, data: {} }, { status: 422, data: {} }]);
  await Promise.all([1, 2, 3].map((one) => queue.push({ id: String(one), url: "/", body: {} })));
  assert.deepEqual(told, [["conflict", "1"], ["refused", "2"], ["saved", "3"]]);
});

test("broken memory is an empty memory; waiting grows to a limit", () => {
  assert.equal(desk([], { text: "{" }).queue.size, 0);
  assert.equal(desk([], { text: '{"a":1}' }).queue.size, 0);
  assert.deepEqual([1, 2, 3, 10].map(waitBefore), [1000, 2000, 4000, 30000]);
});
