// Keeps what is being typed on the server, sealed, and puts it back: desks are shared, so nothing stays in the browser.
// Whom somebody looks for (input[type=search]) is no draft.
const where = document.getElementById("idle").dataset.keep;
const kept = document.getElementById("kept-draft");
const typed = "textarea, input[type=text], input[type=email], input[type=tel], input[type=url], input:not([type])";
const pause = 1500;
const told = new Map();
let timer = 0;

// “Path of the form|name”, as the server names it when it keeps a form that came too late.
function nameOf(field) {
  const path = new URL(field.form.getAttribute("action") || location.pathname, location.href).pathname;
  return path + "|" + field.name;
}
function fields() {
  const all = [...document.querySelectorAll("#main form[method=post]")].flatMap((form) => [...form.elements]);
  return all.filter((field) => field.name && field.matches(typed) && !field.readOnly);
}
function changes() {
  const news = {};
  for (const field of fields()) {
    const name = nameOf(field);
    const text = field.value === field.defaultValue ? "" : field.value;
    if ((told.get(name) || "") !== text) news[name] = text;
  }
  return news;
}
function letter(news) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  body.append("page", location.pathname);
  body.append("fields", JSON.stringify(news));
  return body;
}
async function keep() {
  timer = 0;
  const news = changes();
  if (!Object.keys(news).length) return;
  const answer = await fetch(where, { method: "POST", body: letter(news), redirect: "manual" });
  if (answer.status === 204) for (const [name, text] of Object.entries(news)) told.set(name, text);
}
function putBack() {
  const named = new Map(fields().map((field) => [nameOf(field), field]));
  const texts = [...kept.querySelectorAll("[data-field]")];
  const found = texts.filter((text) => named.has(text.dataset.field));
  for (const text of found) {
    const field = named.get(text.dataset.field);
    field.value = text.textContent;
    told.set(text.dataset.field, field.value);
  }
  if (found.length < texts.length) return void (kept.querySelector("details").open = true);
  kept.hidden = true;
  named.get(found[0].dataset.field).focus();
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(keep, pause);
}

document.addEventListener("input", (event) => { if (event.target.matches(typed) && event.target.form) soon(); });
document.addEventListener("submit", () => { clearTimeout(timer); timer = 0; });
addEventListener("pagehide", () => {
  if (timer) navigator.sendBeacon(where, letter(changes()));
});
if (Object.keys(changes()).length) soon(); // typed before this ran
if (kept) {
  const back = document.getElementById("kept-back");
  back.hidden = false;
  back.addEventListener("click", putBack);
}
