// Keeps the worklist up to date and gives it keys. Without it the page works by links and buttons, as of when it opened.
(function () {
  "use strict";
  const live = document.getElementById("live");
  const news = document.getElementById("news");
  const every = Number(live.dataset.poll) * 1000;
  const parser = new DOMParser();
  let state = live.dataset.live;
  let shown = live.dataset.token;

  const of = (root) => [...root.querySelectorAll("#rows tr")];
  const busy = (part) => part && (part.matches(":hover") || part.contains(document.activeElement));

  // Told anew but for the element that has the focus and what it stands in, so that it is taken from nobody.
  function renew(here, next) {
    for (const one of [...here.attributes]) if (!next.hasAttribute(one.name)) here.removeAttribute(one.name);
    for (const one of next.attributes) here.setAttribute(one.name, one.value);
    const at = [...here.children].findIndex((one) => one.contains(document.activeElement));
    if (at < 0) return here.replaceChildren(...next.childNodes);
    const held = here.children[at];
    const parts = [...next.children];
    const same = parts.length === here.children.length ? parts[at] : parts.find((one) => one.tagName === held.tagName);
    for (const one of [...here.childNodes]) if (one !== held) one.remove();
    const nodes = [...next.childNodes];
    const until = same ? nodes.indexOf(same) : nodes.length;
    held.before(...nodes.slice(0, until));
    held.after(...nodes.slice(until + 1));
    if (same) renew(held, same);
    else document.activeElement.setAttribute("aria-disabled", "true"); // it can no longer be done, and goes with the focus
  }
  const waitsWith = (row) => row.querySelector(".owner span").textContent;
  // Rows that stay are told anew where they stand; what came is put below, what went says so and stays in its place.
  function keepPlaces(fresh) {
    const body = document.getElementById("rows");
    const anew = new Map(of(fresh).map((row) => [row.dataset.lead, row]));
    for (const row of of(live)) {
      const next = anew.get(row.dataset.lead);
      anew.delete(row.dataset.lead);
      row.classList.toggle("gone", !next);
      if (!next) continue;
      const before = waitsWith(row);
      const focused = row.contains(document.activeElement);
      renew(row, next);
      if (focused && waitsWith(row) !== before) news.textContent = "It waits with " + waitsWith(row) + " now.";
    }
    if (body) body.append(...anew.values());
    return anew.size;
  }
  function change(selector, fresh) {
    const here = live.querySelector(selector);
    const next = fresh.querySelector(selector);
    if (busy(here)) return;
    if (here && next) here.replaceWith(next);
    else if (here) here.remove();
    else if (next) live.prepend(next);
  }
  function goes(card) {
    if (!card.classList.contains("gone")) news.textContent = "Somebody else has it now, or has answered it.";
    card.classList.add("gone");
  }
  const leadOf = (root) => (root.querySelector(".next") || { dataset: {} }).dataset.lead;
  function take(html) {
    const fresh = parser.parseFromString(html, "text/html").body;
    document.getElementById("as-of").replaceWith(fresh.querySelector("#as-of"));
    const before = new Set(of(live).map((row) => row.dataset.lead));
    const came = of(fresh).filter((row) => !before.has(row.dataset.lead)).length;
    if (!busy(live)) {
      live.replaceChildren(...fresh.childNodes);
    } else {
      if (!busy(live.querySelector(".next"))) change(".next", fresh);
      else if (leadOf(live) !== leadOf(fresh)) goes(live.querySelector(".next"));
      change(".strip", fresh);
      change(".tabs", fresh);
      if (live.querySelector("#rows") && fresh.querySelector("#rows")) keepPlaces(fresh);
      else if (!busy(live.querySelector(".list-box"))) change(".list-box", fresh);
    }
    if (came) news.textContent = came === 1 ? "One more lead waits here." : came + " more leads wait here.";
  }
  async function look() {
    if (document.hidden) return;
    try {
      const headers = { "X-Live": "1", "If-None-Match": state, "X-Shown": shown };
      const answer = await fetch(location.href, { headers, redirect: "manual", cache: "no-store" });
      if (answer.status !== 200) return;
      state = answer.headers.get("ETag");
      shown = answer.headers.get("X-Shown");
      take(await answer.text());
    } catch (gone) { /* the network is away: what stands here stays, and is asked for again */ }
  }
  setInterval(look, every);
  document.addEventListener("visibilitychange", look);

  // Keys: never in a field, never with another key, and only while somebody wants them (WCAG 2.1.4).
  const wants = document.getElementById("keys-on");
  const off = "leadwell-single-keys-off"; // as base/keys.js has it
  wants.checked = !localStorage.getItem(off);
  wants.addEventListener("change", () => (wants.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1")));
  const links = () => [...live.querySelectorAll("#rows a.open")];
  function move(step) {
    const all = links();
    const at = all.findIndex((one) => one.closest("tr").contains(document.activeElement));
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
    if (next) next.focus();
  }
  function open() {
    const row = document.activeElement.closest("#rows tr");
    const link = row ? row.querySelector("a.open") : live.querySelector(".next a.btn") || links()[0];
    if (link) link.click();
  }
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: open,
    t: () => document.getElementById("take-next").requestSubmit(),
    "/": () => document.getElementById("sought").focus(),
    "?": () => {
      const list = document.getElementById("keys");
      list.open = !list.open;
      if (list.open) list.querySelector("summary").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
    if (!wants.checked || typing || event.ctrlKey || event.altKey || event.metaKey) return;
    const does = keys[event.key.toLowerCase()];
    if (!does) return;
    event.preventDefault();
    does();
  });
})();
