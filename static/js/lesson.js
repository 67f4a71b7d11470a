// The lesson page: keeps the place of reading, and answers a check question without loading the page again.
// Without this file everything works too: the form is sent, the lesson opens at its top or at the last answered question.
const article = document.getElementById("lesson");
const form = document.getElementById("lesson-form");
const anchors = [...article.querySelectorAll("[id]")].filter((element) => /^b[0-9a-z]+(-\d+)?$/.test(element.id));
let kept = article.dataset.anchor;

// The place is the last anchor whose top has passed a quarter of the screen.
const here = () => {
  const line = window.innerHeight / 4;
  let found = "";
  for (const element of anchors) {
    if (element.getBoundingClientRect().top > line) break;
    found = element.id;
  }
  return window.scrollY < 40 ? "" : found;
};
const keep = () => {
  const now = here();
  if (now === kept) return;
  kept = now;
  const body = new URLSearchParams({ anchor: now, csrfmiddlewaretoken: form.csrfmiddlewaretoken.value });
  fetch(article.dataset.place, { method: "POST", body, keepalive: true });
};
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });

// Back to the place, unless the address names one.
if (kept && !location.hash) document.getElementById(kept)?.scrollIntoView({ block: "start" });

// One answer: send the form, put the answered question in the place of the old one. Anything unexpected: the plain way.
form.addEventListener("submit", async (event) => {
  const id = event.submitter?.dataset.check;
  if (!id) { kept = ""; return; }
  event.preventDefault();
  const section = document.getElementById(id);
  if (section.dataset.busy) return;
  section.dataset.busy = "1";
  window.bina.status("saving");
  try {
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "HX-Request": "true" } });
    const text = await answer.text();
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(id);
    if (answer.redirected || !fresh) { location.reload(); return; }
    section.replaceWith(fresh);
    window.bina.status(answer.ok ? "saved" : "failed");
    (fresh.querySelector("[role=status]") || fresh.querySelector("input"))?.focus();
  } catch {
    delete section.dataset.busy;
    window.bina.status("failed");
  }
});
