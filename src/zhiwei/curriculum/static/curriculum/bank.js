// Keys of the bank's pages: an element with data-key is pressed by that key.
import { bindKeys } from "../ui/js/keys.js";

/** @type {Record<string, () => void>} */
const actions = {};
for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-key]"))) {
  actions[place.dataset.key ?? ""] = () => place.click();
}
bindKeys(actions);
