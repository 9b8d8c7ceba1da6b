// One phone: its conversations, one of them on the screen, and what the person can do.

import { h, icon, reconcile } from "./dom.js";
import { threadItems } from "./thread.js";
import { hourAndMinute, shortly } from "./times.js";

const QUICK = ["YES", "STOP", "START"];

export class Phone {
  /** `actions`: send(phone, to, body), seen(phone, sender), use(phone), close(phone). */
  constructor(number, actions) {
    this.number = number;
    this.actions = actions;
    this.screen = { kind: "home" }; // home: the newest conversation, or a new one where there is none
    this.build();
  }

  build() {
    const id = `phone-${this.number.replace(/\D/g, "")}`;
    this.title = h("h2", { id });
    this.close = h("button", { class: "icon-btn", type: "button", on: { click: () => this.actions.close(this.number) } }, icon("x", "sm"));
    this.clock = h("span", {});
    this.head = h("header", { class: "phone__head" });
    this.body = h("div", {});
    this.chips = h("div", { class: "phone__chips", role: "group" }, ...QUICK.map((word) => this.chip(word)));
    this.label = h("label", { class: "vh", for: `${id}-text` });
    this.input = h("input", { class: "input", id: `${id}-text`, placeholder: "Text message", autocomplete: "off", enterkeyhint: "send" });
    this.button = h("button", { class: "btn btn--send", type: "submit" }, icon("send"));
    this.form = h("form", { on: { submit: (event) => this.submit(event) } }, this.label, this.input, this.button);
    const bars = h("span", {}, ...Array.from({ length: 4 }, () => h("i")));
    this.element = h("section", { class: "handset", "aria-labelledby": id, on: { pointerdown: () => this.actions.use(this.number), focusin: () => this.actions.use(this.number) } },
      h("div", { class: "handset__title" }, this.title, this.close),
      h("div", { class: "phone", "data-channel": "sms" },
        h("div", { class: "phone__status", "aria-hidden": "true" }, this.clock, bars),
        this.head, this.body, this.chips, h("div", { class: "phone__foot" }, this.form)));
  }

  chip(word) {
    return h("button", { class: "chip", type: "button", on: { click: () => this.send(word) } }, word);
  }

  /** `info` is the phone's line in the list, `threads` its conversations, `numbers` ours. */
  update({ info, threads, numbers, isOnly }) {
    this.close.hidden = isOnly;
    const wasEmpty = this.threads?.length === 0;
    Object.assign(this, { info, threads, numbers });
    if (wasEmpty && threads.length) this.screen = { kind: "home" };
    this.name = info.name || info.typed;
    this.first = this.name.startsWith("+") ? this.name : this.name.split(" ")[0];
    this.render();
  }

  render() {
    const [first] = this.threads;
    const kind = this.screen.kind === "home" ? (first ? "thread" : "new") : this.screen.kind;
    const sender = this.screen.sender ?? (kind === "new" ? this.likely() : first?.sender);
    if (this.screen.kind === "home" && first) this.screen = { kind, sender }; // a later text elsewhere is a badge, no jump
    this.thread = this.threads.find((each) => each.sender === sender);
    this.sender = kind === "list" ? null : sender;
    this.names();
    reconcile(this.head, this.headItems(kind));
    this.show(kind);
    this.chips.hidden = this.form.hidden = kind === "list";
    this.look();
  }

  /** The number that a new message most likely goes to: one not talked to yet, of the person's own country. */
  likely() {
    const shared = ({ number }) => [...number].findIndex((digit, index) => digit !== this.number[index]);
    const isNew = ({ number }) => !this.threads.some((each) => each.sender === number);
    const rank = (each) => (isNew(each) ? 100 : 0) + (shared(each) > 2 ? 2 : shared(each));
    return [...this.numbers].sort((one, other) => rank(other) - rank(one))[0]?.number;
  }

  names() {
    this.title.replaceChildren(this.name, " ", h("small", {}, this.info.name ? this.info.typed : "Unknown"));
    this.close.setAttribute("aria-label", `Put ${this.first}’s phone away`);
    this.chips.setAttribute("aria-label", `Quick replies of ${this.first}`);
    this.label.textContent = `Reply as ${this.first}`;
    this.button.setAttribute("aria-label", `Send as ${this.first}`);
    this.clock.textContent = hourAndMinute(new Date());
  }

