// Tells the other side that somebody is typing: at most every 3 seconds, and never what is typed.

const EVERY = 3000;

export function tellTyping(text, address, wanted) {
  let told = 0;
  text.addEventListener("input", () => {
    if (!text.value || Date.now() - told < EVERY || !wanted()) return;
    told = Date.now();
    const headers = { "X-CSRF-Token": document.body.dataset.csrf };
    fetch(address, { method: "POST", headers }).catch(() => {});
  });
}

// A page that was hidden may be out of date: it shows nobody typing until it hears of it again.
const typing = document.getElementById("typing");
document.addEventListener("visibilitychange", () => typing.replaceChildren());
