// A number that is being typed: what the server said of it holds for screen readers, too.
export function watchPhone() {
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id !== "id_phone-says") return;
    document.getElementById("id_phone").setAttribute("aria-invalid", Boolean(detail.target.querySelector(".error")));
  });
}
