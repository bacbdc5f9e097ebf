// Goes on to the call as soon as it is judged; asks less and less often, and never gives up.
const waits = document.getElementById("waits");
const slow = document.getElementById("slow");
const longest = 3000;
let pause = 250;
let since = Date.now();

async function look() {
  try {
    const answer = await fetch(waits.dataset.look, { headers: { "X-Live": "1" }, redirect: "manual", cache: "no-store" });
    if (answer.status === 200) {
      const told = await answer.json();
      if (told.go) return void location.replace(told.go);
      if (told.stuck) return void location.reload();
    }
  } catch (gone) { /* the network is away: it is asked again */ }
  if (Date.now() - since > longest) slow.hidden = false;
  if (Date.now() - since > 4 * longest) pause = 1000;
  setTimeout(look, pause);
}
setTimeout(look, pause);
