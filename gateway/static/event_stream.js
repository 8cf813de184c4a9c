// The stream of news: comes back by itself after any break, from where it was, and rests while
// the tab is hidden. htmx's SSE extension gets it in place of a plain EventSource.

const WAITS = [300, 1000, 2000, 3000];

class News {
  constructor(url) {
    this.url = url;
    this.listeners = [];
    this.ended = false;
    this.tries = 0;
    const shown = document.querySelectorAll("#messages > [data-id]");
    this.after = shown.length ? shown[shown.length - 1].dataset.id : "0";
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.open()));
    window.addEventListener("online", () => this.open());
    window.addEventListener("pagehide", () => this.rest());
    window.addEventListener("pageshow", (event) => event.persisted && this.open());
    if (!document.hidden) this.open();
  }

  open() {
    if (this.ended || document.hidden) return;
    this.rest();
    this.inner = new EventSource(`${this.url}${this.url.includes("?") ? "&" : "?"}after=${this.after}`);
    for (const [name, listener] of this.listeners) this.inner.addEventListener(name, listener);
    this.inner.onopen = () => {
      this.tries = 0;
      tell(true);
      this.onopen?.();
    };
    this.inner.onerror = () => {
      this.rest();
      if (this.tries > 0) tell(false);
      this.timer = setTimeout(() => this.open(), WAITS[Math.min(this.tries++, WAITS.length - 1)]);
    };
  }

  rest() {
    clearTimeout(this.timer);
    this.inner?.close();
    this.inner = null;
  }

  close() {
    this.ended = true;
    this.rest();
  }

  addEventListener(name, listener) {
    const noting = (event) => {
      listener(event);
      if (event.lastEventId) this.after = event.lastEventId; // only what was shown counts
    };
    this.listeners.push([name, noting]);
    this.inner?.addEventListener(name, noting);
  }

  removeEventListener() {} // the elements that listen stay as long as the page

  get readyState() {
    return this.ended ? EventSource.CLOSED : EventSource.OPEN;
  }
}

function tell(connected) {
  document.dispatchEvent(new CustomEvent("connection", { detail: connected }));
}

htmx.createEventSource = (url) => new News(url);
