// A list that opens while writing: snippets after "/" in a text, colleagues after "@" in a note.
// Focus stays in the text box; arrows go through the list, Enter takes, Esc leaves (the combobox pattern).
import { get } from "./request.js";

const BEGINNINGS = { "/": /(?:^|\n)\/([^\n]{0,40})$|[^\S\n]\/([^\s/]{0,40})$/, "@": /(?:^|[\s(])@([^\n@]{0,40})$/ };
const bare = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function suggest(signal) {
  const panel = () => document.getElementById("suggest");
  const box = () => panel()?.closest("form").querySelector("textarea");
  const list = () => panel().querySelector("[role=listbox]");
  const options = () => [...list().querySelectorAll("[role=option]:not([hidden])")];
  const active = () => list().querySelector("[aria-selected=true]");
  const isOpen = () => panel() && !panel().hidden;
  let from = null, isAsked = false, isInText = false, opening = 0; // where the words to look for begin; by the button, without a sign

  function words() {
    const before = box().value.slice(0, box().selectionStart);
    if (isAsked) return before.length >= from && !before.slice(from).includes("\n") ? before.slice(from) : null;
    const found = BEGINNINGS[panel().dataset.sign].exec(before);
    const typed = found && (found[1] ?? found[2]); // at the start of a line several words, elsewhere one
    from = found && before.length - typed.length - 1;
    isInText = found?.[2] !== undefined;
    return typed;
  }

  async function open() {
    const asked = ++opening;
    let html;
    try { ({ html } = await get(panel().dataset.url)); } catch { return; } // the plain page is still there
    if (asked !== opening || signal.aborted || !panel() || words() === null) return;
    list().innerHTML = html;
    panel().hidden = false;
    const attributes = { autocomplete: "list", haspopup: "listbox", controls: list().id };
    for (const [name, value] of Object.entries(attributes)) box().setAttribute(`aria-${name}`, value);
    narrow();
  }

  function close() {
    opening += 1;
    isAsked = false;
    if (!panel()) return;
    panel().hidden = true;
    box().removeAttribute("aria-activedescendant");
    panel().parentElement.querySelector("[data-suggests]")?.setAttribute("aria-expanded", "false");
  }

  function narrow() {
    const typed = words();
    if (typed === null) return close();
    const each = bare(typed).split(/\s+/).filter(Boolean);
    for (const option of list().querySelectorAll("[role=option]")) {
      option.hidden = !each.every((word) => bare(option.textContent).includes(word));
    }
    const found = options(), none = panel().querySelector("[data-none]");
    if (!found.length && (!none || isInText)) return close(); // an "@" that names nobody is text
    if (none) { none.hidden = found.length > 0; none.textContent = none.dataset[list().childElementCount ? "none" : "empty"]; }
    const takeable = found.find((option) => option.dataset.text !== undefined);
    mark(found.find((option) => option === active()) ?? takeable ?? found[0]);
    const { one, many } = panel().dataset;
    document.getElementById("announcer").textContent = (found.length === 1 ? one : many).replace("#", found.length);
  }

  function mark(option) {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    for (const holder of [box(), list()]) {
      if (option) holder.setAttribute("aria-activedescendant", option.id); else holder.removeAttribute("aria-activedescendant");
    }
  }

  function move(by) {
    const all = options();
    mark(all[(all.indexOf(active()) + by + all.length) % all.length]);
  }

  function take(option) {
    if (option?.dataset.text === undefined) return; // it says why not
    box().focus();
    box().setSelectionRange(from, box().selectionStart);
    close();
    document.execCommand("insertText", false, option.dataset.text); // so that the browser's own undo takes it back
  }

  document.addEventListener("input", ({ target }) => {
    if (target !== box()) return;
    if (isOpen()) narrow(); else if (words() !== null) open();
  }, { signal });
  document.addEventListener("keydown", (event) => {
    if (!isOpen() || ![box(), list()].includes(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const does = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Escape: close, Enter: () => take(active()) }[event.key];
    if (!does || event.shiftKey || event.key === "Enter" && !active()) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  }, { signal, capture: true });
  document.addEventListener("pointerdown", (event) => { if (isOpen() && list().contains(event.target)) event.preventDefault(); }, { signal });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-suggests]");
    if (button) {
      event.preventDefault();
      const was = isOpen();
      box().focus();
      close();
      if (was) return;
      isAsked = true;
      isInText = false;
      from = box().selectionStart;
      button.setAttribute("aria-expanded", "true");
      open();
    } else if (isOpen()) {
      if (list().contains(event.target)) take(event.target.closest("[role=option]"));
      else if (event.target !== box() && !panel().contains(event.target)) close();
    }
  }, { signal });
  document.addEventListener("submit", () => { if (isOpen()) close(); }, { signal });
}
