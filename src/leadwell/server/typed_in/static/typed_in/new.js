// While a call is typed: who has this number or name, and Ctrl Enter to go on. Without it there is a button for each.
const form = document.getElementById("new-call");
const ours = document.getElementById("ours");
const phone = form.elements.phone;
const name = form.elements.full_name;
const pause = 500;
let looked = "|";
let waits = 0;
let asked = 0;

// A number that is whole, a name of two words: anything less would find too many.
function whole() {
  const digits = phone.value.replace(/\D/g, "");
  const words = name.value.trim().split(/\s+/);
  return [digits.length >= 10 ? phone.value.trim() : "", words.length > 1 ? words.join(" ") : ""];
}
async function look() {
  const [number, named] = whole();
  const now = number + "|" + named;
  if (now === looked) return;
  looked = now;
  const nth = ++asked;
  if (now === "|") return void ours.replaceChildren();
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("phone", number);
  body.append("full_name", named);
  const answer = await fetch(ours.dataset.ask, { method: "POST", body, headers: { "X-Part": "known" }, redirect: "manual" });
  if (nth === asked && answer.status === 200) ours.innerHTML = await answer.text();
}
function soon() {
  clearTimeout(waits);
  waits = setTimeout(look, pause);
}

document.getElementById("look").hidden = true;
for (const field of [phone, name]) field.addEventListener("input", soon);
if (!document.querySelector(".problem, #kept-draft")) phone.focus();
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
