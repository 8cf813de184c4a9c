// The conversation at the desk: live, and the agent's draft survives whatever comes in.

import "./event_stream.js";
import { attached, clearAttached } from "./attach.js";
import { localTimes, typing } from "./desk.js";

const log = document.getElementById("log");
const form = document.getElementById("composer");
const text = document.getElementById("text");
const refused = document.getElementById("talk-refused");
const draft = `desk-draft:${form.dataset.conversation}`;
let key = newKey();

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}

document.addEventListener("htmx:sseBeforeMessage", (event) => {
  if (event.detail.type !== "message") return;
  const fresh = new DOMParser().parseFromString(event.detail.data, "text/html").querySelector("li");
  if (fresh && document.getElementById(fresh.id)) event.preventDefault();
});
document.addEventListener("htmx:sseMessage", (event) => {
  if (event.detail.type !== "message") return;
  localTimes(log);
  log.scrollTop = log.scrollHeight;
});
// The stream also ends when the session does: then the page has to go as well.
document.addEventListener("connection", async (event) => {
  if (event.detail) return;
  const response = await fetch("/desk/queue", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (response?.status === 401) location.reload();
});

text.value = localStorage.getItem(draft) || "";
text.addEventListener("input", () => localStorage.setItem(draft, text.value));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  body.delete("file");
  for (const file of attached()) body.append("file", file);
  if (!body.get("text").trim() && !body.has("file")) return;
  body.set("id", key); // sending again after a failure is the same message
  const response = await fetch(form.action, { method: "POST", body, headers: { "X-CSRF-Token": document.body.dataset.csrf } }).catch(() => null);
  refused.hidden = Boolean(response?.ok);
  if (response?.ok) {
    text.value = "";
    clearAttached();
    localStorage.removeItem(draft);
    key = newKey();
    return;
  }
  const said = await response?.json().catch(() => null);
  refused.textContent = said?.error || "Not sent: no connection. Your draft is kept; please try again.";
});

document.addEventListener("keydown", (event) => {
  if (typing(event) || !["r", "n"].includes(event.key)) return;
  event.preventDefault();
  text.focus();
});
log.scrollTop = log.scrollHeight;
