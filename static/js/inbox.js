// The Inbox: opens conversations beside the list, keeps rows and counts up to date, and does what its forms say.
import { get, post, with_, Gone } from "./request.js";
import { listenToKeys } from "./keys.js";

const TELLS_FOR = 10_000; // a toast, with its Undo
const GATHERS_FOR = 250; // changes that come together are asked for once
const LOOKS_ANYWAY_EVERY = 60_000; // what was put off comes back, and what a lost signal told

export function keepInbox(main, { openConversation, thread }) {
  const query = () => main.dataset.query;
  const rows = () => document.getElementById("rows");
  const links = () => [...main.querySelectorAll("#rows .conv")];
  const current = () => main.querySelector('#rows .conv[aria-current="page"]');
  let keptUnread = null; // what was marked as unread stays so while it is still open

  // ── Opening, beside the list ──────────────────────────────────────────────
  async function open(url, { push = true, focus = true } = {}) {
    const had = document.activeElement;
    await leaving();
    let html;
    try { [{ html }] = await Promise.all([get(url), import("./conversation.js")]); } catch { return location.assign(url); }
    const pane = new DOMParser().parseFromString(html, "text/html").getElementById("open");
    if (!pane) return location.assign(url);
    document.getElementById("open").replaceWith(pane);
    window.htmx?.process(pane);
    if (push) history.pushState({}, "", url);
    document.title = document.title.replace(/^(\(\d+\) )?.*$/, `$1${pane.dataset.title}`);
    main.dataset.pane = "thread";
    keptUnread = null;
    mark(pane.querySelector("[data-conversation]").dataset.conversation);
    await openConversation(); // before the focus says that keys are heard
    // Who went on to the search isn't called back. A row that was drawn anew meanwhile is another element with the same id.
    const at = document.activeElement, isWhereItWas = at === document.body || at === had || (at.id && at.id === had.id);
    if (focus && isWhereItWas) document.getElementById("conversation-title")?.focus();
  }

  function mark(id) {
    for (const link of links()) {
      if (link.dataset.open === String(id)) { link.setAttribute("aria-current", "page"); read(link); }
      else link.removeAttribute("aria-current");
    }
  }

  function read(link) {
    if (!link.hasAttribute("data-unread")) return;
    link.removeAttribute("data-unread");
    link.querySelector(":scope > .vh")?.remove();
  }

  async function leaving() {
    const waits = [];
    document.dispatchEvent(new CustomEvent("leaving", { detail: waits }));
    await Promise.all(waits);
  }

  function backToList() {
    if (main.dataset.pane === "list") return;
    const at = current();
    main.dataset.pane = "list";
    (at ?? rows())?.focus();
    if (matchMedia("(max-width: 48rem)").matches) history.pushState({}, "", `${main.dataset.home}${query()}`);
  }

  // Who reaches for the list opens a conversation next.
  for (const type of ["pointerover", "focusin"]) rows().addEventListener(type, () => import("./conversation.js"), { once: true, passive: true });
  main.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-open], a[data-back], a[data-more], button[data-details], a[data-shows-keys]");
    if (!link) return;
    if (link.matches("[data-details]")) return toggleDetails(link);
    event.preventDefault();
    if (link.matches("[data-open]")) open(link.href);
    else if (link.matches("[data-back]")) backToList();
    else if (link.matches("[data-more]")) more(link);
    else document.getElementById("keys").showModal();
  });
  window.addEventListener("popstate", () => {
    if (/\/inbox\/\d+\//.test(location.pathname) && location.search.replace(/[?&]on=\w+/, "") === query()) open(location.href, { push: false, focus: false });
    else location.reload();
  });

  function toggleDetails(button) {
    const rail = document.querySelector("#open .rail");
    if (!rail) return;
    rail.toggleAttribute("data-open");
    button?.setAttribute("aria-expanded", String(rail.hasAttribute("data-open")));
  }

  async function more(link) {
    try {
      const { html } = await get(link.href);
      const next = new DOMParser().parseFromString(html, "text/html").querySelectorAll("#rows > li");
      document.getElementById("more")?.remove();
      for (const row of next) if (!document.getElementById(row.id)) rows().append(row);
    } catch { location.assign(link.href); }
  }

  // ── Rows and counts, live; what is being read doesn't move ───────────────
  const changed = new Set();
  let gathering;
  function ask(id) {
    changed.add(id);
    gathering ??= setTimeout(async () => {
      gathering = undefined;
      const ids = [...changed];
      changed.clear();
      for (const each of ids) await refresh(each);
    }, GATHERS_FOR);
  }

  async function refresh(id) {
    let html;
    try { ({ html } = await get(`${main.dataset.home}${id}/row/${query()}`)); } catch (error) {
      if (error instanceof Gone) document.getElementById(`row-${id}`)?.remove();
      return;
    }
    const patch = new DOMParser().parseFromString(html, "text/html").querySelector("[data-row-of]");
    putViews(patch);
    if (!main.dataset.query.includes("q=")) put(patch.querySelector("li[data-at]"), id);
  }

  // The whole first page anew: after a connection was lost, and now and then. A search is what was found when it was asked.
  async function lookAgain() {
    if (main.dataset.query.includes("q=") || document.visibilityState !== "visible") return;
    let html;
    try { ({ html } = await get(main.dataset.home + query())); } catch { return; }
    const patch = new DOMParser().parseFromString(html, "text/html").querySelector("[data-list]");
    const fresh = [...patch.querySelectorAll("#rows > li[data-at]")], ids = new Set(fresh.map(({ id }) => id));
    const isAll = !patch.querySelector("#more"), oldest = Number(fresh.at(-1)?.dataset.at ?? 0);
    for (const row of [...rows().querySelectorAll(":scope > li[data-at]")]) {
      const isGone = !ids.has(row.id) && (isAll || Number(row.dataset.at) > oldest);
      if (isGone && !row.querySelector("[aria-current]") && !row.contains(document.activeElement)) row.remove();
    }
    for (const row of fresh) put(row, Number(row.querySelector(".conv").dataset.open));
    putViews(patch);
  }

  function putViews(patch) {
    const views = patch.querySelector("#views"), old = document.getElementById("views");
    if (old.innerHTML !== views.innerHTML && !old.contains(document.activeElement)) old.replaceWith(views);
  }

  function put(row, id) {
    const old = document.getElementById(`row-${id}`), isOpen = old?.querySelector("[aria-current]") || thread()?.id === id;
    if (!row && !isOpen) return void old?.remove();
    if (!row) return;
    if (isOpen) { row.querySelector(".conv").setAttribute("aria-current", "page"); if (thread()?.isInFront() && id !== keptUnread) read(row.querySelector(".conv")); }
    if (old?.outerHTML === row.outerHTML) return;
    const hadFocus = old?.contains(document.activeElement), list = rows(), scrolled = list.scrollTop;
    if (old && old.dataset.at === row.dataset.at) old.replaceWith(row);
    else {
      old?.remove();
      const next = [...list.children].find((each) => each.id === "more" || Number(each.dataset.at) < Number(row.dataset.at));
      list.insertBefore(row, next ?? null);
      if (scrolled && row.offsetTop < list.scrollTop) list.scrollTop = scrolled + (old ? 0 : row.offsetHeight);
    }
    if (hadFocus) row.querySelector(".conv").focus({ preventScroll: true });
    list.parentElement.querySelector(".list__none")?.remove();
  }
  document.addEventListener("live:conversation", ({ detail }) => ask(detail.id));
  document.addEventListener("live:open", lookAgain);
  document.addEventListener("visibilitychange", lookAgain);
  setInterval(lookAgain, LOOKS_ANYWAY_EVERY);

  // ── Done, star, put off, unread, undo ─────────────────────────────────────
  main.parentElement.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-does]");
    if (!form) return;
    event.preventDefault();
    const fields = new FormData(form, event.submitter), does = form.dataset.does, id = thread()?.id;
    const next = does === "done" && fields.get("done") === "yes" || does === "snooze" ? neighbour() : null;
    try {
      const { html } = await post(form.action, fields);
      toast(html);
    } catch { return form.submit(); }
    form.closest("details")?.removeAttribute("open");
    if (does === "undo") return undone(form.closest("[data-toast]"));
    if (does === "star") flip(event.submitter);
    if (does === "unread") { keptUnread = id; backToList(); }
    if (next !== null) { document.getElementById(`row-${id}`)?.remove(); next ? open(next.href) : location.assign(`${main.dataset.home}${query()}`); }
    else if (id) ask(id);
  });

  function undone(told) {
    const about = Number(told.dataset.about);
    told.remove();
    keptUnread = null;
    ask(about);
    if (about === thread()?.id) open(location.href, { push: false, focus: false }); // its star and its Done are drawn anew
  }

  function flip(button) {
    const isOn = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!isOn));
    button.value = isOn ? "yes" : "no";
  }

  function neighbour() {
    const all = links(), at = all.indexOf(current());
    return all[at + 1] ?? all[at - 1] ?? false;
  }

  let telling;
  function toast(html) {
    const toasts = document.getElementById("toasts");
    toasts.innerHTML = html;
    toasts.firstElementChild.dataset.since = performance.now();
    clearTimeout(telling);
    telling = setTimeout(() => { if (!toasts.contains(document.activeElement)) toasts.replaceChildren(); }, TELLS_FOR);
  }

  listenToKeys({ main, links, current, open, backToList, toggleDetails });
}
