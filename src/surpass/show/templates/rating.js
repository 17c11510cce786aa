// Keys, time on the screen, marking of words, and answers that are sent until the server has them.
// Without this file the page works too: every button sends its form.

const FIRST_WAIT = 500; // milliseconds until an answer is sent again
const LONGEST_WAIT = 4000;
const PATIENCE = 10000; // milliseconds until a request counts as lost

let shownAt = performance.now();
let sending = false;
prepare();

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const said = new URLSearchParams(new FormData(form, event.submitter));
  if (said.get("do") === "skip" && !said.get("reason")) said.set("reason", said.get("other") ?? "");
  said.set("seconds", ((performance.now() - shownAt) / 1000).toFixed(1));
  send(said);
});

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.repeat || sending) return;
  const inText = event.target.matches("textarea, select, input:not([type=radio])");
  const save = document.querySelector("[data-save]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return save?.click();
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") return closeAll();
  if (event.key === "Enter" && event.target.matches(".filter input")) return takeFirst(event);
  if (inText) return;
  const act = actionOf(event.key);
  if (!act) return;
  event.preventDefault();
  act();
});

addEventListener("beforeunload", (event) => {
  if (sending) event.preventDefault();
});

function actionOf(key) {
  const button = document.querySelector(`button[data-key="${CSS.escape(key)}"]`);
  if (button) return () => button.click();
  const folded = { r: ".reference", c: ".comment", s: ".skip", g: ".guideline" }[key];
  const details = folded && document.querySelector(folded);
  if (details) return () => unfold(details);
  const into = { e: "#text", "/": ".filter input" }[key];
  const box = into && document.querySelector(into);
  if (box) return () => box.focus();
  if (document.querySelector("main").dataset.kind === "scales" && /^[1-5]$/.test(key)) {
    return () => step(key);
  }
  const onButton = document.activeElement?.matches("button, summary, a");
  const enter = key === "Enter" && !onButton && document.querySelector("[data-enter]");
  return enter ? () => enter.click() : null;
}

// The scale that has the focus, else the first without an answer; then on to the next.
function step(value) {
  const scales = [...document.querySelectorAll(".scale")];
  const open = (scale) => !scale.querySelector(":checked");
  const chosen = scales.find((one) => one.contains(document.activeElement)) ?? scales.find(open);
  if (!chosen) return;
  chosen.querySelector(`input[value="${value}"]`).checked = true;
  const next = scales.find(open);
  (next?.querySelector("input") ?? document.querySelector("[data-enter]")).focus();
}

function unfold(details) {
  details.open = !details.open;
  if (details.open) details.querySelector("textarea, button")?.focus();
}

function closeAll() {
  for (const one of document.querySelectorAll(".aside details")) one.open = false;
  document.querySelector("main").focus();
}

async function send(said) {
  if (sending) return;
  sending = true;
  document.body.classList.add("sending");
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    const page = await answered(said);
    if (page?.refused) {
      tell(page.refused);
      document.body.classList.add("refused");
      break;
    }
    if (page) {
      show(page);
      break;
    }
    tell("Not saved yet: the server does not answer. Trying again; please leave this page open.");
    await new Promise((done) => setTimeout(done, wait));
  }
  sending = false;
  document.body.classList.remove("sending");
}

