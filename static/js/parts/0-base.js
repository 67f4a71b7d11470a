// Words of the page's language, the live region, and the save status in the bar.
const words = JSON.parse(document.getElementById("words")?.textContent || "{}");
const say = (text) => { const live = document.getElementById("live"); if (live) live.textContent = text; };
// Other modules of a page use these: bina.say("…"), bina.status("waiting", "Menunggu sinyal (2)"), bina.toast("…").
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
