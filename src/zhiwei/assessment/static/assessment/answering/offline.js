// The service worker of answering: opens a sheet that is under way again without network. It keeps the house's own
// scripts and styles and the pupil's open sheets, nothing else; sheets are forgotten at signing out, at handing in and
// as soon as the server no longer shows them. Whenever there is a network the server answers, never this copy.
"use strict";

const SHELL = "zhiwei-shell-1";
const SHEETS = "zhiwei-sheets";
const MOST_SHELL = 150;
const MOST_SHEETS = 40;
const SHEET = /^\/assessment\/sittings\/[0-9a-f-]{36}\/$/;

/**
 * What to do with a request: `sheet`, `shell`, `leave` (forget the sheets), or nothing.
 *
 * @param {string} method
 * @param {URL} url
 * @param {string} mode
 * @param {string} origin
 */
function kindOf(method, url, mode, origin) {
  if (url.origin !== origin) return "";
  if (/\/sign-(out|in)\/$/.test(url.pathname)) return "leave";
  if (method !== "GET") return "";
  if (mode === "navigate" && SHEET.test(url.pathname)) return "sheet";
  return url.pathname.startsWith("/static/") ? "shell" : "";
}

/** Only a sheet that can still be answered is worth keeping. @param {string} html */
function isOpenSheet(html) {
  return html.includes('id="answering"') && html.includes('id="start"');
}

const worker = /** @type {any} */ (self);
worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (/** @type {any} */ event) => event.waitUntil(keepAll(event.data?.keep ?? [])));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const kind = kindOf(request.method, new URL(request.url), request.mode, worker.location.origin);
  if (kind === "leave") event.waitUntil(caches.delete(SHEETS));
  if (kind === "sheet") event.respondWith(freshOrKept(request, keepSheet));
  if (kind === "shell") event.respondWith(freshOrKept(request, keepShell));
});

/**
 * @param {Request} request
 * @param {(request: Request, response: Response) => Promise<void>} keep
 */
async function freshOrKept(request, keep) {
  try {
    const response = await fetch(request);
    await keep(request, response.clone()).catch(() => {});
    return response;
  } catch (trouble) {
    const kept = await caches.match(request.url, { ignoreVary: true });
    if (kept) return kept;
    throw trouble;
  }
}

/** @param {Request} request @param {Response} response */
async function keepShell(request, response) {
  if (response.ok) await put(SHELL, request.url, response, MOST_SHELL);
}

/** @param {Request} request @param {Response} response */
async function keepSheet(request, response) {
  const html = response.ok && !response.redirected ? await response.text() : "";
  if (!isOpenSheet(html)) {
    await (await caches.open(SHEETS)).delete(request.url, { ignoreVary: true });
    return;
  }
  await put(SHEETS, request.url, new Response(html, { headers: response.headers }), MOST_SHEETS);
}

/**
 * @param {string} name
 * @param {string} url
 * @param {Response} response
 * @param {number} most
 */
async function put(name, url, response, most) {
  const cache = await caches.open(name);
  await cache.put(url, response);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
}

/** What the first page of a device had loaded before this worker was there. @param {string[]} urls */
async function keepAll(urls) {
  for (const url of urls.slice(0, MOST_SHELL)) {
    const request = new Request(url, { credentials: "same-origin" });
    const sheet = SHEET.test(new URL(url).pathname);
    await fetch(request).then((response) => (sheet ? keepSheet : keepShell)(request, response)).catch(() => {});
  }
}
