// htmx is a quarter of what the Inbox would weigh, and most visits never use it: it comes when somebody reaches for an
// element that speaks it. A click that was faster is held back until then.
const SPEAKS = ":is([hx-get], [hx-post])";
let coming = null;

export function bringHtmx() {
  if (document.querySelector(`input${SPEAKS}`)) return void bring().catch(() => {}); // a page for typing
  for (const type of ["pointerover", "focusin"]) {
    document.addEventListener(type, ({ target }) => { if (target.closest?.(SPEAKS)) bring().catch(() => {}); }, { passive: true });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest(`a${SPEAKS}`);
    if (!link || window.htmx || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    bring().then(() => link.click(), () => location.assign(link.href));
  }, { capture: true });
  document.addEventListener("toggle", ({ target }) => {
    if (target.matches(SPEAKS) && !window.htmx) bring().then(() => target.dispatchEvent(new Event("toggle")), () => {});
  }, { capture: true });
}

function bring() {
  coming ??= load().catch((problem) => { coming = null; throw problem; });
  return coming;
}

async function load() {
  const [{ editContact }] = await Promise.all([import("./contact.js"), run(document.querySelector("meta[name=htmx]").content)]);
  editContact();
}

async function run(address) {
  // It begins where the page is complete, or when its HTML is: never in between.
  if (document.readyState !== "complete") await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
  await new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject }));
  });
}
