// The page: a set-up, a network that learns, and what is seen of it.

import * as address from "./address.js";
import { Chart } from "./chart.js";
import { colour, onChange, toggle } from "./colours.js";
import { Controls } from "./controls.js";
import { Functions } from "./functions.js";
import { showGradient } from "./gradient.js";
import { Network } from "./network.js";
import { Output } from "./surface.js";
import { connect } from "./wire.js";
import { fill, load, number, put, spoken, text } from "./words.js";

const SPEEDS = [1, 2, 5, 10, 50];
const KEPT = "gradeflow-play-language";
const SPOKEN_EACH = 5000; // ms between two sentences for a screen reader
const STILL = 500; // ms between two pictures where motion is not wanted
const MOST_PRINTED = 8000;
const $ = (id) => document.getElementById(id);
const still = matchMedia("(prefers-reduced-motion: reduce)");

const options = await (await fetch("options.json")).json();
let setting = address.read(options.usual);
let playing = false, made = false, frame = null, looked = null, built = "", spokenAt = 0, drawnAt = 0, drawn = 0, twin = false;

const output = new Output($("output"));
const controls = new Controls(options, change);
const network = new Network($("network"), { change, look, limits: options });
const functions = new Functions((own) => change({ own }));
const losses = new Chart($("loss-chart"), { label: () => text("losses") });
const flow = new Chart($("flow-chart"), { label: () => text("flow"), log: true });
let kept = null;
try { kept = localStorage.getItem(KEPT); } catch { /* a private window */ }
await load(kept ?? options.language); // before anything is heard, for that is shown in words
const order = connect(heard, lost);

// ---- orders ----

function change(part) {
  setting = { ...setting, ...part };
  order({ do: "set", setting });
}

function press(what) {
  if (what === "play") order({ do: playing ? "pause" : "play" });
  else order({ do: what });
}

for (const name of ["reset", "play", "step"]) $(name).addEventListener("click", () => press(name));
$("speed").addEventListener("change", ({ target }) => order({ do: "speed", steps: SPEEDS[target.selectedIndex] }));
$("language").addEventListener("change", ({ target }) => speak(target.value, true));
$("theme").addEventListener("click", toggle);
$("copy").addEventListener("click", share);
$("test-points").addEventListener("change", ({ target }) => { output.showsTest = target.checked; drawOutput(); });
addEventListener("hashchange", () => { setting = address.read(options.usual); order({ do: "set", setting }); });
addEventListener("keydown", (event) => {
  const busy = event.target.closest?.("input, select, textarea, a, canvas") || event.ctrlKey || event.metaKey || event.altKey;
  if (busy) return;
  const onButton = event.target.closest?.("button");
  const key = event.key === " " ? (onButton ? "" : "play") : { r: "reset", s: "step" }[event.key.toLowerCase()];
  if (key) { event.preventDefault(); press(key); }
});
onChange(() => { drawLegend(); if (frame) draw(frame); });

async function share() {
  const shared = new URL(location.href).hash || "#";
  try { await navigator.clipboard.writeText(shared); say(text("shared")); } catch { say(shared); }
}

// ---- what is heard ----

function heard(message) {
  switch (message.kind) {
    case "set": take(message.setting); break;
    case "made": begin(message); break;
    case "inputs": network.paintInputs(message.surfaces); break;
    case "frame": arrive(message); break;
    case "state": state(message); break;
    case "functions": functions.show(message); break;
    case "trouble": functions.fail(message); say(message.headline); break;
    case "fine": functions.fine(); break;
    case "gradient": network.mark(showGradient($("gradient"), message.list, network.depth)); break;
    case "printed": $("printed").textContent = ($("printed").textContent + message.text).slice(-MOST_PRINTED); break;
    default:
  }
}

function lost(code) {
  state({ playing: false, made: false });
  functions.fail({ headline: text(code === 1013 ? "too_many" : "lost"), details: [], advice: "", function: "" });
}

// A set-up as the server has read it: what is shown is what it is.
function take(said) {
  setting = said;
  address.write(setting, options.usual);
  const key = JSON.stringify([setting, spoken()]);
  if (key === built) return;
  built = key;
  controls.build(setting);
  network.build(setting);
}

function begin(message) {
  frame = looked = null;
  take(message.setting);
  const classes = message.output === "sigmoid";
  const { places, targets, train } = message.points;
  output.points = { places, train, reach: message.reach, values: targets.map((v) => (classes ? 2 * v - 1 : v)) };
  $("counted").textContent = text("parameters", { count: message.count });
  $("low").textContent = classes ? "0" : "−1";
  $("high").textContent = "1";
  $("printed").textContent = "";
  made = true;
  twin = null;
  document.body.dataset.made = Number(document.body.dataset.made ?? 0) + 1;
}

function series() {
  const layers = [...setting.layers.map((_, i) => () => text("layer", { layer: i + 1 })), () => text("output")];
  const both = [{ name: () => text("training_loss"), colour: "--train" }, { name: () => text("test_loss"), colour: "--test", dash: [7, 5] }];
  const beside = [{ name: () => text("twin_loss"), colour: "--twin", dash: [2, 5] }];
  losses.begin(twin ? [...both, ...beside] : both);
  flow.begin(layers.map((name, i) => ({ name, colour: `--flow-${i}`, dash: i % 2 ? [8, 4] : undefined })));
}

