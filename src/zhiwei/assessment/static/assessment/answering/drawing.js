// Drawing one's working with finger, pen or mouse; kept as a picture like a photo.
import { openDialog } from "../../ui/js/dialogs.js";

/** @typedef {{points: [number, number][], rubber: boolean}} Stroke */

/**
 * @param {HTMLElement} root
 * @param {(question: string, blob: Blob) => Promise<void>} take
 */
export function wakeDrawing(root, take) {
  const canvas = /** @type {HTMLCanvasElement | null} */ (document.getElementById("draw"));
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("drawing"));
  if (!canvas || !dialog) return;
  const board = new Board(canvas);
  let question = "";
  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-draw]");
    if (!button) return;
    question = /** @type {HTMLElement} */ (button.closest("[data-working]")).dataset.working ?? "";
    board.clear();
    openDialog("drawing");
  });
  dialog.addEventListener("click", (event) => tool(dialog, board, /** @type {Element} */ (event.target)));
  document.getElementById("draw-keep")?.addEventListener("click", () => {
    if (board.strokes.length) canvas.toBlob((blob) => blob && void take(question, blob), "image/png");
    dialog.close();
  });
}

/**
 * @param {HTMLElement} dialog
 * @param {Board} board
 * @param {Element} target
 */
function tool(dialog, board, target) {
  const pen = /** @type {HTMLElement | null} */ (target.closest("[data-pen]"));
  if (pen) {
    board.rubber = pen.dataset.pen === "rubber";
    for (const one of dialog.querySelectorAll("[data-pen]")) one.setAttribute("aria-pressed", String(one === pen));
  }
  if (target.closest("[data-pen-undo]")) board.undo();
  if (target.closest("[data-pen-clear]")) board.clear();
}

class Board {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.rubber = false;
    /** @type {Stroke[]} */
    this.strokes = [];
    /** @type {Stroke | null} */
    this.current = null;
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (this.current = null));
    this.draw();
  }

  /** @param {PointerEvent} event */
  down(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.current = { points: [this.at(event)], rubber: this.rubber };
    this.strokes.push(this.current);
    this.draw();
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.current) return;
    this.current.points.push(this.at(event));
    this.draw();
  }

  undo() {
    this.strokes.pop();
    this.draw();
  }

  clear() {
    this.strokes = [];
    this.draw();
  }

  /**
   * @param {PointerEvent} event
   * @returns {[number, number]}
   */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * this.canvas.width, ((event.clientY - box.top) / box.height) * this.canvas.height];
  }

  draw() {
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    pen.lineCap = pen.lineJoin = "round";
    for (const stroke of this.strokes) {
      pen.strokeStyle = stroke.rubber ? "#ffffff" : "#1e2329";
      pen.lineWidth = stroke.rubber ? 36 : 4;
      pen.beginPath();
      stroke.points.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y + 0.01)));
      if (stroke.points.length === 1) pen.lineTo(stroke.points[0]?.[0] ?? 0, (stroke.points[0]?.[1] ?? 0) + 0.5);
      pen.stroke();
    }
  }
}
