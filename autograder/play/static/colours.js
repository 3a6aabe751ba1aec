// One scale of colours for everything: orange below the middle, blue above; light and dark.

const SCALES = {
  light: [[224, 120, 14], [240, 171, 92], [244, 244, 242], [110, 176, 220], [10, 98, 166]],
  dark: [[255, 158, 56], [173, 99, 24], [30, 35, 41], [28, 99, 156], [86, 184, 250]],
};
const KEPT = "gradeflow-play-theme";
const asked = matchMedia("(prefers-color-scheme: dark)");
const changed = [];
const known = new Map();

export const palette = new Uint32Array(256); // by the signed byte of a surface, plus 128

const stored = () => { try { return localStorage.getItem(KEPT); } catch { return null; } };
export const theme = () => document.documentElement.dataset.theme;
export const onChange = (heard) => changed.push(heard);

// A colour of the style sheet; asked once for each theme, for asking settles the whole page's style.
export function css(name) {
  if (!known.has(name)) known.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return known.get(name);
}

export function toggle() {
  const other = theme() === "dark" ? "light" : "dark";
  try { localStorage.setItem(KEPT, other); } catch { /* a private window keeps nothing */ }
  apply();
}

function apply() {
  known.clear();
  document.documentElement.dataset.theme = stored() ?? (asked.matches ? "dark" : "light");
  for (let i = 0; i < 256; i += 1) {
    const [r, g, b] = mixed((i - 128) / 127);
    palette[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  for (const heard of changed) heard();
}

function mixed(value) {
  const scale = SCALES[theme()];
  const at = (Math.min(Math.max(value, -1), 1) + 1) * 2;
  const low = Math.min(Math.floor(at), 3);
  return scale[low].map((from, i) => Math.round(from + (scale[low + 1][i] - from) * (at - low)));
}

export const colour = (value) => `rgb(${mixed(value).join(",")})`;

asked.addEventListener("change", apply);
apply();
