// A page of mail stays up to date: what comes shows by itself, unless somebody is writing here.

const main = document.getElementById("main");

let turns = 0; // so that of several answers under way only the last one counts

async function refresh() {
  if (document.hidden || main.querySelector("[data-draft], input:focus")) return;
  const turn = ++turns;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
  if (turn !== turns || fresh.innerHTML === main.innerHTML) return;
  const focused = main.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  main.replaceChildren(...fresh.childNodes);
  if (focused) [...main.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
}

if (location.pathname.startsWith("/mail")) {
  new EventSource("/events").addEventListener("changed", refresh);
  document.addEventListener("visibilitychange", refresh);
}
