// Keys, time on the screen, and answers that are sent until the server has them.
// Without this file the page works too: every button sends its form.

const FIRST_WAIT = 500; // milliseconds until an answer is sent again
const LONGEST_WAIT = 4000;
const PATIENCE = 10000; // milliseconds until a request counts as lost

let shownAt = performance.now();
let sending = false;

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const said = new URLSearchParams(new FormData(form, event.submitter));
  if (said.get("do") === "skip" && !said.get("reason")) said.set("reason", said.get("other") ?? "");
  said.set("seconds", ((performance.now() - shownAt) / 1000).toFixed(1));
  send(said);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || sending) return;
  if (event.key === "Escape") return closeAll();
  if (event.target.matches("textarea, input:not([type=radio])")) return;
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
  const folded = { r: ".reference", c: ".comment", s: ".skip" }[key];
  const details = folded && document.querySelector(folded);
  if (details) return () => unfold(details);
  if (document.querySelector("main").dataset.kind !== "scales") return null;
  if (/^[1-5]$/.test(key)) return () => step(key);
  if (key === "Enter") return () => document.querySelector("[data-enter]").click();
  return null;
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

// The next page, or null where the server has not answered.
async function answered(said) {
  try {
    const answer = await fetch(location.pathname, {
      method: "POST",
      body: said,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status >= 500) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

function show(page) {
  document.title = page.title;
  document.body.replaceChildren(...document.adoptNode(page.body).children);
  tell("Saved.");
  document.querySelector("main").focus({ preventScroll: true });
  scrollTo(0, 0);
  shownAt = performance.now();
}

function tell(what) {
  const status = document.querySelector(".status");
  if (status) status.textContent = what;
}
