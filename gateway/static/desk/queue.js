// The queue: brings itself up to date without losing place or focus, and is worked by keys.

import { announce, say, wanted } from "./arrivals.js";
import { localTimes, pressed, typing } from "./desk.js";

const EVERY = 3000;
const queue = document.getElementById("queue");
let known = ids();

function ids() {
  return new Set(Array.from(queue.querySelectorAll("[data-row]"), (row) => row.dataset.row));
}

function links() {
  return Array.from(queue.querySelectorAll("[data-row] > a"));
}

async function refresh() {
  if (document.hidden && !wanted()) return;
  const response = await fetch(`/desk/queue${location.search}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (response?.status === 401) return location.reload();
  if (!response?.ok) return;
  const fresh = await response.text();
  if (fresh === refresh.last) return;
  refresh.last = fresh;
  const focused = document.activeElement.closest("[data-row]")?.id;
  const scroll = window.scrollY;
  queue.innerHTML = fresh;
  localTimes(queue);
  if (focused) document.getElementById(focused)?.querySelector("a").focus({ preventScroll: true });
  window.scrollTo(0, scroll);
  const now = ids();
  const added = [...now].filter((id) => !known.has(id)).length;
  known = now;
  if (added) announce(added);
}

// Assigns the focused row to the agent.
async function take() {
  const row = document.activeElement.closest("[data-row]");
  if (!row) return;
  const body = new URLSearchParams({ from: row.dataset.assignee });
  const headers = { "X-CSRF-Token": document.body.dataset.csrf };
  const address = `/desk/queue/${encodeURIComponent(row.dataset.row)}/assignee`;
  const response = await fetch(address, { method: "POST", body, headers }).catch(() => null);
  const refused = response?.ok ? "" : (await response?.json().catch(() => null))?.error;
  await refresh();
  say(response?.ok ? "It is yours." : refused || "Not taken: no connection. Please try again.");
}

document.addEventListener("keydown", (event) => {
  if (typing(event)) return;
  const key = pressed(event);
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[key];
  if (key === "/") {
    event.preventDefault();
    document.getElementById("words").focus();
  } else if (key === "o") {
    document.activeElement.closest("[data-row] > a")?.click();
  } else if (key === "a") {
    take();
  } else if (step) {
    event.preventDefault();
    const all = links();
    const at = all.indexOf(document.activeElement);
    all[Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
  }
});
setInterval(refresh, EVERY);
