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

/** JSON.parse makes doubles of numbers. Integers that a double could round become strings. */
function exact(text) {
  return JSON.parse(text.replace(/(?<!\\)":(-?\d{16,})(?=[,}])/g, '":"$1"'));
}

async function answer(response) {
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail ?? `The service answered with status ${response.status}.`);
  }
  return exact(await response.text());
}

/** @returns the JSON of an address of this service; throws an Error with the problem's sentence */
export async function json(address) {
  return answer(await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" }));
}

/** Posts JSON. @returns the answer; throws an Error with the problem's sentence */
export async function post(address, body) {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  return answer(await fetch(address, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Tells the reader, and a screen reader, what happened. */
export function notice(text) {
  write("notice", text);
}

function write(id, text) {
  const place = document.getElementById(id);
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

/** What stays the same element for the reader when the page is drawn again. */
function identity(element) {
  return element.id || element.getAttribute("href") || element.getAttribute("aria-label") || element.textContent;
}

/** Shows what a page makes, unless the reader has meanwhile gone to another one. @param make gives the page's children */
export async function show(make) {
  const asked = location.hash;
  const children = await make();
  if (location.hash === asked) {
    replace(document.getElementById("main"), children);
  }
}

/** Puts these in place of what was there. Focus, scroll positions and what is unfolded stay. */
export function replace(place, children) {
  const focused = place.contains(document.activeElement) && document.activeElement !== place
    ? [document.activeElement.tagName, identity(document.activeElement)] : undefined;
  const scrolled = [...place.querySelectorAll(".scroll")].map((element) => [identity(element), element.scrollLeft]);
  const unfolded = [...place.querySelectorAll("details[open]")].map(identity);
  place.replaceChildren(...children.flat().filter((child) => child !== undefined && child !== ""));
  place.querySelectorAll("details").forEach((element) => { element.open = unfolded.includes(identity(element)); });
  for (const [label, left] of scrolled) {
    const element = [...place.querySelectorAll(".scroll")].find((one) => identity(one) === label);
    if (element) {
      element.scrollLeft = left;
    }
  }
  if (focused) {
    [...place.querySelectorAll(focused[0])].find((element) => identity(element) === focused[1])?.focus();
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

function words(text) {
  const seconds = Math.round((Date.now() - Date.parse(text)) / 1000);
  return seconds < 0 ? `in ${duration(-seconds)}` : `${duration(seconds)} ago`;
}

/** @returns the time in words, which stay true, with the exact time as its title */
export function time(text) {
  return text === undefined ? "" : el("time", { datetime: text, title: text }, words(text));
}

setInterval(() => document.querySelectorAll("time").forEach((element) => {
  element.textContent = words(element.getAttribute("datetime"));
}), 5_000);

/** @returns how long ago, without "ago" */
export function age(text) {
  return duration(Math.max(0, Math.round((Date.now() - Date.parse(text)) / 1000)));
}

export function duration(seconds) {
  for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60]]) {
    if (seconds >= size) {
      return `${Math.floor(seconds / size)} ${unit}`;
    }
  }
  return `${seconds} s`;
}

/** @returns bytes in the largest unit that leaves a whole digit; as in settings, a KB has 1024 bytes */
export function size(bytes) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** @returns an element of SVG */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
}

/** @returns a bar whose parts are counts with a class each, and its meaning in words beside it */
export function bar(parts, total, label) {
  let x = 0;
  const rects = parts.map(([style, count]) => {
    const width = total === 0 ? 0 : (100 * count) / total;
    const rect = svg("rect", { class: style, x, y: 0, width, height: 10 });
    x += width;
    return rect;
  });
  return el("span", { class: "progress" },
    svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", class: "bar", "aria-hidden": "true" }, ...rects),
    el("span", {}, label));
}

const STYLES = { fault: "bad", warning: "doubt" };

/** @returns what the doctor finds at this member, and the dates of certificates and of these keys */
export function health({ findings, certificates }, keys = []) {
  const wrong = findings.filter((finding) => finding.severity !== "ok");
  return [
    el("h2", { id: "doctor" }, "Doctor"),
    wrong.length === 0
      ? el("p", {}, el("span", { class: "good" }, "Nothing is wrong."), ` ${findings.length} things were checked.`)
      : el("ul", { class: "findings" }, wrong.map((finding) => el("li", {},
        el("strong", { class: STYLES[finding.severity] }, finding.severity), ` ${finding.checked}: ${finding.cause} `,
        finding.fix ? el("span", {}, "Fix it with: ", el("code", {}, finding.fix)) : ""))),
    el("h2", {}, "Certificates and keys"),
    table("Certificates and keys, and their ages", ["Name", "Age", "Ends"],
      [...certificates, ...keys].map((one) => [one.name, age(one.from), time(one.until)])),
  ];
}

/** @returns one line on the doctor's findings, for the head of a page */
export function summary({ findings }) {
  const count = (severity) => findings.filter((finding) => finding.severity === severity).length;
  const faults = count("fault");
  const warnings = count("warning");
  const style = faults > 0 ? "bad" : warnings > 0 ? "doubt" : "good";
  const text = faults + warnings === 0 ? "nothing wrong" : `faults: ${faults}, warnings: ${warnings}`;
  return el("span", {}, "Doctor: ", el("span", { class: style }, text));
}

/** Shows these in the page's head. */
export function head(...children) {
  replace(document.getElementById("state"), children);
}

/** Calls again and again. The time of the last success is not a notice: it neither replaces one nor is it read out. */
export async function keepUp(seconds, look) {
  for (let failed = false; ;) {
    try {
      await look();
      write("fresh", `Up to date at ${new Date().toLocaleTimeString()}.`);
      if (failed) {
        failed = false;
        notice("The service answers again.");
      }
    } catch (e) {
      failed = true;
      notice(`Not up to date: ${e.message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
