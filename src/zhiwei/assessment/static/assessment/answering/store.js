// What this device keeps until the server has it: answers as text (written at once, so that a closed browser loses
// nothing), photos as blobs.

const PREFIX = "zhiwei-answer";

/** This device's name, made up once and kept. */
export function deviceName() {
  const known = read("zhiwei-device");
  if (known) return known;
  const fresh = crypto.randomUUID();
  write("zhiwei-device", fresh);
  return fresh;
}

/**
 * The answers of one sitting.
 *
 * @param {string} sitting
 * @returns {import("./queue.js").Store}
 */
export function answerStore(sitting) {
  const prefix = `${PREFIX}-${sitting}-`;
  return {
    all: () => keys(prefix).map((key) => parsed(read(key))).filter((one) => one !== null),
    put: (change) => write(`${prefix}${change.item}`, JSON.stringify(change)),
    drop: (item) => erase(`${prefix}${item}`),
  };
}

/** @param {string} sitting */
export function forgetSitting(sitting) {
  for (const key of keys(`${PREFIX}-${sitting}-`)) erase(key);
}

/** @param {string} prefix */
function keys(prefix) {
  try {
    return Array.from({ length: localStorage.length }, (_, n) => localStorage.key(n) ?? "").filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} value
 * @returns {boolean} whether it is kept
 */
function write(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} key */
function erase(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // nothing was kept here
  }
}

/**
 * @param {string | null} text
 * @returns {import("./queue.js").Change | null}
 */
function parsed(text) {
  try {
    const one = JSON.parse(text ?? "null");
    return one && typeof one.item === "string" && Number.isFinite(one.sequence) ? one : null;
  } catch {
    return null;
  }
}
