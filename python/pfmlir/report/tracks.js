// Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What is drawn over time: a track for power, for each domain, and for each memory. Across,
// all is in shares of the time in sight, so that tracks are as wide as the page.

const POWER_HEIGHT = 150;
const ROW_HEIGHT = 15;
const BANKS_HEIGHT = 30;

/** Round steps of about so many in a range. */
function niceStep(range, count) {
  const rough = range / count;
  const size = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * size).find((step) => step >= rough * 0.999);
}

function ticksOf(start, end, count) {
  const step = niceStep(end - start, count);
  const ticks = [];
  for (let i = Math.ceil(start / step - 1e-9); i * step <= end + 1e-9 * step; ++i) ticks.push(i * step);
  return ticks;
}

/** Labels of ticks, with as few digits as tell them apart. */
function tickLabels(ticks, unit) {
  const [factor, prefix] = prefixOf(Math.max(...ticks));
  return ticks.map((tick) => `${Number((tick / factor).toPrecision(6))} ${prefix}${unit}`);
}

/** A window on time: places in it, in percent. */
class View {
  constructor(start, end) {
    this.start = start;
    this.end = end;
  }

  place(time) { return 100 * (time - this.start) / (this.end - this.start); }

  time(share) { return this.start + share * (this.end - this.start); }

  /** Left and width of what of an interval is in sight, or nothing. */
  clip(start, end) {
    const left = Math.max(0, this.place(start));
    const width = Math.min(100, this.place(end)) - left;
    return width > 0 ? [left, width] : null;
  }

  rect(start, end, y, height, attributes) {
    const clipped = this.clip(start, end);
    if (!clipped) return null;
    return svg("rect", { x: `${clipped[0]}%`, width: `${clipped[1]}%`, y, height, ...attributes });
  }
}

/** Neighbours that are alike are one: [start, end, value]. */
function runs(edges, values) {
  const found = [];
  values.forEach((value, i) => {
    const last = found.at(-1);
    if (last && last[2] === value) last[1] = edges[i + 1];
    else found.push([edges[i], edges[i + 1], value]);
  });
  return found;
}

/** The end of a layer's name, on its bar where there is room. */
function barName(schedule, i, view, top, height, width) {
  const parts = schedule.layers.name[i].split(".");
  const text = parts.slice(-2).join(".");
  const [left, share] = view.clip(schedule.edges_s[i], schedule.edges_s[i + 1]) ?? [0, 0];
  const room = share / 100 * width;
  const length = 6.1 * text.length;
  const isFlat = length + 10 < room && height > 18;
  if (!isFlat && (room < 18 || length + 10 > height)) return null;
  const x = `${left + share / 2}%`;
  const color = voltages.get(schedule.layers.voltage_v[i][0])?.is_light ? "#17181a" : "#ffffff";
  const label = svg("text", { class: "name", style: { fill: color } }, text);
  if (isFlat) return fill(label, { x, y: POWER_HEIGHT - 7, "text-anchor": "middle" }, []);
  // Turned about the foot of the bar, wherever that is.
  return svg("svg", { x, y: POWER_HEIGHT - 6 },
    fill(label, { transform: "rotate(-90)", "dominant-baseline": "central" }, []));
}

/** Power: a bar for each layer, in the colour of the first domain's voltage. */
function drawPower(schedule, view, peak, width) {
  const scale = (POWER_HEIGHT - 8) / peak;
  const end = view.place(schedule.period_s);
  // At the edge all of it is to be seen.
  const deadline = svg("line", { class: "deadline", x1: `${end}%`, x2: `${end}%`, y1: 0, y2: POWER_HEIGHT,
    transform: end > 99.9 ? "translate(-1 0)" : null });
  const marks = ticksOf(0, peak, 4).map((power) => {
    const y = POWER_HEIGHT - power * scale;
    return svg("line", { class: "grid", x1: 0, x2: "100%", y1: y, y2: y });
  });
  const bars = schedule.powers_w.map((power, i) => {
    const height = Math.max(power * scale, 0.75);
    const [start, end] = [schedule.edges_s[i], schedule.edges_s[i + 1]];
    const y = POWER_HEIGHT - height;
    if (i === schedule.layers.name.length) return view.rect(start, end, y, height, { class: "tail" });
    const bar = view.rect(start, end, y, height, { fill: voltageColor(schedule.layers.voltage_v[i][0]) });
    if (!bar) return null;
    const left = `${view.place(start)}%`;
    return [bar, i ? svg("line", { class: "edge", x1: left, x2: left, y1: y, y2: POWER_HEIGHT }) : null,
      barName(schedule, i, view, y, height, width)];
  });
  return [marks, bars, deadline];
}

/** A domain's voltages. */
function drawDomain(schedule, view, domain) {
  const edges = schedule.edges_s;
  const found = schedule.layers.voltage_v.map((each) => each[domain]);
  return [
    runs(edges, found).map(([start, end, voltage]) =>
      view.rect(start, end, 0, ROW_HEIGHT, { fill: voltageColor(voltage) })),
    view.rect(edges.at(-2), edges.at(-1), 0, ROW_HEIGHT, { class: "tail" }),
  ];
}

/** Where some domain switches. */
function drawSwitches(schedule, view) {
  const found = schedule.layers.voltage_v;
  return schedule.edges_s.slice(1, -2).map((time, i) => {
    const place = view.place(time);
    if (place < 0 || place > 100 || found[i].every((voltage, j) => voltage === found[i + 1][j])) return null;
    return svg("svg", { x: `${place}%`, y: 3 }, svg("path", { class: "switch", d: "M-3 0H3L0 5Z" }));
  });
}

const mostBanks = (memory) => memory.banks ?? Math.max(...memory.powered.map((banks) => banks ?? 0), 1);

/** How many banks of a memory are powered. */
function drawBanks(schedule, view, memory) {
  const most = mostBanks(memory);
  return runs(schedule.edges_s, memory.powered).map(([start, end, banks]) => {
    const height = (BANKS_HEIGHT - 2) * (banks ?? most) / most;
    return view.rect(start, end, BANKS_HEIGHT - height, height, { class: "banks" });
  });
}

/** Times, and the deadline where it is in sight. */
function drawAxis(view, width) {
  const [factor, prefix] = prefixOf(view.end);
  const ticks = ticksOf(view.start, view.end, Math.max(2, Math.floor(width / 90)));
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : view.end;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step / factor) - 1e-9));
  return [
    svg("line", { class: "tick", x1: 0, x2: "100%", y1: 0.5, y2: 0.5 }),
    ticks.map((time, i) => {
      const place = view.place(time);
      const text = (time / factor).toFixed(decimals) + (i === ticks.length - 1 || !i ? ` ${prefix}s` : "");
      const anchor = place < 3 ? "start" : place > 94 ? "end" : "middle";
      return [svg("line", { class: "tick", x1: `${place}%`, x2: `${place}%`, y1: 0, y2: 4 }),
        svg("text", { x: `${place}%`, y: 16, "text-anchor": anchor }, text)];
    }),
  ];
}
