// Loaded before the first paint and not as a module, so that a dark page never flashes white.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("zhiwei-theme");
  } catch {
    chosen = null; // storage is closed in some private windows: follow the system
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
