// Marks wait here until the server has them: kept in the browser, sent one after another, tried again.

/**
 * @typedef {{id: string, url: string, body: Record<string, unknown>}} Entry
 * @typedef {{status: number, data: any}} Answer
 * @typedef {{read: () => string | null, write: (text: string | null) => void}} Store
 * @typedef {{
 *   store: Store,
 *   send: (entry: Entry) => Promise<Answer>,
 *   later: (run: () => void, ms: number) => void,
 *   told: (event: "state" | "saved" | "conflict" | "refused", entry: Entry | null, data?: any) => void,
 * }} Parts
 */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

/** How long to wait before try `tries` (1, 2, …), in milliseconds. @param {number} tries */
export function waitBefore(tries) {
  return Math.min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT);
}

export class SaveQueue {
  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    this.tries = 0;
    this.sending = false;
    /** @type {Entry[]} */
    this.entries = readEntries(parts.store.read());
  }

  /** `saved`, `saving`, or `failed` while the server cannot be reached. */
  get state() {
    if (!this.entries.length) return "saved";
    return this.tries ? "failed" : "saving";
  }

  get size() {
    return this.entries.length;
  }

  /** Add a mark; an unsent one of the same answer is replaced. @param {Entry} entry */
  push(entry) {
    const from = this.sending ? 1 : 0;
    this.entries = this.entries.filter((one, at) => at < from || one.id !== entry.id).concat(entry);
    this.keep();
    return this.flush();
  }

  /** Send what waits. Safe to call at any time. */
  async flush() {
    if (this.sending) return;
    this.sending = true;
    while (this.entries.length) {
      const entry = /** @type {Entry} */ (this.entries[0]);
      const answer = await this.parts.send(entry).catch(() => ({ status: 0, data: null }));
      if (answer.status === 0 || answer.status === 429 || answer.status >= 500) {
        this.tries += 1;
        this.sending = false;
        this.keep();
        this.parts.later(() => void this.flush(), waitBefore(this.tries));
        return;
      }
      this.tries = 0;
      this.entries.shift();
      this.keep();
      const event = answer.status === 409 ? "conflict" : answer.status >= 400 ? "refused" : "saved";
      this.parts.told(event, entry, answer.data);
    }
    this.sending = false;
    this.parts.told("state", null);
  }

  keep() {
    this.parts.store.write(this.entries.length ? JSON.stringify(this.entries) : null);
    this.parts.told("state", null);
  }
}

/** @param {string | null} text @returns {Entry[]} */
function readEntries(text) {
  try {
    const found = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found.filter((one) => one && typeof one.id === "string" && typeof one.url === "string") : [];
  } catch {
    return [];
  }
}
