// How the queue says that something arrived: in words, in the title, by a sound, by a notification.

const arrived = document.getElementById("arrived");
const title = document.title;
const sound = toggle("[data-sound]", "desk-sound", async () => true);
const notify = toggle("[data-notify]", "desk-notify", mayNotify);
let unseen = 0;

if (window.Notification?.permission !== "granted") notify.set(false);

// A button that is on or off, remembered in this browser; `allow` is asked before it goes on.
function toggle(selector, name, allow) {
  const button = document.querySelector(selector);
  const set = (on) => {
    button.setAttribute("aria-pressed", String(on));
    localStorage.setItem(name, on ? "on" : "off");
  };
  const on = () => button.getAttribute("aria-pressed") === "true";
  button.addEventListener("click", async () => set(!on() && (await allow())));
  set(localStorage.getItem(name) === "on");
  return { on, set };
}

async function mayNotify() {
  const given = (await window.Notification?.requestPermission()) === "granted";
  if (!given) say("Your browser does not allow notifications from this page.");
  return given;
}

export function say(words) {
  arrived.textContent = words;
}

// Whether the agent wants to hear of what arrives while the page is hidden.
export function wanted() {
  return sound.on() || notify.on();
}

export function announce(added) {
  unseen += added;
  const words = `${unseen} new in this view`;
  say(words);
  document.title = `(${unseen}) ${title}`;
  if (sound.on()) chime();
  if (notify.on()) new Notification(words, { tag: "desk-queue", renotify: true }); // nothing of anybody's
}

function seen() {
  if (document.hidden) return;
  unseen = 0;
  document.title = title;
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

for (const sign of ["visibilitychange", "keydown", "pointerdown"]) document.addEventListener(sign, seen);
