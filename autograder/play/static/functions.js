// How the learner's functions stand, what is wrong now, and what stands in for what.

import { element, spoken, text } from "./words.js";

const FRAMEWORKS = { torch: "PyTorch", tensorflow: "Keras" };
const MARKS = { right: "✔", wrong: "✘", open: "○", absent: "–", checking: "…", reference: "★" };

export class Functions {
  // change: told which functions the course's own shall stand in for.
  constructor(change) {
    Object.assign(this, { change, list: [], reference: false, trouble: null });
    this.home = document.getElementById("functions");
    this.banner = document.getElementById("trouble");
    this.stand = document.getElementById("stand");
  }

  show({ list, reference, framework }) {
    Object.assign(this, { list, reference });
    document.getElementById("whose").textContent = text(reference ? "of_course" : "of_yours") + (framework ? ` · ${text("beside", { framework: FRAMEWORKS[framework] })}` : "");
    const groups = Map.groupBy ? Map.groupBy(list, (each) => each.exercise) : grouped(list);
    this.home.replaceChildren(
      ...[...groups].map(([exercise, functions]) => element("div", { class: "exercise" }, element("h3", {}, this.#heading(exercise, functions)),
        element("ul", {}, ...functions.map((each) => this.#line(each))))));
    const own = list.filter((each) => each.own && each.needed).map((each) => each.name);
    this.stand.hidden = !own.length;
    this.stand.replaceChildren(text("stand_in", { names: own.join(", ") }), " ",
      element("button", { class: "plain", onclick: () => this.change([]) }, text("use_mine")));
    this.#wrong(list.filter((each) => each.needed && !each.own && each.status === "wrong"));
    if (this.trouble) this.fail(this.trouble);
  }

  #wrong(list) {
    const links = list.flatMap(({ name, exercise, status, said }) => [" ", this.#link(name, exercise, status), said ? ` (${said})` : ""]);
    const home = document.getElementById("wrong-ones");
    home.hidden = !list.length;
    home.replaceChildren(text("wrong_ones"), ...links);
  }

  #heading(exercise, functions) {
    const checked = functions.some((each) => ["right", "wrong", "open"].includes(each.status));
    return checked ? element("a", { href: `task/${exercise}?language=${spoken()}`, target: "_blank", rel: "noopener" }, exercise) : exercise;
  }

  #line({ name, exercise, status, said, needed, own }) {
    const switches = needed && !this.reference && (own || status !== "right");
    return element("li", { class: `${status} ${needed ? "" : "spare"} ${own ? "is-own" : ""}`, title: said },
      element("span", { class: "mark", "aria-hidden": "true" }, own ? "⇄" : MARKS[status]), " ",
      this.#link(name, exercise, status), " ",
      element("span", { class: "state" }, own ? text("status_own") : text(`status_${status}`), needed ? "" : ` · ${text("not_needed")}`),
      switches ? this.#switch(name, own) : null);
  }

  #link(name, exercise, status) {
    const code = element("code", {}, name);
    if (!["right", "wrong", "open"].includes(status)) return code;
    return element("a", { href: `task/${exercise}?language=${spoken()}#${spoken()}-${name}`, target: "_blank", rel: "noopener", "aria-label": text("to_task", { name }) }, code);
  }

  #switch(name, own) {
    const box = element("input", { type: "checkbox", id: `own-${name}`, checked: own, onchange: () => this.#use([name], box.checked) });
    return element("label", { class: "own" }, box, " ", text("use_own"));
  }

  #use(names, on) {
    const now = new Set(this.list.filter((each) => each.own).map((each) => each.name));
    for (const name of names) if (on) now.add(name); else now.delete(name);
    this.change([...now].sort());
  }

  // What is needed and not there: not written, or missing.
  #lacking(first) {
    const open = this.list.filter((each) => each.needed && !each.own && ["open", "absent"].includes(each.status)).map((each) => each.name);
    return [...new Set([first, ...open])].filter(Boolean);
  }

  fail(trouble) {
    this.trouble = trouble;
    const lacking = trouble.missing ? this.#lacking(trouble.function) : trouble.function ? [trouble.function] : [];
    const status = this.list.find((each) => each.name === trouble.function)?.status;
    this.banner.hidden = false;
    this.banner.replaceChildren(element("p", {}, element("strong", {}, trouble.headline)),
      ...trouble.details.map((each) => element("pre", {}, each)), trouble.advice ? element("p", {}, trouble.advice) : "",
      element("p", { class: "ways" },
        trouble.function && status !== "absent" ? element("span", {}, text("whose_task", { name: trouble.function, exercise: trouble.exercise }), " ") : "",
        trouble.function && status ? this.#link(trouble.function, trouble.exercise, status) : "", " ",
        lacking.length && !this.reference ? element("button", { id: "use-own", onclick: () => this.#use(lacking, true) }, text("use_own_of", { names: lacking.join(", ") })) : ""));
  }

  fine() {
    this.trouble = null;
    this.banner.hidden = true;
  }
}

function grouped(list) {
  const groups = new Map();
  for (const each of list) groups.set(each.exercise, [...(groups.get(each.exercise) ?? []), each]);
  return groups;
}
