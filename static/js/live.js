// Live signals for this tab: `live:conversation`, `live:presence`, `live:tray`, `live:account`, `live:open` (look at
// everything) and `live:lost`, as events of the document. One stream serves all tabs of a user: browsers open only six
// connections to an origin.
const LONGEST_PAUSE = 30_000;

export function listen(url, user) {
  const name = `smartmessage-live-${user}`;
  const tabs = new BroadcastChannel(name);
  const tell = (type, detail) => document.dispatchEvent(new CustomEvent(`live:${type}`, { detail }));
  let state = null; // of the stream, in the tab that holds it
  tabs.onmessage = ({ data }) => {
    if (data.type === "state?") { if (state) tabs.postMessage({ type: state, detail: {} }); }
    else tell(data.type, data.detail);
  };
  const tellAll = (type, detail = {}) => {
    if (type === "open" || type === "lost") state = type;
    tell(type, detail);
    tabs.postMessage({ type, detail });
  };
  tabs.postMessage({ type: "state?" });
  if (!navigator.locks) stream(url, tellAll);
  else navigator.locks.request(name, () => new Promise(() => stream(url, tellAll))); // held until the tab closes
}

// A proxy's error ends an EventSource for good, so it is opened anew with growing pauses.
function stream(url, tellAll, pause = 1_000) {
  const source = new EventSource(url, { withCredentials: true });
  source.addEventListener("open", () => { pause = 1_000; tellAll("open"); });
  source.addEventListener("resync", () => tellAll("open"));
  source.addEventListener("conversation", ({ data }) => tellAll("conversation", JSON.parse(data)));
  source.addEventListener("account", ({ data }) => tellAll("account", JSON.parse(data)));
  source.addEventListener("tray", ({ data }) => tellAll("tray", JSON.parse(data)));
  source.addEventListener("presence", ({ data }) => tellAll("presence", JSON.parse(data)));
  source.onerror = () => {
    tellAll("lost");
    if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
    setTimeout(() => stream(url, tellAll, Math.min(pause * 2, LONGEST_PAUSE)), pause * (0.75 + Math.random() / 2));
  };
}
