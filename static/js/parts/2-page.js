// Show and hide a password; copy a text; filters that send themselves.
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
// Theme and text size change at once; the form behind still saves the choice.
for (const form of document.querySelectorAll("form[data-look]")) {
  form.addEventListener("change", () => {
    const chosen = new FormData(form), root = document.documentElement;
    const theme = chosen.get("theme"), text = chosen.get("text");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme; else delete root.dataset.theme;
    if (text === "115" || text === "130") root.dataset.text = text; else delete root.dataset.text;
    fetch(form.action, { method: "POST", body: chosen, headers: { "X-Requested-With": "fetch" } }).then((answer) => answer.ok && window.bina.say(window.bina.words.saved));
  });
}
// The menu at the foot of the rail closes on Escape and on a click elsewhere.
const who = document.querySelector("details.who");
if (who) {
  document.addEventListener("click", (event) => { if (!who.contains(event.target)) who.open = false; });
  who.addEventListener("keydown", (event) => { if (event.key === "Escape") { who.open = false; who.firstElementChild.focus(); } });
}
// Offline: say so, and say that it is over.
const offline = document.getElementById("offline");
if (offline) {
  const show = () => { offline.hidden = navigator.onLine; };
  window.addEventListener("offline", show);
  window.addEventListener("online", () => { show(); window.bina.say(window.bina.words.online); });
  show();
}
// The page "No connection" for signed-in people (the worker keeps nothing else).
if (document.body.classList.contains("app") && "serviceWorker" in navigator && window.isSecureContext) navigator.serviceWorker.register("/sw.js");
