// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
import { el, facts, json, notice, show, table, time } from "./page.js";
import { plots, summary } from "./numbers.js";

const PAGE = 100;
const MOST_SHOWN = 200_000;

const SENTENCES = {
  VERIFIED: ["good", "Every check held."],
  UNVERIFIED: ["doubt", "Nothing failed, but nothing proves the values."],
  REJECTED: ["bad", "A check failed. No value is shown."],
};

/** The results that are shown, by id and parties. */
let results = new Map();
let events;

const key = (result) => `${result.id} ${result.parties}`;

function verdict(result) {
  if (result.verdict === undefined) {
    return el("span", { class: "quiet" }, state(result));
  }
  return el("span", { class: SENTENCES[result.verdict][0] }, result.verdict);
}

function state(result) {
  return result.state === "receiving" ? `${result.received.bundles} of ${result.received.of} bundles` : result.state;
}

function address(result) {
  return `#/result/${result.id}/${result.parties.join(",")}`;
}

// ---- the list

function filter() {
  const form = new FormData(document.querySelector("form"));
  const query = new URLSearchParams();
  for (const [name, value] of form) {
    if (value !== "") {
      query.set(name, name === "since" ? new Date(value).toISOString() : value);
    }
  }
  return query;
}

function matches(result, query) {
  return (!query.has("label") || result.label === query.get("label"))
    && (!query.has("verdict") || result.verdict === query.get("verdict"))
    && (!query.has("since") || result.changed >= query.get("since"));
}

function field(label, name, type) {
  return el("label", {}, label, el("input", { name, type, onchange: load }));
}

async function list() {
  show(
    el("h2", {}, "Results"),
    el("form", { onsubmit: (e) => { e.preventDefault(); load(); } },
      el("label", {}, "Verdict", el("select", { name: "verdict", onchange: load },
        ["", "VERIFIED", "UNVERIFIED", "REJECTED"].map((v) => el("option", { value: v }, v || "any")))),
      field("Label", "label", "text"),
      field("Changed since", "since", "datetime-local")),
    el("div", { id: "list" }));
  await load();
}

async function load() {
  const query = filter();
  events?.close();
  try {
    const page = await json(`/v1/results?numbers=string&limit=200&${query}`);
    results = new Map(page.results.map((result) => [key(result), result]));
    draw(page.next !== undefined);
    follow(page.asOf, query, page.next !== undefined);
  } catch (e) {
    notice(e.message);
  }
}

function follow(asOf, query, more) {
  events = new EventSource(`/v1/results?numbers=string&since=${asOf}`);
  events.onopen = () => notice("Live: changes appear here by themselves.");
  events.onerror = () => notice("Not connected; trying again.");
  events.addEventListener("result", (event) => {
    const result = JSON.parse(event.data);
    results.delete(key(result));
    if (matches(result, query)) {
      results.set(key(result), result);
    }
    draw(more);
    notice(`Delivery with label ${result.label} is ${result.verdict ?? state(result)}.`);
  });
}

function draw(more) {
  const shown = [...results.values()].sort((a, b) => (a.firstSeen < b.firstSeen ? 1 : -1));
  document.getElementById("list")?.replaceChildren(
    shown.length === 0
      ? el("p", {}, "No result is here. The relay's page says what is on its way.")
      : table(more ? "The newest 200; filters find others" : `${shown.length} results, the newest first`,
        ["Verdict", "Label", "Values", "Scheme", "Parties", "First bundle", "Delivery"],
        shown.map((result) => [
          verdict(result), result.label, String(result.count), result.scheme, result.parties.join(", "),
          time(result.firstSeen), el("a", { href: address(result) }, el("code", {}, result.id)),
        ]), [1, 2]));
}

// ---- one result

