// Single keys do what stands beside them (data-key): they press it, or open it and go to what is typed there.
// Only outside text fields, without Ctrl, Alt or Meta; “Single keys” under the page switches them off (WCAG 2.1.4).
const off = "leadwell-single-keys-off";
const typed = "textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=submit]), [contenteditable]";
const choice = document.getElementById("single-keys");

function busy(event) {
  return event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat ||
    event.target.matches(typed) || document.querySelector("dialog[open]");
}
function press(control) {
  const box = control.closest("summary") && control.parentElement;
  if (!box) return control.click();
  box.open = true;
  const field = box.querySelector(typed);
  if (field) field.focus(); else control.focus();
}
document.addEventListener("keydown", (event) => {
  if (localStorage.getItem(off) || busy(event)) return;
  const key = event.key === "Enter" ? "enter" : event.key.toLowerCase();
  if (key === "enter" && event.target.matches("a, button, summary")) return;
  const all = [...document.querySelectorAll("[data-key]")].filter((one) => one.dataset.key === key);
  const seen = all.filter((one) => one.checkVisibility()); // of several that undo, the one that was said last (data-at)
  const control = seen.sort((one, other) => (other.dataset.at ?? 0) - (one.dataset.at ?? 0))[0];
  if (!control) return;
  event.preventDefault();
  press(control);
});
if (choice) {
  choice.checked = !localStorage.getItem(off);
  choice.closest("label").hidden = false;
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(off); else localStorage.setItem(off, "1");
  });
}
