// The chat page: shows each message once and in order, and turns forms into sent messages.

import "./event_stream.js";
import { delivered, forget, hurry, post, resume } from "./outbox.js";
import { tellTyping } from "./typing.js";
import { clearPictures, pickPictures, readyPictures, refuse } from "./uploads.js";

const log = document.getElementById("log");
const messages = document.getElementById("messages");
const text = document.getElementById("text");
const offline = document.getElementById("offline");
const framed = window.parent !== window;
const clock = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" });

function localTimes(root) {
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    const today = at.toDateString() === new Date().toDateString();
    time.textContent = today ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`;
  }
}

// A message soon after one of the same author needs no second line of who and when.
function joinUp(shown) {
  const before = shown.previousElementSibling;
  if (before?.className.split(" ")[1] !== shown.className.split(" ")[1]) return;
  const [earlier, later] = [before, shown].map((one) => new Date(one.querySelector("time").dateTime));
  if (later - earlier < 120000) shown.classList.add("follows");
}

// The newest message in view: its end, or its beginning where it is taller than the window.
function toEnd() {
  log.scrollTop = log.scrollHeight;
  const last = messages.lastElementChild;
  const above = last.getBoundingClientRect().top - log.getBoundingClientRect().top;
  if (above < 0 && !last.classList.contains("customer")) log.scrollTop += above - 8;
}

function closeReplies() {
  messages.querySelectorAll(".replies").forEach((one) => one.remove());
}

function focusWriting() {
  (matchMedia("(pointer: coarse)").matches ? log : text).focus({ preventScroll: true });
}

function tellShop(what) {
  if (framed) window.parent.postMessage({ aopChat: what }, "*"); // a bare word, nothing private
}

document.addEventListener("htmx:sseBeforeMessage", (event) => {
  const { type, data } = event.detail;
  if (type !== "message") return;
  const fresh = new DOMParser().parseFromString(data, "text/html").querySelector("li");
  if (fresh && document.getElementById(fresh.id)) event.preventDefault();
});

document.addEventListener("htmx:sseMessage", (event) => {
  if (event.detail.type === "message") {
    const shown = messages.lastElementChild;
    localTimes(shown);
    joinUp(shown);
    if (shown.dataset.client) delivered(shown.dataset.client);
    if (shown.classList.contains("customer")) {
      messages.querySelectorAll("li.message:not(:last-child) .replies").forEach((one) => one.remove());
    } else tellShop("news");
  }
  const below = log.scrollHeight - log.scrollTop - log.clientHeight;
  if (event.detail.type !== "typing" || below < 120) toEnd(); // who reads further up is left there
});
tellTyping(text, "/chat/typing", () => document.querySelector("#state .handler"));

document.addEventListener("connection", ({ detail: connected }) => {
  offline.hidden = connected;
  offline.textContent = connected ? "" : "No connection right now. Trying again; nothing you write is lost.";
  if (connected) hurry();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-forget]")) forget();
  if (!form.matches("[data-send]")) return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  delete fields.csrf;
  delete fields.id;
  const composing = form === text.form;
  if ((composing && readyPictures()) || "pictures" in fields) {
    post({ pictures: "1" }, clearPictures());
  }
  if ("reply" in fields || (fields.text || "").trim()) {
    post(fields, (fields.text || form.querySelector("button").textContent).trim());
    if (composing) text.value = "";
  }
  closeReplies();
  refuse("");
  focusWriting();
  toEnd();
});

document.addEventListener("click", (event) => {
  const menu = document.querySelector("details.menu");
  if (!event.target.closest(".menu")) menu.open = false;
  if (event.target.closest("[data-add-pictures]")) pickPictures();
  if (event.target.closest("[data-close]")) tellShop("close");
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === text) {
    event.preventDefault();
    text.form.requestSubmit();
  }
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu");
    if (menu.open) menu.open = false;
    else tellShop("close");
  }
});

window.addEventListener("message", (event) => {
  if (event.source === window.parent && event.data?.aopChat === "opened") {
    toEnd();
    focusWriting();
  }
});

new ResizeObserver(toEnd).observe(log);
if (framed) document.querySelectorAll("[data-close], [data-framed]").forEach((one) => (one.hidden = false));
localTimes(document);
for (const shown of messages.children) joinUp(shown);
resume();
toEnd();
if (!framed) focusWriting();
