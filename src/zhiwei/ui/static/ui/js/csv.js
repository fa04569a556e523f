/**
 * Rows as CSV that Excel opens right: UTF-8 mark, CRLF, quotes where needed, no cell that starts a formula.
 *
 * @param {ReadonlyArray<ReadonlyArray<string | number | null>>} rows
 */
export function toCsv(rows) {
  return "\ufeff" + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** @param {string | number | null} value */
function cell(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * @param {string} name
 * @param {string} href data or blob address
 */
export function download(name, href) {
  Object.assign(document.createElement("a"), { href, download: name }).click();
}
