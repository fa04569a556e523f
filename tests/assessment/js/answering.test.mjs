// The save queue and its conflicts, without a browser: `node --test tests/assessment/js/`.
import assert from "node:assert/strict";
import test from "node:test";

const scripts = new URL("../../../src/zhiwei/assessment/static/assessment/answering/", import.meta.url);
const load = (name) => import(new URL(name, scripts));
const { SaveQueue, pause } = await load("queue.js");
const { decide } = await load("conflict.js");
const { isBlank, plain, same } = await load("values.js");

/** A world of one device: a clock that is turned by hand, a store that outlives pages, a server to be told. */
function world(replies, { online = true } = {}) {
  const kept = new Map();
  const seen = { sent: [], states: [], conflicts: [], timers: [], clock: 1000, online };
  const one = {
    store: {
      all: () => [...kept.values()],
      put: (change) => (seen.full ? false : (kept.set(change.item, change), true)),
      drop: (item) => kept.delete(item),
    },
    send: async (changes) => (seen.sent.push(structuredClone(changes)), replies.length ? replies.shift()(changes) : took(changes)),
    now: () => seen.clock++,
    later: (act, ms) => seen.timers.push({ act, ms }),
    chance: () => 1,
    online: () => seen.online,
    told: (state) => seen.states.push(state.kind),
    conflict: (mine, theirs) => seen.conflicts.push([mine, theirs]),
  };
  return { queue: new SaveQueue(one), seen, kept, one };
}
const took = (changes) => ({ status: 200, saved: changes.map(({ item, sequence }) => ({ item, sequence, saved_at: "" })) });
const down = () => ({ status: 0 });

test("a change is kept here before anything is sent, and dropped once the server has it", async () => {
  const { queue, seen, kept } = world([]);
  queue.put("q1", { text: "a" });
  assert.equal(kept.size, 1);
  assert.equal(seen.sent.length, 0);
  await queue.flush();
  assert.equal(kept.size, 0);
  assert.equal(seen.states.at(-1), "saved");
});

test("several answers go in one request", async () => {
  const { queue, seen } = world([]);
  queue.put("q1", { text: "a" });
  queue.put("q2", { text: "b" });
  await queue.flush();
  assert.deepEqual(seen.sent.map((batch) => batch.length), [2]);
});

test("without a network everything waits here and goes later, growing pauses between", async () => {
  const { queue, seen, kept } = world([down, down]);
  queue.put("q1", { text: "a" });
  await queue.flush();
  await queue.flush();
  assert.equal(kept.size, 1);
  assert.deepEqual(seen.timers.slice(1).map((one) => one.ms), [2000, 4000]);
  seen.online = false;
  await queue.flush();
  assert.equal(seen.states.at(-1), "offline");
  assert.equal(seen.sent.length, 2);
  seen.online = true;
  await queue.flush();
  assert.equal(kept.size, 0);
});

test("a closed page's answers are taken up by the next one with the same sequence", async () => {
  const first = world([down]);
  first.queue.put("q1", { text: "a" });
  await first.queue.flush();
  const again = new SaveQueue({ ...first.one, send: async (changes) => (first.seen.sent.push(changes), took(changes)) });
  for (const change of first.one.store.all()) again.resume(change);
  await again.flush();
  assert.equal(first.seen.sent[0][0].sequence, first.seen.sent[1][0].sequence);
  assert.equal(first.kept.size, 0);
});

test("what is typed while a save is under way is not lost", async () => {
  const { queue, seen } = world([(changes) => (queue.put("q1", { text: "ab" }), took(changes))]);
  queue.put("q1", { text: "a" });
  await queue.flush();
  assert.deepEqual(seen.sent.map(([change]) => change.value.text), ["a", "ab"]);
  assert.equal(seen.sent[1][0].base, seen.sent[0][0].sequence);
  assert.equal(queue.count, 0);
});

test("sequences grow even when the clock stands still or lags behind the server", () => {
  const { queue } = world([]);
  queue.world.now = () => 5;
  queue.seen("q1", 900);
  queue.put("q1", { text: "a" });
  queue.put("q1", { text: "b" });
  assert.deepEqual([queue.waiting.get("q1").sequence, queue.waiting.get("q1").base], [902, 900]);
});

