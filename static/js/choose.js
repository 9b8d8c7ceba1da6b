// A list with check boxes: counts what is chosen, and a box at the head chooses all that is shown.
export function choose() {
  for (const form of document.querySelectorAll("form[data-choose]")) {
    const said = form.querySelector("[data-chosen]"), boxes = () => [...form.querySelectorAll("input[name=record]")];
    const buttons = form.querySelectorAll("button[type=submit]");
    const count = () => {
      const chosen = boxes().filter((box) => box.checked).length;
      const words = chosen ? (chosen === 1 ? said.dataset.one : said.dataset.many) : said.dataset.none;
      said.textContent = words.replace("#", chosen);
      for (const button of buttons) button.setAttribute("aria-disabled", String(!chosen));
    };
    const all = document.createElement("input");
    Object.assign(all, { type: "checkbox", ariaLabel: form.querySelector("th .vh").textContent });
    all.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; count(); });
    form.querySelector("th").replaceChildren(all);
    form.addEventListener("change", count);
    form.addEventListener("submit", (event) => { if (!boxes().some((box) => box.checked)) event.preventDefault(); });
    count();
  }
}
