// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
import { age, bar, el, facts, head, health, json, keepUp, notice, post, show, size, summary, table, time } from "./page.js";

const LOOK_SECONDS = 3;
const HEALTH_SECONDS = 15;
const MOST_PAGES = 5;
const PAGE = 200;
const RECEIPTS = 1000;
const ENDED = ["received", "refused", "expired"];
const STYLES = { received: "good", refused: "bad", expired: "bad", held: "doubt" };

const path = (delivery) => `/v1/deliveries/${encodeURIComponent(delivery.id)}`;
const query = (delivery) => `parties=${encodeURIComponent(delivery.parties.join(","))}`;

/** @returns deliveries ascending by id, and whether there are more */
async function deliveries(which) {
  const all = [];
  let after = "";
  for (let page = 0; page < MOST_PAGES; page++) {
    const found = await json(`/v1/deliveries?limit=${PAGE}${which}${after}`);
    all.push(...found.deliveries);
    if (found.next === undefined) {
      return { all, more: false };
    }
    after = `&after=${encodeURIComponent(found.next)}`;
  }
  return { all, more: true };
}

// ---- what a delivery is like

function state(delivery) {
  return el("span", { class: STYLES[delivery.state] ?? "" }, delivery.state);
}

function parties(delivery) {
  const since = delivery.waitingSince === undefined ? "" : ` for ${age(delivery.waitingSince)}`;
  return el("ul", { class: "line" }, delivery.parties.map((party) => delivery.waitingFor.includes(party)
    ? el("li", { class: "doubt" }, `${party} missing${since}`)
    : el("li", {}, `${party} `, el("span", { class: "good", role: "img", "aria-label": "all here" }, "✓"))));
}

function progress({ places }) {
  const { expected, bundled, received, refused, held } = places;
  const said = [`${received} of ${expected} received`, [bundled, "bundled"], [held, "held"], [refused, "refused"]]
    .filter((part) => typeof part === "string" || part[0] > 0)
    .map((part) => (typeof part === "string" ? part : part.join(" ")));
  return bar([["good", received], ["link", bundled], ["doubt", held], ["bad", refused]], expected, said.join(", "));
}

/** The last error in words. */
function problem(delivery, clients) {
  const refusal = delivery.refusals[0];
  if (refusal) {
    return `${refusal.detail} (${refusal.finality})`;
  }
  const failure = clients.find((client) => client.name === delivery.recipient)?.failure;
  return failure && delivery.places.bundled > 0
    ? el("span", {}, `${delivery.recipient} cannot be reached: ${failure.reason}; next try `, time(failure.nextTry)) : "";
}

function row(delivery, clients) {
  return [
    state(delivery), delivery.label, delivery.recipient, parties(delivery), progress(delivery), age(delivery.firstSeen), time(delivery.expires),
    problem(delivery, clients),
    el("a", { href: `#/delivery/${delivery.id}/${delivery.parties.join(",")}` }, el("code", {}, delivery.id)),
  ];
}

function deliveryTable(caption, some, clients) {
  const newest = some.sort((a, b) => (a.firstSeen < b.firstSeen ? 1 : -1));
  return table(caption, ["State", "Label", "Client", "Parties", "Places", "Age", "Expires", "Last error", "Delivery"],
    newest.map((delivery) => row(delivery, clients)));
}

// ---- the pages

async function list() {
  const unfolded = document.getElementById("ended")?.open ?? false;
  const [{ all, more }, { clients }, ended] = await Promise.all([
    deliveries("&underWay=true"), json("/v1/members"), unfolded ? deliveries("") : undefined,
  ]);
  const open = all.filter((delivery) => !ENDED.includes(delivery.state));
  const over = ended?.all.filter((delivery) => ENDED.includes(delivery.state));
  return [
    el("h2", {}, "Under way"),
    more ? el("p", {}, `The first ${all.length} by id; the API lists all.`) : "",
    open.length === 0 ? el("p", {}, "Nothing is under way.") : deliveryTable("Deliveries under way, the newest first", open, clients),
    el("details", { id: "ended", ontoggle: (event) => { if (event.target.open && !unfolded) { look(); } } },
      el("summary", {}, "Ended deliveries"),
      ended?.more ? el("p", {}, `Among the first ${ended.all.length} deliveries by id; the API lists all.`) : "",
      over === undefined ? "" : over.length === 0 ? el("p", {}, "None has ended.")
        : deliveryTable("Ended deliveries, the newest first", over, clients)),
  ];
}

const STEPS = {
  stored: "Envelopes stored", bundled: "Bundles complete", received: "Bundles received, with receipts",
  refused: "Bundles refused finally", held: "Bundles held", expired: "Bundles expired",
};

