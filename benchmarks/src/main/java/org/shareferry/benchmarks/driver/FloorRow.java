// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import org.shareferry.cli.CommandException;

/// What cryptography alone allows.
final class FloorRow implements Measurement {
    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        var floor = bench.floor();
        var findings = bench.findings();
        findings.add(Figure.of(Row.FLOOR, "one-value deliveries of two parties", floor.deliveries(), "/s")
                .note("seal, sign, verify, open with verify, and check, on " + floor.cores()
                        + " cores in one process; one envelope for each party"));
        findings.add(Figure.of(Row.FLOOR, "seal, verify and open one envelope", floor.oneEnvelope() * 1e6, "us"));
        findings.add(Figure.of(
                Row.FLOOR,
                "values of two parties, chunks of " + Floor.CHUNK,
                floor.chunks() * Floor.CHUNK / 1e6,
                "million/s"));
    }
}
