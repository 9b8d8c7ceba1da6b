// The channel to write on, or a note: its composer takes the place of the one that is there, which keeps its draft.
import { get, with_ } from "./request.js";

export function pickChannel() {
  document.addEventListener("change", async (event) => {
    const picker = event.target.closest("[data-picker]");
    if (!picker) return;
    const waits = [];
    document.dispatchEvent(new CustomEvent("leaving", { detail: waits }));
    await Promise.all(waits);
    const section = picker.closest("[data-conversation]"), on = event.target.value;
    section.dataset.since = with_(section.dataset.since, { on });
    try {
      const { html } = await get(with_(section.dataset.since, { version: section.dataset.version }));
      const part = new DOMParser().parseFromString(html, "text/html").getElementById("writing");
      document.getElementById("writing").replaceWith(part);
      window.htmx?.process(part);
      part.dispatchEvent(new CustomEvent("writing", { bubbles: true }));
      part.querySelector("[data-picker] :checked")?.focus();
      history.replaceState({}, "", with_(location.href, { on }));
    } catch { picker.submit(); }
  });
}