// The next page, why the answer was not taken, or null where the server has not answered.
async function answered(said) {
  try {
    const answer = await fetch(location.pathname, {
      method: "POST",
      body: said,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status >= 500) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // What was written stays on the screen when it cannot be taken.
    if (answer.status === 400) page.refused = page.querySelector(".finished p")?.textContent;
    return page;
  } catch {
    return null;
  }
}

function show(page) {
  document.title = page.title;
  document.body.classList.remove("refused");
  document.body.replaceChildren(...document.adoptNode(page.body).children);
  prepare();
  tell("Saved.");
  if (document.activeElement === document.body) {
    document.querySelector("main").focus({ preventScroll: true });
  }
  scrollTo(0, 0);
  shownAt = performance.now();
}

function tell(what) {
  const status = document.querySelector(".status");
  if (status) status.textContent = what;
}

// What only works with scripts, and where the focus belongs on a machine with a keyboard.
function prepare() {
  for (const one of document.querySelectorAll(".filter, .kinds, .remove")) one.hidden = false;
  document.querySelector(".filter input")?.addEventListener("input", filter);
  const draft = document.querySelector("#text");
  if (draft?.hasAttribute("data-first") && matchMedia("(pointer: fine)").matches) draft.focus();
  if (document.querySelector(".spans")) prepareSpans();
}

function filter(event) {
  const wanted = event.target.value.trim().toLowerCase();
  for (const one of document.querySelectorAll(".choices.many button")) {
    one.hidden = !one.lastChild.textContent.toLowerCase().includes(wanted);
  }
}

function takeFirst(event) {
  event.preventDefault();
  if (event.target.value.trim()) document.querySelector(".choices.many button:not([hidden])")?.click();
}

function prepareSpans() {
  for (const kind of document.querySelectorAll(".kinds button")) {
    kind.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
    kind.addEventListener("click", () => mark(kind.value));
  }
  const spans = document.querySelector(".spans");
  spans.addEventListener("input", (event) => {
    if (event.target.name?.startsWith("words")) place(event.target.closest(".span"), "", "");
    oneEmpty();
    paint();
  });
  spans.addEventListener("click", (event) => {
    if (!event.target.matches(".remove")) return;
    const line = event.target.closest(".span");
    line.querySelector("[name^=words]").value = "";
    place(line, "", "");
    oneEmpty();
    paint();
  });
  oneEmpty();
  paint();
}

// The selected words of the text become a line of the list.
function mark(kind) {
  const text = document.querySelector(".asked .text");
  const selection = getSelection();
  if (!selection.rangeCount || !text.contains(selection.getRangeAt(0).commonAncestorContainer)) {
    return tell("Select words in the text first.");
  }
  const chosen = selection.getRangeAt(0);
  const before = new Range();
  before.setStart(text, 0);
  before.setEnd(chosen.startContainer, chosen.startOffset);
  const whole = chosen.toString();
  const words = whole.trim();
  if (!words) return tell("Select words in the text first.");
  const ahead = [...before.toString()].length + [...whole].length - [...whole.trimStart()].length;
  const line = emptyLine();
  line.querySelector("[name^=words]").value = words;
  line.querySelector("select").value = kind;
  place(line, ahead, ahead + [...words].length);
  selection.removeAllRanges();
  oneEmpty();
  paint();
  tell("Marked.");
}

function place(line, start, end) {
  line.querySelector("[name^=start]").value = start;
  line.querySelector("[name^=end]").value = end;
}

function emptyLine() {
  const lines = [...document.querySelectorAll(".span")];
  return lines.find((line) => !line.querySelector("[name^=words]").value) ?? addedLine(lines);
}

function addedLine(lines) {
  const line = lines.at(-1).cloneNode(true);
  for (const part of line.querySelectorAll("[name]")) {
    part.name = part.name.replace(/\d+$/, lines.length);
    if (part.matches("input")) part.value = "";
  }
  lines.at(-1).after(line);
  return line;
}

// One empty line to write in, and no more.
function oneEmpty() {
  const empty = emptyLine();
  for (const line of document.querySelectorAll(".span")) {
    line.hidden = !line.querySelector("[name^=words]").value && line !== empty;
    line.querySelector(".remove").hidden = line === empty;
  }
}

// Marked words are painted in the text where the browser can; nothing in the page changes.
function paint() {
  const text = document.querySelector(".asked .text")?.firstChild;
  if (!text || !globalThis.CSS?.highlights) return;
  const letters = [...text.data];
  const unit = (count) => letters.slice(0, count).join("").length;
  const ranges = [...document.querySelectorAll(".span")].flatMap((line) => {
    const words = line.querySelector("[name^=words]").value.trim();
    if (!words) return [];
    const named = line.querySelector("[name^=start]").value;
    const start = named === "" ? text.data.indexOf(words) : unit(Number(named));
    if (start < 0 || start + words.length > text.length) return [];
    const range = new Range();
    range.setStart(text, start);
    range.setEnd(text, start + words.length);
    return [range];
  });
  CSS.highlights.set("marked", new Highlight(...ranges));
}
