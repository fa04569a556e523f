// What a marker's keys add up to. No page here: tested under node.

/**
 * @typedef {{id: string, score: number, description: string}} Point
 * @typedef {Record<string, number>} Given marks by point
 */

/**
 * Apply or take back a point. The first key starts from what the machine suggests, so that one key mends one point.
 *
 * @param {Point[]} rubric
 * @param {Given | null} given
 * @param {number} at which point, from 0
 * @param {Given | null} suggested
 * @returns {Given | null}
 */
export function toggle(rubric, given, at, suggested) {
  const point = rubric[at];
  if (!point) return given;
  const now = given ?? (suggested ? clean(rubric, suggested) : {});
  return { ...zeros(rubric), ...now, [point.id]: (now[point.id] ?? 0) === point.score ? 0 : point.score };
}

/**
 * @param {Point[]} rubric
 * @param {Given} given
 * @param {number} max
 */
export function total(rubric, given, max) {
  const sum = rubric.reduce((all, point) => all + (given[point.id] ?? 0), 0);
  return Math.min(Math.max(Math.round(sum * 100) / 100, 0), max);
}

/**
 * A typed score: a number from 0 to full marks, else `null`. Nothing typed is nothing, never 0.
 *
 * @param {string} text
 * @param {number} max
 */
export function typedScore(text, max) {
  const tidy = text.trim().replace("。", ".").replace(/[０-９]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0));
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(tidy)) return null;
  const score = Number(tidy);
  return score <= max ? score : null;
}

/**
 * Cut an answer into pieces by evidence; of overlapping pieces the earlier keeps its letters.
 *
 * @param {string} text
 * @param {{start: number, end: number, point: string}[]} spans in code points, as Python counts
 * @returns {{text: string, point: string | null}[]}
 */
export function pieces(text, spans) {
  const letters = [...text];
  /** @type {{text: string, point: string | null}[]} */
  const found = [];
  let at = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const start = Math.max(span.start, at);
    const end = Math.min(span.end, letters.length);
    if (start >= end) continue;
    if (start > at) found.push({ text: letters.slice(at, start).join(""), point: null });
    found.push({ text: letters.slice(start, end).join(""), point: span.point });
    at = end;
  }
  if (at < letters.length) found.push({ text: letters.slice(at).join(""), point: null });
  return found;
}

/** @param {Point[]} rubric @returns {Given} */
function zeros(rubric) {
  return Object.fromEntries(rubric.map((point) => [point.id, 0]));
}

/** Only what the rubric knows. @param {Point[]} rubric @param {Given} given @returns {Given} */
function clean(rubric, given) {
  return Object.fromEntries(rubric.map((point) => [point.id, given[point.id] ?? 0]));
}
