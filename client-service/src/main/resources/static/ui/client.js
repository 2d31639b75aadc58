// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
import { age, el, facts, head, health, json, notice, replace, show, summary, table, time } from "./page.js";
import { plots, totals } from "./numbers.js";
import { programs } from "./programs.js";

const PAGE = 100;
const MOST_SHOWN = 200_000;
const LOOK_SECONDS = 3;
const OVERVIEW_SECONDS = 15;

const SENTENCES = {
  VERIFIED: ["good", "Every check held."],
  UNVERIFIED: ["doubt", "Nothing failed, but nothing proves the values."],
  REJECTED: ["bad", "A check failed. No value is shown."],
};

/** The results that are shown, by id and parties. */
let results = new Map();
/** What the relay says is on its way. */
let underWay = { deliveries: [] };
let next;
let query = new URLSearchParams();
let events;
/** Counts what the reader asks for. The answer to an older question can come late, and is not shown then. */
let asked = 0;

const key = (result) => `${result.id} ${result.parties}`;
const address = (result) => `#/result/${result.id}/${result.parties.join(",")}`;

// ---- words

function verdict(result) {
  if (result.verdict === undefined) {
    return el("span", { class: "quiet" }, state(result));
  }
  const [style, sentence] = SENTENCES[result.verdict];
  const gone = result.state === "deleted" ? " Deleted." : result.valuesDeleted === undefined ? "" : " Its values were deleted.";
  return el("span", {}, el("span", { class: style }, result.verdict), el("small", {}, sentence + gone));
}

function state(result) {
  return result.state === "receiving" ? `${result.received.bundles} of ${result.received.of} bundles` : result.state;
}

/** Which party is missing, as the relay says. */
function missing(delivery) {
  if (delivery === undefined || delivery.waitingFor.length === 0) {
    return "";
  }
  const since = delivery.waitingSince === undefined ? "" : ` for ${age(delivery.waitingSince)}`;
  return el("span", { class: "doubt" }, `${delivery.waitingFor.join(", ")} missing${since}`);
}

