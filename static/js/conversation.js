// All that an open conversation does. A page without one doesn't load it.
import { follow } from "./thread.js";
import { compose } from "./composer.js";
import { suggest } from "./suggest.js";
import { countDown } from "./window.js";
import { countGrace } from "./grace.js";
import { showHour } from "./hour.js";
import { showPresence } from "./presence.js";
import { watchMeanwhile } from "./meanwhile.js";
import { pickChannel } from "./picker.js";

pickChannel();

export function converse(section, signal) {
  const thread = follow(section, signal);
  suggest(signal);
  compose(thread, signal);
  countDown(thread, signal);
  countGrace(signal);
  showHour(thread, signal);
  watchMeanwhile(thread, signal);
  showPresence(signal);
  return thread;
}
