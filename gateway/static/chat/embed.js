// The after-sales chat for any page: <script src="https://…/embed.js" async></script>
// A launcher and, once opened, an iframe; both in a shadow root, so no style leaks either way.
// Anything on the page marked data-aop-chat opens the chat too.
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; position: fixed; z-index: 2147483000; inset: auto 0 0 auto; }
    button { position: fixed; right: 20px; bottom: 20px; display: flex; align-items: center; gap: 10px; padding: 0 20px;
      height: 56px; border: 0; border-radius: 28px; background: #1d5b4f; color: #fff; cursor: pointer;
      font: 600 16px/1 system-ui, sans-serif; box-shadow: 0 6px 24px rgb(0 0 0 / .25); }
    button:hover { background: #164a40; }
    button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #1d5b4f; }
    button[hidden], iframe[hidden] { display: none; }
    i { width: 10px; height: 10px; border-radius: 5px; background: #ffb454; }
    i:not(.on) { display: none; }
    iframe { position: fixed; right: 20px; bottom: 20px; width: 410px; height: min(720px, calc(100vh - 40px));
      border: 0; border-radius: 18px; background: Canvas; box-shadow: 0 12px 48px rgb(0 0 0 / .3); color-scheme: light dark; }
    @media (max-width: 520px) { iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; } }`);
  root.adoptedStyleSheets = [style];
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  const label = document.createElement("span");
  label.textContent = "Help with an order";
  const dot = document.createElement("i");
  button.append(dot, label);
  let frame;
  let loaded = false;

  function open() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = "After-sales chat";
      frame.src = `${origin}/chat`;
      frame.addEventListener("load", () => {
        loaded = true;
        tell("opened");
      });
      root.append(frame);
    }
    frame.hidden = false;
    button.hidden = true;
    button.setAttribute("aria-expanded", "true");
    unread(false);
    frame.focus();
    tell("opened");
  }

  function close() {
    frame.hidden = true;
    button.hidden = false;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  function unread(yes) {
    dot.classList.toggle("on", yes);
    button.setAttribute("aria-label", yes ? "Help with an order: new message" : "Help with an order");
  }

  function tell(what) {
    if (loaded && !frame.hidden) frame.contentWindow.postMessage({ aopChat: what }, origin);
  }

  button.addEventListener("click", open);
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-aop-chat]")) open();
  });
  window.addEventListener("message", (event) => {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return;
    if (event.data?.aopChat === "close") close();
    if (event.data?.aopChat === "news" && frame.hidden) unread(true);
  });
  unread(false);
  root.append(button);
  document.body ? document.body.append(host) : addEventListener("DOMContentLoaded", () => document.body.append(host));
})();
