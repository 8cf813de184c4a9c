// What the customer sends: kept here until the server has it, sent in order, never twice.
// The server knows a message by the id it gets here, so sending again is always safe.

const WAITS = [1, 2, 3, 5];
const store = `outbox:${document.body.dataset.key}`;
const list = document.getElementById("outbox");
const queue = load();
let busy = false;
let wake = () => {};

export function post(fields, shown) {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
  const item = { id, fields, shown };
  queue.push(item);
  save();
  draw(item);
  send();
}

export function delivered(id) {
  document.getElementById(`out-${id}`)?.remove();
}

export function hurry() {
  wake();
}

async function send() {
  if (busy) return;
  busy = true;
  for (let tries = 0; queue.length; ) {
    const item = queue[0];
    const wait = await attempt(item, WAITS[Math.min(tries, WAITS.length - 1)]);
    tries = wait ? tries + 1 : 0;
    if (wait) {
      mark(item, "Not sent yet. Trying again…");
      await new Promise((resolve) => {
        wake = resolve;
        setTimeout(resolve, wait * 1000);
      });
    } else {
      queue.shift();
      save();
    }
  }
  busy = false;
}

// Seconds to wait before the next attempt, or 0 where the matter is settled.
async function attempt(item, wait) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...item.fields, id: item.id })) body.append(name, value);
  let response;
  try {
    response = await fetch("/chat/messages", {
      method: "POST",
      body,
      headers: { "X-CSRF-Token": document.body.dataset.csrf },
      signal: AbortSignal.timeout?.(15000),
    });
  } catch {
    return wait;
  }
  if (response.ok) {
    mark(item, "");
    return 0;
  }
  if (response.status === 429) return Number(response.headers.get("Retry-After")) || wait;
  if (response.status >= 500 || response.status === 408) return wait;
  const { error } = await response.json().catch(() => ({ error: "Please reload the chat." }));
  mark(item, `Not sent. ${error}`, true);
  return 0;
}

function draw(item) {
  const line = document.createElement("li");
  line.className = "message customer pending";
  line.id = `out-${item.id}`;
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  bubble.textContent = item.shown;
  const note = document.createElement("p");
  note.className = "fate";
  line.append(bubble, note);
  list.append(line);
  line.scrollIntoView({ block: "end" });
}

function mark(item, words, refused = false) {
  const line = document.getElementById(`out-${item.id}`);
  if (!line) return;
  line.classList.toggle("refused", refused);
  const note = line.querySelector(".fate");
  note.textContent = words;
  if (refused) note.setAttribute("role", "alert");
}

function load() {
  try {
    return JSON.parse(localStorage.getItem(store)) || [];
  } catch {
    return []; // no storage here: the messages live as long as the page
  }
}

function save() {
  try {
    localStorage.setItem(store, JSON.stringify(queue));
  } catch {
    /* as above */
  }
}

export function resume() {
  queue.forEach(draw);
  send();
}

export function forget() {
  queue.length = 0;
  try {
    localStorage.removeItem(store);
  } catch {
    /* as above */
  }
}
