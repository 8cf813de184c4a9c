// What every page of the desk shares: local times, the list of keys, and the token htmx sends.

const clock = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });

export function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime*='T']")) time.textContent = clock.format(new Date(time.dateTime));
}

export function typing(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog[open]");
}

const keys = document.getElementById("keys");
document.querySelector("[data-shortcuts]")?.addEventListener("click", () => keys.showModal());
document.addEventListener("keydown", (event) => {
  if (event.key === "?" && !typing(event)) keys.showModal();
});
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.body.dataset.csrf;
});
document.addEventListener("htmx:afterSwap", (event) => localTimes(event.target));
localTimes(document);
