// The training page: one key presses what bears it, and the open sentence has the focus.

import { pressed, typing } from "./desk.js";

let sent = false;

document.addEventListener("keydown", (event) => {
  if (sent || event.repeat || event.key.length > 1 || typing(event)) return;
  const chosen = document.querySelector(`[data-key="${CSS.escape(pressed(event))}"]`);
  if (!chosen) return;
  event.preventDefault();
  chosen.click();
});
// A second key before the next sentence is there would label this one again.
document.addEventListener("submit", () => { sent = true; });
window.addEventListener("pageshow", () => { sent = false; });
document.getElementById("sentence")?.focus({ preventScroll: true });
