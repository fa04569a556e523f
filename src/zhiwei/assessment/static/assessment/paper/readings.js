// Checking readings: Enter confirms and goes on to the next one.

function inputs() {
  return /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("[data-reading] input[name=text]")]);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target instanceof Element ? event.target.closest("[data-reading]") : null;
  if (!form) return;
  const all = inputs();
  const next = all[all.findIndex((one) => form.contains(one)) + 1];
  next?.focus();
  next?.select();
});
inputs()[0]?.focus();
