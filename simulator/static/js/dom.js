// Makes elements, and changes a list of children as little as possible.

/** An element: `attributes` are set as given, functions in `on` listen, false and null are left out. */
export function h(tag, attributes = {}, ...children) {
  const { on = {}, ...rest } = attributes;
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(rest)) {
    if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

export function icon(name, size = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon${size ? ` icon--${size}` : ""}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Give `parent` these children: `{key, content, make}`. One whose content is the same keeps its element, and with it
 *  the focus and the reader's place; a new or changed one is made. Returns whether anything changed. */
export function reconcile(parent, items) {
  const former = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let changed = false;
  items.forEach(({ key, content, make }, index) => {
    let child = former.get(key);
    former.delete(key);
    if (!child || child.dataset.content !== content) {
      const made = make();
      made.dataset.key = key;
      made.dataset.content = content;
      if (child) replace(child, made);
      child = made;
      changed = true;
    }
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  for (const gone of former.values()) gone.remove();
  return changed || former.size > 0;
}

/** Put `made` where `child` is; the focus stays on what has the same name, or on the first thing that takes it. */
function replace(child, made) {
  const focused = child.contains(document.activeElement) ? document.activeElement.dataset.name : undefined;
  const hadFocus = child.contains(document.activeElement);
  child.replaceWith(made);
  if (hadFocus) (made.querySelector(`[data-name="${focused}"]`) ?? made.querySelector("a, button, select") ?? made).focus();
}
