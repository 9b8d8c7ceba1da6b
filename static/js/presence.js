// Who else has this conversation in front of them, and that this page's user has it: reading or typing.
import { freshToken, get, post } from "./request.js";

const BEATS_EVERY = 12_000, QUIET_AFTER = 5_000, IDLE_AFTER = 300_000, ANNOUNCES_EVERY = 60_000;
const TOUCHES = ["pointermove", "pointerdown", "keydown", "wheel"];

export function showPresence(signal) {
  const tab = Math.random().toString(36).slice(2, 12);
  const { presence: url, at } = document.getElementById("presence").dataset;
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
  const beat = () => ask(() => signal.aborted ? { html: "" } : post(url, fields(state)));

  function show({ html }) {
    const here = document.getElementById("presence");
    const now = new DOMParser().parseFromString(html, "text/html").getElementById("presence");
    if (!now || here?.dataset.at !== at || now.innerHTML === here.innerHTML) return;
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
    navigator.sendBeacon(url, form);
  }

  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-composer] :is(textarea, #subject)")) become(target.value ? "typing" : "reading");
  }, { signal });
  document.addEventListener("submit", ({ target }) => { if (target.matches("[data-composer]")) become("reading"); }, { signal });
  document.addEventListener("live:presence", ({ detail }) => { if (String(detail.id) === at) ask(() => get(url)); }, { signal });
  document.addEventListener("visibilitychange", () => { if (isLooking()) beat(); }, { signal });
  for (const type of TOUCHES) {
    document.addEventListener(type, () => {
      const wasIdle = !isLooking();
      touched = performance.now();
      if (wasIdle && isLooking()) beat();
    }, { signal, passive: true, capture: true });
  }
  window.addEventListener("pagehide", leave, { signal });
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) beat(); }, { signal });
  const beating = setInterval(() => { if (isLooking()) beat(); }, BEATS_EVERY);
  signal.addEventListener("abort", () => { clearInterval(beating); clearTimeout(quiet); last.then(leave); });
  if (isLooking()) beat();
}
