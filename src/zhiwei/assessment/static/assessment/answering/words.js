// The answering page's own words, translated by the server: <template id="answering-words" data-saved="…">.
import { fill } from "../../ui/js/words.js";

/**
 * @param {string} name in camelCase, as in `dataset`
 * @param {Record<string, string | number>} [values]
 */
export function say(name, values = {}) {
  return fill(document.getElementById("answering-words")?.dataset[name] ?? name, values);
}
