// Warns before somebody is signed out for being away, and leaves the page when it has happened.
// Without it the server signs out all the same: this only says so in time, and says that somebody is reading.
const box = document.getElementById("idle");
const warnAfter = Number(box.dataset.warnAfter) * 1000;
const endAfter = Number(box.dataset.endAfter) * 1000;
const tellEvery = Math.min(60000, endAfter / 10);
const askEvery = Math.min(5000, endAfter / 10);
const passing = ["Tab", "Shift", "Control", "Alt", "Meta", "CapsLock"]; // keys that move or belong to another
let since = Date.now();
let asked = 0;
let busy = false;

function end() {
  const back = encodeURIComponent(location.pathname + location.search);
  location.replace(box.dataset.end + "?left=1&next=" + back);
}
async function stay() {
  busy = false;
  const answer = await fetch(box.dataset.stay, { headers: { "X-Stay": "1" }, redirect: "manual" });
  if (answer.status !== 204) return end();
  since = Date.now();
  box.close();
}
// Another page of the same person may have gone on: the server knows. Asking it is not being there.
async function ask() {
  asked = Date.now();
  const answer = await fetch(box.dataset.ask, { redirect: "manual" });
  if (answer.status !== 200) return end();
  since = Date.now() - endAfter + (await answer.json()).left * 1000;
}
function inWords(seconds) {
  if (seconds >= 90) return Math.round(seconds / 60) + " minutes";
  return Math.max(1, Math.ceil(seconds / 10) * 10) + " seconds";
}
async function look() {
  let away = Date.now() - since;
  if (busy && !box.open && away >= tellEvery) return stay();
  if (away < warnAfter) return box.close();
  if (Date.now() - asked >= askEvery || away >= endAfter) await ask();
  away = Date.now() - since;
  if (away < warnAfter) return box.close();
  document.getElementById("idle-left").textContent = inWords((endAfter - away) / 1000);
  if (!box.open) box.showModal();
}

for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) {
  document.addEventListener(sign, () => { busy = !box.open; }, { passive: true });
}
document.getElementById("idle-stay").addEventListener("click", stay);
box.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
box.addEventListener("keydown", (event) => {
  if (passing.includes(event.key) || event.target.type === "submit") return;
  event.preventDefault();
  stay();
});
setInterval(look, 1000);
document.addEventListener("visibilitychange", look);
