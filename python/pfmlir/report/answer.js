// Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The answer first: energy, rails, what is saved, the proof, and the margin.

/** What simpler policies are called, and what they may do that the target does not allow. */
function policyName(entry) {
  const [policy] = entry.name.split("_");
  const gated = entry.name.endsWith("_gated") ? ", banks gated" : "";
  const differs = { gating: "all banks on", levels: "other levels", rails: "more rails" };
  const apart = entry.differs_in.map((part) => differs[part] ?? part);
  const what = { nominal: "nominal voltage", greedy: "greedy" }[policy] ?? policy;
  return what + gated + (apart.length ? ` (${apart.join(", ")})` : "");
}

const describeTail = (tail) =>
  (tail.kind === "sleep" ? "asleep" : "idle") + (tail.state ? ` in ${tail.state}` : "");

const describeProof = (schedule) =>
  schedule.status === "optimal" ? "Proven optimal" : schedule.status === "limit" ? "Stopped by a limit" : "Not proven";

const fact = (name, ...content) => el("div", { class: "fact" }, el("dt", {}, name), el("dd", {}, content));
const value = (text, className = "") => el("div", { class: `value ${className}` }, text);
const more = (...content) => el("div", { class: "more" }, content);

function proofFact(schedule) {
  const isProven = schedule.status === "optimal";
  return fact("Proof", value(describeProof(schedule), isProven ? "good" : "warn"),
    more(isProven
      ? `No schedule costs less than ${quantity(schedule.lower_bound_j, "J", 6)}.`
      : `Bound ${quantity(schedule.lower_bound_j, "J", 6)}: ${schedule.proof}.`,
    ` By search “${schedule.search}”.`));
}

function savingsFact(schedule) {
  const entries = schedule.savings;
  if (!entries.length) return fact("Saved", value("–"), more("Nothing simpler keeps the deadline."));
  const main = entries.find((entry) => !entry.differs_in.length) ?? entries[0];
  const dearest = entries[0];
  return fact("Saved", value(percent(main.saving)),
    more(`against ${policyName(main)}`,
      dearest === main ? null : el("div", {}, `${percent(dearest.saving)} against ${policyName(dearest)}`)));
}

function marginFact(schedule) {
  const margin = schedule.period_s - schedule.active_time_s;
  return fact("Left to the deadline", value(quantity(margin, "s", 3)),
    more(`${percent(margin / schedule.period_s, 2)} of ${quantity(schedule.period_s, "s")}; `,
      `then ${describeTail(schedule.tail)}.`));
}

function railsFact(schedule) {
  const isOnRails = schedule.rails_v.length > 0;
  const shown = isOnRails ? schedule.rails_v : usedVoltages(schedule);
  const levels = schedule.levels_v.length;
  return fact(isOnRails ? "Rails" : "Voltages",
    el("div", { class: "chips" }, shown.map((voltage) => chip(voltage))),
    more(isOnRails ? `${shown.length} of ${plural(levels, "candidate level")}` : "made by regulated supplies"));
}

function energyFact(schedule) {
  return fact("Energy of a period", value(quantity(schedule.energy_j, "J")),
    more(`${quantity(schedule.power_w, "W")} on average at ${Number(schedule.fps.toPrecision(4))} fps`));
}

const describeSize = (schedule) => `${plural(schedule.layers.name.length, "layer")}, `
  + `${quantity(sum(schedule.layers.multiply_accumulates), "", 3).trim()} multiply-accumulates, `
  + `${plural(schedule.domains.length, "power domain")}`;

/** One schedule: what counts, large. */
function single(schedule) {
  return [
    el("h1", {}, `${schedule.function} on ${schedule.target}`),
    el("p", { class: "subtitle" }, `One inference every ${quantity(schedule.period_s, "s")} · ${describeSize(schedule)}`),
    el("dl", { class: "facts" }, energyFact(schedule), railsFact(schedule), savingsFact(schedule),
      proofFact(schedule), marginFact(schedule)),
  ];
}

/** A ratio as the change that it is. */
function describeChange(ratio) {
  if (ratio >= 2) return `× ${Number(ratio.toPrecision(3))}`;
  const change = percent(ratio - 1);
  return change.startsWith("−") ? change : `+${change}`;
}

/** Several: a row each, with bars on one scale. */
function compared(schedules) {
  const most = Math.max(...schedules.map((each) => each.energy_j));
  const first = schedules[0].energy_j;
  const head = [["", "text"], ["", "text wide"], "energy", "power", ["rails", "text"], "saved", ["proof", "text"], ["margin", "wide"]];
  const rows = schedules.map((each, i) => {
    const change = i ? describeChange(each.energy_j / first) : "";
    const main = each.savings.find((entry) => !entry.differs_in.length);
    const shown = each.rails_v.length ? each.rails_v : usedVoltages(each);
    return row([
      [each.name, "name"],
      [stack([[each.energy_j / most, "var(--ink)", quantity(each.energy_j, "J")]]), "bar wide"],
      [[quantity(each.energy_j, "J"), el("div", { class: "quiet" }, change)], null],
      quantity(each.power_w, "W"),
      [el("div", { class: "chips" }, shown.map((voltage) => chip(voltage, true))), "text"],
      main ? percent(main.saving) : "–",
      [el("span", { class: each.status === "optimal" ? "good" : "warn" }, describeProof(each)), "text"],
      [quantity(each.period_s - each.active_time_s, "s", 3), "wide"],
    ]);
  });
  return [
    el("h1", {}, `${plural(schedules.length, "schedule")} side by side`),
    el("p", { class: "subtitle" }, data.common),
    el("div", { class: "scroll", style: { marginTop: "1.6rem" } }, table(head, rows)),
    el("p", { class: "note", style: { marginTop: "0.7rem" } },
      "Changes are against the first. Saved: against the best known simple policy that the target allows, nominal voltage where it keeps the deadline."),
  ];
}

const answer = () => el("header", {},
  data.schedules.length === 1 ? single(data.schedules[0]) : compared(data.schedules));
