// The learner's gradient beside the numerical one: they agree, or where they part.

import { element, number, text } from "./words.js";

const HEADS = ["gradient_of", "gradient_yours", "gradient_numerical", "gradient_ratio", "gradient_place", "gradient_yours_there", "gradient_numerical_there"];
const place = ({ name, at }) => `${name}[${at.join(", ")}]`;

// hidden: how many hidden layers there are; the one behind them is the output.
export function showGradient(home, list, hidden) {
  const parted = list.filter((each) => each.parts);
  const scaled = list.some((each) => each.factor !== null);
  const heads = HEADS.filter((key) => scaled || key !== "gradient_ratio");
  home.replaceChildren(
    element("p", { class: `verdict ${parted.length ? "wrong" : "right"}` }, parted.length ? told(parted, list.length, hidden) : text("gradient_agrees")),
    element("table", {},
      element("thead", {}, element("tr", {}, ...heads.map((key) => element("th", { scope: "col" }, text(key))))),
      element("tbody", {}, ...list.map((each) => row(each, scaled)))));
  return new Set(parted.map((each) => each.layer));
}

function row(each, scaled) {
  const values = [number(each.size), number(each.wanted), ...(scaled ? [each.factor === null ? "" : `×\u2009${number(each.factor)}`] : []), place(each), number(each.told, 4), number(each.numerical, 4)];
  return element("tr", { class: each.parts ? "wrong" : "" }, element("th", { scope: "row" }, `${each.name}${each.layer}`),
    ...values.map((value) => element("td", {}, value)));
}

// A mistake in one layer's step spoils all layers before it: the last that parts is where it began.
function told(parted, all, hidden) {
  const last = Math.max(...parted.map((each) => each.layer));
  const first = parted.find((each) => each.layer === last);
  const layer = last > hidden ? text("output_layer") : text("layer", { layer: last }).toLowerCase();
  const facts = { layer, place: place(first), told: number(first.told, 4), numerical: number(first.numerical, 4), share: Math.round(first.share * 100) };
  const factors = parted.filter((each) => each.name === "W").map((each) => each.factor);
  const factor = factors.length && factors.every((each) => each !== null) && factors.every((each) => Math.abs(each / factors[0] - 1) < 0.02)
    ? [text("gradient_factor", { factor: number(factors[0]) })] : [];
  return [text("gradient_parts_at", facts), text("gradient_arrays", { count: parted.length, all }), ...factor].join(" ");
}
