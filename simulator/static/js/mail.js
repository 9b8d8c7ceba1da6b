// The mailbox on a phone: the same pages as under /mail, each a `[data-mail]` section, without leaving the phone.

import { h } from "./dom.js";

export class Mailbox {
  /** `address` is the person's; what is shown first is her list of conversations. */
  constructor(address) {
    this.url = `/mail/${encodeURIComponent(address)}`;
    this.version = null; // of what is shown
    this.latest = null; // of what there is
    this.turns = 0; // so that of several requests under way only the last one counts
    this.isOpening = false;
    this.element = h("div", { class: "phone__mail", on: { click: (event) => this.follow(event), submit: (event) => this.post(event) } });
  }

  /** Show what is there now, if it has changed; a mail that is being written stays. */
  update(version) {
    this.latest = version;
    if (version === this.version || document.hidden || this.isOpening) return;
    this.version = version;
    if (!this.element.querySelector("[data-draft]")) this.open(this.url);
  }

  async open(url, request) {
    const turn = ++this.turns;
    this.isOpening = true;
    const answer = await fetch(url, request).catch(() => null);
    const section = sectionOf((await answer?.text().catch(() => "")) ?? "");
    if (turn !== this.turns) return; // the person has gone on meanwhile
    this.isOpening = false;
    if (section) this.turnTo(section, answer);
    this.update(this.latest);
  }

  turnTo(section, answer) {
    const isSame = pathOf(answer.url) === pathOf(this.url);
    this.url = answer.url;
    show(this.element, section, isSame);
    if (!isSame) begin(this.element);
  }

  follow(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { origin, pathname } = new URL(link.href);
    if (origin !== location.origin || /^\/mail\/(source|file)\//.test(pathname)) {
      link.target = "_blank";
      return;
    }
    event.preventDefault();
    this.open(link.href);
  }

  post(event) {
    event.preventDefault();
    const { target: form, submitter } = event;
    this.open(form.action, { method: "POST", body: new FormData(form, submitter) });
  }
}

const pathOf = (url) => decodeURIComponent(new URL(url, location.href).pathname);

function sectionOf(page) {
  return new DOMParser().parseFromString(page, "text/html").querySelector("[data-mail]");
}

/** Put `section` into `place`. Where it is the same screen as before, focus and scroll stay where they are. */
function show(place, section, isSame) {
  const former = place.querySelector("[data-mail]");
  if (former?.outerHTML === section.outerHTML) return;
  const [log, key] = [former?.querySelector("[role=log], .mail__list"), focusKey(place)];
  const [top, atEnd] = log ? [log.scrollTop, log.scrollHeight - log.scrollTop - log.clientHeight < 40] : [0, true];
  place.replaceChildren(section);
  const shown = section.querySelector("[role=log], .mail__list");
  if (shown) shown.scrollTop = !isSame || atEnd ? (shown.matches("[role=log]") ? shown.scrollHeight : 0) : top;
  if (isSame && key) place.querySelector(key)?.focus();
}

/** After a change of screens the focus is on the first thing to do there. */
function begin(place) {
  (place.querySelector("textarea") ?? place.querySelector("a, button"))?.focus({ preventScroll: true });
}

function focusKey(place) {
  const focused = document.activeElement;
  if (!place.contains(focused)) return null;
  if (focused.name) return `[name="${focused.name}"]`;
  return focused.getAttribute("href") ? `a[href="${CSS.escape(focused.getAttribute("href"))}"]` : "[role=log]";
}
