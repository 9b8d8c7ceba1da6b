// Requests for patches. A session that ended, or a record that is no longer the user's, is told apart from a fault.
export class SignedOut extends Error {}
export class Gone extends Error {}

// An address with more in its query; what it says already stays.
export function with_(address, more) {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
  return url.pathname + url.search;
}

export async function get(url) {
  return answered(await fetch(url, { headers: { "HX-Request": "true" } }));
}

// From the cookie, not from the form: after a new sign-in in another tab the form's own token is stale.
export const freshToken = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

export async function post(url, fields, options = {}) {
  const token = freshToken() ?? fields.get("csrfmiddlewaretoken") ?? "";
  fields.set("csrfmiddlewaretoken", token); // Django reads the field first
  return answered(await fetch(url, {
    method: "POST", body: fields, headers: { "HX-Request": "true", "X-CSRFToken": token }, ...options,
  }));
}

async function answered(response) {
  if (response.status === 401) throw new SignedOut();
  if (response.status === 404) throw new Gone();
  if (response.status >= 500) throw new Error(`HTTP ${response.status}`);
  return { status: response.status, html: response.status === 204 ? "" : await response.text() };
}
