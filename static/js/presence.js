// Who else has this conversation in front of them, and that this page's user has it: reading or typing.
import { freshToken, get, post } from "./request.js";

const BEATS_EVERY = 12_000, QUIET_AFTER = 5_000, IDLE_AFTER = 300_000, ANNOUNCES_EVERY = 60_000;
const TOUCHES = ["pointermove", "pointerdown", "keydown", "wheel"];

export function showPresence() {
  const tab = Math.random().toString(36).slice(2, 12);
  const place = () => document.getElementById("presence");
  let state = "reading", last = Promise.resolve(), touched = performance.now(), announced = -Infinity, quiet;

  const isLooking = () => document.visibilityState === "visible" && performance.now() - touched < IDLE_AFTER;

  function fields(what) {
    const form = new FormData();
    form.set("tab", tab);
    form.set("state", what);
    return form;
  }

  // One after the other, so that the last word is the last one to arrive.
  function ask(request) { last = last.then(request).then(show).catch(() => {}); } // the next beat asks again
  const beat = () => ask(() => post(place().dataset.presence, fields(state)));

  function show({ html }) {
    const here = place(), now = new DOMParser().parseFromString(html, "text/html").getElementById("presence");
    if (!now || now.dataset.at !== here?.dataset.at || now.innerHTML === here.innerHTML) return;
    const beganToType = now.dataset.typing !== undefined && here.dataset.typing === undefined;
    here.replaceWith(now);
    if (beganToType && performance.now() - announced > ANNOUNCES_EVERY) {
      announced = performance.now();
      document.getElementById("announcer").textContent = now.querySelector("[data-words]").textContent;
    }
  }

  function become(what) {
    clearTimeout(quiet);
    if (what === "typing") quiet = setTimeout(() => become("reading"), QUIET_AFTER);
    if (what === state) return;
    state = what;
    beat();
  }

  function leave() {
    const form = fields("gone");
    form.set("csrfmiddlewaretoken", freshToken() ?? "");
    navigator.sendBeacon(place().dataset.presence, form);
  }

  document.addEventListener("input", ({ target }) => {
    if (target.closest("[data-composer]")) become(target.value ? "typing" : "reading");
  });
  document.addEventListener("submit", ({ target }) => { if (target.matches("[data-composer]")) become("reading"); });
  document.addEventListener("live:presence", ({ detail }) => {
    if (String(detail.id) === place().dataset.at) ask(() => get(place().dataset.presence));
  });
  document.addEventListener("visibilitychange", () => { if (isLooking()) beat(); });
  for (const type of TOUCHES) {
    document.addEventListener(type, () => {
      const wasIdle = !isLooking();
      touched = performance.now();
      if (wasIdle && isLooking()) beat();
    }, { passive: true, capture: true });
  }
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) beat(); });
  setInterval(() => { if (isLooking()) beat(); }, BEATS_EVERY);
  if (isLooking()) beat();
}
