import { word } from "./words.js";

/**
 * Why a file cannot be taken, or "" when it can. The server checks again by content.
 *
 * @param {{name: string, size: number, type: string}} file
 * @param {{accept: string, maxBytes: number}} rules
 * @returns {"" | "wrongType" | "tooBig"}
 */
export function refusal(file, { accept, maxBytes }) {
  if (maxBytes && file.size > maxBytes) return "tooBig";
  const kinds = accept.split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
  const fits = kinds.some((kind) => {
    if (kind.startsWith(".")) return file.name.toLowerCase().endsWith(kind);
    if (kind.endsWith("/*")) return file.type.startsWith(kind.slice(0, -1));
    return file.type === kind;
  });
  return kinds.length && !fits ? "wrongType" : "";
}

/** @param {number} bytes */
export function sizeText(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** @param {ParentNode} root */
export function wakeDropZones(root) {
  for (const zone of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-drop]:not([data-awake])"))) {
    zone.dataset.awake = "";
    const input = /** @type {HTMLInputElement} */ (zone.querySelector("input[type=file]"));
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    for (const end of ["dragleave", "drop"]) zone.addEventListener(end, () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      const files = event.dataTransfer?.files;
      if (!files?.length) return;
      input.files = files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.addEventListener("change", () => check(zone, input));
  }
}

/**
 * @param {HTMLElement} zone
 * @param {HTMLInputElement} input
 */
function check(zone, input) {
  const maxBytes = Number(zone.dataset.maxBytes ?? 0);
  const maxFiles = Number(zone.dataset.maxFiles ?? 0);
  const files = [...(input.files ?? [])];
  const rows = files.map((file) => ({ file, why: refusal(file, { accept: input.accept, maxBytes }) }));
  const tooMany = maxFiles && files.length > maxFiles ? word("tooMany", { max: maxFiles }) : "";
  const first = rows.find((row) => row.why)?.why ?? "";
  const told = first ? word(first, { max: sizeText(maxBytes), types: input.accept }) : tooMany;
  input.setCustomValidity(told);
  zone.querySelector(".drop-files")?.replaceChildren(
    ...rows.map(({ file, why }) => line(file, why && word(why, { max: sizeText(maxBytes), types: input.accept }))),
    ...(tooMany ? [line(null, tooMany)] : []),
  );
}

/**
 * @param {File | null} file
 * @param {string} why
 */
function line(file, why) {
  const row = document.createElement("li");
  row.className = why ? "refused" : "";
  const name = Object.assign(document.createElement("span"), { textContent: file?.name ?? "" });
  row.append(name, Object.assign(document.createElement("span"), { textContent: why || sizeText(file?.size ?? 0) }));
  return row;
}
