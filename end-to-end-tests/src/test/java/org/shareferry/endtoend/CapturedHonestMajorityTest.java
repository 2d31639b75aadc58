// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Protocols that need most of three parties to be honest.
@Tag("slow")
class CapturedHonestMajorityTest {
    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared(3);

    @ParameterizedTest
    @MethodSource("org.shareferry.endtoend.CapturedRuns#withHonestMajority")
    void a_captured_run_sent_in_small_pieces_arrives_unchanged(String name) {
        COMPUTATIONS.use(name);
        new CapturedArrivals(COMPUTATIONS).assertArrives(name);
    }
}
