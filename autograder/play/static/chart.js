// A line chart on a canvas: as many series as there are, against steps, with numbers on hover.

import { css, onChange } from "./colours.js";
import { element, number, text } from "./words.js";

const WIDE = 560, HIGH = 260, LEFT = 52, RIGHT = 12, TOP = 12, BELOW = 30;
const MOST = 1200; // values that are kept of a series: then every second goes

export class Chart {
  // log: the axis counts powers of ten.
  constructor(home, { label, log = false }) {
    Object.assign(this, { log, label, series: [], steps: [], at: null, waits: false });
    this.canvas = element("canvas", { width: WIDE, height: HIGH, role: "img", tabindex: "0" });
    this.legend = element("ul", { class: "chart-legend" });
    home.append(this.canvas, this.legend);
    this.canvas.addEventListener("pointermove", (event) => this.#over(event));
    this.canvas.addEventListener("pointerleave", () => this.#point(null));
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    this.canvas.addEventListener("blur", () => this.#point(null));
    onChange(() => this.draw());
  }

  // series: {name, colour (a CSS variable), dash}
  begin(series) {
    this.series = series.map((each) => ({ ...each, values: [] }));
    this.steps = [];
    this.named();
    this.draw();
  }

  named() {
    this.legend.replaceChildren(
      ...this.series.map((each) => {
        const swatch = element("span", { class: `swatch ${each.dash ? "dashed" : ""}` });
        swatch.style.setProperty("--line", `var(${each.colour})`);
        each.told = element("span", { class: "told" });
        return element("li", {}, swatch, each.name(), each.told);
      }),
    );
  }

  add(step, values) {
    this.steps.push(step);
    this.series.forEach((each, i) => each.values.push(values[i] ?? null));
    if (this.steps.length > MOST) {
      const thin = (_, i) => i % 2 === 0;
      this.steps = this.steps.filter(thin);
      for (const each of this.series) each.values = each.values.filter(thin);
    }
    if (this.waits) return;
    this.waits = true;
    setTimeout(() => { this.waits = false; this.draw(); }, 90);
  }

  draw() {
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, WIDE, HIGH);
    context.font = "13px system-ui, sans-serif";
    const [low, high] = this.#ends();
    const x = this.#x();
    const y = (v) => TOP + (1 - (this.#scaled(v) - low) / (high - low)) * (HIGH - TOP - BELOW);
    this.#axes(context, low, high);
    for (const each of this.series) this.#line(context, each, x, y);
    const last = this.at ?? this.steps.length - 1;
    if (this.at !== null) this.#ruler(context, x(this.steps[this.at]));
    for (const each of this.series) {
      if (each.told) each.told.textContent = this.steps.length ? ` ${number(each.values[last])}` : "";
    }
    const now = this.series.map((each) => `${each.name()} ${number(each.values[last])}`).join(", ");
    const step = this.steps[last] ?? 0;
    this.canvas.setAttribute("aria-label", `${this.label()}. ${text("at_step", { step })} ${now}`);
  }

  #scaled(v) { return this.log ? Math.log10(Math.max(v, 1e-12)) : v; }

  #x() {
    const first = this.steps[0] ?? 0;
    const span = Math.max((this.steps.at(-1) ?? 1) - first, 1);
    return (step) => LEFT + ((step - first) / span) * (WIDE - LEFT - RIGHT);
  }

  #ends() {
    const all = this.series.flatMap((each) => each.values).filter((v) => v !== null && (!this.log || v > 0));
    if (!all.length) return this.log ? [-4, 0] : [0, 1];
    let low = Infinity, high = -Infinity;
    for (const v of all) { const s = this.#scaled(v); low = Math.min(low, s); high = Math.max(high, s); }
    if (this.log) return [Math.floor(low - 0.05), Math.ceil(high + 0.05)];
    return [0, high * 1.08 || 1];
  }

  #axes(context, low, high) {
    context.strokeStyle = css("--rule");
    context.fillStyle = css("--quiet");
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const count = this.log ? Math.min(high - low, 6) : 4;
    for (let i = 0; i <= count; i += 1) {
      const at = low + ((high - low) * i) / count;
      const y = TOP + (1 - i / count) * (HIGH - TOP - BELOW);
      context.beginPath();
      context.moveTo(LEFT, y);
      context.lineTo(WIDE - RIGHT, y);
      context.stroke();
      context.fillText(this.log ? `1e${Math.round(at)}` : number(at, 2), LEFT - 8, y);
    }
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    const x = this.#x();
    const first = this.steps[0] ?? 0, last = Math.max(this.steps.at(-1) ?? 0, first + 1);
    for (let i = 0; i <= 4; i += 1) {
      const step = Math.round(first + ((last - first) * i) / 4);
      if (i === 0 || i === 4 || last - first >= 8) context.fillText(step, Math.min(x(step), WIDE - 22), HIGH - 8);
    }
  }

  #line(context, { values, colour, dash }, x, y) {
    context.strokeStyle = css(colour);
    context.lineWidth = 2.2;
    context.setLineDash(dash ?? []);
    context.beginPath();
    let begun = false;
    values.forEach((value, i) => {
      const there = value !== null && (!this.log || value > 0);
      if (!there) { begun = false; return; }
      if (begun) context.lineTo(x(this.steps[i]), y(value));
      else context.moveTo(x(this.steps[i]), y(value));
      begun = true;
    });
    context.stroke();
    context.setLineDash([]);
  }

  #ruler(context, x) {
    context.strokeStyle = css("--ink");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, TOP);
    context.lineTo(x, HIGH - BELOW);
    context.stroke();
    context.fillStyle = css("--ink");
    context.fillText(this.steps[this.at], Math.min(Math.max(x, LEFT), WIDE - 22), TOP + 2);
  }

  #over(event) {
    if (!this.steps.length) return;
    const box = this.canvas.getBoundingClientRect();
    const wanted = ((event.clientX - box.left) / box.width) * WIDE;
    const x = this.#x();
    let best = 0;
    this.steps.forEach((step, i) => {
      if (Math.abs(x(step) - wanted) < Math.abs(x(this.steps[best]) - wanted)) best = i;
    });
    this.#point(best);
  }

  #key(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way || !this.steps.length) return;
    event.preventDefault();
    event.stopPropagation();
    const last = this.steps.length - 1;
    const by = Math.max(1, Math.round(last / 50));
    this.#point(Math.min(Math.max((this.at ?? last) + way * by, 0), last));
  }

  #point(at) { this.at = at; this.draw(); }
}
