// The composer: counts, keeps what is typed, shows a text at once and ends in the truth. One text after the other.
import { post, with_, SignedOut } from "./request.js";
import { offerParts, plainOrBack, showSegments, splitting } from "./size.js";

const KEEPS_AFTER = 400, TRIES_AGAIN_AFTER = [1_000, 3_000], IDLE_AFTER = 3_000;

export function compose(thread, signal) {
  let sending = Promise.resolve(), keeping, newest; // newest: the token for a text that isn't begun yet
  let underWay = 0, touched = -IDLE_AFTER; // texts on their way to the server; when the box last changed
  const form = () => document.querySelector("[data-composer]");
  const box = () => form()?.querySelector("textarea");
  const token = () => form()?.querySelector("[name=token]");
  const place = () => `draft:${form()?.action ?? thread.section.dataset.since}`; // a draft for each conversation and channel

  // A text keeps the token that it was begun under. If it went out meanwhile, from here or from another tab, the
  // server takes the same words for the same message, and refuses other ones.
  function adopt(value) { if (value) token()?.setAttribute("value", value); }
  const remember = (text) => sessionStorage.setItem(place(), JSON.stringify({ text, token: token()?.value }));

  function opened() {
    if (!box()) return;
    const kept = JSON.parse(sessionStorage.getItem(place()));
    const isThere = kept?.isStored && kept.token === token().value; // and with it what was typed elsewhere since
    const isAhead = kept && !isThere && kept.text !== box().value; // a reload was faster than the draft's way to the server
    if (isAhead) box().value = kept.text;
    if (kept?.text) adopt(kept.token);
    if (isAhead) keep();
    count();
  }

  function count() {
    const most = Number(box().dataset.most), length = box().value.replace(/\r\n?/g, "\n").length;
    const counter = form().querySelector(".counter"), words = counter.querySelector("[data-count]");
    const isOver = length > most, segments = showSegments(form(), isOver ? "" : box().value);
    const more = isOver ? words.dataset.over.replace("#", length - most) : segments;
    words.textContent = `${length} / ${most}` + (more ? ` · ${more}` : "");
    offerParts(form(), box().value);
    if (isOver) counter.dataset.tone = "bad"; else delete counter.dataset.tone;
    for (const each of form().querySelectorAll("#sends .btn, [data-enter]")) { // drawn anew by a patch where they differ from the server's
      if (isOver || "closed" in each.dataset) each.setAttribute("aria-disabled", "true"); else each.removeAttribute("aria-disabled");
    }
  }

  function keep({ now = false } = {}) {
    touched = performance.now();
    if (!box().value) adopt(newest);
    remember(box().value);
    clearTimeout(keeping);
    const fields = new FormData(form());
    const address = form().dataset.draft, kept = sessionStorage.getItem(place()), here = place();
    const store = async () => {
      keeping = undefined;
      const { status } = await post(address, fields, { keepalive: true }).catch(() => ({}));
      if (status === 204 && sessionStorage.getItem(here) === kept) sessionStorage.setItem(here, JSON.stringify({ ...JSON.parse(kept), isStored: true }));
    };
    if (now) store(); else keeping = setTimeout(store, KEEPS_AFTER);
  }

  function complain(sentence) {
    const problem = document.getElementById("problem");
    if (!problem) return;
    problem.hidden = !sentence;
    problem.querySelector("[data-words]").textContent = sentence ?? "";
    if (sentence) box().setAttribute("aria-invalid", "true"); else box().removeAttribute("aria-invalid");
  }

  function send(texts = [box().value], { action = form().action, fields = {} } = {}) {
    const text = box().value;
    if (!text.trim()) return;
    touched = performance.now();
    const ghosts = texts.map(showGhost);
    keeping = clearTimeout(keeping);
    remember(text); // until the server has it
    box().value = "";
    complain(null);
    count();
    thread.toEnd();
    underWay += 1;
    sending = sending.then(() => deliver(action, { body: text, ...fields }, ghosts)).finally(() => { underWay -= 1; });
  }

  async function deliver(action, more, ghosts) {
    const text = more.body, fields = new FormData(form() ?? undefined);
    for (const [name, value] of Object.entries(more)) fields.set(name, value);
    fields.set("version", thread.section.dataset.version);
    try {
      const { status, html } = await withPatience(() => post(action, fields));
      for (const ghost of ghosts) ghost.remove();
      const { token, problem } = thread.show(html, { stick: true });
      adopt(token);
      if (status >= 400) giveBack(text, problem || form()?.dataset.unreachable);
      else if (box()?.value) keep({ now: true });
      else sessionStorage.removeItem(place());
    } catch (error) {
      for (const ghost of ghosts) ghost.remove();
      adopt(fields.get("token"));
      giveBack(text, error instanceof SignedOut ? form()?.dataset.signedOut : form()?.dataset.unreachable);
      thread.ask();
    }
  }

  // What leaves later stands below the thread once the server has it; until then the words stay where they are.
  // By now a text before it may have come back, and stands above these words: then nothing is kept that was not meant.
  async function keepForLater(button, text) {
    if (!box()) return;
    if (!text.trim() || !box().value.startsWith(text)) return box().focus();
    clearTimeout(keeping);
    remember(text);
    const fields = new FormData(form());
    fields.set(button.name, button.value);
    fields.set("version", thread.section.dataset.version);
    const here = place(), wasTyping = box();
    try {
      const { status, html } = await withPatience(() => post(button.getAttribute("formaction") ?? form().action, fields));
      if (status >= 400) return void complain(thread.show(html).problem);
      sessionStorage.removeItem(here);
      if (wasTyping === box() && box().value.startsWith(text)) box().value = box().value.slice(text.length);
      const { since } = thread.section.dataset;
      thread.section.dataset.since = with_(since, { later: "" }); // the lock is back, with its own way on
      adopt(thread.show(html, { stick: true }).token);
      if (!box()) return;
      form().querySelector("[data-menu]")?.removeAttribute("open");
      form().querySelector("[name=at]").value = "";
      complain(null);
      count();
      keep({ now: true });
      box().focus();
    } catch (error) { complain(error instanceof SignedOut ? form()?.dataset.signedOut : form()?.dataset.unreachable); }
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
      putBefore(text);
      complain(sentence);
    } else if (kept) {
      kept.querySelector("[data-kept-text]").textContent = text;
      kept.hidden = false;
      remember(text);
      offerCopy();
    }
  }

  function putBefore(text) {
    if (!box().value.startsWith(text)) box().value = box().value ? `${text}\n${box().value}` : text;
    keep({ now: true });
    count();
    box().focus();
  }

  // Undo: the words are here again; where another channel is open, its composer comes, with the words as its draft.
  function takeBack({ words, on, subject }) {
    const isHere = document.getElementById("writing").dataset.channel === on;
    if (!isHere) return document.querySelector(`[data-picker] input[value="${on}"]`)?.click();
    if (!box()) return;
    const title = form().querySelector("[name=subject]");
    if (title && subject) title.value = subject;
    complain(null);
    putBefore(words);
  }

  function showGhost(text) {
    const ghost = document.getElementById("ghost").content.firstElementChild.cloneNode(true);
    ghost.querySelector("[data-text]").textContent = (form()?.querySelector("[data-prefix]")?.dataset.prefix ?? "") + text;
    document.getElementById("log").append(ghost);
    document.getElementById("empty").hidden = true;
    return ghost;
  }

  function offerCopy() {
    const kept = document.querySelector("#writing [data-kept]:not([hidden])");
    const button = document.querySelector("#writing [data-copy-draft]");
    if (kept && button && navigator.clipboard) button.hidden = false;
  }

  document.addEventListener("input", (event) => {
    if (event.target === box() || event.target.form === form() && event.target.name === "subject") { count(); keep(); }
  }, { signal });
  document.addEventListener("keydown", (event) => {
    if (event.target.name === "at" && event.target.form === form() && event.key === "Enter") {
      event.preventDefault();
      return form().requestSubmit(form().querySelector("[name=when][value=at]"));
    }
    if (event.target !== box()) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form().requestSubmit(form().querySelector("[data-enter]")); }
    if (event.key === "Escape") box().blur();
  }, { signal });
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    const { submitter } = event;
    if (submitter?.name === "parts") {
      send(splitting(form(), box().value), { action: submitter.formAction, fields: { parts: submitter.value } });
      return box().focus(); // the button goes with the text that was too long
    }
    const sends = form().querySelector("[data-enter]"), isLater = submitter?.name === "when"; // no wall stands before another time
    if (sends.getAttribute("aria-disabled") === "true" && !(isLater && "closed" in sends.dataset)) return box().focus();
    const text = box().value;
    if (isLater) sending = sending.then(() => keepForLater(submitter, text)); else send();
  }, { signal });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-draft]");
    if (!button) return;
    await navigator.clipboard.writeText(document.querySelector("#writing [data-kept-text]").textContent);
    button.lastChild.textContent = button.dataset.done;
  }, { signal });
  document.addEventListener("click", ({ target }) => { if (box() && form().contains(target)) plainOrBack(target, box()); }, { signal });
  document.addEventListener("writing", () => { opened(); offerCopy(); }, { signal });
  // Before another conversation or channel takes this place: keep what is typed, and let what was sent arrive first.
  document.addEventListener("leaving", ({ detail }) => {
    if (keeping && box()) keep({ now: true });
    detail.push(sending);
  }, { signal });
  document.addEventListener("patched", ({ detail }) => {
    newest = detail.token ?? newest;
    if (!box()?.value) adopt(newest);
    if (box()) count();
    if (detail.back) takeBack(detail.back);
  }, { signal });
  document.addEventListener("drafted", ({ detail: { text, token: theirs } }) => {
    const isIdle = !underWay && keeping === undefined && performance.now() - touched > IDLE_AFTER;
    if (!isIdle || !box() || box().value || theirs !== token().value) return;
    box().value = text;
    count();
  }, { signal });
  document.addEventListener("refused", ({ detail }) => complain(detail), { signal });
  opened();
  offerCopy();
}
