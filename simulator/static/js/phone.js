// One phone: its conversations, one of them on the screen, and what the person can do.

import { h, icon, reconcile } from "./dom.js";
import { Mailbox } from "./mail.js";
import { threadItems } from "./thread.js";
import { hourAndMinute, shortly } from "./times.js";
import { QUICK as QUICK_WHATSAPP, replyBar, tools } from "./whatsapp.js";

const QUICK = { sms: ["YES", "STOP", "START"].map((word) => [word, { body: word }]), whatsapp: QUICK_WHATSAPP };
const PLACEHOLDER = { sms: "Text message", whatsapp: "Message" };
const bare = (address) => address.replace("whatsapp:", "");

export class Phone {
  /** `actions`: send(phone, to, message), seen(phone, sender), block(phone, sender, isBlocked), tell(phone, isTold),
   *  use(phone), close(phone). */
  constructor(number, actions) {
    this.number = number;
    this.actions = actions;
    this.screen = { kind: "home" }; // home: the newest conversation, or a new one where there is none
    this.app = "texts"; // or "mail", if she has a mailbox
    this.answering = null; // the WhatsApp message that the next one quotes
    this.build();
  }

  build() {
    const id = `phone-${this.number.replace(/\W/g, "")}`;
    this.title = h("h2", { id });
    this.close = h("button", { class: "icon-btn", type: "button", on: { click: () => this.actions.close(this.number) } }, icon("x", "sm"));
    this.clock = h("span", {});
    this.head = h("header", { class: "phone__head" });
    this.body = h("div", {});
    this.chips = h("div", { class: "phone__chips", role: "group" });
    this.quote = h("div", {});
    this.label = h("label", { class: "vh", for: `${id}-text` });
    this.input = h("input", { class: "input", id: `${id}-text`, autocomplete: "off", enterkeyhint: "send" });
    this.button = h("button", { class: "btn btn--send", type: "submit" }, icon("send"));
    this.form = h("form", { on: { submit: (event) => this.submit(event) } }, this.label, this.input, this.button);
    this.foot = h("div", { class: "phone__foot" }, this.quote, this.form);
    this.tabs = h("div", { class: "phone__apps", role: "group" });
    const bars = h("span", {}, ...Array.from({ length: 4 }, () => h("i")));
    this.element = h("section", { class: "handset", "aria-labelledby": id, on: { pointerdown: () => this.actions.use(this.number), focusin: () => this.actions.use(this.number) } },
      h("div", { class: "handset__title" }, this.title, this.close),
      this.device = h("div", { class: "phone", "data-channel": "sms" },
        h("div", { class: "phone__status", "aria-hidden": "true" }, this.clock, bars),
        this.head, this.body, this.chips, this.foot));
  }

  chip([words, message]) {
    return this.item(words, "", () => h("button", { class: "chip", type: "button", on: { click: () => this.send(message) } }, words));
  }

  /** `info` is the phone's line in the list, `threads` its conversations, `numbers` ours, `now` the simulator's time;
   *  `mailVersion` changes with every mail. */
  update({ info, threads, numbers, isOnly, now, mailVersion }) {
    this.close.hidden = isOnly;
    this.mailVersion = mailVersion;
    if (!info.has_texts) this.app = "mail";
    const wasEmpty = this.threads?.length === 0;
    Object.assign(this, { info, threads, now, numbers: numbers.filter(({ channel }) => channel === "sms" || info.whatsapp) });
    if (wasEmpty && threads.length) this.screen = { kind: "home" };
    this.name = info.name || info.typed;
    this.first = this.name.startsWith("+") ? this.name : this.name.split(" ")[0];
    this.render();
  }

  render() {
    if (this.info.mail && this.info.has_texts) this.renderApps();
    for (const part of [this.head, this.body, this.chips, this.foot]) part.hidden = this.app === "mail";
    this.device.dataset.app = this.app;
    if (this.app === "mail") this.renderMail();
    else this.renderTexts();
  }

  /** The switch between texts and mail, for who has both. */
  renderApps() {
    const apps = [["texts", "sms", "Texts", this.info.new_texts], ["mail", "mail", "Mail", this.info.mail.unread]];
    if (!this.tabs.isConnected) this.device.append(this.tabs);
    this.tabs.setAttribute("aria-label", `Apps of ${this.first}`);
    reconcile(this.tabs, apps.map(([app, glyph, label, unread]) => this.item(app, JSON.stringify([unread, this.app === app]), () => this.appButton(app, glyph, label, unread))));
  }

