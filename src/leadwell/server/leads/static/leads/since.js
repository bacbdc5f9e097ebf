// Says on an open page of a lead what has come since: their words, what a colleague noted. What is typed stays, and so
// does the focus. What is noted on the page answers only what it showed, until somebody says that they have read the rest.
const box = document.getElementById("since");
const every = 10000;
const shown = { said: box.dataset.said, done: box.dataset.done };
let told = { ...shown };

function read() {
  Object.assign(shown, told);
  for (const one of document.querySelectorAll("input[name=said]")) one.value = shown.said;
  box.replaceChildren();
}
async function look() {
  if (document.hidden) return;
  try {
    const asked = new URLSearchParams({ ...shown, told: told.said, noted: told.done });
    const headers = { "X-Live": "1" };
    const answer = await fetch(`${box.dataset.look}?${asked}`, { headers, redirect: "manual", cache: "no-store" });
    if (answer.status !== 200) return;
    const strip = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    const button = strip.querySelector("[data-read]");
    button.hidden = false;
    button.addEventListener("click", read);
    told = { said: strip.dataset.said, done: strip.dataset.done };
    box.replaceChildren(strip);
  } catch (gone) { /* the network is away: what stands here stays, and is asked for again */ }
}
setInterval(look, every);
document.addEventListener("visibilitychange", look);
