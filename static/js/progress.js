// How far a run is: looked at each second until it has ended. Without JavaScript the page loads itself again.
import { get, Gone, SignedOut } from "./request.js";

const EVERY = 1_000, LONGEST_PAUSE = 15_000;

export function showProgress() {
  const run = document.querySelector("[data-progress]");
  if (run) setTimeout(look, EVERY, run, EVERY);
}

async function look(run, pause) {
  try {
    const { html } = await get(run.dataset.progress);
    const now = new DOMParser().parseFromString(html, "text/html").getElementById(run.id);
    run.replaceWith(now);
    if (now.dataset.progress) return setTimeout(look, EVERY, now, EVERY);
    document.getElementById("announcer").textContent = now.dataset.said ?? "";
  } catch (problem) {
    if (problem instanceof SignedOut || problem instanceof Gone) return location.reload();
    pause = Math.min(pause * 2, LONGEST_PAUSE); // the connection is away; the run is not
    setTimeout(look, pause, run, pause);
  }
}
