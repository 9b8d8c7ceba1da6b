// Edit Contact Info: the same form as on its own page, in a dialog; says what a new number will do before it is saved.
export function editContact() {
  const dialog = document.getElementById("contact-dialog");
  if (!(dialog instanceof HTMLDialogElement)) { watch(document); return; }
  dialog.addEventListener("htmx:afterSwap", () => {
    if (!dialog.open) dialog.showModal();
    (dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector("input[autofocus]"))?.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) { event.preventDefault(); dialog.close(); }
  });
  document.body.addEventListener("contact-saved", () => {
    dialog.close();
    if (document.querySelector("[data-conversation]")) document.dispatchEvent(new CustomEvent("contact-changed"));
    else location.reload();
  });
  watch(dialog);
}

function watch(root) {
  root.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-contact]");
    if (!form || event.target.name !== "phone" || form.dataset.hasConsent === undefined) return;
    const digits = (text) => text.replace(/[^\d+]/g, "");
    const isNew = digits(event.target.value) !== digits(form.dataset.phone);
    form.querySelector("[data-new-number]").hidden = !isNew;
    const save = form.querySelector("[data-save]");
    save.dataset.label ??= save.textContent;
    save.textContent = isNew ? save.dataset.newLabel : save.dataset.label;
  });
}
