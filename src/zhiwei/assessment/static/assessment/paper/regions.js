// Rectangles in shares of a page (0–1): drawn, moved, made larger, always inside the page.

/** @typedef {{x: number, y: number, w: number, h: number}} Box */

export const SMALLEST = 0.005;

/** @param {number} value @param {number} low @param {number} high */
function within(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/**
 * The rectangle between two corners in any order.
 *
 * @param {{x: number, y: number}} a
 * @param {{x: number, y: number}} b
 * @returns {Box}
 */
export function between(a, b) {
  const x = within(Math.min(a.x, b.x), 0, 1);
  const y = within(Math.min(a.y, b.y), 0, 1);
  return { x, y, w: within(Math.max(a.x, b.x), 0, 1) - x, h: within(Math.max(a.y, b.y), 0, 1) - y };
}

/** @param {Box} box @param {number} dx @param {number} dy @returns {Box} */
export function moved(box, dx, dy) {
  return { ...box, x: within(box.x + dx, 0, 1 - box.w), y: within(box.y + dy, 0, 1 - box.h) };
}

/** @param {Box} box @param {number} dw @param {number} dh @returns {Box} */
export function grown(box, dw, dh) {
  return { ...box, w: within(box.w + dw, SMALLEST, 1 - box.x), h: within(box.h + dh, SMALLEST, 1 - box.y) };
}

/** @param {Box} box */
export function isLargeEnough(box) {
  return box.w >= SMALLEST && box.h >= SMALLEST;
}
