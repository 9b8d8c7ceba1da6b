// Keeps the page as the simulator is: asks for what changed, shows it, and passes on what the reader does.

import { Phone } from "./phone.js";
import { readFate, showFate, showPhones, showWire } from "./side.js";
import { dayAndTime } from "./times.js";

const PHONE_WIDTH = 376; // a phone and the gap beside it
const narrow = matchMedia("(max-width: 48rem)");
const byId = (id) => document.getElementById(id);
const stage = byId("stage");
const views = new Map(); // number → Phone, once opened
let state = { phones: [], numbers: [], open: {}, wire: [] };
let active = null; // the phone that the switches are for

/* ---- which phones are open: the address says it, so a reload or a link shows the same ---- */

const chosen = () => new URLSearchParams(location.search).getAll("phone");

let usual = null; // what is open without a choice: as it was when the page came, so that no phone jumps away

/** The open phones that fit; without a choice, on a wide screen, the two most recently used. */
function shown() {
  const wanted = chosen().filter((number) => state.phones.some((phone) => phone.number === number));
  if (narrow.matches) return wanted.slice(0, 1);
  const room = Math.max(1, Math.floor((stage.clientWidth - 32) / PHONE_WIDTH));
  usual ??= state.phones.length ? mostRecent(2) : null;
  return (wanted.length ? wanted : (usual ?? [])).slice(0, room);
}

function mostRecent(count) {
  const sorted = [...state.phones].sort((one, other) => (other.last_at ?? "").localeCompare(one.last_at ?? ""));
  return sorted.slice(0, count).map((phone) => phone.number);
}

function choose(numbers) {
  const query = new URLSearchParams(numbers.map((number) => ["phone", number]));
  history.pushState(null, "", numbers.length ? `?${query}` : "/");
  refresh();
}

function open(number) {
  active = number;
  choose([number, ...shown().filter((each) => each !== number)]);
  if (narrow.matches) scrollTo(0, 0);
}

/* ---- asking and showing ---- */

let asking = null;
let askAgain = false;

/** One request at a time; what changes meanwhile is asked for once more. */
async function refresh() {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = ask().catch(() => {});
  await asking;
  asking = null;
  if (askAgain) {
    askAgain = false;
    refresh();
  }
}

async function ask() {
  if (!state.phones.length) state = await (await fetch("/handset/state")).json();
  const query = new URLSearchParams(shown().map((number) => ["phone", number]));
  state = await (await fetch(`/handset/state?${query}`)).json();
  render();
}

function render() {
  const numbers = shown().filter((number) => state.open[number]);
  document.body.dataset.pane = chosen().length ? "phone" : "list";
  showPhones(byId("phones"), state.phones, numbers);
  showStage(numbers);
  if (!numbers.includes(active)) active = numbers[0] ?? null;
  showActiveFate();
  showWire(byId("wire"), state.wire);
  byId("clock-now").textContent = dayAndTime(simulatedNow());
}

const simulatedNow = () => new Date(Date.now() + (state.clock_ahead_s ?? 0) * 1000);

function showStage(numbers) {
  for (const [number, view] of views) if (!numbers.includes(number)) view.element.remove();
  numbers.forEach((number, index) => {
    if (!views.has(number)) views.set(number, new Phone(number, { send, seen, block, tell, use, close }));
    const view = views.get(number);
    const place = stage.querySelectorAll(".handset")[index];
    if (place !== view.element) stage.insertBefore(view.element, place ?? null);
    const info = state.phones.find((phone) => phone.number === number);
    view.update({ info, threads: state.open[number].threads, numbers: state.numbers, isOnly: numbers.length === 1, now: simulatedNow(), mailVersion: state.mail_version });
  });
}

function showActiveFate() {
  const view = views.get(active);
  const takesTexts = Boolean(view?.info?.has_texts);
  byId("fate").closest("section").hidden = !takesTexts;
  if (takesTexts) showFate(byId("fate"), byId("fate-phone"), { name: view.first, fate: state.open[active].fate });
}

/* ---- what the reader does ---- */

const post = (path, body) => fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const send = (phone, to, message) => post("/handset/text", { phone, to, ...message });
const block = (phone, sender, blocked) => post("/handset/block", { phone, sender, blocked });
const tell = (phone, isTold) => post("/handset/receipts", { phone, read_receipts: isTold });
const seen = (phone, sender) => post("/handset/seen", { phone, sender });
const close = (number) => choose(shown().filter((each) => each !== number));

function use(number) {
  if (active === number) return;
  active = number;
  showActiveFate();
}

byId("phones").addEventListener("click", (event) => {
  const link = event.target.closest("[data-phone]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link.dataset.phone);
});

document.querySelector(".sim__back").addEventListener("click", (event) => {
  event.preventDefault();
  choose([]);
});

byId("fate").addEventListener("change", async () => {
  await post("/handset/fate", { phone: active, ...readFate(byId("fate")) });
});

byId("clock").addEventListener("click", (event) => {
  const hours = Number(event.target.dataset.hours);
  if (hours) post("/control/clock", { advance_s: hours * 3600 });
});

/* ---- adding a phone ---- */

function showAdd(isOpen) {
  byId("add").hidden = !isOpen;
  byId("add-open").setAttribute("aria-expanded", String(isOpen));
  byId("add-error").textContent = "";
  for (const field of ["add-number", "add-email"]) byId(field).removeAttribute("aria-invalid");
  (isOpen ? byId("add-name") : byId("add-open")).focus();
}

byId("add-open").addEventListener("click", () => showAdd(byId("add").hidden));
byId("add-cancel").addEventListener("click", () => showAdd(false));
byId("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const [name, typed, email] = ["name", "number", "email"].map((field) => form.elements[field].value);
  const answer = await post("/handset/phones", { name, number: typed, email });
  const { number, error } = await answer.json();
  if (error) {
    byId("add-error").textContent = typed || email ? error : "A phone needs a number, a mailbox an address.";
    const field = form.elements.email.validity.valid ? form.elements.number : form.elements.email;
    field.setAttribute("aria-invalid", "true");
    field.focus();
    return;
  }
  form.reset();
  showAdd(false);
  await refresh();
  open(number);
});

/* ---- staying up to date ---- */

const events = new EventSource("/events");
events.addEventListener("changed", refresh); // the first comes at once, and again after each reconnect
events.addEventListener("open", () => { byId("connection").textContent = ""; });
events.addEventListener("error", () => { byId("connection").textContent = "The simulator has stopped. Reconnecting."; });
addEventListener("popstate", refresh);
document.addEventListener("visibilitychange", refresh);
new ResizeObserver(refresh).observe(stage);
setInterval(render, 30_000); // the clocks on the phones
