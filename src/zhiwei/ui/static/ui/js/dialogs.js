/** Buttons that open and close native dialogs; menus that close when one looks elsewhere. */
export function wakeDialogs() {
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const opener = target.closest("[data-dialog-open]");
    if (opener) openDialog(opener.getAttribute("data-dialog-open") ?? "");
    if (target.closest("[data-keys-open]")) openDialog("keys");
    if (target.closest("[data-dialog-close]")) target.closest("dialog")?.close();
    if (target instanceof HTMLDialogElement && outside(target, event)) target.close();
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(target)) menu.removeAttribute("open");
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" ? document.querySelector("details[data-menu][open]") : null;
    menu?.removeAttribute("open");
    menu?.querySelector("summary")?.focus();
  });
}

/** @param {string} name id of the dialog */
export function openDialog(name) {
  const dialog = document.getElementById(name);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {MouseEvent} event
 */
function outside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  return !inside && event.detail > 0;
}
