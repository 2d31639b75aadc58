// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
import { bar, el, facts, head, health, json, keepUp, show, summary, table, time } from "./page.js";

const LOOK_SECONDS = 3;
const HEALTH_SECONDS = 15;
const SHOWN = 200;
const STYLES = { received: "good", refused: "bad", expired: "bad", held: "doubt" };

function vm(status) {
  const { handingOver, awaiting } = status;
  return [el("h3", {}, status.name), facts([
    ["Protocol", status.protocol], ["State", status.state], ["Since", time(status.since)], ["Run", status.run],
    ["Handing over", handingOver && `${handingOver.id}: ${handingOver.sealed} of ${handingOver.of} envelopes`],
    ["Waits for inputs", awaiting && el("span", {},
      `${awaiting.count} of ${awaiting.client} with label ${awaiting.label}; stopped without them `, time(awaiting.until))],
    ["Cause", status.cause], ["Problem", status.problem],
  ])];
}

function vms(statuses) {
  return statuses.length === 0
    ? [el("p", {}, "No VM is configured: shares are handed over by REST.")]
    : statuses.flatMap(vm);
}

/** What stops a delivery, or what it waits for. */
function stop(delivery, failure) {
  switch (delivery.state) {
    case "sealed":
      return failure === undefined ? "On its way to the relay."
        : el("span", {}, `The relay is not reached: ${failure.reason}, since `, time(failure.since));
    case "submitted":
      return "Waits for envelopes of other parties.";
    case "bundled":
      return "Waits for the client's receipts.";
    case "held":
      return `${delivery.refusal.detail} It is offered again by itself.`;
    case "refused":
      return delivery.refusal.detail;
    case "expired":
      return "It was not delivered in time.";
    default:
      return "";
  }
}

function progress({ envelopes: { sealed, submitted, received } }) {
  return bar([["good", received], ["link", submitted - received]], sealed,
    `${sealed} sealed, ${submitted} submitted, ${received} received`);
}

function row(delivery, failure) {
  return [
    el("span", { class: STYLES[delivery.state] ?? "" }, delivery.state), delivery.label, delivery.recipient, delivery.scheme, String(delivery.count),
    progress(delivery), time(delivery.created), time(delivery.expires), stop(delivery, failure),
    delivery.envelopes.received === 0 ? "" : el("a", {
      href: `/v1/deliveries/${delivery.id}/receipts?limit=1000`, download: `${delivery.id}.receipts.json`,
      "aria-label": `Receipts of ${delivery.id}`,
    }, "Receipts"),
    el("code", {}, delivery.id),
  ];
}

async function list() {
  const { deliveries, vms: statuses, relayFailure } = await json(`/v1/deliveries?order=newest&limit=${SHOWN}`);
  return [
    el("h2", {}, "VM"), ...vms(statuses),
    el("h2", {}, "Deliveries"),
    relayFailure ? el("p", { class: "bad" }, `The relay is not reached: ${relayFailure.reason}.`) : "",
    deliveries.length === 0
      ? el("p", {}, "Nothing was handed over yet.")
      : table(`Deliveries, the newest first${deliveries.length === SHOWN ? `, at most ${SHOWN}` : ""}`,
        ["State", "Label", "Client", "Scheme", "Values", "Envelopes", "Created", "Expires", "What it waits for", "Receipts", "Delivery"],
        deliveries.map((delivery) => row(delivery, relayFailure)), [1, 4]),
  ];
}

let lastHealth = -Infinity;

async function look() {
  if (performance.now() - lastHealth > HEALTH_SECONDS * 1000) {
    lastHealth = performance.now();
    head(el("a", { href: "#/doctor" }, summary(await json("/v1/findings"))));
  }
  return show(location.hash === "#/doctor" ? async () => health(await json("/v1/findings")) : list);
}

addEventListener("hashchange", () => look()
  .catch((e) => show(() => [el("p", { class: "bad", role: "alert" }, e.message)]))
  .then(() => document.getElementById("main").focus()));
keepUp(LOOK_SECONDS, look);
