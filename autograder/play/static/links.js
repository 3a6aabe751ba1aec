// The weights: a line each, its width the size, its colour the sign; numbers on hover.

import { colour, css, onChange } from "./colours.js";
import { element, number, text } from "./words.js";

const STEPS = 14; // pieces of a curve, when the nearest one is looked for
const NEAR = 6; // pixels
const EACH = 60; // ms between two drawings of all lines

export class Links {
  constructor(home) {
    this.home = home;
    this.canvas = element("canvas", { class: "links", "aria-hidden": "true" });
    this.columns = [];
    this.spots = [];
    this.layers = null;
    this.waits = null;
    this.tip = document.getElementById("tip");
    home.addEventListener("pointermove", (event) => this.#over(event));
    home.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    onChange(() => this.draw(this.layers));
  }

  join(columns) {
    this.columns = columns;
    this.layers = null;
    requestAnimationFrame(() => this.measure());
  }

  // Where each unit stands; asked only when something has moved.
  measure() {
    const box = this.home.getBoundingClientRect();
    const scale = devicePixelRatio;
    this.canvas.width = Math.round(box.width * scale);
    this.canvas.height = Math.round(box.height * scale);
    this.spots = this.columns.map((column) => column.map((each) => {
      const at = each.getBoundingClientRect();
      return { left: at.left - box.left, right: at.right - box.left, y: at.top - box.top + at.height / 2 };
    }));
    this.draw(this.layers);
  }

  // Hundreds of curves cost more than all surfaces together, and weights move slowly.
  show(layers) {
    this.layers = layers;
    this.waits ??= setTimeout(() => { this.waits = null; this.draw(this.layers); }, EACH);
  }

  draw(layers) {
    this.layers = layers;
    if (!layers || !this.spots.length) return;
    const context = this.canvas.getContext("2d");
    const scale = devicePixelRatio;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.#each((from, to, weight) => {
      const size = Math.abs(weight ?? 0);
      context.strokeStyle = size < 0.02 ? css("--rule") : colour(Math.sign(weight) * Math.min(0.35 + size / 2, 1));
      context.lineWidth = 0.6 + 6.5 * Math.tanh(size / 2.2);
      context.beginPath();
      const bend = (to.left - from.right) / 2;
      context.moveTo(from.right, from.y);
      context.bezierCurveTo(from.right + bend, from.y, to.left - bend, to.y, to.left, to.y);
      context.stroke();
    });
  }

  #each(visit) {
    this.layers?.forEach(({ W }, layer) => {
      W.forEach((row, i) => row.forEach((weight, j) => {
        const from = this.spots[layer]?.[i], to = this.spots[layer + 1]?.[j];
        if (from && to) visit(from, to, weight, layer, i, j);
      }));
    });
  }

  #over(event) {
    const box = this.home.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    let best = NEAR, said = "";
    this.#each((from, to, weight, layer, i, j) => {
      if (x < from.right || x > to.left) return;
      const distance = Math.abs(heightAt(from, to, x) - y);
      if (distance < best) { best = distance; said = text("weight_says", { layer: layer + 1, from: i + 1, to: j + 1, weight: number(weight, 4) }); }
    });
    this.tip.hidden = !said;
    this.tip.textContent = said;
    this.tip.style.left = `${event.clientX + 14}px`;
    this.tip.style.top = `${event.clientY + 14}px`;
  }
}

// The curve's y at x: its x is looked for by halves.
function heightAt(from, to, x) {
  const bend = (to.left - from.right) / 2;
  let low = 0, high = 1;
  for (let i = 0; i < STEPS; i += 1) {
    const t = (low + high) / 2, u = 1 - t;
    const at = u ** 3 * from.right + 3 * u * u * t * (from.right + bend) + 3 * u * t * t * (to.left - bend) + t ** 3 * to.left;
    if (at < x) low = t; else high = t;
  }
  const t = low, u = 1 - t;
  return (u ** 3 + 3 * u * u * t) * from.y + (3 * u * t * t + t ** 3) * to.y;
}
