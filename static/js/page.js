// The one entry: each behaviour finds its elements by a data- attribute and does nothing where there are none.
import { listen } from "./live.js";
import { follow } from "./thread.js";
import { compose } from "./composer.js";
import { countDown } from "./window.js";
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

moveInTabs();
closeMenus();
editContact();
choose();
showProgress();
watchPhone();
const conversation = document.querySelector("[data-conversation]");
const thread = conversation?.dataset.since ? follow(conversation) : null;
if (thread) { compose(thread); countDown(thread); watchMeanwhile(thread); }
if (document.getElementById("presence")) showPresence();
if (document.getElementById("tray")) { showTray(thread); notifyDesktop(); }
askPermission();
if (document.body.dataset.user) listen(document.body.dataset.live, document.body.dataset.user);
