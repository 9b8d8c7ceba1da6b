// Desktop notifications of news in conversations that aren't in front; asked for in one's own account, off until then.
import { get } from "./request.js";

const PAUSE = 2_000; // what is in front of her, in whatever window or device, is read by then (N2)

export function notifyDesktop() {
  const tray = document.getElementById("tray-button");

  async function tell(conversation) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const page = new DOMParser().parseFromString((await get(tray.href)).html, "text/html");
    const news = page.getElementById(`notice-${conversation}`);
    if (!news?.dataset.desktop) return; // read by now, or not wanted
    const { desktop, headline, words } = news.dataset;
    const icon = document.getElementById("favicon").href;
    const shown = new Notification(headline, { body: words ?? "", tag: `notice-${desktop}`, icon });
    shown.onclick = () => { window.focus(); shown.close(); location.assign(news.getAttribute("href")); };
  }

  document.addEventListener("live:tray", ({ detail }) => {
    if (!detail.id || globalThis.Notification?.permission !== "granted") return;
    // Each tab hears of it; the one that is first tells, the others leave it to her.
    navigator.locks.request(`desktop-${detail.id}`, { ifAvailable: true }, (lock) => lock && tell(detail.id)).catch(() => {});
  });
}

// In one's own account: the click that turns them on asks the browser, which answers once and for all.
export function askPermission() {
  const box = document.querySelector("[data-asks-permission]");
  if (!box) return;
  const state = document.getElementById(box.dataset.asksPermission);
  const show = () => {
    const permission = globalThis.Notification?.permission ?? "unsupported";
    state.hidden = !box.checked || permission === "granted";
    state.querySelector("[data-words]").textContent = state.dataset[permission] ?? "";
  };
  box.addEventListener("change", async () => {
    if (box.checked && globalThis.Notification?.permission === "default") await Notification.requestPermission();
    show();
  });
  show();
}
