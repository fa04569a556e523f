// The feedback page: print, and point at a place in one's own answer by selecting it.

document.querySelector("[data-print]")?.addEventListener("click", () => print());

document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  const text = selection?.toString().trim() ?? "";
  const node = selection?.anchorNode;
  const element = node instanceof Element ? node : node?.parentElement;
  const answer = element?.closest(".answer");
  if (!text || !answer) return;
  const place = /** @type {HTMLInputElement | null} */ (answer.closest(".feedback-item")?.querySelector("[data-place]") ?? null);
  if (place) place.value = text.slice(0, 300);
});
