// The camera page: guides, the paper's edges, a hint about light, sharpness and what is cut off, and page after page to the server, which tells what it found.
import { brightness, findPaper, judge, sharpness } from "./picture.js";

const page = /** @type {HTMLElement} */ (document.getElementById("phone"));
const video = /** @type {HTMLVideoElement} */ (document.getElementById("phone-video"));
const hint = /** @type {HTMLElement} */ (document.getElementById("phone-hint"));
const shoot = /** @type {HTMLButtonElement} */ (document.getElementById("phone-shoot"));
const list = /** @type {HTMLElement} */ (document.getElementById("phone-list"));
const outline = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.getElementById("phone-outline")));
const edge = /** @type {SVGPolygonElement} */ (outline.querySelector("polygon"));
const small = document.createElement("canvas");
let count = 0;

function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

/** @param {Blob} picture @param {string} name */
async function send(picture, name) {
  count += 1;
  const line = document.createElement("li");
  const label = (page.dataset.page ?? "").replace("{n}", String(count));
  line.textContent = `${label}：${page.dataset.reading}`;
  list.prepend(line);
  const form = new FormData();
  form.append("scans", picture, name);
  form.append("source", "phone");
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  try {
    const answer = await fetch(page.dataset.upload ?? "", { method: "POST", body: form, headers });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.message);
    line.textContent = `${label}：${await outcome(told.url)}`;
  } catch (error) {
    line.textContent = `${label}：${error instanceof Error && error.message ? error.message : page.dataset.failed}`;
  }
}

/** @param {string} url */
async function outcome(url) {
  for (let turn = 0; turn < 90; turn += 1) {
    const told = await (await fetch(url, { headers: { Accept: "application/json" } })).json();
    const [file] = told.files;
    if (file?.state === "done") {
      const problems = [...file.problems, ...file.findings.flatMap((/** @type {any} */ one) => one.findings)];
      const english = document.documentElement.lang.startsWith("en");
      const said = problems.map((one) => (english ? one.en : one.zh)).join(" ");
      const known = file.repeated > 0 || file.findings.every((/** @type {any} */ one) => one.pupil_known);
      return [file.problems.length ? "" : known ? page.dataset.fine : page.dataset.unknown, said].filter(Boolean).join(" ");
    }
    await new Promise((done) => setTimeout(done, 1000));
  }
  return page.dataset.sent ?? "";
}

function watch() {
  small.width = 160;
  small.height = Math.round((160 * video.videoHeight) / Math.max(video.videoWidth, 1)) || 120;
  const draw = small.getContext("2d", { willReadFrequently: true });
  if (!draw) return;
  draw.drawImage(video, 0, 0, small.width, small.height);
  const { data, width, height } = draw.getImageData(0, 0, small.width, small.height);
  const paper = findPaper(data, width, height);
  outline.setAttribute("viewBox", `0 0 ${width} ${height}`);
  edge.setAttribute("points", paper ? paper.corners.map(({ x, y }) => `${x},${y}`).join(" ") : "");
  const verdict = judge(brightness(data), sharpness(data, width, height), paper);
  edge.setAttribute("class", verdict);
  hint.textContent = page.dataset[verdict] ?? "";
}

async function open() {
  if (!navigator.mediaDevices?.getUserMedia) return;
  try {
    const wish = { video: { facingMode: "environment", width: { ideal: 3840 }, height: { ideal: 2160 } } };
    video.srcObject = await navigator.mediaDevices.getUserMedia(wish);
  } catch {
    return;
  }
  video.hidden = shoot.hidden = false;
  setInterval(watch, 500);
}

shoot.addEventListener("click", () => {
  const full = document.createElement("canvas");
  full.width = video.videoWidth;
  full.height = video.videoHeight;
  full.getContext("2d")?.drawImage(video, 0, 0);
  full.toBlob((picture) => picture && void send(picture, `phone-${Date.now()}.jpg`), "image/jpeg", 0.92);
});
document.getElementById("phone-file")?.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  for (const file of field.files ?? []) void send(file, file.name || `phone-${Date.now()}.jpg`);
  field.value = "";
});
void open();
