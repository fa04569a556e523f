// After handing in nothing of the sitting stays on this device.
import { forgetSheets } from "./shell.js";
import { forgetSitting } from "./store.js";

const sitting = /** @type {HTMLElement | null} */ (document.querySelector("[data-sitting-done]"))?.dataset.sittingDone;
if (sitting) {
  forgetSitting(sitting);
  void forgetSheets().catch(() => {});
}
