// Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The timeline of a schedule: tracks, with a cursor that the pointer and the keys move.

const ZOOM = 1.6;
// Of the period: closer than this is nothing to see.
const CLOSEST = 1e-5;
const AXIS_HEIGHT = 20;

class Timeline {
  /** Period and peak are what all schedules on the page are drawn to. */
  constructor(schedule, period, peak) {
    this.schedule = schedule;
    this.period = period;
    this.peak = peak;
    this.view = new View(0, period);
    this.selected = null;
    this.tracks = this.makeTracks();
    this.grid = el("div", {
      class: "tracks", tabindex: 0, role: "slider", "aria-orientation": "horizontal",
      "aria-label": `Layers of ${schedule.name} over time`, "aria-valuemin": 1, "aria-valuemax": schedule.powers_w.length,
      "aria-valuenow": 1, "aria-valuetext": this.describe(0).join(", "),
      onpointermove: (event) => this.point(event), onpointerleave: () => this.leave(),
      onpointerdown: (event) => this.grab(event), onpointerup: () => { this.held = null; },
      onpointercancel: () => { this.held = null; },
      onkeydown: (event) => this.press(event), onblur: () => this.select(null),
      onwheel: (event) => this.wheel(event), ondblclick: (event) => this.zoom(ZOOM * ZOOM, this.share(event)),
    }, this.tracks.flatMap((track) => [track.label, track.svg]));
    this.tip = el("div", { class: "tip", role: "status", hidden: true });
    this.grid.append(this.tip);
    this.element = el("figure", {}, el("div", { class: "bar-top" }, this.legend(), this.makeTools()), this.grid);
    new ResizeObserver(() => this.draw()).observe(this.tracks[0].svg);
    this.draw();
  }

  makeTracks() {
    const { schedule } = this;
    const track = (name, height, draw, about = "") => ({
      label: el("div", { class: "track-name", title: name }, name, about ? el("small", {}, about) : null), draw, height,
      svg: svg("svg", { height, class: height === AXIS_HEIGHT ? "axis" : null, "aria-hidden": true }),
    });
    const power = track("", POWER_HEIGHT, (view, width) => drawPower(schedule, view, this.peak, width));
    power.label = this.powerTicks();
    return [
      power,
      track("switches", 12, (view) => drawSwitches(schedule, view)),
      ...schedule.domains.map((name, i) => track(name, ROW_HEIGHT, (view) => drawDomain(schedule, view, i))),
      ...schedule.memories.filter((memory) => memory.powered.some((banks) => banks !== null)).map((memory) =>
        track(`${memory.name} banks`, BANKS_HEIGHT, (view) => drawBanks(schedule, view, memory),
        memory.banks === null ? `${mostBanks(memory)} at most` : `of ${memory.banks}`)),
      track("", AXIS_HEIGHT, drawAxis),
    ];
  }

  powerTicks() {
    const ticks = ticksOf(0, this.peak, 4).filter((power) => power > 0);
    const texts = tickLabels(ticks, "W");
    const widest = texts.reduce((a, b) => (b.length > a.length ? b : a), "");
    return el("div", { class: "track-name ticks", "data-widest": widest }, ticks.map((power, i) =>
      el("span", { style: { top: `${POWER_HEIGHT - power / this.peak * (POWER_HEIGHT - 8)}px` } }, texts[i])));
  }

  legend() {
    const { schedule } = this;
    return el("div", { class: "legend" },
      el("span", {}, `Power in the colour of ${schedule.domains[0]}’s voltage:`),
      usedVoltages(schedule).map((voltage) => el("span", {}, swatch(voltageColor(voltage)), voltageLabel(voltage))),
      el("span", {}, swatch("var(--tail)"), schedule.tail.kind === "sleep" ? "asleep" : "idle"),
      el("span", {}, el("span", { class: "dashes" }), `deadline ${quantity(schedule.period_s, "s")}`));
  }

  makeTools() {
    const button = (text, title, act) => el("button", { type: "button", title, "aria-label": title, onclick: act }, text);
    this.all = button("All", "Show the whole period", () => this.show(0, this.period));
    return el("div", { class: "tools" },
      button("−", "Zoom out", () => this.zoom(1 / ZOOM)), button("+", "Zoom in", () => this.zoom(ZOOM)), this.all);
  }

