# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""Compares the last line that the demo printed with the expected result of a captured run."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as printed, open(sys.argv[2], encoding="utf-8") as wanted:
    got = {d["id"]: d for d in json.loads(printed.read().strip().splitlines()[-1])["deliveries"]}
    expected = json.load(wanted)["deliveries"]

faults = []
if len(got) != len(expected):
    faults.append(f"{len(got)} deliveries where {len(expected)} were expected")
for delivery in expected:
    other = got.get(delivery["id"])
    if other is None:
        faults.append(f"{delivery['id']} is missing")
        continue
    if delivery.get("what") == "input":
        # For a request, the demo shows only the client's answer.
        names = ("label", "count", "precision", "m")
    else:
        names = ("label", "verdict", "count", "precision", "values")
    for name in names:
        if other.get(name) != delivery[name]:
            faults.append(f"{name} of {delivery['id']} differs")
    if other["scheme"] != delivery.get("scheme", delivery.get("what")):
        faults.append(f"scheme of {delivery['id']} differs")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
