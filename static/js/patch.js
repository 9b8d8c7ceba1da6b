// A patch: elements that take the place of those with the same id. A repeat changes nothing, so nothing shows twice.
// `older`: what stands above the page may be added; otherwise it waits until it is scrolled to, so that no gap shows.
export function apply(html, { older = false, newer = true } = {}) {
  const patch = new DOMParser().parseFromString(html, "text/html").querySelector("[data-patch-of]");
  if (!patch) return { added: [] };
  const added = [];
  for (const part of [...patch.children]) {
    const old = document.getElementById(part.id);
    if (part.matches("article.entry")) { if (putEntry(part, old, { older, newer })) added.push(part); }
    else if (part.id === "writing") putWriting(part, old);
    else if (part.id === "later") putWaiting(part, old);
    else if (old && old.outerHTML !== part.outerHTML) put(part, old);
  }
  const empty = document.getElementById("empty");
  if (empty) empty.hidden = document.querySelector("#log > .entry, #later > .entry") !== null;
  const { version, token, problem, reload, taken, takenOn, takenSubject } = patch.dataset;
  const back = taken === undefined ? null : { words: taken, on: takenOn, subject: takenSubject };
  return { added, version: version && Number(version), token, problem, back, reload: reload !== undefined };
}

// What can take the focus: not what is hidden, or stands in a <noscript>, which is elements in a parsed patch.
export function firstControl(root) {
  return [...root.querySelectorAll("textarea, button, a")].find((each) => each.getClientRects().length > 0);
}

function put(part, old) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
  old.replaceWith(part);
  window.htmx?.process(part);
  if (focused === null) return;
  // Whose button is gone, for it was pressed, stays at the message.
  const next = document.getElementById(focused) ?? (part.matches("article.entry") ? part : null);
  next?.focus({ preventScroll: true });
}

// Entries keep their order; a late answer never puts an older state over a newer one.
function putEntry(part, old, { older, newer }) {
  document.getElementById(part.dataset.insteadOf)?.remove(); // it went to another conversation
  if (part.dataset.gone !== undefined) { old?.remove(); return false; } // its author took it back
  if (old) {
    if (Number(part.dataset.version) >= Number(old.dataset.version)) put(part, old);
    return false;
  }
  const log = document.getElementById("log");
  const position = Number(part.dataset.position);
  const first = log.querySelector("[data-position]");
  const isAbove = first && position < Number(first.dataset.position);
  if (isAbove ? !older && document.querySelector("[data-older]") : !newer) return false;
  const next = [...log.children].find((entry) => entry.dataset.ghost !== undefined || Number(entry.dataset.position) > position);
  log.insertBefore(part, next ?? null);
  window.htmx?.process(part);
  return true;
}

// What stands around the text box goes on from the server's word, while the box itself stays as it is.
const AROUND_THE_BOX = ["hour", "local-time", "way", "sender", "sends", "offers"];
function putAround(part, old) {
  for (const id of AROUND_THE_BOX) {
    const now = old.querySelector(`#${id}`), next = part.querySelector(`#${id}`);
    if (now && next && now.outerHTML !== next.outerHTML) put(next, now);
  }
}

// How long texting stays open.
function putWindow(part, old) {
  const now = old.querySelector("#window"), next = part.querySelector("#window");
  if (now && next) { now.replaceWith(next); next.dispatchEvent(new CustomEvent("window", { bubbles: true })); }
}

// What waits is drawn anew only where it changed, or where its form was answered; what somebody edits there stays.
function putWaiting(part, old) {
  if (!old) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  for (const item of old.querySelectorAll(".entry")) {
    const next = part.querySelector(`#${item.id}`), box = item.querySelector("details[open] textarea");
    const isEdited = item.dataset.answered === undefined && box && box.value !== box.defaultValue;
    if (isEdited && !next) part.append(item);
    else if (isEdited || next && next.dataset.version === item.dataset.version && item.dataset.answered === undefined) next.replaceWith(item);
  }
  const undo = old.querySelector("[data-undoable]:not([data-answered])");
  if (undo && !part.querySelector(`[data-undoable], #${undo.dataset.undoable}`)) part.append(undo); // for its seconds
  part.hidden = part.childElementCount === 0;
  old.replaceWith(part);
  if (focused) document.getElementById(focused)?.focus();
}

// The text box is not swapped while it is open. Where a lock takes its place, it shows what was typed.
function putWriting(part, old) {
  if (!old) return;
  const isWriting = ["open", "later", "note"].includes(part.dataset.state);
  if (isWriting && old.dataset.state === part.dataset.state) {
    const text = part.querySelector("textarea").value, token = part.querySelector("[name=token]").value;
    if (text) old.dispatchEvent(new CustomEvent("drafted", { bubbles: true, detail: { text, token } }));
    putAround(part, old);
    return putWindow(part, old);
  }
  const typed = old.querySelector("textarea")?.value ?? old.querySelector("[data-kept]:not([hidden]) [data-kept-text]")?.textContent ?? "";
  const wasWriting = old.contains(document.activeElement);
  put(part, old);
  const kept = part.querySelector("[data-kept]");
  if (kept && typed.trim()) {
    kept.querySelector("[data-kept-text]").textContent = typed;
    kept.hidden = false;
  }
  const box = part.querySelector("textarea");
  if (box && typed && !box.value) box.value = typed;
  if (wasWriting && !part.contains(document.activeElement)) (box ?? firstControl(part))?.focus();
  part.dispatchEvent(new CustomEvent("writing", { bubbles: true }));
}
