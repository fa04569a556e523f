// The page's own words, translated by the server: <template id="words" data-saved="已保存">.

/**
 * @param {string} name in camelCase, as in `dataset`
 * @param {Record<string, string | number>} [values] for `{n}` in the words
 * @returns {string}
 */
export function word(name, values = {}) {
  const sheet = /** @type {HTMLElement | null} */ (document.getElementById("words"));
  return fill(sheet?.dataset[name] ?? name, values);
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}
