// A menu is a <details>: a click elsewhere or Escape closes it.
export function closeMenus() {
  const close = (keep) => {
    for (const menu of document.querySelectorAll("details:is(.account, [data-menu])[open]")) if (!menu.contains(keep)) menu.open = false;
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details:is(.account, [data-menu])[open]");
    close(null);
    if (!menu) return;
    event.preventDefault(); // nothing else is left by the same key
    menu.querySelector("summary").focus();
  });
}
