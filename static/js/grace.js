// "Leaves in 5 s", beside Undo: counts down from the server's word. When a text has left, the server says.
const EVERY = 250, TELLS_FOR = 10_000; // what was canceled, with its Undo

export function countGrace(signal) {
  function show() {
    for (const each of document.querySelectorAll("[data-undoable]")) {
      each.dataset.since ??= performance.now();
      const isOver = performance.now() - Number(each.dataset.since) > TELLS_FOR;
      if (isOver && !each.contains(document.activeElement)) each.remove();
    }
    for (const each of document.querySelectorAll("[data-leaves-in]")) {
      each.dataset.since ??= performance.now();
      const left = Number(each.dataset.leavesIn) - (performance.now() - Number(each.dataset.since)) / 1000;
      const words = each.querySelector("[data-words]");
      words.firstChild.data = left > 0 ? words.dataset.words.replace("#", Math.ceil(left)) : words.dataset.leaving; // no new node: not read out each second
    }
  }
  const counting = setInterval(show, EVERY);
  signal.addEventListener("abort", () => clearInterval(counting));
  show();
}
