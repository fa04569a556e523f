// The service worker of answering, without a browser: what makes it forget the sheets it keeps.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const script = new URL("../../../src/zhiwei/assessment/static/assessment/answering/offline.js", import.meta.url);
const ORIGIN = "https://school.example";

/** The worker with its caches, waiting for requests. */
function wake() {
  const heard = new Map();
  const deleted = [];
  const self = {
    location: { origin: ORIGIN },
    clients: { claim: async () => {} },
    skipWaiting: () => {},
    addEventListener: (/** @type {string} */ name, /** @type {Function} */ told) => heard.set(name, told),
  };
  const caches = { delete: async (/** @type {string} */ name) => void deleted.push(name) };
  vm.runInNewContext(readFileSync(script, "utf-8"), { self, caches, URL, Response, fetch: async () => new Response("") });
  /** @param {string} method @param {string} address */
  const ask = (method, address) => {
    const event = { request: { method, url: address, mode: "navigate" }, waitUntil: () => {}, respondWith: () => {} };
    heard.get("fetch")(event);
  };
  return { ask, deleted };
}

test("signing out or in forgets the kept sheets", () => {
  const { ask, deleted } = wake();
  ask("POST", `${ORIGIN}/sign-out/`);
  ask("POST", `${ORIGIN}/sign-in/`);
  assert.deepEqual(deleted, ["zhiwei-sheets", "zhiwei-sheets"]);
});

test("other pages and other sites forget nothing", () => {
  const { ask, deleted } = wake();
  ask("GET", `${ORIGIN}/assessment/today/`);
  ask("POST", "https://elsewhere.example/sign-out/");
  assert.deepEqual(deleted, []);
});
