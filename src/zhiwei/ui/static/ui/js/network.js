import { word } from "./words.js";

/** A line at the bottom while the network is gone. */
export function wakeNetwork() {
  const line = document.createElement("div");
  line.className = "network";
  line.setAttribute("role", "status");
  line.hidden = true;
  document.body.append(line);
  const show = () => {
    line.textContent = navigator.onLine ? "" : word("offline");
    line.hidden = navigator.onLine;
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
