// Tabs are links: arrows move among them, Enter opens; one tab stop each (WAI-ARIA tabs, manual activation).
export function moveInTabs() {
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab) return;
    const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")], at = tabs.indexOf(tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    for (const each of tabs) each.tabIndex = -1;
    const next = tabs.at(to % tabs.length);
    next.tabIndex = 0;
    next.focus();
  });
}
