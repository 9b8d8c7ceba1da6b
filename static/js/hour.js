// The clock where a text will arrive: goes on by itself, and asks the server when a good time ends or begins (V1).
const EVERY = 1_000, ASKS_AGAIN_AFTER = 10_000;

export function showHour(thread, signal) {
  let given = null, ahead = 0, asked = 0; // ahead: of this machine's clock, which may be wrong, the server's is so much

  const place = () => document.getElementById("local-time");
  const now = () => Date.now() + ahead;

  function clock(zone) {
    const words = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", timeZone: zone });
    return words.format(now()).replace(/^0/, "");
  }

  function show() {
    const shown = place();
    if (!shown) return;
    if (shown !== given) { given = shown; ahead = Number(shown.dataset.now) * 1000 - Date.now(); }
    if (shown.dataset.zones) {
      const clocks = shown.dataset.zones.split(" ").map(clock).join("–");
      const said = shown.querySelector("[data-said]"), words = shown.dataset.words.replace("#", clocks);
      if (said.textContent !== words) said.textContent = words;
    }
    const isOver = shown.dataset.changes && now() >= Number(shown.dataset.changes) * 1000;
    if (isOver && Date.now() - asked > ASKS_AGAIN_AFTER) { asked = Date.now(); thread.ask(); }
  }

  document.addEventListener("visibilitychange", show, { signal });
  const ticking = setInterval(show, EVERY);
  signal.addEventListener("abort", () => clearInterval(ticking));
  show();
}
