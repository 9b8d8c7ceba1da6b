// A window of time that closes by itself: counts down, and asks the server when it has closed.
const SOON = 3 * 3600, EVERY = 20_000;

export function countDown(thread, signal) {
  let began = null, given = null; // when the page was told, and the element that said it

  function begin() {
    given = document.getElementById("window");
    began = performance.now();
  }

  function show() {
    const shown = document.getElementById("window");
    if (!shown) return;
    if (shown !== given) begin();
    const left = Number(shown.dataset.closesIn) - (performance.now() - began) / 1000;
    if (left <= 0) return void thread.ask(); // what may still go, the server decides
    const hours = Math.floor(left / 3600), minutes = Math.floor((left % 3600) / 60);
    const words = hours ? shown.dataset.hours : shown.dataset.minutes;
    shown.querySelector("[data-left]").textContent = words.replace("%h", hours).replace("%m", minutes);
    if (left < SOON) shown.dataset.tone = "warn";
  }

  document.addEventListener("window", begin, { signal });
  document.addEventListener("visibilitychange", show, { signal });
  const counting = setInterval(show, EVERY);
  signal.addEventListener("abort", () => clearInterval(counting));
  begin();
}
