// A set-up in the page's address, so that it can be shared: #data=xor&layers=4.4&…

const LISTS = new Set(["features", "layers", "own"]);
const WORDS = new Set(["data", "activation", "loss"]);

export function read(usual) {
  const said = new URLSearchParams(location.hash.slice(1));
  const setting = { ...usual };
  for (const [key, value] of said) {
    if (!(key in usual)) continue;
    if (LISTS.has(key)) {
      const items = value === "" ? [] : value.split(".");
      setting[key] = key === "layers" ? items.map(Number) : items;
    } else setting[key] = WORDS.has(key) ? value : Number(value);
  }
  return setting;
}

export function write(setting, usual) {
  const said = new URLSearchParams();
  for (const [key, value] of Object.entries(setting)) {
    const written = Array.isArray(value) ? value.join(".") : String(value);
    const known = Array.isArray(usual[key]) ? usual[key].join(".") : String(usual[key]);
    if (written !== known) said.set(key, written);
  }
  const hash = `#${said}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
}
