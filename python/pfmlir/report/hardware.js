// Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The accelerator: operating points, what supplies have to deliver, memories, and what is
// assumed of it.

const CURVE_HEIGHT = 150;

/** A domain's highest frequency over its voltage, and where on that it runs. */
function curve(schedule, { domain, curve: points, points: used }) {
  const [low, high] = [points[0][0], points.at(-1)[0]];
  const peak = 1.06 * Math.max(...points.map(([, frequency]) => frequency));
  const x = (voltage) => (high > low ? 4 + 92 * (voltage - low) / (high - low) : 50);
  const y = (frequency) => CURVE_HEIGHT * (1 - frequency / peak);
  // Labels need room: those of the ends come first.
  const isApart = (voltage, before) => before === undefined || voltage === high
    || (x(voltage) - x(before) > 11 && x(high) - x(voltage) > 11);
  const total = sum(used.map((point) => point.time_s));
  const path = points.map(([voltage, frequency], i) => `${i ? "L" : "M"}${x(voltage)} ${y(frequency)}`).join("");
  const ticks = ticksOf(0, peak, 4).filter((frequency) => frequency > 0);
  const labels = tickLabels(ticks, "Hz");
  const marks = [...new Set([low, high, ...used.map((point) => point.voltage_v)])].sort((a, b) => a - b);
  return el("figure", {},
    el("h3", {}, domain),
    el("div", { class: "curve" },
      el("div", { class: "track-name ticks", "data-widest": labels.at(-1) }, ticks.map((frequency, i) =>
        el("span", { style: { top: `${y(frequency)}px` } }, labels[i]))),
      svg("svg", { role: "img", "aria-label": `Highest frequency of ${domain} over its voltage` },
        ticks.map((frequency) => svg("line", { class: "grid", x1: 0, x2: "100%", y1: y(frequency), y2: y(frequency) })),
        svg("line", { class: "tick", x1: 0, x2: "100%", y1: CURVE_HEIGHT, y2: CURVE_HEIGHT }),
        svg("svg", { viewBox: `0 0 100 ${CURVE_HEIGHT}`, width: "100%", height: CURVE_HEIGHT, preserveAspectRatio: "none" },
          svg("path", { d: path })),
        marks.filter((voltage, i) => isApart(voltage, marks[i - 1])).map((voltage) => svg("text", { x: `${x(voltage)}%`, y: CURVE_HEIGHT + 15, "text-anchor": "middle" }, voltageLabel(voltage))),
        used.map((point) => svg("circle", {
          cx: `${x(point.voltage_v)}%`, cy: y(point.frequency_hz), r: 4 + 7 * Math.sqrt(point.time_s / total), fill: voltageColor(point.voltage_v),
        }, svg("title", {}, `${voltageLabel(point.voltage_v)}: ${quantity(point.frequency_hz, "Hz")}, ${plural(point.layers, "layer")}, ${quantity(point.time_s, "s")}`))))),
    el("p", { class: "legend", style: { marginTop: "0.6rem" } }, used.map((point) => el("span", {}, swatch(voltageColor(point.voltage_v)),
      `${voltageLabel(point.voltage_v)} · ${quantity(point.frequency_hz, "Hz", 3)} · ${percent(point.time_s / total, 0)} of the time`))));
}

const pointsSection = () => section("Operating points",
  "The highest frequency that each domain’s law allows over its voltage. Dots are where its layers run, larger where they spend more time.",
  (schedule) => (schedule.points.length ? el("div", { class: "panels thirds" }, schedule.points.map((each) => el("div", { class: "panel" }, curve(schedule, each)))) : null), true);

