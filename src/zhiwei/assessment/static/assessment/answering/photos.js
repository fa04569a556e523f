// Photos of working: made small on the device, kept here until the server has them, shown and taken out again.
import { toast } from "../../ui/js/toasts.js";
import { dropBlob, keepBlob, keptBlobs } from "./blobs.js";
import { say } from "./words.js";

const LONGEST_SIDE = 2000;
const QUALITY = 0.85;

export class Photos {
  /**
   * @param {HTMLElement} root the answering page
   * @param {() => void} changed called when what is handed in has changed
   */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.sitting = root.dataset.sitting ?? "";
    root.addEventListener("change", (event) => void this.picked(event));
    root.addEventListener("click", (event) => void this.clicked(event));
    for (const item of /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-photo]")])) this.dress(item);
    addEventListener("online", () => void this.sendKept());
    void this.sendKept();
  }

  /** @param {Event} event */
  async picked(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (!input.matches?.("[data-photo-input]")) return;
    const question = this.questionOf(input);
    for (const file of [...(input.files ?? [])]) await this.take(question, await smaller(file));
    input.value = "";
  }

  /**
   * Keep a picture for a question and hand it over.
   *
   * @param {string} question
   * @param {Blob} blob
   */
  async take(question, blob) {
    const id = await keepBlob({ sitting: this.sitting, question, blob });
    const shown = this.show(question, URL.createObjectURL(blob));
    shown.dataset.waiting = say("photoWaiting");
    await this.send({ id, question, blob }, shown);
  }

  async sendKept() {
    for (const one of await keptBlobs(this.sitting)) {
      const held = this.root.querySelector(`[data-blob="${one.id}"]`);
      const shown = /** @type {HTMLElement} */ (held ?? this.show(one.question, URL.createObjectURL(one.blob)));
      shown.dataset.waiting = say("photoWaiting");
      await this.send(one, shown);
    }
  }

  /**
   * @param {{id: number, question: string, blob: Blob}} one
   * @param {HTMLElement} shown
   */
  async send(one, shown) {
    shown.dataset.blob = String(one.id);
    const body = new FormData();
    body.append("photo", one.blob, "photo.jpg");
    const reply = await this.post(`${one.question}/`, body);
    if (!reply || reply.status >= 500) return;
    const told = await reply.json().catch(() => ({}));
    await dropBlob(one.id);
    delete shown.dataset.blob;
    delete shown.dataset.waiting;
    if (!reply.ok) {
      shown.remove();
      toast(say("photoRefused", { why: told.message ?? reply.status }), "wrong");
      return;
    }
    shown.dataset.photo = String(told.photo);
    this.changed();
  }

  /** @param {Event} event */
  async clicked(event) {
    const button = /** @type {Element} */ (event.target).closest("[data-photo-remove]");
    const item = /** @type {HTMLElement | null} */ (button?.closest("li") ?? null);
    if (!item) return;
    const question = this.questionOf(item);
    if (item.dataset.blob) await dropBlob(Number(item.dataset.blob));
    if (item.dataset.photo) {
      const reply = await this.post(`${question}/${item.dataset.photo}/remove/`, new FormData());
      if (!reply?.ok) return;
    }
    item.remove();
    this.changed();
  }

  /**
   * @param {string} path
   * @param {FormData} body
   */
  async post(path, body) {
    const token = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"))?.value ?? "";
    const headers = { "X-CSRFToken": token, Accept: "application/json" };
    try {
      return await fetch(`${this.root.dataset.photos}${path}`, { method: "POST", body, headers });
    } catch {
      return null;
    }
  }

  /** @param {Element} element */
  questionOf(element) {
    return /** @type {HTMLElement} */ (element.closest("[data-working]")).dataset.working ?? "";
  }

  /**
   * @param {string} question
   * @param {string} address
   */
  show(question, address) {
    const list = /** @type {HTMLElement} */ (this.root.querySelector(`[data-working="${CSS.escape(question)}"] .photos`));
    const item = document.createElement("li");
    list.append(item);
    this.dress(item, address);
    return item;
  }

  /**
   * @param {HTMLElement} item
   * @param {string} [address]
   */
  dress(item, address = `${this.root.dataset.shown}${item.dataset.photo}/`) {
    const n = [...(item.parentElement?.children ?? [])].indexOf(item) + 1;
    const picture = Object.assign(document.createElement("img"), { src: address, alt: say("photo", { n }), loading: "lazy" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "tool", textContent: "×" });
    button.dataset.photoRemove = "";
    button.setAttribute("aria-label", say("photoRemove", { n }));
    item.replaceChildren(picture, button);
  }
}

/**
 * A picture of at most 2,000 pixels a side, as JPEG; what cannot be drawn here goes as it is.
 *
 * @param {Blob} file
 * @returns {Promise<Blob>}
 */
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), "image/jpeg", QUALITY));
  } catch {
    return file;
  }
}
