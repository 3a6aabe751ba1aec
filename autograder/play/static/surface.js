// Surfaces: a small one for each unit, a large one with the points for what is looked at.

import { colour, css, palette } from "./colours.js";

export const SIDE = 50;

// Paint one surface of a frame on a canvas of SIDE × SIDE.
export function paint(canvas, surfaces, index) {
  const context = canvas.getContext("2d");
  canvas.image ??= context.createImageData(SIDE, SIDE);
  const pixels = new Uint32Array(canvas.image.data.buffer);
  const start = index * SIDE * SIDE;
  for (let i = 0; i < SIDE * SIDE; i += 1) pixels[i] = palette[surfaces[start + i] + 128];
  context.putImageData(canvas.image, 0, 0);
}

export class Output {
  constructor(canvas) {
    this.canvas = canvas;
    this.small = document.createElement("canvas");
    this.small.width = this.small.height = SIDE;
    this.points = null;
    this.showsTest = false;
  }

  draw(surfaces, index) {
    const { canvas } = this;
    const context = canvas.getContext("2d");
    paint(this.small, surfaces, index);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.small, 0, 0, canvas.width, canvas.height);
    if (this.points) this.#dots(context);
  }

  #dots(context) {
    const { places, values, train, reach } = this.points;
    const side = this.canvas.width;
    const rim = css("--paper");
    const count = this.showsTest ? places.length : train;
    context.lineWidth = side / 190;
    for (let i = 0; i < count; i += 1) {
      const x = ((places[i][0] + reach) / (2 * reach)) * side;
      const y = ((reach - places[i][1]) / (2 * reach)) * side;
      context.beginPath();
      if (i < train) context.arc(x, y, side / 80, 0, 7);
      else context.rect(x - side / 100, y - side / 100, side / 50, side / 50);
      context.fillStyle = colour(values[i]);
      context.strokeStyle = i < train ? rim : css("--ink");
      context.fill();
      context.stroke();
    }
  }
}

export function thumbnail(canvas, { places, values, reach }) {
  const context = canvas.getContext("2d");
  const side = canvas.width;
  context.clearRect(0, 0, side, side);
  places.forEach(([x, y], i) => {
    context.beginPath();
    context.arc(((x + reach) / (2 * reach)) * side, ((reach - y) / (2 * reach)) * side, side / 28, 0, 7);
    context.fillStyle = colour(values[i] * 0.95);
    context.fill();
  });
}
