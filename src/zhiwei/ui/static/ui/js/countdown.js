// Counts down to the instant of each `<time data-countdown datetime="…">`; at zero the page is loaded anew.

/** @param {number} seconds what is left */
export function clock(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** @param {ParentNode} root where to look */
export function wakeCountdowns(root) {
  for (const place of root.querySelectorAll("time[data-countdown]")) {
    const end = Date.parse(place.getAttribute("datetime") ?? "");
    if (Number.isNaN(end)) continue;
    const tick = () => {
      const left = (end - Date.now()) / 1000;
      place.textContent = clock(left);
      if (left <= 0) {
        clearInterval(timer);
        location.reload();
      }
    };
    const timer = setInterval(tick, 1000);
    if (end > Date.now()) tick();
    else clearInterval(timer);
  }
}