  // -- what is in sight ----------------------------------------------------

  draw() {
    const width = this.tracks[0].svg.clientWidth || 900;
    for (const { svg: canvas, draw, height } of this.tracks) {
      const content = draw(this.view, width).flat(Infinity).filter(Boolean);
      canvas.replaceChildren(...content, ...(canvas.classList.contains("axis") ? [] : [this.cursor(height)].filter(Boolean)));
    }
    this.all.disabled = this.view.start <= 0 && this.view.end >= this.period;
  }

  cursor(height) {
    if (this.selected === null) return null;
    const { edges_s: edges } = this.schedule;
    return this.view.rect(edges[this.selected], edges[this.selected + 1], 0, height, { class: "cursor" });
  }

  show(start, end) {
    const length = Math.min(Math.max(end - start, CLOSEST * this.period), this.period);
    const first = Math.min(Math.max(start, 0), this.period - length);
    this.view = new View(first, first + length);
    this.draw();
    this.placeTip();
  }

  /** Zoom about a place, a share of what is in sight; the selection's by default. */
  zoom(factor, share = this.middle()) {
    const { start, end } = this.view;
    const length = (end - start) / factor;
    const time = this.view.time(share);
    this.show(time - share * length, time + (1 - share) * length);
  }

  middle() {
    if (this.selected === null) return 0.5;
    const { edges_s: edges } = this.schedule;
    const place = this.view.place((edges[this.selected] + edges[this.selected + 1]) / 2) / 100;
    return Math.min(Math.max(place, 0), 1);
  }

  // -- what is selected ----------------------------------------------------

  select(i, isKey = false) {
    if (this.selected === i) return;
    this.selected = i;
    if (i !== null) {
      fill(this.grid, { "aria-valuenow": i + 1, "aria-valuetext": this.describe(i).join(", ") }, []);
      if (isKey) this.reveal(i);
    }
    this.draw();
    this.fillTip();
    this.placeTip();
  }

  /** Bring a step into sight. */
  reveal(i) {
    const { edges_s: edges } = this.schedule;
    const { start, end } = this.view;
    if (edges[i] >= start && edges[i + 1] <= end) return;
    const length = end - start;
    const middle = (edges[i] + edges[i + 1]) / 2;
    this.view = new View(0, this.period);
    this.show(middle - length / 2, middle + length / 2);
  }

  /** Names and texts of a step. */
  facts(i) {
    const { layers, domains, tail, edges_s: edges, powers_w: powers } = this.schedule;
    if (i === layers.name.length) {
      return [["", tail.kind === "sleep" ? "Asleep" : "Idle"], ["time", quantity(tail.time_s, "s")], ["energy", quantity(tail.energy_j, "J")],
        ...(tail.state ? [["state", tail.state]] : []), ["power", quantity(powers[i], "W")]];
    }
    const mode = (name) => (layers.modes[name]?.[i] ? ` ${layers.modes[name][i]}` : "");
    const banks = this.schedule.memories.filter((memory) => memory.powered[i] !== null)
      .map((memory) => `${memory.name} ${memory.powered[i]}`);
    return [
      ["", layers.name[i]],
      ...domains.map((name, j) => [name, voltageLabel(layers.voltage_v[i][j]) + mode(name)]),
      ["start", quantity(edges[i], "s")],
      ["time", quantity(layers.time_s[i], "s")],
      ["energy", quantity(layers.energy_j[i], "J")],
      ["power", quantity(powers[i], "W")],
      ...(layers.transition_time_s[i] ? [["to switch", `${quantity(layers.transition_time_s[i], "s")}, ${quantity(layers.transition_energy_j[i], "J")}`]] : []),
      ...(banks.length ? [["banks on", banks.join(", ")]] : []),
      ...(layers.implementations[i] ? [["runs by", layers.implementations[i]]] : []),
      ...(layers.bound[i] ? [["waits for", boundName(layers.bound[i])]] : []),
    ];
  }

  describe(i) { return this.facts(i).map(([name, text]) => (name ? `${name} ${text}` : text)); }

