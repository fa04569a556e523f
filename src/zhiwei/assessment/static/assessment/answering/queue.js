// The save queue: keeps every change on this device first, hands it to the server when it can, tells how it stands.
// Time, network and storage are passed in, so that it is tested without a browser.

/**
 * @typedef {{item: string, value: unknown, sequence: number, base: number}} Change
 * @typedef {{item: string, sequence: number, saved_at: string, conflict?: boolean, value?: unknown}} Told
 * @typedef {{status: number, saved?: Told[], message?: string}} Reply `status` 0: no connection
 * @typedef {{all(): Change[], put(change: Change): boolean, drop(item: string): void}} Store
 * @typedef {{kind: "saved" | "saving" | "retrying" | "offline" | "signed-out" | "closed" | "nowhere", waiting: number, seconds?: number, message?: string}} State
 */

export const FIRST_WAIT_MS = 4000;
const LONGEST_WAIT_MS = 60_000;
const BATCH = 50;

/**
 * How long to wait after the n-th failure in a row: doubling, with chance in it so that a school does not come back
 * all at once.
 *
 * @param {number} failures from 1
 * @param {number} chance from 0 to 1
 */
export function pause(failures, chance) {
  return Math.round(Math.min(1000 * 2 ** failures, LONGEST_WAIT_MS) * (0.5 + chance / 2));
}

export class SaveQueue {
  /**
   * @param {{store: Store, send: (changes: Change[]) => Promise<Reply>, now: () => number,
   *   later: (act: () => void, milliseconds: number) => unknown, chance: () => number, online: () => boolean,
   *   told: (state: State) => void, conflict: (mine: Change, theirs: Told) => void, taken?: (change: Change) => void}} world
   */
  constructor(world) {
    this.world = world;
    /** @type {Map<string, Change>} */
    this.waiting = new Map();
    /** @type {Map<string, number>} */
    this.bases = new Map();
    /** @type {Set<string>} */
    this.disputed = new Set();
    this.failures = 0;
    this.planned = 0;
    this.closed = false;
    this.kept = true;
    /** @type {Promise<void> | null} */
    this.sending = null;
  }

  /**
   * Note what the server holds, as seen by this device.
   *
   * @param {string} item
   * @param {number} sequence
   */
  seen(item, sequence) {
    this.bases.set(item, sequence);
  }

  /**
   * Keep a change here at once and plan to hand it over.
   *
   * @param {string} item
   * @param {unknown} value
   */
  put(item, value) {
    if (this.closed) return;
    const base = this.bases.get(item) ?? 0;
    const last = this.waiting.get(item)?.sequence ?? 0;
    const change = { item, value, sequence: Math.max(this.world.now(), last + 1, base + 1), base };
    this.keep(change);
    this.plan(FIRST_WAIT_MS);
  }

  /**
   * Take up again what an earlier page on this device could not hand over.
   *
   * @param {Change} change
   */
  resume(change) {
    this.keep(change);
    this.plan(0);
  }

  /** @param {Change} change */
  keep(change) {
    this.waiting.set(change.item, change);
    this.kept = this.world.store.put(change);
    if (!this.kept) this.tell("nowhere");
  }

  /**
   * The pupil chose between two versions of an answer.
   *
   * @param {string} item
   * @param {number} theirSequence what the server holds, now seen
   * @param {unknown} value the version chosen
   */
  settle(item, theirSequence, value) {
    this.disputed.delete(item);
    this.bases.set(item, theirSequence);
    this.put(item, value);
    return this.flush();
  }

  /**
   * The server's version was chosen: what this device had is given up.
   *
   * @param {string} item
   * @param {number} theirSequence
   */
  yieldTo(item, theirSequence) {
    this.disputed.delete(item);
    this.bases.set(item, theirSequence);
    this.forget(item);
    this.tell("saved");
  }

  /**
   * Two versions are known to differ: hold this answer back until the pupil chooses.
   *
   * @param {string} item
   */
  dispute(item) {
    this.disputed.add(item);
  }

  /** How many answers are only on this device. */
  get count() {
    return this.waiting.size;
  }

  /** @param {number} milliseconds */
  plan(milliseconds) {
    const at = this.world.now() + milliseconds;
    if (this.planned && this.planned <= at) return;
    this.planned = at;
    this.world.later(() => {
      if (this.planned === at) void this.flush();
    }, milliseconds);
  }

  /** Hand over what waits; resolves when this is done, well or not. */
  async flush() {
    this.planned = 0;
    this.sending ??= this.work().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  async work() {
    while (!this.closed) {
      const batch = [...this.waiting.values()].filter((one) => !this.disputed.has(one.item)).slice(0, BATCH);
      if (batch.length === 0) return;
      if (!this.world.online()) return this.tell("offline");
      this.tell("saving");
      const reply = await this.world.send(batch);
      if (!this.took(batch, reply)) return;
    }
  }

  /**
   * @param {Change[]} batch
   * @param {Reply} reply
   * @returns {boolean} whether to go on
   */
  took(batch, reply) {
    if (reply.status === 200) {
      this.failures = 0;
      for (const one of reply.saved ?? []) this.tookOne(batch, one);
      this.tell("saved");
      return true;
    }
    if (reply.status === 401) {
      this.tell("signed-out");
      return false;
    }
    if (reply.status >= 400 && reply.status < 500 && reply.status !== 429) return this.refused(batch, reply);
    this.failures += 1;
    const wait = pause(this.failures, this.world.chance());
    this.tell(this.world.online() ? "retrying" : "offline", { seconds: Math.round(wait / 1000) });
    this.plan(wait);
    return false;
  }

  /**
   * @param {Change[]} batch
   * @param {Told} told
   */
  tookOne(batch, told) {
    const sent = batch.find((one) => one.item === told.item);
    const here = this.waiting.get(told.item);
    if (!sent || !here) return;
    if (told.conflict) {
      this.disputed.add(told.item);
      this.world.conflict(here, told);
      return;
    }
    this.bases.set(told.item, told.sequence);
    if (told.sequence === sent.sequence) this.world.taken?.(sent);
    if (here.sequence === sent.sequence) this.forget(told.item);
    else this.keep({ ...here, base: told.sequence });
  }

  /**
   * The server will not take this. Several at once are tried one by one, so that one bad answer holds up no other.
   *
   * @param {Change[]} batch
   * @param {Reply} reply
   */
  refused(batch, reply) {
    if (reply.status === 409) {
      this.closed = true;
      this.tell("closed", { message: reply.message });
      return false;
    }
    if (batch.length > 1) {
      void this.oneByOne(batch);
      return false;
    }
    const [bad] = batch;
    if (bad) this.disputed.add(bad.item);
    this.tell("retrying", { message: reply.message, seconds: 0 });
    return false;
  }

  /** @param {Change[]} batch */
  async oneByOne(batch) {
    for (const change of batch) this.took([change], await this.world.send([change]));
  }

  /** @param {string} item */
  forget(item) {
    this.waiting.delete(item);
    this.world.store.drop(item);
  }

  /**
   * @param {State["kind"]} kind
   * @param {Partial<State>} [more]
   */
  tell(kind, more = {}) {
    const still = kind === "saved" && this.waiting.size > 0 ? "saving" : kind;
    this.world.told({ kind: this.kept ? still : "nowhere", waiting: this.waiting.size, ...more });
  }
}
