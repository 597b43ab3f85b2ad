// Part of the pfmlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Elements, and quantities as text. Every text is set as text, so that no name is markup.

const data = JSON.parse(document.getElementById("data").textContent);
const voltages = new Map(data.voltages.map((each) => [each.voltage_v, each]));
const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "style") Object.assign(element.style, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

const el = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);

const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

const PREFIXES = [[1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "µ"], [1e-9, "n"], [1e-12, "p"]];

/** The factor and the prefix that leave one to three digits before the point. */
function prefixOf(value) {
  const size = Math.abs(Number(value.toPrecision(4)));
  if (!size) return [1, ""];
  return PREFIXES.find(([factor]) => size >= factor * (1 - 1e-12)) ?? PREFIXES.at(-1);
}

/** As "176.1 µJ"; what isn't known is a dash. */
function quantity(value, unit, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const [factor, prefix] = prefixOf(value);
  const number = value / factor;
  if (Math.abs(number) < 0.1 && number !== 0) return `< 0.1 ${prefix}${unit}`;
  const decimals = Math.max(0, digits - String(Math.trunc(Math.abs(number))).length);
  return `${number.toFixed(value ? decimals : 0)} ${prefix}${unit}`;
}

/** Bytes of a memory, which come in powers of two. */
function byteCount(count) {
  const power = count >= 2 ** 20 ? 2 : count >= 2 ** 10 ? 1 : 0;
  return `${Number((count / 2 ** (10 * power)).toPrecision(4))} ${["B", "KiB", "MiB"][power]}`;
}

function percent(share, digits = 1) {
  const value = 100 * share;
  if (value > 0 && value < 0.5 * 10 ** -digits) return `< ${(10 ** -digits).toFixed(digits)} %`;
  // No minus before a zero.
  return `${(Number(value.toFixed(digits)) + 0).toFixed(digits)} %`.replace("-", "−");
}

const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const sum = (values) => values.reduce((total, value) => total + value, 0);
const voltageLabel = (voltage) => `${voltage.toFixed(data.decimals)} V`;
const voltageColor = (voltage) => voltages.get(voltage)?.color ?? "#808080";

/** A voltage in its colour, as everywhere on the page and in pictures. */
function chip(voltage, small = false) {
  const style = { background: voltageColor(voltage), color: voltages.get(voltage)?.is_light ? "#17181a" : "#ffffff" };
  const [number, unit] = voltageLabel(voltage).split(" ");
  return el("span", { class: small ? "chip small" : "chip", style }, number, el("span", { class: "unit" }, ` ${unit}`));
}

/** A layer's name, which may be broken between its parts. */
const layerName = (name) => name.split(".").flatMap((part, i) => (i ? [el("wbr"), `.${part}`] : [part]));

const swatch = (color) => el("span", { class: "swatch", style: { background: color } });

/** The voltages of a schedule's layers, in the order of their size. */
const usedVoltages = (schedule) =>
  [...new Set(schedule.layers.voltage_v.flat())].sort((a, b) => a - b);

/** A bar of parts, [share, colour, title], of a whole of 1. */
function stack(parts) {
  return el("div", { class: "stack" }, parts
    .filter(([share]) => share > 0)
    .map(([share, color, title]) => el("span", { style: { width: `${100 * share}%`, background: color }, title })));
}

const row = (cells, attributes = {}, tag = "td") => el("tr", attributes, cells.map((cell) => {
  const [content, className] = Array.isArray(cell) ? cell : [cell, null];
  return el(tag, { class: className, scope: tag === "th" ? "col" : null }, content);
}));

const table = (head, rows, className = null) =>
  el("table", { class: className }, el("thead", {}, row(head, {}, "th")), el("tbody", {}, rows));

/** A part of the page: a panel for each schedule, called by its name if there are several. */
function section(title, note, make, isWhole = false) {
  const panels = data.schedules.map((schedule) => [schedule, make(schedule)]).filter(([, content]) => content);
  if (!panels.length) return null;
  const isNamed = data.schedules.length > 1;
  return el("section", {}, el("h2", {}, title), note ? el("p", { class: "note" }, note) : null,
    el("div", { class: isWhole ? "panels whole" : "panels" }, panels.map(([schedule, content]) =>
      el("div", { class: "panel" }, isNamed ? el("h3", {}, schedule.name) : null, content))));
}
