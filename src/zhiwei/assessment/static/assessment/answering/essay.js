// Essays: the count of characters (Chinese) or words, and squared paper.
import { say } from "./words.js";

/** @param {ParentNode} root */
export function wakeEssays(root) {
  for (const place of /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".essay")])) {
    const box = /** @type {HTMLTextAreaElement} */ (place.querySelector("textarea"));
    const show = () => count(place, box.value);
    box.addEventListener("input", show);
    box.addEventListener("zhiwei:filled", show);
    place.querySelector("[data-squares]")?.addEventListener("change", (event) => {
      box.classList.toggle("squared", /** @type {HTMLInputElement} */ (event.target).checked);
    });
    show();
  }
}

/**
 * Characters of a Chinese text, words of another; spaces count for nothing.
 *
 * @param {string} text
 * @param {string} language
 */
export function lengthOf(text, language) {
  if (language === "zh") return [...text.replace(/\s/g, "")].length;
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/**
 * @param {HTMLElement} place
 * @param {string} text
 */
function count(place, text) {
  const line = place.querySelector("[data-count]");
  const min = Number(place.dataset.min);
  const n = lengthOf(text, place.dataset.language ?? "zh");
  if (!line) return;
  line.textContent = min ? say("countMin", { n, min }) : say("count", { n });
  line.classList.toggle("earned-ink", min > 0 && n >= min);
}
