// Answers as values: `{text}`, `{value}` or `{steps}`, as the server keeps them. No page is needed to understand them.

/**
 * @typedef {{text?: string, value?: unknown, steps?: string[]}} Answer
 */

/**
 * Whether nothing was answered: empty texts, lists and mappings of such are nothing.
 *
 * @param {unknown} value
 * @returns {boolean}
 */
export function isBlank(value) {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.every(isBlank);
  if (typeof value === "object") return Object.values(value).every(isBlank);
  return false;
}

/**
 * Whether two answers say the same; the order of keys does not matter, and blank is blank in any shape.
 *
 * @param {unknown} a
 * @param {unknown} b
 */
export function same(a, b) {
  return (isBlank(a) && isBlank(b)) || canonical(a) === canonical(b);
}

/**
 * An answer in one text, for showing two versions side by side.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function plain(value) {
  if (isBlank(value)) return "";
  if (Array.isArray(value)) return value.map(plain).filter(Boolean).join("；");
  if (value === true) return "√";
  if (value === false) return "×";
  if (typeof value !== "object" || value === null) return String(value);
  const answer = /** @type {Record<string, unknown>} */ (value);
  const keys = Object.keys(answer);
  if (keys.every((key) => ["text", "value", "steps"].includes(key))) {
    const steps = /** @type {unknown[]} */ (answer.steps ?? []);
    return [plain(answer.text), steps.map(plain).join("\n"), plain(answer.value)].filter(Boolean).join("\n");
  }
  return keys.map((key) => `${key}: ${plain(answer[key])}`).join("；");
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const pairs = Object.entries(value).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}
