// Says above the text when a colleague has sent something since it was begun, on whatever channel (lesson 12).
import { get, with_ } from "./request.js";

const AT_END = 48; // pixels

export function watchMeanwhile(thread, signal) {
  const form = () => document.querySelector("[data-composer]");
  const box = () => form()?.querySelector("textarea");
  const place = () => document.getElementById("meanwhile");
  const key = () => `began:${document.body.dataset.user}:${form().action}`; // a draft outlives its page
  const version = () => Number(thread.section.dataset.version);
  let looked; // at which version of the conversation

  function note() {
    if (!place() || !box()) return;
    if (!box().value) {
      localStorage.removeItem(key());
      place().hidden = true;
      place().replaceChildren();
    } else if (localStorage.getItem(key()) === null) localStorage.setItem(key(), version());
  }

  async function look() {
    const began = place() && box()?.value ? localStorage.getItem(key()) : null;
    if (began === null || Number(began) >= version() || looked === version()) return;
    looked = version();
    const { html } = await get(with_(place().dataset.meanwhile, { since: began }));
    const found = new DOMParser().parseFromString(html, "text/html").getElementById("meanwhile");
    if (signal.aborted || !found || found.hidden || !box()?.value || found.innerHTML === place().innerHTML) return;
    const scroller = document.getElementById("thread");
    const isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END;
    place().replaceChildren(...found.childNodes);
    place().hidden = false;
    if (isAtEnd) thread.toEnd(); // the line takes room from the thread
  }

  const noteAndLook = () => { note(); look().catch(() => {}); };
  document.addEventListener("input", ({ target }) => { if (target === box()) note(); }, { signal });
  document.addEventListener("submit", note, { signal }); // once the composer has taken the text
  document.addEventListener("writing", () => { looked = undefined; noteAndLook(); }, { signal });
  document.addEventListener("patched", noteAndLook, { signal });
  document.addEventListener("click", (event) => {
    const entry = event.target.matches("#meanwhile a") && document.getElementById(event.target.hash.slice(1));
    if (!entry) return; // it stands on another page
    event.preventDefault();
    entry.scrollIntoView({ block: "center" });
    entry.focus({ preventScroll: true });
  }, { signal });
  noteAndLook();
}
