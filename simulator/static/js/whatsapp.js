// What is WhatsApp's own on a phone: its messages with quotes, files and ticks, and what the person can do there.

import { h, icon } from "./dom.js";
import { hourAndMinute } from "./times.js";

const TICKS = { sending: ["clock", "Sending"], delivered: ["ticks", "Delivered"], read: ["ticks", "Read"], failed: ["alert-circle", "Not delivered"] };
const FILES = { image: ["image", "Picture"], audio: ["mic", "Voice note"], video: ["image", "Video"], document: ["doc", "File"] };

/** What the person can send with one touch: the words on the button, and the message. */
export const QUICK = [
  ["Yes", { body: "Yes" }],
  ["Picture", { media: [{ content_type: "image/jpeg", bytes: 2_100_000 }] }],
  ["Voice note", { media: [{ content_type: "audio/ogg", bytes: 48_000 }] }],
  ["Location", { location: { latitude: 52.5219, longitude: 13.4132, label: "Alexanderplatz", address: "10178 Berlin" } }],
];

/** One message in the log. `words` is its text with links; `reply` is offered on ours alone. */
export function message(text, { isFirst, reply, words }) {
  const [glyph, state] = TICKS[text.state] ?? [];
  const time = h("time", { datetime: text.at }, hourAndMinute(new Date(text.at)));
  const ticks = text.mine ? h("span", { class: "wa__ticks", "data-state": text.state, role: "img", "aria-label": state }, icon(glyph, "sm")) : null;
  const answer = text.mine ? null : h("button", { class: "wa__reply", type: "button", "data-name": "reply", on: { click: () => reply(text) } }, icon("reply", "sm"), "Reply to this");
  return h("article", { class: text.mine ? "sms sms--me" : "sms", "data-new": !isFirst, "aria-label": text.mine ? "You" : "Business" },
    text.quote ? quote(text.quote) : null,
    ...text.media.map(file),
    text.location ? place(text.location) : null,
    text.body ? h("p", {}, ...words) : null,
    h("footer", { class: "wa__meta" }, answer, time, ticks));
}

/** The bar above the text box while a message is being answered. */
export function replyBar(text, cancel) {
  return h("div", { class: "wa__answering" }, quote(text),
    h("button", { class: "icon-btn", type: "button", "aria-label": "Don’t reply to it", on: { click: cancel } }, icon("x", "sm")));
}

/** Beneath the business's name: block it, and whether it learns that the person has read. */
export function tools({ isBlocked, tellsReading, block, tell }) {
  const words = isBlocked ? "Unblock business" : "Block business";
  return h("div", { class: "wa__tools" },
    h("button", { type: "button", "data-name": "tell", "aria-pressed": String(tellsReading), on: { click: () => tell(!tellsReading) } }, icon("eye", "sm"), `Read receipts: ${tellsReading ? "on" : "off"}`),
    h("button", { type: "button", "data-name": "block", on: { click: () => block(!isBlocked) } }, icon("ban", "sm"), words));
}

function quote({ mine, body }) {
  return h("blockquote", { class: "wa__quote" }, h("b", {}, mine ? "You" : "Business"), h("span", {}, body || "A file or a place"));
}

function file({ kind, type, bytes }) {
  const [glyph, name] = FILES[kind] ?? FILES.document;
  return h("p", { class: "wa__file" }, icon(glyph), h("span", {}, name, h("small", {}, `${type}, ${size(bytes)}`)));
}

function place({ latitude, longitude, label, address }) {
  return h("p", { class: "wa__file" }, icon("pin"), h("span", {}, label || "Location", h("small", {}, address || `${latitude}, ${longitude}`)));
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