async function one(id, parties) {
  const path = `/v1/results/${id}?parties=${parties}`;
  const head = await find(id, parties);
  const hasValues = head.state === "checked" && head.verdict !== "REJECTED" && head.scheme !== "input";
  const whole = hasValues && head.count <= MOST_SHOWN ? await json(`${path}&numbers=string`) : head;
  const [style, sentence] = SENTENCES[head.verdict] ?? ["quiet", ""];
  show(
    el("h2", {}, "Delivery ", el("code", {}, id)),
    el("p", {}, el("strong", { class: style }, head.verdict ?? state(head)), ` ${sentence} ${assumption(head)}`),
    head.reasons.length > 0 && el("ul", {}, head.reasons.map((reason) => el("li", {}, reason))) || "",
    facts([
      ["Label", head.label], ["Values", String(head.count)], ["Precision", String(head.precision)],
      ["Scheme", head.scheme], ["Protocol", head.protocol], ["Domain", head.domain],
      ["Parties", head.parties.join(", ")], ["State", state(head)],
      ["First bundle", time(head.firstSeen)], ["Last change", time(head.changed)],
    ]),
    ...(hasValues ? values(whole, path) : []),
    head.verdict === "REJECTED"
      ? el("p", {}, el("a", { href: `/v1/results/${id}/evidence?parties=${parties}`, download: "" }, "Signed envelopes"),
        " for `shareferry evidence verify`.")
      : "");
}

/** The result without its values: a list has it by its label and state, one address by its id. */
async function find(id, parties) {
  const known = results.get(`${id} ${parties}`);
  if (known) {
    return known;
  }
  let after = "";
  for (;;) {
    const page = await json(`/v1/results?numbers=string&limit=200${after}`);
    const result = page.results.find((one) => one.id === id && one.parties.join(",") === parties);
    if (result) {
      return result;
    }
    if (page.next === undefined) {
      throw new Error("No result of this id is here.");
    }
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}

function assumption(result) {
  if (!result.assumption) {
    return "";
  }
  const { corrupt, parties } = result.assumption;
  return corrupt === parties.length - 1
    ? "Verified, even if all parties but one cheat."
    : `Verified, provided at most ${corrupt} of ${parties.join(", ")} cheats.`;
}

function values(result, path) {
  const links = ["csv", "json", "npy", "raw"].map((format) =>
    el("a", { href: `${path}&format=${format}`, download: `${result.id}.${format}` }, format));
  const files = el("p", {}, "Download: ", links.flatMap((link) => [link, " "]));
  if (result.values === undefined) {
    return [files, el("p", {}, `More than ${MOST_SHOWN} values: download them.`), lines(path)];
  }
  const place = el("div", {});
  const page = (from) => {
    const slice = result.values.slice(from, from + PAGE);
    place.replaceChildren(
      table(`Values ${from} to ${from + slice.length - 1} of ${result.count}`, ["Index", "Value"],
        slice.map((value, i) => [String(from + i), value]), [0, 1]),
      el("p", {},
        el("button", { type: "button", disabled: from === 0, onclick: () => page(from - PAGE) }, "Earlier"), " ",
        el("button", { type: "button", disabled: from + PAGE >= result.values.length, onclick: () => page(from + PAGE) }, "Later")));
  };
  page(0);
  return [files, el("h3", {}, "Summary"), facts(summary(result.values)), ...plots(result.values), el("h3", {}, "Values"), place,
    lines(path)];
}

function lines(path) {
  const url = location.origin + path;
  return el("section", {}, el("h3", {}, "The same from a program"),
    el("pre", { tabindex: 0 }, `curl --cert user.crt --key user.key --cacert tls.crt '${url}&numbers=string'`),
    el("pre", { tabindex: 0 }, [
      "import json, ssl, urllib.request",
      "tls = ssl.create_default_context(cafile='tls.crt')",
      "tls.load_cert_chain('user.crt', 'user.key')",
      `values = json.load(urllib.request.urlopen('${url}', context=tls))['values']  # exact integers`,
    ].join("\n")));
}

// ---- inputs

async function inputs() {
  const [given, asked] = await Promise.all([json("/v1/inputs"), json("/v1/requests")]);
  show(
    el("h2", {}, "Inputs"),
    generic("Inputs that wait for a request", given.inputs ?? []),
    el("h3", {}, "Open requests"),
    generic("Requests without an answer", asked.requests ?? []));
}

function generic(caption, rows) {
  if (rows.length === 0) {
    return el("p", {}, `${caption}: none.`);
  }
  const heads = Object.keys(rows[0]);
  return table(caption, heads, rows.map((row) => heads.map((head) => String(row[head] ?? ""))));
}

// ---- routes

async function route() {
  events?.close();
  const [, page, id, parties] = location.hash.split("/");
  try {
    await (page === "result" ? one(id, decodeURIComponent(parties)) : page === "inputs" ? inputs() : list());
  } catch (e) {
    show(el("p", { class: "bad", role: "alert" }, e.message));
  }
}

addEventListener("hashchange", () => { route(); document.getElementById("main").focus(); });
route();
