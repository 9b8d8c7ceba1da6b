// The Inbox tray: opens in place, and counts the conversations in which something happened elsewhere, live (N1, N2).
import { get, post, with_ } from "./request.js";

export function showTray(openThread) {
  const tray = document.getElementById("tray"), button = document.getElementById("tray-button");
  const isOpen = () => tray.matches(":popover-open");
  const toTitle = () => tray.querySelector("#tray-title")?.focus();

  async function refresh() {
    const isWhole = isOpen(); // shut, it needs its count only
    const { html } = await get(isWhole ? button.href : with_(button.href, { count: "" }));
    show(html, isWhole);
  }

  function show(html, isWhole = true) {
    if (isWhole && isOpen()) tray.innerHTML = html;
    const page = new DOMParser().parseFromString(html, "text/html");
    count(Number(page.querySelector("[data-unread-notices]")?.dataset.unreadNotices ?? 0));
  }

  function count(unread) {
    const shown = unread > 99 ? "99+" : String(unread);
    let badge = button.querySelector(".badge");
    if (!unread) badge?.remove();
    else {
      if (!badge) button.append(badge = document.getElementById("badge").content.firstElementChild.cloneNode(true));
      badge.querySelector("[data-count]").textContent = shown;
    }
    const icon = document.getElementById("favicon");
    icon.href = unread ? icon.dataset.news : icon.dataset.calm;
    (unread ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.())?.catch(() => {}); // where it is installed
    document.title = (unread ? `(${shown}) ` : "") + document.title.replace(/^\([\d+]+\) /, "");
  }

  function toggle(open) {
    if (open === isOpen()) return;
    if (open) tray.showPopover(); else tray.hidePopover();
    button.setAttribute("aria-expanded", String(open));
    if (open) refresh().then(toTitle, () => location.assign(button.href)); // the plain page says what is wrong
    else if (tray.contains(document.activeElement) || document.activeElement === document.body) button.focus();
  }

  button.addEventListener("click", (event) => { event.preventDefault(); toggle(!isOpen()); });
  button.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); toggle(!isOpen()); } });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && isOpen()) toggle(false); });
  document.addEventListener("click", (event) => {
    if (isOpen() && !tray.contains(event.target) && !button.contains(event.target)) toggle(false);
  });
  tray.addEventListener("submit", async (event) => {
    event.preventDefault();
    try { show((await post(event.target.action, new FormData(event.target))).html); toTitle(); } catch { event.target.submit(); }
  });
  document.addEventListener("live:tray", ({ detail }) => {
    // What happens in front of her is no news: it is marked as seen, and that tells the tray again.
    const thread = openThread();
    if (thread && detail.id === thread.id && thread.isInFront()) return;
    refresh().catch(() => {});
  });
  document.addEventListener("live:open", () => { refresh().catch(() => {}); });
}
