// The open conversation: asks for what changed since its own version, when told, on reconnect, and once in a while.
import { apply } from "./patch.js";
import { get, post, with_, Gone, SignedOut } from "./request.js";

const AT_END = 48; // pixels
const MOST_WAITING = 20;
const LOOKS_ANYWAY_EVERY = 60_000, LOOKS_WITHOUT_STREAM_EVERY = 5_000;

export function follow(section, signal) {
  const id = Number(section.dataset.conversation);
  const scroller = document.getElementById("thread");
  const newer = document.getElementById("newer");
  let asking = null, askAgain = false, unseen = 0, live = true;

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END;
  const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };
  const isInFront = () => document.visibilityState === "visible";

  // `follows`: to the end where a message of ours was added there; who pressed a button in the thread stays at it.
  function show(html, { stick = atEnd(), follows = false } = {}) {
    const { added, version, token, problem, back, reload } = apply(html, { newer: section.dataset.history === undefined });
    if (reload) location.reload(); // so much changed that a whole page is less
    if (version) section.dataset.version = Math.max(version, Number(section.dataset.version));
    const came = added.filter((entry) => !entry.querySelector(".msg--out"));
    for (const entry of added) entry.querySelector(".msg")?.classList.add("msg--arrived");
    if (stick || follows && added.some((entry) => entry.querySelector(".msg--out"))) toEnd();
    else if (came.length) tellNewer(unseen += came.length);
    if (isInFront()) markSeen();
    document.dispatchEvent(new CustomEvent("patched", { detail: { token, back } }));
    return { token, problem };
  }

  // Texts whose turn comes nearer without a new version; not those whose steps are open.
  function waiting() {
    const found = [...document.querySelectorAll("#log > [data-waits]:not(:has(details[open]))")].slice(0, MOST_WAITING);
    return found.length ? { waiting: found.map((entry) => entry.dataset.position) } : {};
  }

  async function ask() {
    if (asking) { askAgain = true; return asking; }
    asking = (async () => {
      try {
        const { since, version } = section.dataset;
        const { html } = await get(with_(since, { version, ...waiting() }));
        if (signal.aborted) return; // another conversation is open by now
        if (section.dataset.since !== since) return void (askAgain = true); // another composer stands there by now
        show(html);
        if (live) say(null);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Gone) location.reload();
        say(error instanceof SignedOut ? "signedOut" : "lost");
      }
    })();
    await asking;
    asking = null;
    if (askAgain) { askAgain = false; await ask(); }
  }

  // What concerns many pages must not make them all ask at the same instant.
  let spread = null;
  function askWithin(most) {
    if (!most) return void ask();
    spread ??= setTimeout(() => { spread = null; if (!signal.aborted) ask(); }, Math.random() * most);
  }

  const bar = document.getElementById("connection");
  let goodNews;
  function say(what) {
    const wasBad = !bar.hidden && bar.dataset.tone !== "ok";
    clearTimeout(goodNews);
    if (!what && !wasBad && bar.dataset.tone !== "ok") return;
    const words = bar.querySelector("[data-words]");
    bar.hidden = false;
    bar.dataset.tone = what ? (what === "signedOut" ? "bad" : "warn") : "ok";
    words.textContent = words.dataset[what ?? "back"];
    bar.querySelector("[data-sign-in]").hidden = what !== "signedOut";
    if (!what) goodNews = setTimeout(() => { bar.hidden = true; delete bar.dataset.tone; }, 3_000);
  }

  function tellNewer(count) {
    newer.hidden = !count;
    newer.textContent = count === 1 ? newer.dataset.one : newer.dataset.many.replace("#", count);
  }
  newer.addEventListener("click", () => { toEnd(); scroller.focus(); });
  scroller.addEventListener("scroll", () => { if (atEnd()) tellNewer(unseen = 0); }, { passive: true });

  let seenUpTo = Number(section.dataset.version);
  function markSeen() {
    const version = Number(section.dataset.version);
    if (version > seenUpTo) post(section.dataset.seen, new FormData()).then(() => { seenUpTo = version; }, () => {});
  }

  document.addEventListener("live:conversation", ({ detail }) => {
    if (detail.id === id && detail.version > Number(section.dataset.version)) ask();
  }, { signal });
  document.addEventListener("live:account", ({ detail }) => askWithin(detail.within), { signal }); // a seat, a team, a sender
  document.addEventListener("live:open", () => { live = true; ask(); }, { signal });
  document.addEventListener("live:lost", () => { live = false; say("lost"); ask(); }, { signal });
  document.addEventListener("contact-changed", ask, { signal });
  document.addEventListener("visibilitychange", () => { if (isInFront()) ask(); }, { signal });
  window.addEventListener("online", ask, { signal });
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) ask(); }, { signal });
  const looks = [
    setInterval(() => { if (live && isInFront()) ask(); }, LOOKS_ANYWAY_EVERY),
    setInterval(() => { if (!live && isInFront()) ask(); }, LOOKS_WITHOUT_STREAM_EVERY),
  ];
  signal.addEventListener("abort", () => looks.forEach(clearInterval));

  scroller.addEventListener("toggle", ({ target }) => { // what is opened to be edited is seen
    if (target.matches(".later__edit[open]")) target.querySelector("form").scrollIntoView({ block: "nearest" });
  }, { capture: true, signal });
  scroller.addEventListener("htmx:afterSwap", ({ target }) => target.scrollIntoView?.({ block: "nearest" })); // the steps of a message
  loadOlder(scroller);
  const aim = document.getElementById(location.hash.slice(1));
  const isThere = scroller.contains(aim) || scroller.contains(document.activeElement); // who was faster than this script stays
  if (section.dataset.history === undefined && !isThere) toEnd();
  if (aim?.matches("#writing textarea")) goOnWriting(aim);
  document.addEventListener("submit", (event) => sendForm(event, show, section), { signal });
  return { id, show, ask, isInFront, toEnd, section };
}

