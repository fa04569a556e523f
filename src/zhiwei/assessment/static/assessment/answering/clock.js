// How much time is left, by the server's clock.
import { say } from "./words.js";

/**
 * @param {HTMLElement} line
 * @param {{now: string, due_at: string | null, closes_at: string | null}} start
 * @param {() => void} [over] called once when no more answers are taken
 */
export function wakeClock(line, start, over = () => {}) {
  if (!start.due_at) return;
  const ahead = Date.parse(start.now) - Date.now();
  const due = Date.parse(start.due_at);
  const closes = Date.parse(start.closes_at ?? start.due_at);
  let told = false;
  const show = () => {
    const now = Date.now() + ahead;
    line.textContent = timeWords(now, due, closes);
    line.classList.toggle("due-ink", due - now < 10 * 60_000);
    if (now >= closes && !told) over();
    told ||= now >= closes;
  };
  show();
  setInterval(show, due - Date.now() < 3_600_000 ? 5_000 : 15_000);
}

/**
 * @param {number} now
 * @param {number} due
 * @param {number} closes
 */
function timeWords(now, due, closes) {
  if (now < due) return say("left", { time: span(due - now) });
  return now < closes ? say("grace", { time: span(closes - now) }) : say("over");
}

/** @param {number} milliseconds */
function span(milliseconds) {
  const minutes = Math.max(1, Math.ceil(milliseconds / 60_000));
  if (minutes < 60) return say("minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? say("hours", { h: hours, n: minutes % 60 }) : say("days", { d: Math.floor(hours / 24), h: hours % 24 });
}
