// Files the agent attaches: chosen or pasted, listed by name, taken back; they go with the message.

const input = document.getElementById("attach");
const list = document.getElementById("attached");
const said = document.getElementById("attached-said");
const { maxBytes, maxFiles } = input.dataset;
let files = [];

export function attached() {
  return files;
}

export function clearAttached(sent) {
  files = files.filter((file) => !sent.includes(file));
  draw("");
}

function add(chosen) {
  const large = chosen.filter((file) => file.size > Number(maxBytes));
  files.push(...chosen.filter((file) => !large.includes(file)));
  const many = files.splice(Number(maxFiles)).length > 0;
  const wrong = large.length ? `Larger than ${maxBytes / 2 ** 20} MB, not added: ${large.map((file) => file.name).join(", ")}. ` : "";
  draw(wrong + (many ? `At most ${maxFiles} files at a time. ` : ""));
}

function draw(wrong) {
  list.replaceChildren(...files.map(item));
  list.hidden = files.length === 0;
  said.textContent = wrong + (files.length ? `${files.length} file${files.length === 1 ? "" : "s"} to send` : "");
  said.classList.toggle("unseen", !wrong);
}

function item(file) {
  const line = document.createElement("li");
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "quiet";
  remove.textContent = "Remove";
  remove.setAttribute("aria-label", `Remove ${file.name}`);
  remove.addEventListener("click", () => {
    files = files.filter((one) => one !== file);
    draw("");
    input.focus();
  });
  line.append(file.name, remove);
  return line;
}

input.addEventListener("change", () => {
  add([...input.files]);
  input.value = "";
});
input.form.addEventListener("paste", (event) => {
  const pasted = [...(event.clipboardData?.files || [])];
  if (!pasted.length) return;
  event.preventDefault();
  add(pasted);
});
