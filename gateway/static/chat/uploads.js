// Pictures and PDFs: chosen, dropped, pasted or taken; shown, counted, taken back; then sent as evidence.

const { csrf, maxBytes } = document.body.dataset;
const tray = document.getElementById("tray");
const staged = document.getElementById("staged");
const button = tray.querySelector("form button");
const files = document.getElementById("files");
const ready = document.getElementById("ready");
const refusal = document.getElementById("refusal");
const TYPES = /^(image\/(jpeg|png|webp|heic|heif)|application\/pdf)$/;
const NAMES = /\.(jpe?g|png|webp|heic|heif|pdf)$/i;
let line = Promise.resolve();

export function addPictures(list) {
  refuse("");
  for (const file of list) {
    if (!TYPES.test(file.type) && !NAMES.test(file.name)) {
      refuse(`“${file.name}” is not a picture we can read, nor a PDF. Please use JPEG, PNG, WebP, HEIC or PDF.`);
    } else if (file.size > Number(maxBytes)) {
      refuse(`“${file.name}” is larger than ${maxBytes / 2 ** 20} MB. Please send a smaller one.`);
    } else {
      const item = draw(file);
      line = line.then(() => upload(file, item));
    }
  }
  count();
}

export function pickPictures() {
  files.click();
}

export function readyPictures() {
  return staged.querySelectorAll(".staged:not(.loading)").length;
}

// Empties the tray for sending; gives back what the sending is called meanwhile.
export function clearPictures() {
  const words = button.textContent.replace(/^(Send|Uploading…)/, "Sending");
  staged.replaceChildren();
  count();
  return `${words}…`;
}

function draw(file) {
  const item = document.createElement("li");
  const paper = file.type === "application/pdf" || /\.pdf$/i.test(file.name);
  item.className = `staged loading${paper ? " file" : ""}`;
  const face = document.createElement(paper ? "span" : "img");
  if (paper) face.textContent = file.name;
  else {
    face.alt = `${file.name}, being uploaded`;
    face.src = URL.createObjectURL(file);
  }
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", `Upload of ${file.name}`);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "remove";
  remove.textContent = "×";
  remove.setAttribute("aria-label", `Cancel the upload of ${file.name}`);
  remove.addEventListener("click", () => {
    item.request?.abort();
    item.remove();
    count();
  });
  item.append(face, bar, remove);
  staged.append(item);
  item.scrollIntoView({ block: "nearest" });
  return item;
}

function upload(file, item) {
  if (!item.isConnected) return undefined; // taken back before its turn came
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    item.request = request;
    request.open("POST", "/chat/uploads");
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) item.querySelector("progress").value = event.loaded / event.total;
    };
    request.onload = () => {
      if (request.status === 201) item.outerHTML = request.responseText;
      else giveUp(item, `“${file.name}”: ${reason(request)}`);
    };
    request.onerror = () => giveUp(item, `“${file.name}” could not be uploaded. Please check the connection and add it again.`);
    request.onloadend = () => {
      URL.revokeObjectURL(item.querySelector("img")?.src);
      count();
      done();
    };
    const body = new FormData();
    body.append("picture", file);
    request.send(body);
  });
}

function reason(request) {
  if (request.status === 413) return `it is larger than ${maxBytes / 2 ** 20} MB. Please send a smaller one.`;
  try {
    return JSON.parse(request.responseText).error;
  } catch {
    return "it was not accepted. Please try another file.";
  }
}

function giveUp(item, words) {
  item.remove();
  refuse(words);
}

export function refuse(words) {
  refusal.textContent = words;
  refusal.hidden = !words;
}

function count() {
  const all = staged.children.length;
  const loading = staged.querySelectorAll(".loading").length;
  tray.hidden = all === 0;
  button.disabled = loading > 0;
  const papers = staged.querySelectorAll(".file").length;
  const kind = papers === 0 ? "picture" : papers === all ? "document" : "file";
  const words = `${all} ${kind}${all === 1 ? "" : "s"}`;
  button.textContent = loading ? "Uploading…" : `Send ${words}`;
  ready.textContent = all && !loading ? `${words} ready to send` : "";
}

async function remove(id, item) {
  const response = await fetch(`/chat/uploads/${encodeURIComponent(id)}`, {
    method: "DELETE",
    headers: { "X-CSRF-Token": csrf },
  }).catch(() => null);
  if (!response?.ok && response?.status !== 404) {
    refuse("That file could not be removed just now. Please try again.");
    return;
  }
  item.remove();
  count();
  document.getElementById("text").focus();
}

staged.addEventListener("click", (event) => {
  const id = event.target.dataset?.remove;
  if (id) remove(id, event.target.closest("li"));
});
files.addEventListener("change", () => {
  addPictures([...files.files]);
  files.value = "";
});
document.addEventListener("paste", (event) => {
  const pasted = [...(event.clipboardData?.files || [])];
  if (pasted.length) {
    event.preventDefault();
    addPictures(pasted);
  }
});
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  addPictures([...(event.dataTransfer?.files || [])]);
});
count();
