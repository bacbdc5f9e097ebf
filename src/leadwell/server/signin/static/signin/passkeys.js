// Says that a passkey was not used: the browser itself says nothing when somebody closes its window or has none here.
let said = null;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (!said) {
    said = document.createElement("p");
    said.className = "strip warn";
    said.setAttribute("role", "alert");
    document.querySelector("#main h1").after(said);
  }
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = "No passkey was used. Try again, or go on another way.";
  });
});