// Words were put into the box, or it was asked for: the next key goes on after them.
function goOnWriting(box) {
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}

// Older messages come when their button scrolls into view, or is pressed; what is read stays where it is.
function loadOlder(scroller) {
  let loading = false;
  async function load(link) {
    if (loading) return;
    loading = true;
    try {
      const before = new URL(link.href).searchParams.get("before");
      const { html } = await get(with_(link.dataset.older, { before }));
      const log = document.getElementById("log");
      log.setAttribute("aria-live", "off");
      const fromEnd = scroller.scrollHeight - scroller.scrollTop;
      apply(html, { older: true });
      scroller.scrollTop = scroller.scrollHeight - fromEnd;
      requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
    } catch { /* the button stays, to be pressed again */ } finally { loading = false; }
    watch();
  }
  const observer = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) { observer.unobserve(target); load(target); }
  }, { root: scroller, rootMargin: "200px 0px 0px" });
  const watch = () => { const link = scroller.querySelector("[data-older]"); if (link) observer.observe(link); };
  scroller.addEventListener("click", (event) => {
    const link = event.target.closest("[data-older]");
    if (link) { event.preventDefault(); load(link); }
  });
  requestAnimationFrame(watch);
}

// Forms that answer with a patch: Send Invite, Retry, Send again, Undo. One click is one request.
async function sendForm(event, show, section) {
  const form = event.target.closest("form[data-patch]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const fields = new FormData(form);
  fields.set("version", section.dataset.version);
  try {
    const { html } = await post(form.action, fields);
    form.closest("#later > *")?.setAttribute("data-answered", "");
    const { problem } = show(html, form.closest("#log") ? { follows: true } : { stick: true });
    if (problem) document.dispatchEvent(new CustomEvent("refused", { detail: problem }));
  } catch { form.submit(); } finally { delete form.dataset.busy; } // the plain way shows what went wrong
}
