// Edit Contact Info: the same form as on its own page, in a dialog; says what a new number will do before it is saved.
import { firstControl } from "./patch.js";
import { freshToken } from "./request.js";
import { watchPhone } from "./phone.js";

export function editContact() {
  watchPhone();
  const dialog = document.getElementById("contact-dialog");
  if (!(dialog instanceof HTMLDialogElement)) {
    document.body.addEventListener("contact-saved", () => location.assign(document.querySelector("[data-close]").href));
    return watch(document);
  }
  dialog.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== dialog) return; // a hint inside it
    if (!dialog.open) dialog.showModal();
    tell(dialog.querySelector("form[data-contact]"));
    (dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector("input[autofocus]"))?.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) { event.preventDefault(); dialog.close(); }
  });
  dialog.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.verb === "post") detail.parameters.csrfmiddlewaretoken = freshToken();
  });
  const failed = ({ detail }) => {
    if (detail.target !== dialog) return;
    if (!dialog.open) return location.assign(detail.elt.href); // the page of its own says what is wrong
    const problem = dialog.querySelector("[data-problem]");
    problem.hidden = false;
    problem.querySelector("[data-words]").textContent = problem.dataset[detail.xhr.status === 401 ? "signedOut" : "lost"];
  };
  for (const event of ["htmx:responseError", "htmx:sendError"]) document.body.addEventListener(event, failed);
  // The button that opened it may be gone: what was saved can open or lock the window.
  dialog.addEventListener("close", () => {
    if (document.activeElement !== document.body && !dialog.contains(document.activeElement)) return;
    const writing = document.getElementById("writing");
    ((writing && firstControl(writing)) ?? document.getElementById("edit-contact"))?.focus();
  });
  document.body.addEventListener("contact-saved", () => {
    dialog.close();
    if (document.querySelector("[data-conversation]")) document.dispatchEvent(new CustomEvent("contact-changed"));
    else location.reload();
  });
  watch(dialog);
}

function watch(root) {
  tell(root.querySelector("form[data-contact]")); // a form that came back refused holds the new number already
  root.addEventListener("input", (event) => {
    if (event.target.name === "phone") tell(event.target.closest("form[data-contact]"));
  });
}

function tell(form) {
  if (!form || form.dataset.hasConsent === undefined) return;
  const digits = (text) => text.replace(/[^\d+]/g, "");
  const isNew = digits(form.elements.phone.value) !== digits(form.dataset.phone);
  form.querySelector("[data-new-number]").hidden = !isNew;
  const save = form.querySelector("[data-save]");
  save.dataset.label ??= save.textContent;
  save.textContent = isNew ? save.dataset.newLabel : save.dataset.label;
}
