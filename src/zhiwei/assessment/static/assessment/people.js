// Choosing pupils: a ticked group ticks its members, and ticking anybody means "only the chosen".

for (const form of document.querySelectorAll("[data-people]")) form.addEventListener("change", changed);

/** @param {Event} event */
function changed(event) {
  const box = /** @type {HTMLInputElement} */ (event.target);
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  if (box.name === "group") tickMembers(form, box);
  if ((box.name === "group" || box.name === "pupil") && box.checked) onlyChosen(form);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLInputElement} group
 */
function tickMembers(form, group) {
  const members = new Set((group.dataset.members ?? "").split(" "));
  for (const one of form.querySelectorAll("input[name=pupil]")) {
    const pupil = /** @type {HTMLInputElement} */ (one);
    if (members.has(pupil.value)) pupil.checked = group.checked;
  }
}

/** @param {HTMLFormElement} form */
function onlyChosen(form) {
  const radio = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=whole][value='0']"));
  if (radio) radio.checked = true;
  form.querySelector("details")?.setAttribute("open", "");
}
