// While somebody is on a call: the seconds, what an answer would change as it is chosen or typed, and the note with
// whichever button ends it. Without it every form works all the same.
const timer = document.getElementById("timer");
const path = document.getElementById("path");
const question = document.querySelector("form[data-try]");
const noted = document.getElementById("noted");
const ending = document.getElementById("ending");
const began = timer ? Date.now() - Number(timer.dataset.seconds) * 1000 : 0;
const pause = 350;
let asked = 0;
let waits = 0;

function tick() {
  const seconds = Math.floor((Date.now() - began) / 1000);
  timer.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
}
function chosen() {
  return question.querySelector("[name=choice]:checked");
}
async function tell() {
  const nth = ++asked;
  const choice = chosen();
  const known = choice && choice.dataset.effect && document.getElementById(choice.dataset.effect);
  if (known) return void (path.innerHTML = known.innerHTML);
  const typed = question.querySelector("[name=answer]");
  if (!typed || !typed.value.trim() || (choice && choice.value === "unknown")) return void (path.textContent = "");
  const body = new FormData(question);
  const answer = await fetch(question.dataset.try, { method: "POST", body, headers: { "X-Part": "path" }, redirect: "manual" });
  if (nth === asked && (answer.status === 200 || answer.status === 400)) path.innerHTML = await answer.text();
}
function soon() {
  clearTimeout(waits);
  waits = setTimeout(tell, pause);
}

if (timer) {
  tick();
  setInterval(tick, 1000);
}
if (question && path) {
  question.querySelector(".effects").hidden = true;
  question.addEventListener("change", tell);
  question.addEventListener("input", soon);
  const typed = question.querySelector("[name=answer]");
  const other = question.querySelector("[name=choice][value=other]");
  if (typed) typed.addEventListener("input", () => { if (other && typed.value) other.checked = true; });
  if (other) other.addEventListener("change", () => typed.focus());
}
if (ending && noted) {
  document.getElementById("ends-below").hidden = true; // the buttons above take what is typed along
  ending.addEventListener("formdata", (event) => {
    for (const name of ["note", "when"]) event.formData.set(name, noted.elements[name].value);
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("input, textarea")) event.target.blur();
});
