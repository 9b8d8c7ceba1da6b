// The channel to write on, or a note: its composer takes the place of the one that is there, which keeps its draft.
import { get, with_ } from "./request.js";

export function pickChannel() {
  document.addEventListener("change", async (event) => {
    const picker = event.target.closest("[data-picker]");
    if (!picker) return;
    const waits = [];
    document.dispatchEvent(new CustomEvent("leaving", { detail: waits }));
    await Promise.all(waits);
    const at = document.activeElement, stays = picker.contains(at) && (at.matches(":focus-visible") || matchMedia("(pointer: coarse)").matches);
    const section = picker.closest("[data-conversation]"), on = event.target.value;
    section.dataset.since = with_(section.dataset.since, { on });
    try {
      const { html } = await get(with_(section.dataset.since, { version: section.dataset.version }));
      const part = new DOMParser().parseFromString(html, "text/html").getElementById("writing");
      document.getElementById("writing").replaceWith(part);
      window.htmx?.process(part);
      part.dispatchEvent(new CustomEvent("writing", { bubbles: true }));
      const writes = stays ? null : part.querySelector("textarea"); // whoever doesn't go through the channels by arrows writes next
      (writes ?? part.querySelector("[data-picker] :checked"))?.focus();
      history.replaceState({}, "", with_(location.href, { on }));
    } catch { picker.submit(); }
  });
}
