// Lets the answering page open again without network (see offline.js), and remembers what the server has taken since
// the page was kept, so that the copy does not show older answers. All of it goes at signing out and at handing in.

const SHEETS = "zhiwei-sheets";

/** @typedef {{item: string, value: unknown, sequence: number}} Taken */

/** @returns {CacheStorage | null} `null` where the browser has none, as on plain http */
function storage() {
  return "caches" in globalThis ? caches : null;
}

/** Start the worker and hand it what this page is made of. */
export async function keepOffline() {
  if (!("serviceWorker" in navigator) || !storage()) return;
  await navigator.serviceWorker.register("/assessment/offline.js", { scope: "/" });
  const { active } = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  const own = loaded.filter((url) => url.startsWith(`${location.origin}/static/`));
  active?.postMessage({ keep: [location.href.split("#")[0], ...new Set(own)] });
}

/**
 * @param {string} sitting
 * @param {Taken} change an answer that the server has taken
 */
export async function remember(sitting, change) {
  const cache = await storage()?.open(SHEETS);
  await cache?.put(place(sitting, change.item), new Response(JSON.stringify(change)));
}

/**
 * What the server had taken when this device saw it last.
 *
 * @param {string} sitting
 * @returns {Promise<Taken[]>}
 */
export async function remembered(sitting) {
  const cache = await storage()?.open(SHEETS);
  if (!cache) return [];
  const keys = (await cache.keys()).filter((one) => new URL(one.url).pathname.startsWith(place(sitting, "")));
  const found = await Promise.all(keys.map(async (key) => (await cache.match(key))?.json().catch(() => null)));
  return found.filter(Boolean);
}

/** Nothing of the sheets stays on this device. */
export async function forgetSheets() {
  await storage()?.delete(SHEETS);
}

/** @param {string} sitting @param {string} item */
function place(sitting, item) {
  return `/assessment/sittings/${sitting}/taken/${item}`;
}
