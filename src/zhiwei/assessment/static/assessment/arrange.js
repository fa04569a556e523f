// Questions in order: drag, or the arrow buttons; each change is sent at once.

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-arrange]"));
const list = /** @type {HTMLElement | null} */ (document.querySelector("[data-items]"));

/** @type {HTMLElement | null} */
let dragged = null;

async function send() {
  if (!form) return;
  const response = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) });
  if (!response.ok) {
    const data = await response.json().catch(() => ({}));
    document.dispatchEvent(new CustomEvent("zhiwei:toast", { detail: { text: data.message ?? "", kind: "wrong" } }));
  }
}

/** @param {Event} event */
function line(event) {
  return /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-item]"));
}

for (const item of list?.querySelectorAll("[data-item]") ?? []) item.setAttribute("draggable", String(Boolean(item.querySelector("[data-up]"))));

list?.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const own = line(event);
  if (!own) return;
  if (target.closest("[data-up]") && own.previousElementSibling) own.previousElementSibling.before(own);
  else if (target.closest("[data-down]") && own.nextElementSibling) own.nextElementSibling.after(own);
  else if (target.closest("[data-leave-out]")) own.remove();
  else return;
  /** @type {HTMLElement | null} */ (target.closest("button"))?.focus();
  void send();
});
list?.addEventListener("dragstart", (event) => {
  dragged = line(event);
  dragged?.classList.add("dragged");
});
list?.addEventListener("dragover", (event) => {
  const over = line(event);
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) over.before(dragged);
  else over.after(dragged);
});
list?.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  void send();
});
