// The network: a column for each layer, each unit with its own surface, weights as lines.

import { Links } from "./links.js";
import { paint, SIDE } from "./surface.js";
import { element, number, text } from "./words.js";

export const FEATURES = { x: "x", y: "y", xx: "x²", yy: "y²", xy: "xy", sinx: "sin x", siny: "sin y" };

export class Network {
  // change: told of another setting. look: told which unit is looked at, or null.
  constructor(home, { change, look, limits }) {
    Object.assign(this, { home, change, look, limits, setting: null, frame: null, looked: null });
    this.links = new Links(home);
    new ResizeObserver(() => this.links.measure()).observe(home);
  }

  build(setting) {
    const focused = document.activeElement?.dataset?.keep;
    this.setting = setting;
    this.inputs = this.#features();
    this.units = setting.layers.map((count, layer) => Array.from({ length: count }, (_, i) => this.#unit(layer, i)));
    this.units.push([this.#unit(setting.layers.length, 0)]);
    const columns = [this.#column(text("features"), null, this.inputs.map((each) => each.row))];
    setting.layers.forEach((count, layer) => {
      columns.push(this.#column(text("layer", { layer: layer + 1 }), this.#more(layer, count), this.units[layer].map((each) => each.row)));
    });
    columns.push(this.#column(text("output"), null, this.units.at(-1).map((each) => each.row)));
    this.badges = columns.slice(1).map((column) => column.querySelector(".parts"));
    this.home.replaceChildren(this.links.canvas, this.#depth(), element("div", { class: "columns" }, ...columns));
    const active = this.inputs.filter((each) => setting.features.includes(each.name)).map((each) => each.button);
    this.links.join([active, ...this.units.map((layer) => layer.map((each) => each.button))]);
    if (focused) this.home.querySelector(`[data-keep="${focused}"]`)?.focus();
    this.frame = null;
    document.getElementById("hover").textContent = text("hover_says");
  }

  paintInputs(surfaces) {
    this.setting.features.forEach((name, i) => {
      paint(this.inputs.find((each) => each.name === name).canvas, surfaces, i);
    });
    this.features = surfaces;
  }

  // How many hidden layers there are: of this network, whatever is asked for meanwhile.
  get depth() { return this.units.length - 1; }

  // Whether a frame has a surface for each unit.
  fits(frame) { return frame.scales.length === this.units.flat().length; }

  show(frame) {
    this.frame = frame;
    let index = 0;
    for (const layer of this.units) for (const each of layer) { paint(each.canvas, frame.surfaces, index); index += 1; }
    this.links.show(frame.layers);
    if (this.looked) this.#tell(this.looked);
  }

  // parted: the layers, counted from 1, whose gradients part from the numerical ones.
  mark(parted) {
    this.badges?.forEach((badge, i) => {
      badge.hidden = !parted.has(i + 1);
      badge.textContent = text("gradient_parts");
    });
    this.links.measure();
  }

  index(layer, unit) { return this.units.slice(0, layer).reduce((sum, each) => sum + each.length, 0) + unit; }

  #column(title, extra, rows) {
    return element("div", { class: "column" }, element("h3", {}, title), extra ?? element("div", { class: "more" }),
      ...rows, element("p", { class: "parts", hidden: true }));
  }

  #features() {
    return Object.entries(FEATURES).map(([name, label]) => {
      const canvas = element("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
      const on = this.setting.features.includes(name);
      const button = element("button", {
        class: "unit feature", "aria-pressed": on, "data-keep": `f-${name}`, "aria-label": text("feature", { name: label }),
        onclick: () => this.#toggle(name),
      }, canvas);
      return { name, canvas, button, row: element("div", { class: `row ${on ? "" : "off"}` }, element("span", { class: "name", "aria-hidden": "true" }, label), button) };
    });
  }

  #toggle(name) {
    const on = new Set(this.setting.features);
    if (on.has(name)) on.delete(name); else on.add(name);
    if (on.size) this.change({ features: Object.keys(FEATURES).filter((each) => on.has(each)) });
  }

  #unit(layer, unit) {
    const canvas = element("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
    const spot = { layer, unit };
    const look = () => { this.looked = spot; this.look(spot); this.#tell(spot); };
    const leave = () => { if (this.looked === spot) { this.looked = null; this.look(null); this.#tell(null); } };
    const button = element("button", {
      class: "unit", "data-keep": `u-${layer}-${unit}`, "aria-label": this.#name(spot),
      onpointerenter: look, onpointerleave: leave, onfocus: look, onblur: leave,
    }, canvas);
    return { canvas, button, row: element("div", { class: "row" }, button) };
  }

  #name({ layer, unit }) {
    const last = layer === this.setting.layers.length;
    return last ? text("output_unit") : text("unit", { layer: layer + 1, unit: unit + 1 });
  }

  // The numbers of a unit: its bias, and what comes in with which weight.
  #tell(spot) {
    const home = document.getElementById("hover");
    if (!spot || !this.frame) { home.textContent = text("hover_says"); return; }
    const { W, b } = this.frame.layers[spot.layer];
    const from = spot.layer ? W.map((_, i) => `#${i + 1}`) : this.setting.features.map((name) => FEATURES[name]);
    const weights = W.map((row, i) => `${from[i]} ${number(row[spot.unit])}`).join(", ");
    const said = text("unit_says", { name: this.#name(spot), bias: number(b[spot.unit]), weights });
    home.textContent = said;
    this.units[spot.layer][spot.unit].button.setAttribute("aria-label", said);
  }

  #more(layer, count) {
    const set = (value) => {
      const layers = [...this.setting.layers];
      layers[layer] = value;
      this.change({ layers });
    };
    return element("div", { class: "more", role: "group", "aria-label": text("units_of", { layer: layer + 1 }) },
      element("button", { class: "small", disabled: count <= 1, "aria-label": text("fewer_units"), "data-keep": `l-${layer}-less`, onclick: () => set(count - 1) }, "−"),
      element("span", {}, String(count)),
      element("button", { class: "small", disabled: count >= this.limits.most_units, "aria-label": text("more_units"), "data-keep": `l-${layer}-more`, onclick: () => set(count + 1) }, "+"));
  }

  #depth() {
    const { layers } = this.setting;
    return element("div", { class: "depth", role: "group", "aria-label": text("hidden_layers", { count: layers.length }) },
      element("button", { class: "small", id: "fewer-layers", "data-keep": "d-less", disabled: !layers.length, "aria-label": text("fewer_layers"), onclick: () => this.change({ layers: layers.slice(0, -1) }) }, "−"),
      element("span", { id: "depth" }, text("hidden_layers", { count: layers.length })),
      element("button", { class: "small", id: "more-layers", "data-keep": "d-more", disabled: layers.length >= this.limits.most_layers, "aria-label": text("more_layers"), onclick: () => this.change({ layers: [...layers, layers.at(-1) ?? 4] }) }, "+"));
  }
}