function arrive(message) {
  frame = message;
  if (message.step === 0 || twin === null) { twin = Boolean(message.twin); series(); }
  losses.add(message.step, [message.train, message.test, message.twin?.train]);
  if (message.flow.length) flow.add(message.step, message.flow);
  if (message.twin) tellTwin(message.twin);
  const now = performance.now();
  if (still.matches && playing && now - drawnAt < STILL) { order({ do: "drawn" }); return; }
  drawnAt = now;
  requestAnimationFrame(() => { if (frame === message) draw(message); order({ do: "drawn" }); });
}

function draw(message) {
  if (!network.fits(message)) return; // of the one before: its own comes
  network.show(message);
  drawOutput();
  put($("epoch"), message.epoch);
  put($("steps"), message.step);
  put($("train-loss"), number(message.train));
  put($("test-loss"), number(message.test));
  document.body.dataset.step = message.step;
  drawn += 1;
  document.body.dataset.drawn = drawn;
  const now = performance.now();
  if (playing && now - spokenAt > SPOKEN_EACH) { spokenAt = now; sayLosses(); }
}

function look(spot) { looked = spot; drawOutput(); }

function drawOutput() {
  if (!frame || !network.fits(frame)) return;
  const spot = looked ?? { layer: network.depth, unit: 0 };
  const name = looked && looked.layer < network.depth ? text("unit", { layer: spot.layer + 1, unit: spot.unit + 1 }) : text("output");
  put($("shown"), name);
  const index = network.index(spot.layer, spot.unit);
  output.draw(frame.surfaces, index);
  const [middle, reach] = frame.scales[index];
  put($("low"), number(middle - reach, 2));
  put($("high"), number(middle + reach, 2));
  if (!playing) $("output").setAttribute("aria-label", text("surface_says", { name, loss: number(frame.train), test: number(frame.test) }));
}

$("output").addEventListener("pointermove", (event) => {
  if (!frame || !network.fits(frame)) return;
  const box = $("output").getBoundingClientRect();
  const across = (event.clientX - box.left) / box.width, down = (event.clientY - box.top) / box.height;
  const at = (value) => Math.min(Math.max(Math.floor(value * 50), 0), 49);
  const spot = looked ?? { layer: network.depth, unit: 0 };
  const index = network.index(spot.layer, spot.unit);
  const [middle, reach] = frame.scales[index];
  const value = middle + (frame.surfaces[index * 2500 + at(down) * 50 + at(across)] / 127) * reach;
  const side = output.points?.reach ?? 1;
  tip(event, text("place_says", { x: number((2 * across - 1) * side, 2), y: number((1 - 2 * down) * side, 2), value: number(value, 2) }));
});
$("output").addEventListener("pointerleave", () => { $("tip").hidden = true; });

function tip(event, said) {
  $("tip").hidden = false;
  $("tip").textContent = said;
  $("tip").style.left = `${event.clientX + 14}px`;
  $("tip").style.top = `${event.clientY + 14}px`;
}

function state(message) {
  const was = playing;
  playing = message.playing;
  made = message.made;
  $("play").setAttribute("aria-pressed", playing);
  $("play").disabled = $("step").disabled = !made;
  document.body.dataset.playing = playing;
  if (was && !playing && frame) { sayLosses(); drawOutput(); }
}

function tellTwin({ apart, since }) {
  const worst = apart.indexOf(Math.max(...apart.map((value) => value ?? Infinity))) + 1;
  $("twin").textContent = since === null ? text("twin_agrees", { apart: number(Math.max(...apart), 2) }) : text("twin_parts", { step: since, layer: Math.max(worst, 1) });
  $("twin").className = since === null ? "verdict right" : "verdict wrong";
}

// ---- words ----

function say(said) { $("live").textContent = said; }

function sayLosses() {
  say(text("live_says", { step: frame.step, train: number(frame.train), test: number(frame.test) }));
}

async function speak(language, chosen = false) {
  const said = await load(language);
  if (chosen) { try { localStorage.setItem(KEPT, language); } catch { /* kept for this visit */ } }
  document.documentElement.lang = language === "zh" ? "zh-Hans" : language;
  $("language").value = language;
  $("speed").replaceChildren(...SPEEDS.map((steps) => new Option(`${steps} ×`)));
  fill();
  document.title = text("title");
  built = "";
  take(setting);
  if (frame) { network.paintInputs(network.features); draw(frame); }
  losses.named(); flow.named(); losses.draw(); flow.draw();
  state({ playing, made });
  order({ do: "language", language });
  drawLegend();
  return said;
}

function drawLegend() {
  const context = $("legend").getContext("2d");
  for (let x = 0; x < 240; x += 1) { context.fillStyle = colour(x / 119.5 - 1); context.fillRect(x, 0, 1, 10); }
}

await speak(kept ?? options.language);
order({ do: "set", setting });
