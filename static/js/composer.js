// The composer: counts, keeps what is typed, shows a text at once and ends in the truth. One text after the other.
import { post, SignedOut } from "./request.js";

const KEEPS_AFTER = 400, TRIES_AGAIN_AFTER = [1_000, 3_000];

export function compose(thread) {
  let sending = Promise.resolve(), keeping;
  const form = () => document.querySelector("[data-composer]");
  const box = () => form()?.querySelector("textarea");
  const place = () => `draft:${thread.section.dataset.since}`;

  function opened() {
    if (!box()) return;
    const kept = sessionStorage.getItem(place());
    if (kept !== null && kept !== box().value) box().value = kept;
    count();
  }

  function count() {
    const most = Number(box().dataset.most), length = box().value.replace(/\r\n?/g, "\n").length;
    const counter = form().querySelector(".counter"), words = counter.querySelector("[data-count]");
    words.textContent = `${length} / ${most}` + (length > most ? ` · ${words.dataset.over.replace("#", length - most)}` : "");
    if (length > most) counter.dataset.tone = "bad"; else delete counter.dataset.tone;
    form().querySelector("[type=submit]").setAttribute("aria-disabled", String(length > most));
  }

  function keep({ now = false } = {}) {
    sessionStorage.setItem(place(), box().value);
    clearTimeout(keeping);
    const fields = new FormData(form());
    const store = () => post(form()?.dataset.draft ?? "", fields, { keepalive: true }).catch(() => {});
    if (now) store(); else keeping = setTimeout(store, KEEPS_AFTER);
  }

  function complain(sentence) {
    const problem = document.getElementById("problem");
    if (!problem) return;
    problem.hidden = !sentence;
    problem.querySelector("[data-words]").textContent = sentence ?? "";
    if (sentence) box().setAttribute("aria-invalid", "true"); else box().removeAttribute("aria-invalid");
  }

  function send() {
    const text = box().value;
    if (!text.trim()) return;
    const action = form().action, ghost = showGhost(text);
    clearTimeout(keeping);
    box().value = "";
    sessionStorage.setItem(place(), "");
    complain(null);
    count();
    thread.toEnd();
    sending = sending.then(() => deliver(action, text, ghost));
  }

  async function deliver(action, text, ghost) {
    const fields = new FormData(form() ?? undefined);
    fields.set("body", text);
    fields.set("version", thread.section.dataset.version);
    try {
      const { status, html } = await withPatience(() => post(action, fields));
      ghost.remove();
      const { token, problem } = thread.show(html, { stick: true });
      if (token) form()?.querySelector("[name=token]")?.setAttribute("value", token);
      if (status >= 400) giveBack(text, problem);
      else sessionStorage.removeItem(place());
    } catch (error) {
      ghost.remove();
      giveBack(text, error instanceof SignedOut ? form()?.dataset.signedOut : form()?.dataset.unreachable);
      thread.ask();
    }
  }

  // A weak connection: the same token makes a repeated request the same message, so trying again is safe.
  async function withPatience(attempt) {
    for (const pause of TRIES_AGAIN_AFTER) {
      try { return await attempt(); } catch (error) {
        if (error instanceof SignedOut) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return attempt();
  }

  function giveBack(text, sentence) {
    const kept = document.querySelector("#writing [data-kept]");
    if (box()) {
      box().value = box().value ? `${text}\n${box().value}` : text;
      keep({ now: true });
      complain(sentence);
      count();
      box().focus();
    } else if (kept) {
      kept.querySelector("[data-kept-text]").textContent = text;
      kept.hidden = false;
      offerCopy();
    }
  }

  function showGhost(text) {
    const ghost = document.getElementById("ghost").content.firstElementChild.cloneNode(true);
    ghost.querySelector("[data-text]").textContent = text;
    document.getElementById("log").append(ghost);
    document.getElementById("empty").hidden = true;
    return ghost;
  }

  function offerCopy() {
    const kept = document.querySelector("#writing [data-kept]:not([hidden])");
    const button = document.querySelector("#writing [data-copy-draft]");
    if (kept && button && navigator.clipboard) button.hidden = false;
  }

  document.addEventListener("input", (event) => { if (event.target === box()) { count(); keep(); } });
  document.addEventListener("keydown", (event) => {
    if (event.target !== box()) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form().requestSubmit(); }
    if (event.key === "Escape") box().blur();
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    if (form().querySelector("[type=submit]").getAttribute("aria-disabled") === "true") return box().focus();
    send();
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-draft]");
    if (!button) return;
    await navigator.clipboard.writeText(document.querySelector("#writing [data-kept-text]").textContent);
    button.lastChild.textContent = button.dataset.done;
  });
  document.addEventListener("writing", () => { opened(); offerCopy(); });
  document.addEventListener("patched", ({ detail }) => {
    if (detail.token) form()?.querySelector("[name=token]")?.setAttribute("value", detail.token);
  });
  opened();
  offerCopy();
}
