/* Built from the parts by manage.py build_assets. Font: Plus Jakarta Sans (OFL). Icons: Lucide (ISC). */
{
const words = JSON.parse(document.getElementById("words")?.textContent || "{}");
const say = (text) => { const live = document.getElementById("live"); if (live) live.textContent = text; };
const icons = { saved: "M20 6 9 17l-5-5", saving: "M12 6v6l4 2M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z", waiting: "M12 13v8M4 14.9A7 7 0 1 1 15.7 8h1.8a4.5 4.5 0 0 1 2.5 8.2M8 17l4-4 4 4", failed: "M12 8v4M12 16h.01M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z" };
const status = (state, text) => {
const box = document.getElementById("save-status");
if (!box || (box.dataset.state === state && !text)) return;
box.dataset.state = state;
box.lastElementChild.textContent = text || words[state] || "";
box.querySelector("svg").innerHTML = `<path d="${icons[state] || icons.saved}"/>`;
if (state !== "saving") say(box.lastElementChild.textContent);
};
const toast = (text) => {
const box = document.createElement("p");
box.className = "toast";
box.textContent = text;
document.body.append(box);
say(text);
setTimeout(() => box.remove(), 6000);
};
window.bina = { words, say, status, toast };
document.addEventListener("bina:status", (event) => status(event.detail.state, event.detail.text));
}
{
document.addEventListener("submit", (event) => {
const form = event.target;
if (event.defaultPrevented || form.method !== "post" || form.target === "_blank" || form.hasAttribute("hx-post")) return;
if (form.dataset.sent) { event.preventDefault(); return; }
form.dataset.sent = "1";
const button = event.submitter;
if (!button || button.dataset.plain !== undefined) return;
button.setAttribute("aria-disabled", "true");
setTimeout(() => {
if (!form.dataset.sent) return;
button.dataset.was = button.innerHTML;
button.textContent = button.dataset.slow || window.bina.words.sending;
window.bina.say(button.textContent);
}, 400);
});
window.addEventListener("pageshow", (event) => {
if (!event.persisted) return;
for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
for (const button of document.querySelectorAll("[aria-disabled][data-was]")) button.innerHTML = button.dataset.was;
for (const button of document.querySelectorAll("form [aria-disabled]")) button.removeAttribute("aria-disabled");
});
const changed = new Set();
document.addEventListener("input", (event) => { const form = event.target.form; if (form?.dataset.unsaved !== undefined) changed.add(form); });
document.addEventListener("submit", (event) => changed.delete(event.target));
document.addEventListener("bina:saved", (event) => changed.delete(event.target));
window.addEventListener("beforeunload", (event) => { if (changed.size) event.preventDefault(); });
}
{
for (const button of document.querySelectorAll("[data-reveal]")) {
button.hidden = false;
button.addEventListener("click", () => {
const field = document.getElementById(button.dataset.reveal);
const isShown = field.type === "password";
field.type = isShown ? "text" : "password";
button.textContent = isShown ? window.bina.words.hide : window.bina.words.show;
button.setAttribute("aria-pressed", String(isShown));
});
}
for (const button of document.querySelectorAll("[data-copy]")) {
if (!navigator.clipboard) continue;
button.hidden = false;
button.addEventListener("click", async () => { await navigator.clipboard.writeText(button.dataset.copy); window.bina.toast(window.bina.words.copied); });
}
for (const button of document.querySelectorAll("[data-print]")) {
button.hidden = false;
button.addEventListener("click", () => window.print());
}
for (const form of document.querySelectorAll("form[data-look]")) {
form.addEventListener("change", () => {
const chosen = new FormData(form), root = document.documentElement;
const theme = chosen.get("theme"), text = chosen.get("text");
if (theme === "light" || theme === "dark") root.dataset.theme = theme; else delete root.dataset.theme;
if (text === "115" || text === "130") root.dataset.text = text; else delete root.dataset.text;
fetch(form.action, { method: "POST", body: chosen, headers: { "X-Requested-With": "fetch" } }).then((answer) => answer.ok && window.bina.say(window.bina.words.saved));
});
}
const who = document.querySelector("details.who");
if (who) {
document.addEventListener("click", (event) => { if (!who.contains(event.target)) who.open = false; });
who.addEventListener("keydown", (event) => { if (event.key === "Escape") { who.open = false; who.firstElementChild.focus(); } });
}
const offline = document.getElementById("offline");
if (offline) {
const show = () => { offline.hidden = navigator.onLine; };
window.addEventListener("offline", show);
window.addEventListener("online", () => { show(); window.bina.say(window.bina.words.online); });
show();
}
if (document.body.classList.contains("app") && "serviceWorker" in navigator && window.isSecureContext) navigator.serviceWorker.register("/sw.js");
}