  headItems(kind) {
    if (kind === "list") return [this.item("list", "", () => h("div", {}, h("h3", {}, "Messages"))), this.writeItem()];
    const elsewhere = this.threads.reduce((sum, each) => sum + (each.sender === this.sender ? 0 : each.unread), 0);
    const back = this.item("back", String(elsewhere), () => this.backButton(elsewhere));
    if (kind === "new") return [back, this.item("to", this.sender + this.numbers.map((each) => each.number).join(), () => this.chooser())];
    const { typed = this.sender, label = "" } = this.thread ?? {};
    return [back,
      this.item("face", "", () => h("span", { class: "avatar", "aria-hidden": "true" }, icon("user"))),
      this.item("who", typed + label, () => h("div", {}, h("h3", {}, typed), h("p", {}, label || "Text message")))];
  }

  item(key, content, make) {
    return { key, content, make };
  }

  backButton(unread) {
    const badge = unread ? h("span", { class: "badge" }, String(unread), h("span", { class: "vh" }, " new elsewhere")) : null;
    return h("button", { class: "icon-btn", type: "button", "aria-label": unread ? `All chats, ${unread} new` : "All chats", "data-name": "back", on: { click: () => this.go({ kind: "list" }) } }, icon("chevron-left"), badge);
  }

  writeItem() {
    return this.item("write", "", () => h("button", { class: "icon-btn", type: "button", "aria-label": "New message", "data-name": "back", on: { click: () => this.go({ kind: "new" }) } }, icon("pencil")));
  }

  chooser() {
    const id = `${this.title.id}-to`;
    const options = this.numbers.map((each) => h("option", { value: each.number, selected: each.number === this.sender }, `${each.typed} ${each.label}`));
    return h("div", {}, h("label", { for: id }, "New message to"), h("select", { class: "input", id, "data-name": "to", on: { change: (event) => this.choose(event.target.value) } }, ...options));
  }

  show(kind) {
    const key = `${kind} ${this.thread?.sender ?? ""}`;
    const isFirst = this.shown !== key;
    if (isFirst) this.replaceBody(kind);
    this.shown = key;
    if (kind === "list") reconcile(this.body, this.chatItems());
    else if (this.thread) this.fillThread(isFirst);
    else reconcile(this.body, [this.item("empty", this.first, () => this.empty())]);
  }

  replaceBody(kind) {
    const made = kind === "list" ? h("ul", { class: "chats" }) : h("div", { class: "phone__msgs", tabindex: "0", role: "log", "aria-label": `${this.first}’s text messages` });
    this.body.replaceWith(made);
    this.body = made;
  }

  fillThread(isFirst) {
    const log = this.body;
    const atEnd = isFirst || log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    const changed = reconcile(log, threadItems(this.thread, isFirst));
    if (changed && atEnd) log.scrollTop = log.scrollHeight;
  }

  chatItems() {
    if (!this.threads.length) return [this.item("none", "", () => h("li", { class: "phone__day" }, "No messages yet."))];
    return this.threads.map((each) => this.item(each.sender, JSON.stringify([each.last_at, each.unread, each.texts.length]), () => this.chat(each)));
  }

  chat(thread) {
    const unread = thread.unread ? h("span", { class: "badge" }, String(thread.unread), h("span", { class: "vh" }, " new")) : null;
    const last = thread.texts.at(-1);
    const at = new Date(thread.last_at);
    return h("li", {}, h("button", { type: "button", "data-unread": thread.unread > 0, on: { click: () => this.go({ kind: "thread", sender: thread.sender }) } },
      h("span", { class: "avatar", "aria-hidden": "true" }, icon("user")),
      h("span", {}, h("b", {}, thread.typed), h("small", {}, `${last.mine ? "You: " : ""}${last.body}`)),
      h("span", { class: "chats__end" }, h("time", { datetime: thread.last_at }, shortly(at)), unread)));
  }

  empty() {
    const [title, words] = this.threads.length
      ? ["New message", "Nothing was said with this number yet. Write below, or choose another one above."]
      : ["No texts yet", `When a recruiter texts ${this.first}, it arrives here by itself. Or write first: choose a number above.`];
    return h("div", { class: "phone__empty" }, h("span", {}, icon("sms")), h("b", {}, title), h("p", {}, words));
  }

  choose(sender) {
    this.screen = { kind: "new", sender };
    this.render();
  }

  go(screen) {
    this.screen = screen;
    this.render();
    (screen.kind === "list" ? this.body.querySelector("button") ?? this.head.querySelector("button") : this.input).focus();
  }

  /** The person looks at the open conversation, if the page is looked at. */
  look() {
    if (this.thread?.unread && this.sender && !document.hidden) this.actions.seen(this.number, this.sender);
  }

  submit(event) {
    event.preventDefault();
    if (!this.input.value.trim()) return;
    this.send(this.input.value);
    this.input.value = "";
  }

  send(body) {
    if (!this.sender) return;
    this.screen = { kind: "thread", sender: this.sender };
    this.actions.send(this.number, this.sender, body);
    this.body.scrollTop = this.body.scrollHeight;
  }
}