function receipts(delivery) {
  const pages = Math.ceil(delivery.places.received / RECEIPTS);
  return Array.from({ length: pages }, (_, i) => el("a", {
    href: `${path(delivery)}/receipts?${query(delivery)}&after=${i * RECEIPTS}&limit=${RECEIPTS}`,
    download: `${delivery.id}.receipts${pages === 1 ? "" : `-${i + 1}`}.json`,
  }, pages === 1 ? "Download the receipts" : `Receipts, part ${i + 1}`));
}

function step(one, delivery) {
  return [
    time(one.first), one.first === one.last ? "" : time(one.last), one.member ?? "", `${STEPS[one.step] ?? one.step}: ${one.count}`,
    one.step === "received" ? el("span", {}, receipts(delivery)) : "",
  ];
}

async function deliverAgain(delivery) {
  const only = delivery.state === "held" ? "held" : "received";
  const what = only === "held" ? "the refused bundles" : "all stored bundles";
  if (!confirm(`Deliver ${what} of this delivery to ${delivery.recipient} again? Existing receipts stay valid.`)) {
    return;
  }
  try {
    const { bundles } = await post("/v1/redeliveries",
      { recipient: delivery.recipient, only, delivery: delivery.id, parties: delivery.parties });
    notice(bundles === 0 ? "No bundle of it is stored or held any longer." : `Bundles offered again: ${bundles}.`);
  } catch (e) {
    notice(e.message);
  }
}

async function one(id, names) {
  const named = { id, parties: names.split(",") };
  const delivery = await json(`${path(named)}?${query(named)}`);
  const { steps } = await json(`${path(named)}/timeline?${query(named)}`);
  return [
    el("h2", {}, "Delivery ", el("code", {}, id)),
    facts([
      ["State", state(delivery)], ["Client", delivery.recipient], ["Parties", parties(delivery)], ["Places", progress(delivery)],
      ["Label", delivery.label], ["Scheme", delivery.scheme], ["Values", String(delivery.count)], ["First envelope", time(delivery.firstSeen)],
      ["Last change", time(delivery.lastChange)], ["Expires", time(delivery.expires)],
    ]),
    table("Timeline", ["First", "Last", "Party", "What", "Receipts"], steps.map((each) => step(each, delivery))),
    delivery.refusals.length > 0
      ? table("Refused or held places", ["Kind", "Index", "Finality", "Problem"],
        delivery.refusals.map((refusal) => [refusal.kind, String(refusal.index), refusal.finality, refusal.detail]))
      : "",
    ["held", "received"].includes(delivery.state)
      ? el("p", {}, el("button", { type: "button", id: "again", onclick: () => deliverAgain(delivery) }, "Deliver again"))
      : "",
  ];
}

function reachable(client) {
  return client.failure
    ? el("span", {}, el("span", { class: "bad" }, "no"), `: ${client.failure.reason}, since `, time(client.failure.since))
    : el("span", {}, el("span", { class: "good" }, client.mode === "push" ? "yes" : "connects itself"));
}

function quota(party) {
  return bar([["link", party.bytes]], party.quota, `${size(party.bytes)} of ${size(party.quota)}`);
}

async function members() {
  const { clients, parties: known } = await json("/v1/members");
  return [
    el("h2", {}, "Clients"),
    table("Clients", ["Client", "Reachable", "Last contact", "Bundles waiting", "Bundles held", "Oldest", "Next try"],
      clients.map((client) => [
        client.name, reachable(client), time(client.lastContact), String(client.waiting), String(client.held),
        time(client.oldest), time(client.failure?.nextTry),
      ]), [3, 4]),
    el("h2", {}, "Parties"),
    table("Parties", ["Party", "Last envelope", "Quota used"],
      known.map((party) => [party.name, party.lastEnvelope ? time(party.lastEnvelope) : "none since the start", quota(party)])),
  ];
}

async function doctor() {
  const [found, { clients }] = await Promise.all([json("/v1/findings"), json("/v1/members")]);
  return health(found, clients.filter((client) => client.key).map((client) => ({ name: `opening key of ${client.name}`, ...client.key })));
}

// ---- the head

let lastHealth = -Infinity;

async function look() {
  if (performance.now() - lastHealth > HEALTH_SECONDS * 1000) {
    lastHealth = performance.now();
    head(el("a", { href: "#/doctor" }, summary(await json("/v1/findings"))));
  }
  const [, page, id, names] = location.hash.split("/");
  const pages = { delivery: () => one(id, decodeURIComponent(names)), members, doctor };
  return show(pages[page] ?? list);
}

addEventListener("hashchange", () => look()
  .catch((e) => show(() => [el("p", { class: "bad", role: "alert" }, e.message)]))
  .then(() => document.getElementById("main").focus()));
keepUp(LOOK_SECONDS, look);
