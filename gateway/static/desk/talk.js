// The conversation at the desk: live, and the agent's draft survives whatever comes in.

import "./event_stream.js";
import { attached, clearAttached } from "./attach.js";
import { localTimes, pressed, typing } from "./desk.js";
import { tellTyping } from "./typing.js";

const log = document.getElementById("log");
const form = document.getElementById("composer");
const text = document.getElementById("text");
const canned = document.getElementById("canned");
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

// The draft is kept with whom it is for: a note must not come back as a reply.
function writeAs(whom) {
  form.elements.as.value = whom;
}

function keepDraft() {
  localStorage.setItem(draft, text.value);
  localStorage.setItem(`${draft}:as`, form.elements.as.value);
}

function forgetDraft() {
  localStorage.removeItem(draft);
  localStorage.removeItem(`${draft}:as`);
}

let sending = false;
text.value = localStorage.getItem(draft) || "";
if (text.value) writeAs(localStorage.getItem(`${draft}:as`) || "reply");
form.addEventListener("input", keepDraft);
const inChat = () => document.querySelector("#state [data-handler=agent]");
tellTyping(text, form.dataset.typing, () => form.elements.as.value === "reply" && inChat());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new FormData(form);
  body.delete("file");
  const files = [...attached()];
  for (const file of files) body.append("file", file);
  const sent = text.value;
  if (sending || (!sent.trim() && !body.has("file"))) return;
  sending = true;
  body.set("id", key); // sending again after a failure is the same message
  const response = await fetch(form.action, { method: "POST", body, headers: { "X-CSRF-Token": document.body.dataset.csrf } }).catch(() => null);
  sending = false;
  refused.hidden = Boolean(response?.ok);
  if (response?.ok) {
    // What was typed and added since is the beginning of the next message.
    if (text.value.startsWith(sent)) text.value = text.value.slice(sent.length).trimStart();
    if (text.value) keepDraft();
    else forgetDraft();
    clearAttached(files);
    key = newKey();
    return;
  }
  const said = await response?.json().catch(() => null);
  refused.textContent = said?.error || "Not sent: no connection. Your draft is kept; please try again.";
});

// Canned replies go into the draft where the cursor is; sending stays with the agent.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "canned-replies" && canned.open) canned.querySelector("button")?.focus();
});
canned.addEventListener("click", (event) => {
  const reply = event.target.closest("[data-canned]");
  if (!reply) return;
  canned.open = false;
  text.setRangeText(reply.dataset.canned, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
});
canned.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  canned.open = false;
  text.focus();
});

const KEYS = {
  r: () => writeTo("reply"),
  n: () => writeTo("note"),
  c: () => (canned.open ? canned.querySelector("button")?.focus() : (canned.open = true)),
  a: () => document.querySelector(".assignee [value=me]")?.click(),
};

function writeTo(whom) {
  writeAs(whom);
  keepDraft();
  text.focus();
}

document.addEventListener("keydown", (event) => {
  const does = KEYS[pressed(event)];
  if (typing(event) || !does) return;
  event.preventDefault();
  does();
});
log.scrollTop = log.scrollHeight;
