// A form is sent once. After 400 ms the button says so; coming back with the browser's arrow frees it again.
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
// Unsaved changes: asked only where a form asks for it (data-unsaved) and something was really changed.
const changed = new Set();
document.addEventListener("input", (event) => { const form = event.target.form; if (form?.dataset.unsaved !== undefined) changed.add(form); });
document.addEventListener("submit", (event) => changed.delete(event.target));
document.addEventListener("bina:saved", (event) => changed.delete(event.target));
window.addEventListener("beforeunload", (event) => { if (changed.size) event.preventDefault(); });
