// Large batches go straight to the object store: a place is opened for each file, the browser sends it there, and only
// the tickets come to the server. Small ones, and all where there is no object store, go with the form as ever.
const LARGE = 16 * 1024 * 1024;
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("direct"));
const state = document.getElementById("direct-state");

/** @param {readonly File[]} files */
export function isLarge(files) {
  return files.reduce((sum, one) => sum + one.size, 0) > LARGE;
}

/** @param {HTMLFormElement} from @param {File} file @returns {Promise<string>} the ticket */
async function deliver(from, file) {
  const headers = { Accept: "application/json", "X-CSRFToken": String(new FormData(from).get("csrfmiddlewaretoken")) };
  const opened = await fetch(from.dataset.inbox ?? "", { method: "POST", headers });
  if (!opened.ok) throw new Error(String(opened.status));
  const { ticket, address, fields } = await opened.json();
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, String(value));
  body.append("file", file);
  // The store need not know us (no CORS rules): the answer stays unread, taking in finds out what arrived.
  await fetch(address, { method: "POST", body, mode: "no-cors" });
  return ticket;
}

/** @param {HTMLFormElement} from @param {HTMLInputElement} input @param {readonly File[]} files */
async function sendAll(from, input, files) {
  for (const [index, file] of files.entries()) {
    if (state) state.textContent = `${from.dataset.sending} ${index + 1}/${files.length} ${file.name}`;
    const ticket = await deliver(from, file);
    for (const [name, value] of [["ticket", ticket], ["ticket_name", file.name]]) {
      const kept = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      from.append(kept);
    }
  }
  input.disabled = true;
  from.submit();
}

form?.addEventListener("submit", (event) => {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  const files = [...(input.files ?? [])];
  if (!isLarge(files)) return;
  event.preventDefault();
  sendAll(form, input, files).catch(() => {
    for (const one of form.querySelectorAll("input[name=ticket], input[name=ticket_name]")) one.remove();
    if (state) state.textContent = form.dataset.failed ?? "";
  });
});
