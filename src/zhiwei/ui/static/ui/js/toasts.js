import { word } from "./words.js";

const STAY_MS = 8000;

/** Messages of the server fade after a while unless they report something wrong; failed requests are told. */
export function wakeToasts() {
  document.addEventListener("click", (event) => {
    const close = /** @type {Element} */ (event.target).closest("[data-toast-close]");
    close?.closest("[data-toast]")?.remove();
  });
  for (const toast of document.querySelectorAll("[data-toast]")) expire(toast);
  document.addEventListener("htmx:sendError", () => toast(word("requestFailed"), "wrong"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = /** @type {CustomEvent} */ (event).detail.xhr.status;
    toast(word(status === 403 || status === 401 ? "refused" : "requestFailed"), "wrong");
  });
  document.addEventListener("zhiwei:toast", (event) => {
    const told = /** @type {CustomEvent} */ (event).detail;
    toast(String(told.text ?? told.value ?? ""), told.kind ?? "done");
  });
}

/**
 * @param {string} text
 * @param {"info" | "done" | "wrong" | "due"} [kind]
 */
export function toast(text, kind = "info") {
  const box = document.createElement("div");
  box.className = `notice ${kind}`;
  box.dataset.toast = "";
  const close = Object.assign(document.createElement("button"), { type: "button", className: "tool toast-close", textContent: "×" });
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", word("close"));
  box.append(Object.assign(document.createElement("p"), { textContent: text, className: "grow" }), close);
  document.getElementById("toasts")?.append(box);
  expire(box);
}

/** @param {Element} box */
function expire(box) {
  if (!box.classList.contains("wrong")) setTimeout(() => box.remove(), STAY_MS);
}
