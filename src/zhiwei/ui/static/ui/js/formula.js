// KaTeX draws what the server marked as formulas. DOM building only: KaTeX's own style attributes are set by script,
// which a strict content policy allows; its HTML strings would not be.

const VENDOR = new URL("../../vendor/katex/", import.meta.url);
/** @type {Promise<void> | null} */
let ready = null;

/** @param {ParentNode} root */
export async function wakeFormulas(root) {
  ready ??= load();
  await ready;
  const katex = /** @type {any} */ (window).katex;
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".formula:not([data-awake])"))) {
    place.dataset.awake = "";
    katex.render(place.dataset.tex ?? place.textContent ?? "", place, {
      displayMode: place.classList.contains("formula-block"),
      throwOnError: false,
      trust: false,
      maxSize: 20,
      maxExpand: 200,
      errorColor: "currentColor",
      strict: "ignore",
    });
  }
}

async function load() {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("katex.css", VENDOR).href });
  document.head.append(sheet);
  await script("katex.js");
  await script("mhchem.js");
}

/**
 * @param {string} name
 * @returns {Promise<void>}
 */
function script(name) {
  return new Promise((resolve, reject) => {
    const tag = Object.assign(document.createElement("script"), { src: new URL(name, VENDOR).href });
    tag.onload = () => resolve();
    tag.onerror = () => reject(new Error(`${name} did not load`));
    document.head.append(tag);
  });
}
