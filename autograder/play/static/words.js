// Texts from the engine's catalogues, and numbers as a reader takes them in.

let texts = {};
let language = "en";
const VOID = "–";

export async function load(wanted) {
  const answer = await fetch(`texts/${wanted}.json`);
  const said = await answer.json();
  texts = said.texts;
  language = said.language;
  return said;
}

export const spoken = () => language;

export function text(key, facts = {}) {
  const found = texts[key] ?? key;
  return found.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "?");
}

export const has = (key) => key in texts;

// Fills every element that names its text: its content, its label, its title.
export function fill(root = document) {
  for (const each of root.querySelectorAll("[data-text]")) each.textContent = text(each.dataset.text);
  for (const each of root.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", text(each.dataset.label));
  }
  for (const each of root.querySelectorAll("[data-title]")) each.title = text(each.dataset.title);
}

export function number(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return VOID;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1);
  return String(Number(value.toPrecision(digits)));
}

// Writes only what is not there yet: every change of a text lays the page out anew.
export function put(home, said) {
  const written = String(said);
  if (home.textContent !== written) home.textContent = written;
}

export function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key.startsWith("aria-")) made.setAttribute(key, String(value));
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...inside.filter((each) => each !== null && each !== undefined));
  return made;
}
