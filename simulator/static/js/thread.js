// One conversation as the phone shows it: bubbles, days, and how the person's own texts fared.

import { h, icon } from "./dom.js";
import { dayAndTime } from "./times.js";
import { message } from "./whatsapp.js";

const PAUSE = 60 * 60 * 1000; // a silence of an hour gets a new time above the next text
const LINK = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?')\]]/g;
const GLYPH = { delivered: "ticks", read: "ticks", failed: "alert-circle", sending: "clock" };
const SHUT = {
  stopped: "You stopped this number. Text START to hear from it again.",
  blocked: "You blocked this business. Nothing from it arrives, and it is not told.",
};

/** What the log holds, as items for `reconcile`; `reply` is called with the message that the person wants to answer. */
export function threadItems(thread, isFirst, reply) {
  const items = [];
  let last = null;
  const lastMine = thread.texts.findLast((text) => text.mine);
  for (const text of thread.texts) {
    const at = new Date(text.at);
    if (last === null || at - last > PAUSE || at.toDateString() !== last.toDateString()) {
      const words = dayAndTime(at);
      items.push({ key: `day ${text.sid}`, content: words, make: () => h("p", { class: "phone__day" }, words) });
    }
    last = at;
    const make = thread.channel === "whatsapp" ? () => message(text, { isFirst, reply, words: withLinks(text.body) }) : () => bubble(text, isFirst);
    items.push({ key: text.sid, content: text.state, make });
    if (text.mine && (text === lastMine || text.state === "failed")) {
      items.push({ key: `state ${text.sid}`, content: text.note, make: () => tick(text) });
    }
  }
  for (const [name, words] of Object.entries(SHUT)) {
    if (thread[name]) items.push({ key: name, content: "", make: () => h("p", { class: "phone__day" }, words) });
  }
  return items;
}

function bubble(text, isFirst) {
  return h("p", { class: text.mine ? "sms sms--me" : "sms", "data-new": !isFirst }, ...withLinks(text.body));
}

function withLinks(body) {
  const parts = [];
  let end = 0;
  for (const found of body.matchAll(LINK)) {
    parts.push(body.slice(end, found.index));
    parts.push(h("a", { href: found[0], target: "_blank", rel: "noopener" }, found[0]));
    end = found.index + found[0].length;
  }
  return [...parts, body.slice(end)];
}

function tick(text) {
  return h("p", { class: "phone__tick", "data-state": text.state }, icon(GLYPH[text.state], "sm"), text.note);
}
