// What every page of the desk shares: local times, the list of keys, and the token htmx sends.

const clock = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });

export function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime*='T']")) time.textContent = clock.format(new Date(time.dateTime));
}

export function typing(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=radio], [type=checkbox], [type=file]), textarea, select, [contenteditable], dialog[open]");
}

// The key that was pressed, whatever Caps Lock makes of it: capitals are typed with Shift.
export function pressed(event) {
  if (event.key.length > 1) return event.key;
  return event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
}

const keys = document.getElementById("keys");
document.querySelector("[data-shortcuts]")?.addEventListener("click", () => keys.showModal());
document.addEventListener("keydown", (event) => {
  if (event.key === "?" && !typing(event)) keys.showModal();
});
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.body.dataset.csrf;
});
// What was asked of the server and did not come: said where it would have stood, nothing typed is lost.
function notAnswered(event) {
  const told = document.createElement("p");
  told.className = "refused";
  told.setAttribute("role", "alert");
  const signedOut = event.detail.xhr?.status === 401;
  told.textContent = signedOut
    ? "You are signed out. Copy what you typed, then reload this page to sign in."
    : "No answer came. Please try again.";
  event.detail.target.replaceChildren(told);
}
document.addEventListener("htmx:responseError", notAnswered);
document.addEventListener("htmx:sendError", notAnswered);
document.addEventListener("htmx:afterSwap", (event) => localTimes(event.target));
localTimes(document);
