// What stands beside the phones: the list of them, the next text's fate, and the wire.

import { h, reconcile } from "./dom.js";
import { withSeconds } from "./times.js";

/** The list; `shown` are the numbers whose phones are on the stage. */
export function showPhones(list, phones, shown) {
  reconcile(list, phones.map((phone) => ({
    key: phone.number,
    content: JSON.stringify([phone.name, phone.unread, shown.includes(phone.number)]),
    make: () => h("li", {}, phoneLink(phone, shown.includes(phone.number))),
  })));
}

function phoneLink(phone, isShown) {
  const face = h("span", { class: "avatar", "data-hue": phone.hue, "aria-hidden": "true" }, phone.initials || "?");
  const badge = phone.unread ? h("span", { class: "badge" }, String(phone.unread), h("span", { class: "vh" }, " new")) : null;
  const href = `?phone=${encodeURIComponent(phone.number)}`;
  return h("a", { href, "aria-current": isShown && "true", "data-phone": phone.number, "data-name": phone.number },
    face, h("span", {}, phone.name || phone.typed, h("small", {}, phone.name ? phone.typed : "Unknown")), badge);
}

/** The switches as they are set for this phone; untouched while the reader is about to set them. */
export function showFate(form, legend, { name, fate }) {
  legend.textContent = `To ${name}’s phone`;
  form.elements.fate.value = fate.fate;
  for (const box of ["late", "twice", "wrong"]) form.elements[box].checked = fate[box];
}

export function readFate(form) {
  const { fate, late, twice, wrong } = form.elements;
  return { fate: fate.value, late: late.checked, twice: twice.checked, wrong: wrong.checked };
}

export function showWire(list, lines) {
  reconcile(list, lines.map((line) => ({
    key: String(line.id),
    content: "",
    make: () => h("li", { "data-bad": line.bad },
      h("time", { datetime: line.at }, withSeconds(new Date(line.at))), h("span", {}, line.what), h("b", {}, String(line.status))),
  })));
}
