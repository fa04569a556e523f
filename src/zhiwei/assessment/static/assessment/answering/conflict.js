// What to do when this device kept something and the server holds something: never lose either without asking.
import { isBlank, same } from "./values.js";

/**
 * @typedef {{value: unknown, sequence: number, base: number}} Local what this device kept and could not hand over
 * @typedef {{value: unknown, sequence: number, device: string}} Held what the server holds
 */

/**
 * Decide between the two versions of one answer.
 *
 * `base` is the sequence this device saw last: when the server still holds that one, nobody else wrote meanwhile.
 *
 * @param {Local | null} local
 * @param {Held} held
 * @param {string} device this device
 * @returns {"server" | "local" | "conflict"}
 */
export function decide(local, held, device) {
  if (local === null || same(local.value, held.value) || local.sequence === held.sequence) return "server";
  if (held.sequence === 0 || held.sequence === local.base || isBlank(held.value)) return "local";
  if (held.device === device) return held.sequence > local.sequence ? "server" : "local";
  return "conflict";
}