  fillTip() {
    this.tip.hidden = this.selected === null;
    if (this.selected === null) return;
    const [[, title], ...facts] = this.facts(this.selected);
    this.tip.replaceChildren(el("b", {}, title), el("dl", {}, facts.map(([name, text]) => [el("dt", {}, name), el("dd", {}, text)])));
  }

  /** Beside the selection, and inside the tracks. */
  placeTip() {
    if (this.selected === null) return;
    const canvas = this.tracks[0].svg.getBoundingClientRect();
    const whole = this.grid.getBoundingClientRect();
    const { edges_s: edges } = this.schedule;
    const width = this.tip.offsetWidth;
    const [before, after] = [edges[this.selected], edges[this.selected + 1]].map((time) =>
      canvas.left - whole.left + Math.min(Math.max(this.view.place(time), 0), 100) / 100 * canvas.width);
    const left = after + 10 + width < whole.width ? after + 10 : before - 10 - width;
    const inside = left < 0 ? Math.min(after - width - 10, whole.width - width) : left;
    Object.assign(this.tip.style, { left: `${Math.max(0, inside)}px`, top: "12px" });
  }

  // -- what the user does --------------------------------------------------

  share(event) {
    const { left, width } = this.tracks[0].svg.getBoundingClientRect();
    return (event.clientX - left) / width;
  }

  /** The step at the pointer, or nothing. */
  at(event) {
    const share = this.share(event);
    if (share < 0 || share > 1) return null;
    const { edges_s: edges, powers_w: powers } = this.schedule;
    const time = this.view.time(share);
    const i = powers.findIndex((_, j) => time >= edges[j] && time < edges[j + 1]);
    return i < 0 ? null : i;
  }

  point(event) {
    if (this.held) {
      const moved = (this.held.x - event.clientX) / this.tracks[0].svg.clientWidth * (this.held.end - this.held.start);
      this.show(this.held.start + moved, this.held.end + moved);
    }
    this.select(this.at(event));
  }

  grab(event) {
    if (event.button === 0) this.held = { x: event.clientX, start: this.view.start, end: this.view.end };
    this.select(this.at(event));
  }

  leave() {
    this.held = null;
    if (document.activeElement !== this.grid) this.select(null);
  }

  /** With Ctrl, or two fingers, so that the page can be scrolled over it. */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 200), Math.min(Math.max(this.share(event), 0), 1));
  }

  press(event) {
    const last = this.schedule.powers_w.length - 1;
    const now = this.selected ?? -1;
    const acts = {
      ArrowRight: () => this.select(Math.min(now + 1, last), true),
      ArrowLeft: () => this.select(Math.max(now - 1, 0), true),
      Home: () => this.select(0, true),
      End: () => this.select(last, true),
      "+": () => this.zoom(ZOOM),
      "=": () => this.zoom(ZOOM),
      "-": () => this.zoom(1 / ZOOM),
      0: () => this.show(0, this.period),
      Escape: () => this.select(null),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[event.key]();
  }
}

const timelines = new Map();

function timelineSection() {
  const period = Math.max(...data.schedules.map((each) => each.period_s));
  const peaks = data.schedules.map((each) => 1.02 * Math.max(...each.powers_w));
  const peak = Math.max(...peaks);
  // Where one would hardly be seen beside another.
  const isShared = peak <= 8 * Math.min(...peaks);
  const labels = Math.max(...data.schedules.flatMap((each) => [8, ...each.domains.map((name) => name.length), ...each.memories.map((memory) => memory.name.length + 6)]));
  const note = el("span", {}, "Power over one period, mean over each layer, and the voltage of every domain. ",
    isShared ? null : "Each has its own scale of power. ",
    el("span", { class: "hint" }, "Point, or move with ← and →; zoom with + and −, or Ctrl and the wheel; 0 shows all."));
  return section("Timeline", note, (schedule) => {
    const timeline = new Timeline(schedule, period, isShared ? peak : 1.02 * Math.max(...schedule.powers_w));
    timeline.grid.style.setProperty("--labels", `${Math.min(labels, 17)}ch`);
    timelines.set(schedule, timeline);
    return timeline.element;
  }, true);
}
