// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
import { el, facts, json, keepUp, show, table, time } from "./page.js";

const ENDED = ["delivered", "refused", "expired"];
const STYLES = { delivered: "good", refused: "bad", expired: "bad", held: "doubt" };
const MOST_PAGES = 5;

async function deliveries() {
  const all = [];
  let after = "";
  for (let page = 0; page < MOST_PAGES; page++) {
    const found = await json(`/v1/deliveries?limit=200${after}`);
    all.push(...found.deliveries);
    if (found.next === undefined) {
      return { all, more: false };
    }
    after = `&after=${encodeURIComponent(found.next)}`;
  }
  return { all, more: true };
}

function parties(delivery) {
  return el("span", {}, delivery.parties.map((party) => delivery.waitingFor.includes(party)
    ? el("span", { class: "doubt" }, `${party} missing `)
    : el("span", {}, `${party} ✓ `)));
}

function bar(delivery) {
  const { delivered, expected } = delivery.places;
  const text = `${delivered} of ${expected} delivered`;
  return el("span", {}, el("progress", { value: delivered, max: expected, "aria-label": text }), ` ${delivered}/${expected}`);
}

function problem(delivery) {
  const first = delivery.refusals[0];
  return first ? `${first.detail} (${first.finality})` : "";
}

function row(delivery) {
  return [
    el("span", { class: STYLES[delivery.state] ?? "" }, delivery.state), delivery.recipient, parties(delivery), bar(delivery),
    time(delivery.firstSeen), time(delivery.lastChange), problem(delivery),
    el("a", { href: `#/delivery/${delivery.id}/${delivery.parties.join(",")}` }, el("code", {}, delivery.id)),
  ];
}

const HEADS = ["State", "Client", "Parties", "Places", "First envelope", "Last change", "Problem", "Delivery"];

async function list() {
  const { all, more } = await deliveries();
  const newest = all.sort((a, b) => (a.firstSeen < b.firstSeen ? 1 : -1));
  const ended = newest.filter((delivery) => ENDED.includes(delivery.state));
  const open = newest.filter((delivery) => !ENDED.includes(delivery.state));
  const wasOpen = document.querySelector("details")?.open ?? false;
  show(
    el("h2", {}, "Deliveries"),
    more ? el("p", {}, `The first ${all.length} by id; the API lists all.`) : "",
    open.length === 0 ? el("p", {}, "Nothing is under way.") : table(`${open.length} under way, the newest first`, HEADS, open.map(row)),
    el("details", { open: wasOpen }, el("summary", {}, `${ended.length} ended`),
      table("Ended, the newest first", HEADS, ended.map(row))));
}

/** The address of the file that can be downloaded; only the last one is kept in memory. */
let receiptsFile = "";

async function one(id, names) {
  const path = `/v1/deliveries/${encodeURIComponent(id)}`;
  const query = `parties=${encodeURIComponent(names)}`;
  const delivery = await json(`${path}?${query}`);
  const { receipts } = await json(`${path}/receipts?${query}&limit=1000`);
  const file = new Blob([JSON.stringify({ receipts }, undefined, 2)], { type: "application/json" });
  URL.revokeObjectURL(receiptsFile);
  receiptsFile = URL.createObjectURL(file);
  show(
    el("h2", {}, "Delivery ", el("code", {}, id)),
    facts([
      ["State", delivery.state], ["Client", delivery.recipient], ["Parties", parties(delivery)], ["Scheme", delivery.scheme],
      ["Values", String(delivery.count)], ["First envelope", time(delivery.firstSeen)], ["Last change", time(delivery.lastChange)],
    ]),
    table("Places", Object.keys(delivery.places), [Object.values(delivery.places).map(String)]),
    delivery.refusals.length > 0
      ? table("Refused or held places", ["Kind", "Index", "Finality", "Problem"],
        delivery.refusals.map((refusal) => [refusal.kind, String(refusal.index), refusal.finality, refusal.detail]))
      : "",
    el("p", {}, `${receipts.length} receipts. `,
      el("a", { href: receiptsFile, download: `${id}.receipts.json` }, "Download them")));
}

function look() {
  const [, page, id, names] = location.hash.split("/");
  return page === "delivery" ? one(id, decodeURIComponent(names)) : list();
}

addEventListener("hashchange", () => look().then(() => document.getElementById("main").focus()));
keepUp(3, look);