  appButton(app, glyph, label, unread) {
    const badge = unread ? h("span", { class: "badge" }, String(unread), h("span", { class: "vh" }, " new")) : null;
    return h("button", { type: "button", "data-name": app, "aria-pressed": String(this.app === app), on: { click: () => this.switchTo(app) } }, icon(glyph, "sm"), label, badge);
  }

  switchTo(app) {
    this.app = app;
    this.render();
  }

  renderMail() {
    this.mailbox ??= new Mailbox(this.info.mail.address);
    if (!this.mailbox.element.isConnected) this.head.before(this.mailbox.element);
    this.mailbox.element.hidden = false;
    this.device.dataset.channel = "mail";
    this.nameIt();
    this.mailbox.update(this.mailVersion);
  }

  renderTexts() {
    if (this.mailbox) this.mailbox.element.hidden = true;
    const [first] = this.threads;
    const kind = this.screen.kind === "home" ? (first ? "thread" : "new") : this.screen.kind;
    const sender = this.screen.sender ?? (kind === "new" ? this.likely() : first?.sender);
    if (this.screen.kind === "home" && first) this.screen = { kind, sender }; // a later text elsewhere is a badge, no jump
    this.thread = this.threads.find((each) => each.sender === sender);
    this.sender = kind === "list" ? null : sender;
    this.ours = this.numbers.find(({ number }) => number === this.sender);
    this.channel = this.sender?.startsWith("whatsapp:") ? "whatsapp" : "sms";
    if (this.answering?.sender !== this.sender) this.answering = null;
    this.names();
    reconcile(this.head, this.headItems(kind));
    reconcile(this.chips, QUICK[this.channel].map((each) => this.chip(each)));
    reconcile(this.quote, this.answering ? [this.item(this.answering.text.sid, "", () => replyBar(this.answering.text, () => this.reply(null)))] : []);
    this.chips.hidden = this.form.hidden = kind === "list" || Boolean(this.thread?.blocked && this.sender);
    this.quote.hidden = this.form.hidden || !this.answering;
    this.show(kind); // last, when it is known how much room is left
    this.look();
  }

  /** The number that a new message most likely goes to: one not talked to yet, of the person's own country. */
  likely() {
    const shared = ({ number }) => [...number].findIndex((digit, index) => digit !== this.number[index]);
    const isNew = ({ number }) => !this.threads.some((each) => each.sender === number);
    const rank = (each) => (isNew(each) ? 100 : 0) + (shared(each) > 2 ? 2 : shared(each));
    return this.numbers.filter(({ channel }) => channel === "sms").sort((one, other) => rank(other) - rank(one))[0]?.number;
  }

  nameIt() {
    this.title.replaceChildren(this.name, " ", h("small", {}, this.info.name ? this.info.typed : "Unknown"));
    this.close.setAttribute("aria-label", `Put ${this.first}’s phone away`);
    this.clock.textContent = hourAndMinute(this.now);
  }

  names() {
    this.nameIt();
    this.chips.setAttribute("aria-label", `Quick replies of ${this.first}`);
    this.label.textContent = `Reply as ${this.first}`;
    this.button.setAttribute("aria-label", `Send as ${this.first}`);
    this.device.dataset.channel = this.channel;
    this.input.placeholder = PLACEHOLDER[this.channel];
  }

  headItems(kind) {
    if (kind === "list") return [this.item("list", "", () => h("div", {}, h("h3", {}, "Messages"))), this.writeItem()];
    const elsewhere = this.threads.reduce((sum, each) => sum + (each.sender === this.sender ? 0 : each.unread), 0);
    const back = this.item("back", String(elsewhere), () => this.backButton(elsewhere));
    if (kind === "new") return [back, this.item("to", this.sender + this.numbers.map((each) => each.number).join(), () => this.chooser())];
    const { typed = this.sender, label = "" } = this.thread ?? {};
    if (this.channel === "whatsapp") return [back, ...this.businessItems(this.thread ?? { typed: bare(this.sender), label: "", blocked: false, ...this.ours })];
    return [back,
      this.item("face", "", () => h("span", { class: "avatar", "aria-hidden": "true" }, icon("user"))),
      this.item("who", typed + label, () => h("div", {}, h("h3", {}, typed), h("p", {}, label || "Text message")))];
  }

