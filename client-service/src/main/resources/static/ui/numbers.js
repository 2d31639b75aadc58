// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
import { el, svg } from "./page.js";

// Values are decimal texts of any length. Sums and comparisons are exact; only plots use doubles.

const BARS = 24;
const POINTS = 600;

function digits(value) {
  const point = value.indexOf(".");
  return point < 0 ? 0 : value.length - point - 1;
}

function scaled(value, places) {
  return BigInt(value.replace(".", "") + "0".repeat(places - digits(value)));
}

function text(integer, places) {
  const negative = integer < 0n;
  const padded = (negative ? -integer : integer).toString().padStart(places + 1, "0");
  const whole = padded.slice(0, padded.length - places);
  const fraction = padded.slice(padded.length - places).replace(/0+$/, "");
  return (negative ? "-" : "") + whole + (fraction ? "." + fraction : "");
}

/** @returns names and values: exact least and greatest, and the mean rounded to six decimals more than the values have */
export function totals(values) {
  const places = values.reduce((most, value) => Math.max(most, digits(value)), 0);
  let least;
  let greatest;
  let sum = 0n;
  for (const value of values) {
    const number = scaled(value, places);
    sum += number;
    least = least === undefined || number < least ? number : least;
    greatest = greatest === undefined || number > greatest ? number : greatest;
  }
  const count = BigInt(values.length);
  // Half away from zero; division of BigInt cuts off.
  const mean = (sum * 2_000_000n + (sum < 0n ? -count : count)) / (2n * count);
  return [["Min", text(least, places)], ["Max", text(greatest, places)], ["Mean, rounded", text(mean, places + 6)]];
}

function plot(label, ...shapes) {
  return el("figure", {}, el("figcaption", {}, label),
    svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", class: "plot", role: "img", "aria-label": label }, ...shapes));
}

/** @returns a histogram and a line of the values in their order */
export function plots(values) {
  const numbers = values.map(Number).filter(Number.isFinite);
  if (numbers.length < 2) {
    return [];
  }
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const greatest = numbers.reduce((a, b) => Math.max(a, b));
  const width = greatest - least || 1;
  const counts = new Array(BARS).fill(0);
  numbers.forEach((number) => counts[Math.min(BARS - 1, Math.floor(((number - least) / width) * BARS))]++);
  const most = counts.reduce((a, b) => Math.max(a, b));
  const bars = counts.map((count, i) => svg("rect", {
    x: (i * 100) / BARS, width: 80 / BARS, y: 100 - (95 * count) / most, height: (95 * count) / most,
  }));
  const step = Math.max(1, Math.floor(numbers.length / POINTS));
  const points = numbers.filter((_, i) => i % step === 0)
    .map((number, i, all) => `${((i * 100) / (all.length - 1 || 1)).toFixed(2)},${(97 - (94 * (number - least)) / width).toFixed(2)}`);
  const [[, min], [, max]] = totals(values);
  return [
    plot(`Histogram of ${numbers.length} values from ${min} to ${max}; the tallest bar has ${most}`, ...bars),
    plot(`Values in their order${step > 1 ? `, each ${step}th` : ""}`, svg("path", { d: "M" + points.join(" L") })),
  ];
}