function relayOf(result) {
  return underWay.deliveries.find((delivery) => key(delivery) === key(result));
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

// ---- the list

function filter() {
  const form = new FormData(document.querySelector("form"));
  const chosen = new URLSearchParams();
  for (const [name, value] of form) {
    if (value !== "") {
      chosen.set(name, name === "since" ? new Date(value).toISOString() : value.trim());
    }
  }
  return chosen;
}

function matches(result) {
  return (!query.has("label") || result.label === query.get("label"))
    && (!query.has("verdict") || result.verdict === query.get("verdict"))
    && (!query.has("since") || Date.parse(result.changed) >= Date.parse(query.get("since")));
}

function field(label, name, type, inputmode) {
  return el("label", {}, label, el("input", { name, type, inputmode, onchange: load }));
}

async function list() {
  await show(() => [
    el("h2", {}, "Results"),
    el("form", { onsubmit: (e) => { e.preventDefault(); load(); } },
      el("label", {}, "Verdict", el("select", { name: "verdict", onchange: load },
        ["", "VERIFIED", "UNVERIFIED", "REJECTED"].map((v) => el("option", { value: v }, v || "any")))),
      field("Label", "label", "text", "numeric"),
      field("Changed since", "since", "datetime-local")),
    el("div", { id: "list" }),
    el("h2", {}, "On the way"),
    el("div", { id: "under-way" }),
  ]);
  await Promise.all([load(), lookUnderWay()]);
}

async function load() {
  const mine = ++asked;
  query = filter();
  events?.close();
  try {
    const page = await json(`/v1/results?numbers=string&limit=200&${query}`);
    if (mine !== asked) {
      return;
    }
    results = new Map(page.results.map((result) => [key(result), result]));
    next = page.next;
    draw();
    follow(page.asOf, (result) => {
      results.delete(key(result));
      if (matches(result)) {
        results.set(key(result), result);
      }
      draw();
    });
  } catch (e) {
    notice(e.message);
  }
}

async function more() {
  const mine = asked;
  const page = await json(`/v1/results?numbers=string&limit=200&after=${encodeURIComponent(next)}&${query}`);
  if (mine !== asked) {
    return;
  }
  page.results.forEach((result) => results.set(key(result), result));
  next = page.next;
  draw();
}

function follow(since, changed) {
  events?.close();
  events = new EventSource(`/v1/results?numbers=string&since=${since}`);
  events.onopen = () => notice("Live: changes appear here by themselves.");
  events.onerror = () => notice("Not connected; trying again.");
  events.addEventListener("result", (event) => {
    const result = JSON.parse(event.data);
    changed(result);
    notice(`Delivery with label ${result.label} is ${result.verdict ?? state(result)}.`);
  });
}

function row(result) {
  return [
    el("span", {}, verdict(result), " ", result.state === "receiving" ? missing(relayOf(result)) : ""),
    result.label, String(result.count), result.scheme, result.parties.join(", "), time(result.firstSeen),
    el("a", { href: address(result) }, el("code", {}, result.id)),
  ];
}

function draw() {
  const place = document.getElementById("list");
  if (place === null) {
    return;
  }
  const shown = [...results.values()].sort((a, b) => (a.firstSeen < b.firstSeen ? 1 : -1));
  replace(place, [
    shown.length === 0
      ? el("p", {}, "No result is here that the filters let through.")
      : table("Results, the newest first", ["Verdict", "Label", "Values", "Scheme", "Parties", "First bundle", "Delivery"],
        shown.map(row), [1, 2]),
    next === undefined ? "" : el("button", { type: "button", id: "more", onclick: more }, "Show older results"),
  ]);
}

async function lookUnderWay() {
  underWay = await json("/v1/under-way");
  draw();
  const place = document.getElementById("under-way");
  if (place === null) {
    return;
  }
  const { deliveries, problem } = underWay;
  replace(place, [
    problem !== undefined ? el("p", { class: "doubt" }, problem) : "",
    deliveries.length === 0
      ? el("p", {}, problem === undefined ? "The relay has nothing for this client that is not complete." : "")
      : table("What the relay says is on its way", ["State", "Label", "At this client", "Parties", "Scheme", "Values", "First envelope", "Delivery"],
        deliveries.map((delivery) => [
          el("span", {}, `${delivery.state} `, missing(delivery)),
          delivery.label, `${delivery.places.received} of ${delivery.places.expected} bundles`, delivery.parties.join(", "), delivery.scheme,
          String(delivery.count), time(delivery.firstSeen), el("code", {}, delivery.id),
        ]), [1, 5]),
  ]);
}

// ---- one result

async function one(id, parties) {
  const mine = asked;
  const path = `/v1/results/${id}?parties=${parties}`;
  // Without values, which can be many; with what has changed since.
  const { asOf } = await json("/v1/results?numbers=string&limit=1");
  const result = await find(id, parties);
  if (result.state === "receiving") {
    await lookUnderWay();
  }
  if (mine === asked && await oneNow(result, path)) {
    follow(asOf, (changed) => {
      if (changed.id === id && changed.parties.join(",") === parties) {
        oneNow(changed, path);
      }
    });
  }
}

/** @returns whether it was shown */
async function oneNow(result, path) {
  const mine = ++asked;
  const hasValues = result.state === "checked" && result.verdict !== "REJECTED" && result.scheme !== "input"
    && result.valuesDeleted === undefined;
  const whole = hasValues && result.count <= MOST_SHOWN ? await json(`${path}&numbers=string`) : result;
  if (mine !== asked) {
    return false;
  }
  const [style, sentence] = SENTENCES[result.verdict] ?? ["quiet", ""];
  await show(() => [
    el("h2", {}, "Delivery ", el("code", {}, result.id)),
    el("p", {}, el("strong", { class: style }, result.verdict ?? state(result)), ` ${sentence} ${assumption(result)} `,
      result.state === "receiving" ? missing(relayOf(result)) : ""),
    result.reasons.length > 0 ? el("ul", { "aria-label": "Reasons" }, result.reasons.map((reason) => el("li", {}, reason))) : "",
    facts([
      ["Label", result.label], ["Values", String(result.count)], ["Precision", String(result.precision)],
      ["Scheme", result.scheme], ["Protocol", result.protocol], ["Domain", result.domain],
      ["Parties", result.parties.join(", ")], ["State", state(result)],
      ["First bundle", time(result.firstSeen)], ["Last change", time(result.changed)],
      ...(result.valuesDeleted === undefined ? [] : [["Values deleted", time(result.valuesDeleted)]]),
    ]),
    ...(hasValues ? values(whole, path) : []),
    result.verdict === "REJECTED" && result.state === "checked"
      ? el("p", {}, el("a", { href: path.replace("?", "/evidence?"), download: `${result.id}.evidence` }, "Download the evidence"),
        ": the signed envelopes. ", el("code", {}, "shareferry evidence verify"), " says which signatures hold.")
      : "",
  ]);
  return true;
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

function values(result, path) {
  const formats = { csv: "CSV", json: "JSON", npy: "NumPy (npy)", raw: "raw integers" };
  const links = Object.entries(formats).map(([format, name]) => el("li", {}, el("a", {
    href: `${path}&format=${format}${format === "json" ? "&numbers=string" : ""}`, download: `${result.id}.${format}`,
  }, name)));
  const files = [el("h3", {}, "Download"), el("ul", { class: "line" }, links)];
  if (result.values === undefined) {
    return [...files, el("p", {}, `There are more than ${MOST_SHOWN} values: download them.`), programs(path)];
  }
  return [...files, el("h3", {}, "Summary"), facts(totals(result.values)), ...plots(result.values),
    el("h3", {}, "Values"), paged(result.values), programs(path)];
}

function paged(all) {
  const place = el("div", { id: "values" });
  const last = Math.floor((all.length - 1) / PAGE) * PAGE;
  const page = (wanted) => {
    const from = Math.min(last, Math.max(0, Math.floor(wanted / PAGE) * PAGE || 0));
    const slice = all.slice(from, from + PAGE);
    const button = (name, to, disabled) =>
      el("button", { type: "button", id: name.toLowerCase(), disabled, onclick: () => page(to) }, name);
    replace(place, [
      table(`Values ${from} to ${from + slice.length - 1} of ${all.length}`, ["Index", "Value"],
        slice.map((value, i) => [String(from + i), value]), [0, 1]),
      all.length <= PAGE ? "" : el("p", {}, button("First", 0, from === 0), " ", button("Earlier", from - PAGE, from === 0), " ",
        button("Later", from + PAGE, from === last), " ", button("Last", last, from === last)),
    ]);
  };
  page(0);
  return place;
}

// ---- inputs

async function inputs() {
  await show(async () => inputTables(...await Promise.all([json("/v1/inputs"), json("/v1/requests")])));
}

function inputTables({ inputs: given }, { requests }) {
  return [
    el("h2", {}, "Inputs that wait for a request"),
    given.length === 0
      ? el("p", {}, "None waits.")
      : table("Inputs, without their values", ["Label", "Values", "Precision", "Bits", "Parties", "Protocols", "Uses left", "Given", "Ends"],
        given.map((input) => [
          input.label, String(input.count), String(input.precision), String(input.bits), input.parties.join(", "),
          input.protocols.join(", "), String(input.times), time(input.created), time(input.until),
        ]), [0, 1, 2, 3]),
    el("h2", {}, "Open requests"),
    requests.length === 0
      ? el("p", {}, "No request is without an answer.")
      : table("Requests without an answer", ["Label", "Values", "Precision", "Bits", "Parties", "Protocol", "Check", "Made", "Why there is no answer", "Request"],
        requests.map((request) => [
          request.label, String(request.count), String(request.precision), String(request.bits),
          request.parties.join(", "), request.protocol, request.verdict, time(request.created), request.detail,
          el("code", {}, request.id),
        ]), [0, 1, 2, 3]),
  ];
}

// ---- the head, and the doctor's page

async function look() {
  const [overview, found] = await Promise.all([json("/v1/overview"), json("/v1/findings")]);
  const { openingKey, lastContact } = overview;
  head(
    el("span", {}, "Opening key: ", openingKey === undefined
      ? el("span", { class: "bad" }, "none is valid") : el("span", {}, "ends ", time(openingKey.until))),
    el("span", {}, "Relay: ", lastContact === undefined
      ? el("span", { class: "doubt" }, "no contact since the start") : el("span", {}, "last contact ", time(lastContact))),
    el("a", { href: "#/doctor" }, summary(found)));
  return { found, keys: openingKey === undefined ? [] : [{ name: "opening key", ...openingKey }] };
}

async function doctor() {
  await show(async () => {
    const { found, keys } = await look();
    return health(found, keys);
  });
}

// ---- routes

const [LIST, RESULT, INPUTS, DOCTOR] = ["", "result", "inputs", "doctor"];

async function route() {
  asked++;
  events?.close();
  const [, page, id, parties] = location.hash.split("/");
  const pages = {
    [LIST]: list, [RESULT]: () => one(id, decodeURIComponent(parties)), [INPUTS]: inputs, [DOCTOR]: doctor,
  };
  try {
    await (pages[page ?? LIST] ?? list)();
  } catch (e) {
    show(() => [el("p", { class: "bad", role: "alert" }, e.message)]);
  }
}

/** What is not told by the event stream. */
async function again(seconds, task) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await task().catch((e) => notice(e.message));
  }
}

addEventListener("hashchange", () => { route(); document.getElementById("main").focus(); });
route();
look().catch((e) => notice(e.message));
again(LOOK_SECONDS, async () => {
  if (document.getElementById("under-way") !== null) {
    await lookUnderWay();
  } else if (location.hash === "#/inputs") {
    await inputs();
  }
});
again(OVERVIEW_SECONDS, look);
