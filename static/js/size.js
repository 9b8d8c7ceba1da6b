// The size of what is typed: segments, what makes them many, the cheaper twin with its way back, and a long text in parts.
import { cheaper, measure, split } from "./segments.js";

const MOST_PARTS = 9; // as in inbox/segments.py
const WITHOUT_GLYPH = ["special space", "special line break", "invisible character"];
let changed = null; // the last text made plain: what it was, and what it is

const prefixOf = (form) => form.querySelector("[data-prefix]")?.dataset.prefix ?? "";
const worded = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

// The advice on segments; what the counter says of them.
export function showSegments(form, text) {
  const advice = form.querySelector("#size"), { one, many } = form.querySelector("[data-count]").dataset;
  if (!advice) return "";
  const prefix = prefixOf(form), { segments, expensive } = measure(prefix + text), offer = cheaper(prefix + text);
  const said = (count) => (count === 1 ? one : many).replace("#", count);
  const isBack = changed !== null && changed.now === text;
  const words = isBack ? worded(advice.dataset.changed, { then: said(segments), now: said(changed.segments) })
    : offer || expensive && segments > 1 ? worded(advice.dataset[offer ? "offer" : "because"], {
      what: named(expensive, advice.dataset), now: said(segments), then: offer && said(offer.size.segments) })
      : "";
  if (advice.querySelector("[data-words]").textContent !== words) advice.querySelector("[data-words]").textContent = words;
  advice.hidden = !words;
  advice.querySelector("[data-plain]").hidden = isBack || !offer;
  advice.querySelector("[data-back]").hidden = !isBack;
  return text ? said(segments) : "";
}

function named({ character, kind }, { kinds, named: words }) {
  const label = JSON.parse(kinds)[kind];
  return WITHOUT_GLYPH.includes(kind) ? label : worded(words, { character, kind: label });
}

// The buttons of that advice. Typed in, so that the browser's own undo takes it back too.
export function plainOrBack(target, box) {
  const isPlain = target.closest("[data-plain]"), prefix = prefixOf(box.form);
  if (!isPlain && !target.closest("[data-back]")) return;
  const text = isPlain ? cheaper(prefix + box.value)?.text.slice(prefix.length) : changed?.was;
  if (text === undefined) return;
  changed = isPlain ? { was: box.value, now: text, segments: measure(prefix + box.value).segments } : null;
  box.focus();
  box.select();
  document.execCommand("insertText", false, text);
}

export function splitting(form, text) {
  return split(text, Number(form.querySelector("textarea").dataset.most));
}

// Too long for one text: the texts that it makes, to be looked at and sent.
export function offerParts(form, text) {
  const offer = form.querySelector("#split");
  if (!offer) return;
  const texts = text.length > Number(form.querySelector("textarea").dataset.most) ? splitting(form, text) : [];
  const isOffered = texts.length > 1 && texts.length <= MOST_PARTS;
  if (offer.hidden && isOffered) offer.querySelector("details").open = false;
  offer.hidden = texts.length < 2;
  offer.querySelector("details").hidden = !isOffered;
  offer.querySelector("[data-too-many]").hidden = isOffered;
  if (!isOffered) return;
  const button = offer.querySelector("button"), say = (where, words) => { where.textContent = words.replace("#", texts.length); };
  say(offer.querySelector("summary"), offer.dataset.split);
  say(button.querySelector("[data-words]"), offer.dataset.send);
  button.value = texts.length;
  offer.querySelector("[data-parts]").replaceChildren(...texts.map((part) => {
    const item = document.createElement("li");
    item.textContent = prefixOf(form) + part;
    return item;
  }));
}
