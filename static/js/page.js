// The one entry: each behaviour finds its elements by a data- attribute and does nothing where there are none. What only
// some pages have is loaded there; what only some visits use, when it is reached for.
import { listen } from "./live.js";
import { moveInTabs } from "./tabs.js";
import { closeMenus } from "./menu.js";
import { bringHtmx } from "./htmx.js";
import { showTray } from "./tray.js";

const has = (selector) => document.querySelector(selector) !== null;

moveInTabs();
closeMenus();
bringHtmx();
if (has("form[data-choose]")) import("./choose.js").then(({ choose }) => choose());
if (has("[data-progress]")) import("./progress.js").then(({ showProgress }) => showProgress());
if (has("[data-asks-permission]")) import("./desktop.js").then(({ askPermission }) => askPermission());

// One conversation is open at a time; in the Inbox another one takes its place without a new page.
let thread = null, ending = new AbortController();
async function openConversation() {
  ending.abort();
  ending = new AbortController();
  const { signal } = ending, section = document.querySelector("[data-conversation]");
  thread = null;
  if (!section?.dataset.since) return;
  const { converse } = await import("./conversation.js");
  if (!signal.aborted) thread = converse(section, signal);
}
if (has("#tray")) {
  showTray(() => thread);
  if (globalThis.Notification?.permission === "granted") import("./desktop.js").then(({ notifyDesktop }) => notifyDesktop());
}
await openConversation();
const inbox = document.querySelector("[data-inbox]");
if (inbox) {
  const { keepInbox } = await import("./inbox.js");
  keepInbox(inbox, { openConversation, thread: () => thread });
}
// Last, so that nobody misses that the stream is open.
if (document.body.dataset.user) listen(document.body.dataset.live, document.body.dataset.user);
