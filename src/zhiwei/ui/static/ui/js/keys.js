import { openDialog } from "./dialogs.js";
import { keep, recall } from "./storage.js";

/**
 * A key press in one word: `Ctrl+K`, `?`, `7`, `Shift+Enter`. Shift is not named with signs it made (`?`).
 *
 * @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, shiftKey?: boolean}} press
 */
export function nameOf(press) {
  const key = press.key.length === 1 ? press.key.toUpperCase() : press.key;
  const shift = press.shiftKey && (press.key.length > 1 || /[A-Z]/.test(key));
  return [(press.ctrlKey || press.metaKey) && "Ctrl", press.altKey && "Alt", shift && "Shift", key].filter(Boolean).join("+");
}

/**
 * Whether a single key belongs to what is being typed.
 *
 * @param {{tagName?: string, type?: string, isContentEditable?: boolean} | null} element
 */
export function isTyping(element) {
  if (!element) return false;
  const tag = element.tagName?.toLowerCase() ?? "";
  if (element.isContentEditable || ["textarea", "select", "math-field"].includes(tag)) return true;
  return tag === "input" && !["checkbox", "radio", "button", "submit", "range", "file"].includes(element.type ?? "");
}

/**
 * Bind keys to actions. Held keys do nothing more, keys in input methods and single keys in fields are left alone.
 *
 * @param {Record<string, (event: KeyboardEvent) => void>} actions by name, as from `nameOf`
 * @param {{inFields?: boolean}} [options] `inFields`: also while typing (for Enter, Escape)
 * @returns {() => void} takes them away again
 */
export function bindKeys(actions, { inFields = false } = {}) {
  /** @param {KeyboardEvent} event */
  const listen = (event) => {
    const name = nameOf(event);
    const action = actions[name];
    if (!action || event.repeat || event.isComposing || event.defaultPrevented) return;
    const single = !/^(Ctrl|Alt)\+/.test(name);
    if (single && !inFields && (isTyping(document.activeElement) || !singleKeysOn())) return;
    event.preventDefault();
    action(event);
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}

/** Single-key shortcuts can be switched off (WCAG 2.1.4). */
export function singleKeysOn() {
  return recall("single-keys") !== "off";
}

export function wakeKeys() {
  const box = document.querySelector("[data-single-keys]");
  if (box instanceof HTMLInputElement) {
    box.checked = singleKeysOn();
    box.addEventListener("change", () => keep("single-keys", box.checked ? null : "off"));
  }
  bindKeys({
    "?": () => openDialog("keys"),
    "/": () => /** @type {HTMLElement | null} */ (document.querySelector("[data-filter]"))?.focus(),
  });
}
