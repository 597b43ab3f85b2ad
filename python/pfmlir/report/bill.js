// Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What the energy of a period is spent on: by component, and by domain.

const partNames = {
  losses: "Conversion losses", dispatch: "Waiting for layers to start", transitions: "Switching between states",
  awake: "System around it, awake", rails: "Rails by themselves",
};
const kindNames = { dynamic: "Dynamic", leakage: "Leakage" };

function partName(part, schedule) {
  if (part.kind === "tail") return `Rest of the period, ${describeTail(schedule.tail)}`;
  return partNames[part.kind] ?? kindNames[part.kind] ?? part.kind;
}

function billRow(name, color, energy, whole) {
  return row([
    [[color ? swatch(color) : null, name], "name"],
    [stack([[energy / whole, color ?? "var(--ink)", ""]]), "bar"],
    quantity(energy, "J"), percent(energy / whole),
  ]);
}

function bill(schedule) {
  const whole = schedule.energy_j;
  const byDomain = schedule.domains.map((domain) => [domain, schedule.parts.filter((part) => part.domain === domain)]);
  const others = schedule.parts.filter((part) => !part.domain);
  const rows = byDomain.filter(([, parts]) => parts.length).flatMap(([domain, parts]) => [
    row([[domain, "name"], "", quantity(sum(parts.map((part) => part.energy_j)), "J"),
      percent(sum(parts.map((part) => part.energy_j)) / whole)], { class: "head" }),
    ...parts.map((part) => billRow(kindNames[part.kind], part.color, part.energy_j, whole)),
  ]);
  const rest = others.map((part) => billRow(partName(part, schedule), part.color, part.energy_j, whole));
  if (rows.length && rest.length) rest[0].classList.add("head");
  return el("div", { class: "scroll" }, table(["", "", "energy", "share"], [
    ...rows, ...rest, row([["A period", "name"], "", quantity(whole, "J"), percent(1)], { class: "total" }),
  ]));
}

/** The schedule beside simpler policies, on one scale. */
function comparison(schedule) {
  if (!schedule.savings.length) return null;
  const most = Math.max(schedule.energy_j, ...schedule.savings.map((entry) => entry.energy_j));
  const line = (name, energy, color, saving) => row([
    [name, "name"], [stack([[energy / most, color, ""]]), "bar"], quantity(energy, "J"), saving,
  ]);
  return [
    el("h3", {}, "Beside simpler policies"),
    el("div", { class: "scroll" }, table(["", "", "energy", "saved"], [
      line("this schedule", schedule.energy_j, "var(--ink)", ""),
      ...schedule.savings.map((entry) => line(policyName(entry), entry.energy_j, "var(--bar)", percent(entry.saving))),
    ])),
    schedule.savings.some((entry) => entry.differs_in.length)
      ? el("p", { class: "note" }, "What is in brackets the target does not allow; the search had no such choice.") : null,
  ];
}

const billSection = () => section("Energy bill", null, (schedule) => {
  const parts = [bill(schedule), comparison(schedule)].filter(Boolean);
  return data.schedules.length > 1 ? parts : el("div", { class: "panels bill" }, parts.map((part) => el("div", { class: "panel" }, part)));
});
