// The learner's gradient beside the numerical one: they agree, or where they part.

import { element, number, text } from "./words.js";

const place = ({ name, at }) => `${name}[${at.join(", ")}]`;

export function showGradient(home, list) {
  const parted = list.filter((each) => each.parts);
  const said = parted.length ? parted.map(sentence) : [text("gradient_agrees")];
  home.replaceChildren(
    ...said.map((each) => element("p", { class: parted.length ? "verdict wrong" : "verdict right" }, each)),
    element("table", {},
      element("thead", {}, element("tr", {}, ...["gradient_of", "gradient_yours", "gradient_numerical", "gradient_place", "gradient_yours_there", "gradient_numerical_there"].map((key) => element("th", { scope: "col" }, text(key))))),
      element("tbody", {}, ...list.map((each) => element("tr", { class: each.parts ? "wrong" : "" },
        element("th", { scope: "row" }, `${each.name}${each.layer}`),
        ...[number(each.size), number(each.wanted), place(each), number(each.told, 4), number(each.numerical, 4)].map((value) => element("td", {}, value)))))));
  return new Set(parted.map((each) => each.layer));
}

function sentence(each) {
  const facts = { layer: each.layer, place: place(each), told: number(each.told, 4), numerical: number(each.numerical, 4), share: Math.round(each.share * 100) };
  const factor = each.factor === null ? "" : ` ${text("gradient_factor", { factor: number(each.factor) })}`;
  return text("gradient_parts_at", facts) + factor;
}
