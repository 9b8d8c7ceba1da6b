// The one entry: each behaviour finds its elements by a data- attribute and does nothing where there are none.
import { listen } from "./live.js";
import { follow } from "./thread.js";
import { compose } from "./composer.js";
import { suggest } from "./suggest.js";
import { countDown } from "./window.js";
import { countGrace } from "./grace.js";
import { showHour } from "./hour.js";
import { showPresence } from "./presence.js";
import { watchMeanwhile } from "./meanwhile.js";
import { showTray } from "./tray.js";
import { askPermission, notifyDesktop } from "./desktop.js";
import { editContact } from "./contact.js";
import { moveInTabs } from "./tabs.js";
import { closeMenus } from "./menu.js";
import { choose } from "./choose.js";
import { showProgress } from "./progress.js";
import { watchPhone } from "./phone.js";
import { pickChannel } from "./picker.js";
import { keepInbox } from "./inbox.js";

moveInTabs();
closeMenus();
editContact();
choose();
showProgress();
watchPhone();
pickChannel();

// One conversation is open at a time; in the Inbox another one takes its place without a new page.
let thread = null, ending = new AbortController();
function openConversation() {
  ending.abort();
  ending = new AbortController();
  const section = document.querySelector("[data-conversation]");
  thread = section?.dataset.since ? follow(section, ending.signal) : null;
  if (thread) {
    suggest(ending.signal);
    compose(thread, ending.signal);
    countDown(thread, ending.signal);
    countGrace(ending.signal);
    showHour(thread, ending.signal);
    watchMeanwhile(thread, ending.signal);
  }
  if (document.getElementById("presence")) showPresence(ending.signal);
}
openConversation();
const inbox = document.querySelector("[data-inbox]");
if (inbox) keepInbox(inbox, { openConversation, thread: () => thread });
if (document.getElementById("tray")) { showTray(() => thread); notifyDesktop(); }
askPermission();
if (document.body.dataset.user) listen(document.body.dataset.live, document.body.dataset.user);
