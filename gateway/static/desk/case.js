// The case page: pictures enlarged in a dialog, and one key to the question.

import { pressed, typing } from "./desk.js";

const zoom = document.getElementById("zoom");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-zoom]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const shown = zoom.querySelector("img");
  shown.src = link.href;
  shown.alt = link.querySelector("img").alt;
  zoom.showModal();
});

document.addEventListener("keydown", (event) => {
  if (typing(event) || pressed(event) !== "d") return;
  document.getElementById("question")?.focus();
  document.querySelector("#question details.act")?.setAttribute("open", "");
});
