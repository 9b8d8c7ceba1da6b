// The size of an SMS, as inbox/segments.py has it; a test holds the two together. Kinds are keys: the page has their words.
const MOST = 1600;
const BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
  + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION = "\f^{}\\[~]|€"; // two septets each
const SIZES = { "GSM-7": [160, 153], "UCS-2": [70, 67] }; // units alone, and in each of several segments

const TWINS = [
  ["curly quote", "‘’‚‛", "'"],
  ["curly quote", "“”„‟", '"'],
  ["quotation mark", "‹›`´′", "'"],
  ["quotation mark", "«»″", '"'],
  ["dash", "‐‑‒–—―−", "-"],
  ["ellipsis", "…", "..."],
  ["bullet", "•·‣◦▪●", "-"],
  ["special space", "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "],
  ["special line break", "\v\u0085\u2028\u2029", "\n"],
  ["invisible character", "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff", ""],
  ["joined letters", "ﬀ", "ff"],
  ["joined letters", "ﬁ", "fi"],
  ["joined letters", "ﬂ", "fl"],
  ["joined letters", "ﬃ", "ffi"],
  ["joined letters", "ﬄ", "ffl"],
];
const BLANKS = String.raw`\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const ACCENTS = String.raw`\u0300-\u036f`;
const EMOJI = String.raw`\u203c\u2049\u2139\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u20e3\u{1f000}-\u{1faff}\u{e0020}-\u{e007f}`;
const LETTERS = String.raw`\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u1fff\u2c00-\u2dff\u3005-\ud7ff\uf900-\ufaff\u{20000}-\u{3ffff}`;
const NOT_IN_ADDRESS = `${BLANKS}"<>“”„«»`;
const ADDRESS = String.raw`(?:https?:\/\/|www\.)[^${NOT_IN_ADDRESS}]*[^${NOT_IN_ADDRESS}‘’'.,:;!?…]`;

const inClass = (characters) => characters.replace(/[\\\]^-]/g, "\\$&");
const INSIDE = inClass(BASIC + EXTENSION);
const JOINS = String.raw`[${ACCENTS}\ufe0e\ufe0f\u20e3\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]`;
const SEEN = String.raw`[${INSIDE}]${JOINS}+|[\u{1f1e6}-\u{1f1ff}]{2}|[^${INSIDE}]${JOINS}*(?:\u200d[^${INSIDE}]${JOINS}*)*`;
const OUTSIDE = new RegExp(`[^${INSIDE}]`, "u"), AS_SEEN = new RegExp(SEEN, "u");
const UNBROKEN = new RegExp(`${ADDRESS}|${SEEN}`, "gu");
const TWIN_OF = new Map(TWINS.flatMap(([kind, characters, twin]) => [...characters].map((one) => [one, [kind, twin]])));
const REPLACEABLE = new RegExp(
  String.raw`${ADDRESS}|«[\u00a0\u202f]?|[\u00a0\u202f]?»|[A-Za-z][${ACCENTS}]|[${inClass([...TWIN_OF.keys()].join(""))}]`, "gu");
const KINDS = Object.entries({ accent: ACCENTS, emoji: EMOJI, letter: LETTERS })
  .map(([kind, characters]) => [kind, new RegExp(`^[${characters}]`, "u")]);
const WORD = new RegExp(`[^${BLANKS}]+`, "gu"), LAST_BLANKS = new RegExp(`[${BLANKS}]+$`, "u"), BLANK = new RegExp(`[${BLANKS}]`, "u");
const LINE_END = /^[ \t]*[\n\r\u2028\u2029]/u;
const SENTENCE_END = /[.!?…。！？][)\]}"'’”»]*$/u;
const ABBREVIATION = /^["('“„«]*(?:[^.]|[0-9]{1,3}|.*\.[^.]|dr|mr|mrs|ms|st|nr|no|ca|hr|fr|mme|str|bzw|inkl|evtl|tel|sr|sra|dhr|mevr)\.$/iu;

export function measure(text) {
  const expensive = costly(text), encoding = expensive ? "UCS-2" : "GSM-7";
  const costs = [...text].map((one) => (expensive ? one.length : 1 + EXTENSION.includes(one)));
  const [alone, inEach] = SIZES[encoding];
  const units = costs.reduce((sum, cost) => sum + cost, 0);
  return { characters: text.length, encoding, units, segments: units <= alone ? 1 : filled(costs, inEach), expensive };
}

function filled(costs, room) {
  let segments = 1, left = room;
  for (const cost of costs) {
    if (cost > left) { segments += 1; left = room; }
    left -= cost;
  }
  return segments;
}

function costly(text) {
  const [outside] = OUTSIDE.exec(text) ?? [];
  if (outside === undefined) return null;
  const seen = AS_SEEN.exec(text);
  const kind = TWIN_OF.get(outside)?.[0] ?? KINDS.find(([, pattern]) => pattern.test(outside))?.[0] ?? "sign";
  return { position: seen.index, character: seen[0], kind };
}

export function cheaper(text) {
  const swaps = new Map();
  const plain = text.replace(REPLACEABLE, (was) => {
    const [kind, now] = twin(was);
    if (now !== was) swaps.set(was, { kind, was, now, times: (swaps.get(was)?.times ?? 0) + 1 });
    return now;
  });
  const size = measure(plain);
  if (size.encoding === "UCS-2" || size.segments >= measure(text).segments) return null;
  return { text: plain, size, swaps: [...swaps.values()] };
}

function twin(found) {
  if (TWIN_OF.has(found)) return TWIN_OF.get(found);
  if (found.startsWith("«") || found.endsWith("»")) return TWIN_OF.get("«");
  const composed = found.normalize("NFC");
  return ["accent", found.length === 2 && BASIC.includes(composed) ? composed : found];
}

export function split(text, most = MOST) {
  if (most < 2) throw new RangeError("A part must have room for two UTF-16 units.");
  const parts = [], whole = text.replace(LAST_BLANKS, "");
  for (let start = 0; start < whole.length;) {
    if (BLANK.test(whole[start])) { start += 1; continue; }
    const end = endOfPart(whole, start, most);
    parts.push(whole.slice(start, end));
    start = end;
  }
  return parts;
}

function endOfPart(text, start, most) {
  const isInPair = /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(start + most - 1, start + most + 1));
  const limit = start + most - isInPair;
  if (limit >= text.length) return text.length;
  const words = [...text.slice(start, limit).matchAll(WORD)].map((word) => ({ word: word[0], end: start + word.index + word[0].length }));
  if (words.at(-1).end === limit && !BLANK.test(text[limit])) words.pop(); // it goes on behind the limit
  const sentences = words.filter(({ word, end }) => LINE_END.test(text.slice(end, end + 99))
    || SENTENCE_END.test(word) && !ABBREVIATION.test(word));
  return sentences.at(-1)?.end ?? words.at(-1)?.end ?? notTorn(text, start, limit);
}

function notTorn(text, start, limit) {
  for (const { index, 0: whole } of text.slice(start, limit + MOST).matchAll(UNBROKEN)) {
    if (index > 0 && start + index < limit && limit < start + index + whole.length) return start + index;
  }
  return limit;
}