function load(each) {
  const isRail = each.voltages_v.length === 1 && voltageLabel(each.voltages_v[0]) === each.name;
  const name = [[isRail || each.voltages_v.length === 1 && /^[\d.]+ V$/.test(each.name)
    ? chip(each.voltages_v[0], true) : [`${each.name} `, el("span", { class: "chips" }, each.voltages_v.map((voltage) => chip(voltage, true)))]], "name"];
  const { maximum_power_w: power, maximum_current_a: current } = each.limits;
  const limited = (found, limit, unit) => [quantity(found, unit), limit ? el("div", { class: "quiet" }, `of ${quantity(limit, unit)}`) : null];
  return row([name, [limited(each.peak_power_w, power, "W"), null], [limited(each.peak_current_a, current, "A"), null],
    [each.current_layer ? layerName(each.current_layer) : "not told apart by the cost model", "text name"]]);
}

const loadsSection = () => section("What supplies deliver",
  "The most that is drawn of each rail or regulated supply, in the mean over a layer. Without what the system around the accelerator draws.",
  (schedule) => el("div", { class: "scroll" }, table(["", "peak power", "peak current", ["in layer", "text"]], schedule.loads.map(load), "short")));

function memoryRow(memory) {
  const powered = memory.powered.filter((banks) => banks !== null);
  const most = powered.length ? Math.max(...powered) : null;
  const mean = powered.length ? sum(powered) / powered.length : null;
  return row([
    [[memory.name, el("div", { class: "quiet" }, `in ${memory.domain}, banks of ${byteCount(memory.bank_bytes)}`)], "name"],
    most === null ? "all, always" : String(most), [mean === null ? "–" : mean.toFixed(1), "wide"],
    memory.banks === null ? "open" : String(memory.banks),
    ...(memory.peak_bytes === undefined ? [] : [[[byteCount(memory.peak_bytes), el("div", { class: "quiet" }, `in ${memory.peak_layer}`)], null]]),
  ]);
}

const memoriesSection = () => section("Memories",
  "Banks that are powered while layers run; the timeline has them over time. A memory whose number of banks the target leaves open is as large as it has to be.",
  (schedule) => (schedule.memories.length ? el("div", { class: "scroll" }, table(
    ["", "banks on, most", ["on average", "wide"], "of", ...(schedule.memories.some((memory) => memory.peak_bytes !== undefined) ? ["most kept"] : [])],
    schedule.memories.map(memoryRow), "short")) : null));

function uncosted(schedule) {
  const entries = Object.entries(schedule.uncosted);
  const { share_of_multiply_accumulates: work, share_of_bytes: bytes } = schedule.unscheduled;
  if (!entries.length) return [el("h3", {}, "Not costed"), el("p", { class: "note" }, "Nothing: a cost model speaks of every operation.")];
  return [
    el("h3", {}, `Not costed: ${plural(sum(entries.map(([, count]) => count)), "operation")}`),
    el("p", { class: "note" }, "No cost model speaks of these. They are in no number on this page.",
      work === undefined ? null : ` They are ${percent(work)} of all multiply-accumulates and ${percent(bytes)} of all bytes.`),
    el("ul", { class: "plain" }, entries.map(([name, count]) => el("li", {}, el("span", { class: "count" }, String(count)), name))),
  ];
}

function remarks(schedule) {
  const titles = { known: "Known", assumed: "Assumed", "good for": "Good for" };
  const whole = schedule.remarks.filter((remark) => !remark.code);
  const parts = schedule.remarks.filter((remark) => remark.code && remark.kind === "assumed");
  if (!schedule.remarks.length) return [];
  return [
    el("h3", {}, `What ${schedule.target} says of itself`),
    schedule.is_changed ? el("p", { class: "note warn" }, "Options changed the target for this schedule; what is below is of the target as it comes.") : null,
    el("ul", { class: "plain" },
      whole.map((remark) => el("li", {}, el("b", {}, `${titles[remark.kind]}: `), remark.text)),
      parts.map((remark) => el("li", {}, el("b", {}, "Assumed: "), remark.text, el("div", { class: "quiet" }, el("code", {}, remark.code))))),
  ];
}

const limitsSection = () => section("What this leaves out", null, (schedule) => [
  ...uncosted(schedule),
  ...(schedule === data.schedules[0] ? [el("h3", {}, "Always"), el("ul", { class: "plain" }, data.always.map((text) => el("li", {}, text)))] : []),
  ...remarks(schedule),
].filter(Boolean));
