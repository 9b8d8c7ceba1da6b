// Edit User: says how many seats will be in use once this is saved, and marks the one that is given.
for (const meter of document.querySelectorAll("[data-seats]")) {
  const box = meter.closest("form").querySelector("[name=has_seat]");
  const { inUse, bought, had, words, full } = meter.dataset;
  const show = () => {
    const after = Number(inUse) + Number(box.checked) - Number(had);
    const changes = after !== Number(inUse);
    const said = after > Number(bought) ? full : words.replace("#", after).replace("%", bought);
    meter.querySelector("[data-after]").textContent = changes ? said : "";
    meter.querySelector("[data-next]")?.removeAttribute("data-next");
    if (after > Number(inUse)) meter.querySelector(".meter__pips i:not([data-on])")?.setAttribute("data-next", "");
  };
  box.addEventListener("change", show);
  show();
}
