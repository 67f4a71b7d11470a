// The lesson page: keeps the place of reading, and answers a check question without loading the page again.
// Without this file everything works too: the form is sent, the lesson opens at its top or at the last answered question.
const article = document.getElementById("lesson");
const form = document.getElementById("lesson-form");
const anchors = [...article.querySelectorAll("[id]")].filter((element) => /^b[0-9a-z]+(-\d+)?$/.test(element.id));
let kept = article.dataset.anchor;

// The place is the last anchor whose top has passed a quarter of the screen, once the page has rested there: who hurries to the top
// in order to leave does not read there.
const here = () => {
  const line = window.innerHeight / 4;
  let found = "";
  for (const element of anchors) {
    if (element.getBoundingClientRect().top > line) break;
    found = element.id;
  }
  return window.scrollY < 40 ? "" : found;
};
let place = kept, resting;
window.addEventListener("scroll", () => { clearTimeout(resting); resting = setTimeout(() => { place = here(); }, 1200); }, { passive: true });
const keep = () => {
  if (place === kept) return null;
  kept = place;
  const body = new URLSearchParams({ anchor: place, csrfmiddlewaretoken: form.csrfmiddlewaretoken.value });
  return fetch(article.dataset.place, { method: "POST", body, keepalive: true }).catch(() => {});
};
// Told when the page is left: through a link before it opens (so that the next page knows), otherwise when it is hidden. Unchanged: not at all.
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin || (link.pathname === location.pathname && link.hash)) return;
  const sent = keep();
  if (!sent) return;
  event.preventDefault();
  await Promise.race([sent, new Promise((done) => setTimeout(done, 600))]);
  location.assign(link.href);
});

// Back to the place, unless the address names one.
if (kept && !location.hash) document.getElementById(kept)?.scrollIntoView({ block: "start" });

// What is chosen and not yet checked survives a way to the sign-in and back, in this tab only.
const chosen = () => [...document.querySelectorAll("input[form=lesson-form]:checked")].map((input) => `${input.name}=${input.value}`);
const remember = () => { try { sessionStorage.setItem(location.pathname, JSON.stringify(chosen())); } catch { /* nothing can be kept here */ } };
const recall = () => {
  let kept = [];
  try { kept = JSON.parse(sessionStorage.getItem(location.pathname) || "[]"); sessionStorage.removeItem(location.pathname); } catch { /* nothing was kept */ }
  const inputs = [...document.querySelectorAll("input[form=lesson-form]")].filter((input) => kept.includes(`${input.name}=${input.value}`) && !input.checked);
  for (const input of inputs) input.checked = true;
  if (inputs.length) window.bina.toast(article.dataset.chosen);
};
recall();

// One answer: send the form, put the answered question in the place of the old one. When the server leads elsewhere (the sign-in, or the
// course when it was left) the browser goes there; a token that has become old is had anew with the page. Anything else: the choice stays.
form.addEventListener("submit", async (event) => {
  const id = event.submitter?.dataset.check;
  if (!id) { kept = place; return; }
  event.preventDefault();
  const section = document.getElementById(id);
  if (section.dataset.busy) return;
  section.dataset.busy = "1";
  window.bina.status("saving");
  try {
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "HX-Request": "true" } });
    if (answer.redirected) { remember(); location.assign(answer.url); return; }
    if (answer.status === 403) { remember(); location.reload(); return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
    if (!fresh) throw new Error("not the question");
    section.replaceWith(fresh);
    window.bina.status(answer.ok ? "saved" : "failed");
    (fresh.querySelector("[role=status]") || fresh.querySelector("input"))?.focus();
  } catch {
    delete section.dataset.busy;
    window.bina.status("failed");
  }
});
