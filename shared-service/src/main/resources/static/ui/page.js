// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

// What all pages use. Text from the service becomes text nodes only, never markup.

/** @returns an element with attributes, listeners (on…) and children */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== ""));
  return element;
}

/** @returns the JSON of an address of this service; throws an Error with the problem's sentence */
export async function json(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail ?? `The service answered with status ${response.status}.`);
  }
  return response.json();
}

/** Tells the reader, and a screen reader, what happened. */
export function notice(text) {
  const place = document.getElementById("notice");
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

/** Shows these in place of what was there; a link that had the focus keeps it. */
export function show(...children) {
  const focused = document.activeElement?.getAttribute("href");
  document.getElementById("main").replaceChildren(...children);
  if (focused) {
    [...document.querySelectorAll("main a")].find((link) => link.getAttribute("href") === focused)?.focus();
  }
}

/** @returns a table with a caption; heads and cells are texts or elements; number columns are named */
export function table(caption, heads, rows, numbers = []) {
  const cell = (tag, content, column) =>
    el(tag, { class: numbers.includes(column) && "number", scope: tag === "th" && "col" }, content);
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el("table", {},
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, heads.map((head, i) => cell("th", head, i)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((content, i) => cell("td", content, i)))))));
}

export function facts(pairs) {
  return el("dl", {}, pairs.filter(([, value]) => value !== undefined && value !== "")
    .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** @returns the time in words, with the exact time as its title */
export function time(text) {
  const seconds = Math.round((Date.now() - Date.parse(text)) / 1000);
  return el("time", { datetime: text, title: text }, `${duration(Math.abs(seconds))} ${seconds < 0 ? "from now" : "ago"}`);
}

export function duration(seconds) {
  for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60]]) {
    if (seconds >= size) {
      return `${Math.floor(seconds / size)} ${unit}`;
    }
  }
  return `${seconds} s`;
}

/** Calls again and again, and says so when the service does not answer. */
export async function keepUp(seconds, look) {
  for (;;) {
    try {
      await look();
      notice(`Up to date at ${new Date().toLocaleTimeString()}.`);
    } catch (e) {
      notice(`Not up to date: ${e.message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
