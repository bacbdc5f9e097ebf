// Warns before somebody is signed out for being away, and clears the screen when it has happened.
// Without it the server signs out all the same: this file only says so in time.
(function () {
  "use strict";
  const box = document.getElementById("idle");
  if (!box) return;
  const warnAfter = Number(box.dataset.warnAfter) * 1000;
  const endAfter = Number(box.dataset.endAfter) * 1000;
  let since = Date.now();

  function end() {
    const back = encodeURIComponent(location.pathname + location.search);
    location.replace(box.dataset.end + "?left=1&next=" + back);
  }
  function look() {
    const away = Date.now() - since;
    if (away >= endAfter) end();
    else box.hidden = away < warnAfter;
  }
  async function stay(event) {
    event.preventDefault();
    const answer = await fetch(box.dataset.stay, { headers: { "X-Stay": "1" }, redirect: "manual" });
    if (answer.status !== 204) return end();
    since = Date.now();
    box.hidden = true;
  }
  box.querySelector("a").addEventListener("click", stay);
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
})();
