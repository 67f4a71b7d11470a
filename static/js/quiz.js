// Taking a quiz. Each answer goes into IndexedDB first, then to the server, with the key attempt + question + revision; it stays on the
// device until the server has said that it is stored. Everything here only improves plain forms: without this file they do the same work.
const words = document.getElementById("quiz-words").dataset;
const part = () => document.getElementById("quiz");
const form = () => document.getElementById("answer");
const note = document.getElementById("unsent");
const handIn = document.getElementById("hand-in");
const attempt = words.attempt;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const address = (n) => words.url.replace("/0/", `/${n}/`);

// --- the store ---------------------------------------------------------------------------------------------------------------------
const memory = new Map();
let database = null;
const opened = new Promise((resolve) => {
  try {
    const request = indexedDB.open("bina-quiz", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("answers", { keyPath: "key" });
    request.onsuccess = () => { database = request.result; resolve(true); };
    request.onerror = request.onblocked = () => resolve(false);
  } catch { resolve(false); }
});
const inStore = (mode, work) => new Promise((resolve, reject) => {
  const transaction = database.transaction("answers", mode, { durability: "strict" });
  const request = work(transaction.objectStore("answers"));
  transaction.oncomplete = () => resolve(request?.result);
  transaction.onerror = transaction.onabort = () => reject(transaction.error);
});
const keep = async (item) => {
  memory.set(item.key, item);
  if (await opened) await inStore("readwrite", (store) => store.put(item)).catch(() => {});
};
// The newest answer also goes where writing is immediate: a page left in the middle of a word may not wait for the store.
const LAST = "bina-quiz-last";
const keepLast = (item) => { try { sessionStorage.setItem(LAST, JSON.stringify(item)); } catch { /* the store has it */ } };
const lastKept = () => { try { return JSON.parse(sessionStorage.getItem(LAST)); } catch { return null; } };
const drop = async (item) => {
  if (lastKept()?.key === item.key && lastKept().revision === item.revision) sessionStorage.removeItem(LAST);
  if (memory.get(item.key)?.revision === item.revision) memory.delete(item.key);
  if (!(await opened)) return;
  await inStore("readwrite", (store) => {
    const read = store.get(item.key);
    read.onsuccess = () => { if (read.result?.revision === item.revision) store.delete(item.key); };
    return read;
  }).catch(() => {});
};
// What waits for this attempt, oldest first; answers of other attempts (and other people) stay where they are.
const waiting = async () => {
  const found = new Map(memory);
  if (await opened) for (const item of (await inStore("readonly", (store) => store.getAll()).catch(() => [])) || []) found.set(item.key, item);
  return [...found.values()].filter((item) => item.attempt === attempt).sort((one, other) => one.revision - other.revision);
};

// --- revisions: the server's clock, as far as this page knows it; a changed clock of the device does not matter ------------------------
const clock = Number(part()?.dataset.now || Date.now()) - performance.now();
let last = Number(part()?.dataset.revision || 0);
const revise = () => { last = Math.max(last + 1, Math.floor(clock + performance.now())); return last; };

// --- what the person is told -----------------------------------------------------------------------------------------------------------
const rail = document.getElementById("rail-status");
const tell = (state, text) => {
  window.bina.status(state, text);
  if (rail) { rail.hidden = false; rail.dataset.state = state; rail.textContent = text || window.bina.words[state] || ""; }
};
const explain = (title, text, { retry = false, signIn = false } = {}) => {
  note.hidden = !title;
  note.querySelector("b").textContent = title || "";
  note.querySelector("p").textContent = text || "";
  note.querySelector("button").hidden = !retry;
  note.querySelector("a").hidden = !signIn;
};

// --- sending -----------------------------------------------------------------------------------------------------------------------------
let sending = null, delay = 2000, timer = 0, wasTold = false, isOver = false;
const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
const post = async (item, go, looks = false) => {
  const body = new URLSearchParams({ csrfmiddlewaretoken: token(), revisi: item.revision });
  for (const name of item.names) body.append("pilihan", name);
  if (item.flag) body.append("tandai", "on");
  if (go) body.append("go", go);
  if (looks) body.append("periksa", "1");
  return fetch(address(item.n), { method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "manual", signal: AbortSignal.timeout(15000) });
};
const freshToken = async () => {
  const page = await fetch(location.href, { redirect: "manual" });
  const found = page.ok && (await page.text()).match(/name="csrfmiddlewaretoken" value="(\w+)"/);
  if (found) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = found[1];
  return Boolean(found);
};
const later = () => {
  clearTimeout(timer);
  timer = setTimeout(flush, delay * (0.7 + Math.random() * 0.6));
  delay = Math.min(delay * 2, isOver ? 5000 : 60000);  // after the deadline only the grace is left
};
const stopped = async (state, count) => {
  if (state === "signin") { tell("failed", words.signin); explain(words.signin, words.signedOut, { signIn: true }); return; }
  if (state === "server") { tell("failed", words.failed); explain(words.failed, words.server, { retry: true }); }
  else { tell("waiting", fill(words.waiting, { n: count })); if (wasTold) explain(fill(words.waiting, { n: count }), words.offline, { retry: true }); }
  wasTold = true;
  later();
};
// One answer to the server: true when it need not wait any longer, otherwise why it has to. It leaves the device only when our server has
// said what became of it (204 stored, 409 closed, 422 refused); any other answer may come from something on the way.
const deliver = async (item) => {
  let answer;
  try { answer = await post(item); if (answer.status === 403 && (await freshToken())) answer = await post(item); } catch { return "signal"; }
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "signin";
  if (![204, 409, 422].includes(answer.status)) return "server";
  await drop(item);
  if (answer.status === 409) { location.assign(words.result); return "closed"; }
  if (answer.status === 422) explain(words.failed, fill(words.rejected, { n: item.n }));
  else if (answer.headers.get("Bina-Superseded")) window.bina.toast(fill(words.newer, { n: item.n }));
  return true;
};
const handOver = () => { if (!handIn.dataset.ready) { handIn.dataset.ready = "1"; handIn.requestSubmit(); } };
const work = async () => {
  for (let items = await waiting(); items.length; items = await waiting()) {
    tell("saving");
    const outcome = await deliver(items[0]);
    if (outcome === "closed") return false;
    if (outcome !== true) { await stopped(outcome, items.length); return false; }
  }
  delay = 2000; wasTold = false;
  clearTimeout(timer);
  tell("saved");
  if (!note.querySelector("button").hidden || !note.querySelector("a").hidden) explain();
  if (isOver && navigator.onLine) handOver();
  return true;
};
function flush() {
  sending = sending || work().finally(() => { sending = null; });
  return sending;
}

// --- the page ------------------------------------------------------------------------------------------------------------------------------
const local = new Map();   // what was chosen here, by question, beyond what the page said when it was made; with its revision
const current = () => Number(part().dataset.n);
const isTick = (input) => input.type === "radio" || input.type === "checkbox";
const inputs = () => [...form().querySelectorAll("[name=pilihan]")];
const reading = () => ({ names: inputs().filter((input) => !isTick(input) || input.checked).map((input) => input.value), flag: form().querySelector("[name=tandai]").checked });
const paintCell = (n, { names, flag }) => {
  const cell = form().querySelector(`.qmap [value="${n}"]`);
  const isAnswered = names.some((name) => name.trim());
  cell.classList.toggle("d", isAnswered);
  cell.classList.toggle("m", flag);
  cell.setAttribute("aria-label", fill(words[`l-${Number(isAnswered)}${Number(flag)}`], { n }));
};
const paint = () => {
  for (const [n, chosen] of local) paintCell(n, chosen);
  const chosen = local.get(current());
  if (!chosen) return;
  if (!form().querySelector(".asked").disabled) inputs().forEach((input, index) => { if (isTick(input)) input.checked = chosen.names.includes(input.value); else input.value = chosen.names[index] ?? ""; });
  document.dispatchEvent(new Event("answer-painted"));
  form().querySelector("[name=tandai]").checked = chosen.flag;
};
// While somebody types, each change goes to the device at once and to the server when the fingers rest.
let rest = 0;
const noteAnswer = async (wait = 0) => {
  clearTimeout(rest);
  const n = current(), item = { key: `${attempt}:${n}`, attempt, n, revision: revise(), ...reading() };
  local.set(n, item);
  paintCell(n, item);
  keepLast(item);
  await keep(item);
  if (wait) rest = setTimeout(flush, wait); else flush();
};

// --- from question to question: from the sheet in memory; before it has come, the server answers a save with the next question ------------
let sheet = null;
const fetchSheet = async () => {
  try {
    const answer = await fetch(words.sheet, { redirect: "manual" });
    if (answer.ok) sheet = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { /* without it the forms do the work */ }
};
const arrive = (n, isBack) => {
  const count = Number(part().dataset.count);
  part().dataset.n = n;
  form().action = address(n);
  const text = fill(words.text, { n, count }), title = fill(words.title, { n, count });
  const meter = part().querySelector("progress");
  meter.value = n;
  meter.setAttribute("aria-label", title);
  meter.textContent = text;
  if (meter.nextElementSibling) meter.nextElementSibling.textContent = text;
  document.title = document.title.replace(/^.*?(?= · )/, title);
  const next = n < count ? String(n + 1) : "review";
  for (const button of form().querySelectorAll("[data-next], [data-default]")) { button.value = next; button.removeAttribute("aria-disabled"); }
  form().querySelector("[data-next]").textContent = n < count ? words.next : words.toReview;
  Object.assign(form().querySelector("[data-back]"), { value: n - 1, hidden: n === 1 });
  form().querySelector(".qmap [aria-current]")?.removeAttribute("aria-current");
  form().querySelector(`.qmap [value="${n}"]`).setAttribute("aria-current", "step");
  if (!isBack) history.pushState({ n }, "", address(n));
  paint();
  window.scrollTo(0, 0);
  document.getElementById("stem").focus({ preventScroll: true });
};
const show = (n, isBack = false) => {
  const asked = sheet?.querySelector(`section[data-n="${n}"]`);
  if (!asked) return false;
  form().querySelector(".asked").replaceWith(document.importNode(asked.querySelector(".asked"), true));
  form().querySelector("[name=tandai]").checked = asked.hasAttribute("data-flagged");
  arrive(n, isBack);
  return true;
};
const fromServer = async (n) => {
  const item = local.get(current());  // what was chosen here, sent under its own revision; nothing chosen: the page is only asked for
  try {
    const answer = await (item ? post(item, String(n)) : fetch(address(n), { headers: { "X-Requested-With": "fetch" }, redirect: "manual" }));
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("quiz");
    if (!page) return false;  // not our server's word
    if (item) await drop(item);
    part().replaceWith(document.importNode(page, true));
    arrive(n);
    return true;
  } catch { return false; }
};
// Learning mode: the answer goes to the server, and what is right comes back in the same answer. From then on this question is final.
const look = async () => {
  const n = current(), item = local.get(n) || { key: `${attempt}:${n}`, attempt, n, revision: revise(), ...reading() };
  const refused = () => explain(words.failed, words.needLook);
  try {
    const answer = await post(item, "", true);
    if (answer.status === 409) { location.assign(words.result); return; }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { await stopped("signin"); return; }
    if (![200, 422].includes(answer.status)) { refused(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("quiz");
    if (!page) { refused(); return; }
    if (answer.status === 200) await drop(item);
    explain();
    part().replaceWith(document.importNode(page, true));
    (document.getElementById("umpan-balik") || document.querySelector("#quiz [role=alert], #stem"))?.focus();
  } catch { refused(); }
};
const toReview = async () => {
  if (await flush()) location.assign(words.review);
  else if (note.hidden || !note.querySelector("button").hidden) explain(words.failed, words.needSignal, { retry: true });
};

const isOurs = (target) => target.form && target.form === form();
document.addEventListener("change", (event) => { if (isOurs(event.target)) noteAnswer(); });
document.addEventListener("input", (event) => { if (isOurs(event.target) && !isTick(event.target) && event.target.name === "pilihan") noteAnswer(1500); });
document.addEventListener("click", (event) => { document.getElementById(event.target.closest?.("[data-mark]")?.dataset.mark)?.click(); });
document.addEventListener("submit", async (event) => {
  if (event.target === handIn) {
    if (handIn.dataset.ready) return;
    event.preventDefault();
    if (await flush()) handOver(); else if (note.hidden) explain(words.failed, words.needSignal, { retry: true });
    return;
  }
  if (event.target !== form()) return;
  event.preventDefault();
  if (event.submitter?.hasAttribute("data-look")) return look();
  const go = event.submitter?.value || "review";
  if (go === "review") return toReview();
  if (!show(Number(go)) && !(await fromServer(Number(go)))) { if (navigator.onLine && !(await waiting()).length) location.assign(address(go)); else flush(); }
}, true);
window.addEventListener("popstate", () => {
  const n = Number(location.pathname.match(/\/soal\/(\d+)\//)?.[1]);
  if (n && part() && !show(n, true)) location.reload();
});
note.querySelector("button").addEventListener("click", () => { delay = 2000; flush(); });
window.addEventListener("online", () => { delay = 2000; flush(); });
document.addEventListener("visibilitychange", async () => { if (document.visibilityState === "visible" && (await waiting()).length) flush(); });
// Only where nothing can be kept on the device is leaving with unsent answers asked about.
window.addEventListener("beforeunload", (event) => { if (!database && memory.size) event.preventDefault(); });

// --- the time limit: the server's seconds, counted by a clock that nobody can turn ------------------------------------------------------
const limit = document.getElementById("timer");
if (limit) {
  const end = performance.now() + Number(limit.dataset.left) * 1000;
  const spoken = new Set([600, 300, 60, 30].filter((mark) => mark < Number(limit.dataset.left)));
  const count = async () => {
    const seconds = Math.max(Math.ceil((end - performance.now()) / 1000), 0);
    const text = seconds > 60 ? fill(words.minutes, { n: Math.ceil(seconds / 60) }) : fill(words.seconds, { n: seconds });
    const shown = document.getElementById("timer")?.lastElementChild;
    if (shown && shown.textContent !== text) shown.textContent = text;
    for (const mark of [...spoken]) if (seconds <= mark) { spoken.delete(mark); window.bina.say(text); }
    if (seconds > 0) return;
    clearInterval(beat);
    window.bina.say(words.over);
    // Handed in when everything has arrived; until then it is tried again, and after the grace the server hands in what it has.
    isOver = true;
    delay = 2000;
    if (sending) await sending;
    flush();
  };
  const beat = setInterval(count, 1000);
}

// --- on arrival: say what this browser can do, send what an earlier page could not, fetch the rest of the questions ----------------------
opened.then(async (canKeep) => {
  const promise = document.getElementById("promise");
  if (promise) promise.textContent = canKeep ? words.promise : words.promiseForm;
  const newest = lastKept();
  if (newest?.attempt === attempt && !(await waiting()).some((item) => item.key === newest.key && item.revision >= newest.revision)) await keep(newest);
  const items = await waiting();
  for (const item of items) { local.set(item.n, item); last = Math.max(last, item.revision); }
  if (part()) paint();
  if (part()?.hasAttribute("data-unsaved")) noteAnswer();  // chosen before a sign-in that had run out
  if (items.length && (await flush()) && !part()) location.reload();
  if (part() && !("learning" in words)) (window.requestIdleCallback || setTimeout)(fetchSheet);  // learning: each page may hold what is right
});
