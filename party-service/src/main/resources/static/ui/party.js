// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
import { el, facts, json, keepUp, show, table, time } from "./page.js";

const STYLES = { received: "good", refused: "bad", expired: "bad", held: "doubt" };

function vm(status) {
  return [el("h3", {}, status.name), facts([
    ["Protocol", status.protocol], ["State", status.state], ["Since", time(status.since)], ["Run", status.run],
    ["Handing over", status.handingOver && `${status.handingOver.id}: ${status.handingOver.sealed} of ${status.handingOver.of} envelopes`],
    ["Waits for inputs", status.awaiting && `${status.awaiting.count} of ${status.awaiting.client} with label ${status.awaiting.label}, until ${status.awaiting.until}`],
    ["Cause", status.cause], ["Problem", status.problem],
  ])];
}

function vms(statuses) {
  return statuses.length === 0
    ? [el("p", {}, "No VM is configured: shares are handed over by REST.")]
    : statuses.flatMap(vm);
}

function row(delivery) {
  const { sealed, submitted, received } = delivery.envelopes;
  return [
    el("span", { class: STYLES[delivery.state] ?? "" }, delivery.state), delivery.recipient, delivery.scheme, String(delivery.count),
    `${sealed} / ${submitted} / ${received}`, time(delivery.created), time(delivery.expires),
    delivery.refusal ? delivery.refusal.detail : "", el("code", {}, delivery.id),
  ];
}

async function look() {
  const all = [];
  let after = "";
  let statuses;
  for (;;) {
    const page = await json(`/v1/deliveries?limit=1000${after}`);
    statuses = page.vms;
    all.push(...page.deliveries);
    if (page.deliveries.length < 1000) {
      break;
    }
    after = `&after=${page.deliveries.at(-1).id}`;
  }
  const newest = all.reverse().slice(0, 500);
  show(
    el("h2", {}, "VMs"), ...vms(statuses),
    el("h2", {}, "Deliveries"),
    newest.length === 0
      ? el("p", {}, "Nothing was handed over yet.")
      : table(`${all.length} deliveries, the newest first`,
        ["State", "Client", "Scheme", "Values", "Sealed / submitted / received", "Created", "Expires", "Problem", "Delivery"],
        newest.map(row), [3]));
}

keepUp(3, look);