  businessItems({ typed, label, blocked }) {
    const { read_receipts: tellsReading } = this.info;
    return [
      this.item("face", "business", () => h("span", { class: "avatar", "aria-hidden": "true" }, icon("building"))),
      this.item("who", typed + label, () => h("div", {}, h("h3", {}, label || typed), h("p", {}, label ? `WhatsApp, ${typed}` : "WhatsApp"))),
      this.item("tools", JSON.stringify([blocked, tellsReading, this.sender]), () => tools({
        isBlocked: blocked,
        tellsReading,
        block: (isBlocked) => this.actions.block(this.number, this.sender, isBlocked),
        tell: (isTold) => this.actions.tell(this.number, isTold),
      }))];
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
    const options = this.numbers.map((each) => h("option", { value: each.number, selected: each.number === this.sender }, `${each.channel === "whatsapp" ? "WhatsApp: " : ""}${each.typed} ${each.label}`));
    return h("div", {}, h("label", { for: id }, "New message to"), h("select", { class: "input", id, "data-name": "to", on: { change: (event) => this.choose(event.target.value) } }, ...options));
  }

  show(kind) {
    const key = `${kind} ${this.thread?.sender ?? this.logName()}`;
    const isFirst = this.shown !== key;
    if (isFirst) this.replaceBody(kind);
    this.shown = key;
    if (kind === "list") reconcile(this.body, this.chatItems());
    else if (this.thread) this.fillThread(isFirst);
    else reconcile(this.body, [this.item("empty", this.first + this.channel, () => this.empty())]);
  }

  replaceBody(kind) {
    const made = kind === "list" ? h("ul", { class: "chats" }) : h("div", { class: "phone__msgs", tabindex: "0", role: "log", "aria-label": this.logName() });
    this.body.replaceWith(made);
    this.body = made;
  }

  logName() {
    return this.channel === "whatsapp" ? `WhatsApp with ${this.ours?.label || this.thread?.typed || this.ours?.typed}` : `${this.first}’s text messages`;
  }

  fillThread(isFirst) {
    const log = this.body;
    const atEnd = isFirst || log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    const changed = reconcile(log, threadItems(this.thread, isFirst, (text) => this.reply(text)));
    if (changed && atEnd) log.scrollTop = log.scrollHeight;
  }

  chatItems() {
    if (!this.threads.length) return [this.item("none", "", () => h("li", { class: "phone__day" }, "No messages yet."))];
    return this.threads.map((each) => this.item(each.sender, JSON.stringify([each.last_at, each.unread, each.texts.length, each.blocked]), () => this.chat(each)));
  }

  chat(thread) {
    const unread = thread.unread ? h("span", { class: "badge" }, String(thread.unread), h("span", { class: "vh" }, " new")) : null;
    const last = thread.texts.at(-1);
    const isWhatsApp = thread.channel === "whatsapp";
    const words = thread.blocked ? "Blocked" : `${last.mine ? "You: " : ""}${last.body || "A file or a place"}`;
    const at = new Date(thread.last_at);
    return h("li", {}, h("button", { type: "button", "data-unread": thread.unread > 0, on: { click: () => this.go({ kind: "thread", sender: thread.sender }) } },
      h("span", { class: "avatar", "data-channel": thread.channel, "aria-hidden": "true" }, icon(isWhatsApp ? "whatsapp" : "user")),
      h("span", {}, h("b", {}, isWhatsApp ? thread.label || thread.typed : thread.typed, isWhatsApp ? " " : null, isWhatsApp ? h("i", {}, "WhatsApp") : null), h("small", {}, words)),
      h("span", { class: "chats__end" }, h("time", { datetime: thread.last_at }, shortly(at)), unread)));
  }

  empty() {
    const [title, words] = this.threads.length
      ? ["New message", "Nothing was said with this number yet. Write below, or choose another one above."]
      : ["No texts yet", `When a recruiter texts ${this.first}, it arrives here by itself. Or write first: choose a number above.`];
    return h("div", { class: "phone__empty" }, h("span", {}, icon(this.channel)), h("b", {}, title), h("p", {}, words));
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
    this.send({ body: this.input.value });
    this.input.value = "";
  }

  /** Answer one message of ours, or (null) none in particular. */
  reply(text) {
    this.answering = text && { sender: this.sender, text };
    this.render();
    this.input.focus();
  }

  send(message) {
    if (!this.sender) return;
    this.screen = { kind: "thread", sender: this.sender };
    this.actions.send(this.number, this.sender, this.answering ? { ...message, reply_to: this.answering.text.sid } : message);
    this.answering = null;
    this.render();
    this.body.scrollTop = this.body.scrollHeight;
  }
}
