// What can be set: data sets, sliders, and the row of the recipe.

import { onChange } from "./colours.js";
import { thumbnail } from "./surface.js";
import { element, has, text } from "./words.js";

export class Controls {
  // options: what there is to choose. change: told of another setting.
  constructor(options, change) {
    Object.assign(this, { options, change, setting: options.usual });
    onChange(() => this.#thumbnails());
  }

  build(setting) {
    const focused = document.activeElement?.id;
    this.setting = setting;
    this.#sets();
    document.getElementById("sliders").replaceChildren(
      this.#slider("noise", 0, 50, 5, "percent"), this.#slider("share", 10, 90, 10, "percent"));
    const kind = this.options.numbers.includes(setting.data) ? "numbers" : "classes";
    document.querySelector(".recipe").replaceChildren(
      this.#choice("activation", this.options.activations), this.#choice("loss", this.options.losses[kind]),
      this.#choice("rate", this.options.rates), this.#choice("batch", this.options.batches, (v) => (v ? String(v) : text("all"))),
      this.#choice("l1", this.options.strengths), this.#choice("l2", this.options.strengths),
      this.#slider("dropout", 0, 80, 10, "percent"), this.#seed());
    if (focused) document.getElementById(focused)?.focus();
  }

  #sets() {
    const home = document.getElementById("data");
    const { data } = this.setting;
    this.canvases = {};
    const made = this.options.data.map((name) => {
      const canvas = element("canvas", { width: 72, height: 72, "aria-hidden": "true" });
      this.canvases[name] = canvas;
      return element("button", {
        class: "set", id: `set-${name}`, role: "radio", "aria-checked": name === data, tabindex: name === data ? 0 : -1,
        title: text(`set_${name}`), onclick: () => this.change({ data: name }), onkeydown: (event) => this.#arrow(event, name),
      }, canvas, element("span", {}, text(`set_${name}`)));
    });
    const count = this.options.data.length - this.options.numbers.length;
    home.replaceChildren(element("h3", { role: "presentation" }, text("classes")), ...made.slice(0, count),
      element("h3", { role: "presentation" }, text("numbers")), ...made.slice(count));
    this.#thumbnails();
  }

  #arrow(event, name) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const { data } = this.options;
    const next = data[(data.indexOf(name) + way + data.length) % data.length];
    document.getElementById(`set-${next}`).focus();
    this.change({ data: next });
  }

  #thumbnails() {
    for (const [name, canvas] of Object.entries(this.canvases ?? {})) thumbnail(canvas, this.options.samples[name]);
  }

  #slider(name, least, most, step, unit) {
    const shown = element("output", { for: name }, text(unit, { value: this.setting[name] }));
    const input = element("input", {
      type: "range", id: name, min: least, max: most, step, value: this.setting[name],
      "aria-valuetext": text(unit, { value: this.setting[name] }),
      oninput: () => { shown.textContent = text(unit, { value: input.value }); },
      onchange: () => this.change({ [name]: Number(input.value) }),
    });
    return element("label", { class: "slider", for: name, title: text(`${name}_says`) }, element("span", {}, text(name), " ", shown), input);
  }

  #choice(name, values, shown = (value) => (has(`${name}_${value}`) ? text(`${name}_${value}`) : String(value))) {
    const select = element("select", { id: name, onchange: () => {
      const value = values[select.selectedIndex];
      this.change({ [name]: value });
    } }, ...values.map((value) => element("option", { selected: value === this.setting[name] }, shown(value))));
    return element("label", { title: text(`${name}_says`) }, element("span", {}, text(name)), select);
  }

  #seed() {
    const input = element("input", { type: "number", id: "seed", min: 0, max: 9999, value: this.setting.seed,
      onchange: () => this.change({ seed: Math.min(Math.max(Math.round(Number(input.value) || 0), 0), 9999) }) });
    const other = element("button", { class: "small", id: "other-seed", "aria-label": text("other_seed"), title: text("other_seed"),
      onclick: () => this.change({ seed: (this.setting.seed + 1) % 10000 }) }, "⚂");
    return element("label", { class: "seed", title: text("seed_says") }, element("span", {}, text("seed")), element("span", { class: "pair" }, input, other));
  }
}