test("a conflict is shown, held back, and settled by the pupil", async () => {
  const clash = ([change]) => ({ status: 200, saved: [{ item: change.item, sequence: 5000, saved_at: "", conflict: true, value: { text: "there" } }] });
  const { queue, seen, kept } = world([clash]);
  queue.put("q1", { text: "here" });
  await queue.flush();
  await queue.flush();
  assert.equal(seen.sent.length, 1);
  assert.equal(seen.conflicts.length, 1);
  assert.equal(kept.size, 1, "mine is still here");
  await queue.settle("q1", 5000, { text: "here" });
  assert.equal(seen.sent[1][0].base, 5000);
  assert.ok(seen.sent[1][0].sequence > 5000);
  assert.equal(kept.size, 0);
});

test("choosing the other device's version gives mine up", async () => {
  const { queue, kept } = world([]);
  queue.put("q1", { text: "here" });
  queue.dispute("q1");
  queue.yieldTo("q1", 5000);
  assert.equal(kept.size, 0);
  assert.equal(queue.bases.get("q1"), 5000);
});

test("after handing in nothing more is sent", async () => {
  const { queue, seen } = world([() => ({ status: 409, message: "已经交卷" })]);
  queue.put("q1", { text: "a" });
  await queue.flush();
  queue.put("q1", { text: "b" });
  await queue.flush();
  assert.equal(seen.sent.length, 1);
  assert.equal(seen.states.at(-1), "closed");
});

test("one answer that is refused holds up no other", async () => {
  const bad = { status: 422, message: "太长" };
  const judge = (changes) => (changes.some((one) => one.item === "q1") ? bad : took(changes));
  const { queue, kept } = world([judge, judge, judge]);
  queue.put("q1", { text: "x" });
  queue.put("q2", { text: "b" });
  await queue.flush();
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual([...kept.keys()], ["q1"]);
});

test("a device that cannot store says so", () => {
  const { queue, seen } = world([]);
  seen.full = true;
  queue.put("q1", { text: "a" });
  assert.equal(seen.states.at(-1), "nowhere");
});

test("signed out: kept here", async () => {
  const { queue, seen, kept } = world([() => ({ status: 401 })]);
  queue.put("q1", { text: "a" });
  await queue.flush();
  assert.deepEqual([seen.states.at(-1), kept.size], ["signed-out", 1]);
});

test("pauses double, have chance in them, and end at a minute", () => {
  assert.deepEqual([pause(1, 1), pause(3, 1), pause(20, 1)], [2000, 8000, 60_000]);
  assert.equal(pause(3, 0), 4000);
});

test("two versions are compared by what they say", () => {
  const held = { value: { text: "a" }, sequence: 10, device: "laptop" };
  const local = { value: { text: "b" }, sequence: 20, base: 5 };
  assert.equal(decide(null, held, "phone"), "server");
  assert.equal(decide({ ...local, value: { text: "a" } }, held, "phone"), "server");
  assert.equal(decide(local, held, "phone"), "conflict");
  assert.equal(decide({ ...local, base: 10 }, held, "phone"), "local");
  assert.equal(decide(local, { ...held, value: {} }, "phone"), "local");
  assert.equal(decide(local, { ...held, device: "phone" }, "phone"), "local");
  assert.equal(decide(local, { ...held, device: "phone", sequence: 30 }, "phone"), "server");
  assert.equal(decide(local, { value: {}, sequence: 0, device: "" }, "phone"), "local");
});

test("blank is blank in any shape, and order of keys means nothing", () => {
  assert.ok(isBlank({ value: ["", ""] }) && isBlank({}) && isBlank({ value: {} }) && !isBlank({ value: false }));
  assert.ok(same({ text: "" }, { value: [] }) && same({ value: { a: 1, b: 2 } }, { value: { b: 2, a: 1 } }));
  assert.ok(!same({ value: ["A"] }, { value: ["B"] }));
  assert.equal(plain({ steps: ["x=1", "x=2"] }), "x=1\nx=2");
});
