// Says above the text when a colleague has sent something since it was begun, on whatever channel (lesson 12).
import { get } from "./request.js";

const AT_END = 48; // pixels

export function watchMeanwhile(thread) {
  const box = () => document.querySelector("[data-composer] textarea");
  const place = () => document.getElementById("meanwhile");
  const key = () => `began:${document.body.dataset.user}:${place().dataset.meanwhile}`; // a draft outlives its page
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
    const { html } = await get(`${place().dataset.meanwhile}?since=${began}`);
    const found = new DOMParser().parseFromString(html, "text/html").getElementById("meanwhile");
    if (!found || found.hidden || !box()?.value || found.innerHTML === place().innerHTML) return;
    const scroller = document.getElementById("thread");
    const isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END;
    place().replaceChildren(...found.childNodes);
    place().hidden = false;
    if (isAtEnd) thread.toEnd(); // the line takes room from the thread
  }

  document.addEventListener("input", ({ target }) => { if (target === box()) note(); });
  document.addEventListener("submit", note); // once the composer has taken the text
  document.addEventListener("writing", note);
  document.addEventListener("patched", () => { note(); look().catch(() => {}); });
  note();
  look().catch(() => {});
}
