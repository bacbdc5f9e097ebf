// Keeps the counts of the sections up to date, and moves through a list by J and K. What one looks at stays as it is.
const box = document.getElementById("review");
const tabs = document.getElementById("sections");
const news = document.getElementById("news");
const every = 10000;
const off = "leadwell-single-keys-off"; // as base/keys.js has it

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(box.dataset.look, { headers: { "X-Live": "1" }, redirect: "manual", cache: "no-store" });
    if (answer.status !== 200) return;
    const html = await answer.text();
    const before = tabs.textContent;
    if (tabs.contains(document.activeElement) || tabs.matches(":hover")) return;
    tabs.innerHTML = html;
    if (tabs.textContent !== before) news.textContent = "What waits has changed.";
  } catch (gone) { /* the network is away: what stands here stays, and is asked for again */ }
}
setInterval(look, every);

const links = () => [...box.querySelectorAll("a.open")];
function move(step) {
  const all = links();
  const at = all.indexOf(document.activeElement);
  const here = at < 0 ? all.findIndex((one) => one.getAttribute("aria-current")) : at;
  const next = all[here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1)];
  if (next) next.focus();
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
  if (localStorage.getItem(off) || typing || event.ctrlKey || event.altKey || event.metaKey) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (step) move(step);
});
