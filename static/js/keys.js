// The Inbox by keyboard. Letters work only outside fields, and can be switched off (WCAG 2.1.4).
export function listenToKeys({ main, links, current, open, backToList, toggleDetails }) {
  const isOn = () => document.body.dataset.shortcuts !== "off";
  const isTyping = (element) => element.matches?.("input:not([type=radio]), textarea, select, [contenteditable]");
  const dialogIsOpen = () => document.querySelector("dialog[open]");

  function move(by) {
    const all = links(), focused = all.indexOf(document.activeElement?.closest?.(".conv"));
    const at = focused >= 0 ? focused : all.indexOf(current());
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  const press = (selector) => main.parentElement.querySelector(selector)?.click();
  const does = {
    j: () => move(1),
    k: () => move(-1),
    o: () => { const link = document.activeElement?.closest?.(".conv") ?? current(); if (link) open(link.href); },
    r: () => document.querySelector("#writing :is(textarea, .lockpanel__do button:not([hidden]), .lockpanel__do a)")?.focus(),
    e: () => press("[data-does=done] button"),
    s: () => press("[data-does=star] button"),
    u: () => press("[data-does=unread] button"),
    h: () => { const menu = main.querySelector(".who__menu"); if (menu) { menu.open = !menu.open; menu.querySelector("form button")?.focus(); } },
    z: () => undoLatest(),
    c: () => press("[data-key=c]"),
    d: () => toggleDetails(main.querySelector("[data-details]")),
    "/": () => { main.dataset.pane = "list"; const box = document.getElementById("find-in-inbox"); box.focus(); box.select(); },
    "?": () => document.getElementById("keys").showModal(),
    1: () => pick("email"),
    2: () => pick("sms"),
    3: () => pick("whatsapp"),
    n: () => pick("note"),
  };

  // What was done last: a text that still waits, or what the toast tells of.
  function undoLatest() {
    const since = (each) => Number(each.dataset.since ?? 0);
    const all = [...main.parentElement.querySelectorAll("[data-leaves-in], [data-undoable], [data-toast]")].sort((a, b) => since(a) - since(b));
    all.at(-1)?.querySelector("form button")?.click();
  }

  function pick(channel) {
    const radio = main.querySelector(`[data-picker] input[value=${channel}]`);
    if (radio && !radio.checked) radio.click();
  }

  function leave(event) {
    const menu = event.target.closest?.("details[open]") ?? main.querySelector(".who__menu[open]");
    if (menu) { menu.open = false; return menu.querySelector("summary").focus(); }
    const rail = main.querySelector(".rail[data-open]");
    if (rail) return toggleDetails(main.querySelector("[data-details]"));
    if (event.target.matches?.("textarea, #subject")) return document.getElementById("conversation-title")?.focus();
    backToList();
    current()?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || dialogIsOpen() || event.ctrlKey || event.metaKey) return;
    if (document.getElementById("tray")?.matches(":popover-open")) return;
    if (event.key === "Escape") return leave(event);
    if (event.altKey) {
      if (/^Digit[123]$/.test(event.code)) { event.preventDefault(); does[event.code.at(-1)](); }
      return;
    }
    if (!isOn() || isTyping(event.target) || !does[event.key]) return;
    event.preventDefault();
    does[event.key]();
  });
}
