// Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The layers of a schedule: where each domain is, and what each layer costs.

const BOUNDS = { compute: "computing", weights: "weights", feeding: "feature maps", other_work: "other work" };
const boundName = (bound) => BOUNDS[bound] ?? bound;

/** What a layer's energy is made of, as parts of a bar for the largest one's. */
function layerParts(layers, i, most) {
  const { colors } = layers;
  const parts = Object.entries(colors).flatMap(([name, each]) => each.map((color, j) =>
    [layers[name][i][j] / most, color, quantity(layers[name][i][j], "J")]));
  if (parts.length) return parts;
  return [[layers.energy_j[i] / most, "var(--ink)", quantity(layers.energy_j[i], "J")]];
}

// How layers can be ordered, by the column that says so.
const ORDERS = {
  layer: (layers) => (a, b) => a - b,
  time: (layers) => (a, b) => layers.time_s[b] - layers.time_s[a] || a - b,
  energy: (layers) => (a, b) => layers.energy_j[b] - layers.energy_j[a] || a - b,
};

function layerRow(schedule, i, most) {
  const { layers, domains } = schedule;
  const hasBounds = layers.bound.some(Boolean);
  const attributes = {
    onmouseenter: () => timelines.get(schedule)?.select(i), onmouseleave: () => timelines.get(schedule)?.select(null),
  };
  return row([
    [layerName(layers.name[i]), "name"],
    ...domains.map((_, j) => [chip(layers.voltage_v[i][j], true), "text"]),
    ...(layers.implementations.some(Boolean) ? [[layers.implementations[i], "text"]] : []),
    ...(hasBounds ? [[boundName(layers.bound[i]) || "–", "text"]] : []),
    quantity(layers.time_s[i], "s"), quantity(layers.energy_j[i], "J"),
    [percent(layers.energy_j[i] / schedule.energy_j), "wide"],
    [stack(layerParts(layers, i, most)), "bar wide"],
  ], attributes);
}

function layersTable(schedule) {
  const { layers, domains } = schedule;
  const most = Math.max(...layers.energy_j);
  const numbers = layers.name.map((_, i) => i);
  const rows = numbers.map((i) => layerRow(schedule, i, most));
  const body = el("tbody", {});
  const titleOf = (order) => (order === "layer" ? "Order of the program" : `Largest ${order} first`);
  const buttons = Object.keys(ORDERS).map((order) => el("button", {
    type: "button", class: "hint", title: titleOf(order), "aria-label": titleOf(order), "data-order": order, onclick: () => sort(order),
  }, "↓"));
  const sort = (order) => {
    body.append(...[...numbers].sort(ORDERS[order](layers)).map((i) => rows[i]));
    buttons.forEach((button) => button.setAttribute("aria-pressed", button.dataset.order === order));
  };
  const [inOrder, byTime, byEnergy] = buttons;
  sort("layer");
  const head = [
    [["layer ", inOrder], "text"], ...domains.map((name) => [name, "text"]),
    ...(layers.implementations.some(Boolean) ? [["runs by", "text"]] : []),
    ...(layers.bound.some(Boolean) ? [["waits for", "text"]] : []),
    [["time ", byTime], null], [["energy ", byEnergy], null], ["share", "wide"], ["", "wide"],
  ];
  return el("div", { class: "scroll" }, el("table", { class: "layers" }, el("thead", {}, row(head, {}, "th")), body));
}

/** Which colour is whose energy. */
function partLegend(schedule) {
  const { colors } = schedule.layers;
  const entries = schedule.domains.flatMap((domain, j) => Object.entries(colors)
    .filter(([, each]) => each.length)
    .map(([name, each]) => el("span", {}, swatch(each[j]), `${domain} ${name.split("_")[0]}`)));
  return entries.length ? el("p", { class: "legend", style: { marginBottom: "0.6rem" } }, entries) : null;
}

const layersSection = () => section("Layers", "What each layer costs, and the voltage of every domain while it runs.",
  (schedule) => [partLegend(schedule), layersTable(schedule)].filter(Boolean), true);
