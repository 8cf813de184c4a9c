// The queue: brings itself up to date without losing place or focus, and is worked by keys.

import { localTimes, typing } from "./desk.js";

const EVERY = 3000;
const queue = document.getElementById("queue");
const arrived = document.getElementById("arrived");
const sound = document.querySelector("[data-sound]");
const title = document.title;
let known = ids();

function ids() {
  return new Set(Array.from(queue.querySelectorAll("[data-row]"), (row) => row.dataset.row));
}

function links() {
  return Array.from(queue.querySelectorAll("[data-row] > a"));
}

async function refresh() {
  if (document.hidden && sound.getAttribute("aria-pressed") !== "true") return;
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

function announce(added) {
  arrived.textContent = added === 1 ? "1 new in this view" : `${added} new in this view`;
  document.title = `(${added}) ${title}`;
  if (sound.getAttribute("aria-pressed") === "true") chime();
}

function chime() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.setValueAtTime(0.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.6);
  tone.frequency.value = 660;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.6);
}

function setSound(on) {
  sound.setAttribute("aria-pressed", String(on));
  localStorage.setItem("desk-sound", on ? "on" : "off");
}

sound.addEventListener("click", () => setSound(sound.getAttribute("aria-pressed") !== "true"));
setSound(localStorage.getItem("desk-sound") === "on");
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.title = title;
});
document.addEventListener("keydown", (event) => {
  if (typing(event)) return;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("words").focus();
  } else if (step) {
    event.preventDefault();
    const all = links();
    const at = all.indexOf(document.activeElement);
    all[Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
  }
});
setInterval(refresh, EVERY);
