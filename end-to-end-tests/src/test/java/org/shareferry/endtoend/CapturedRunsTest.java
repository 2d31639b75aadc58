// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Protocols that are secure as long as one of two parties is honest, and their passive forms. The only class of this
/// module that is not tagged slow.
class CapturedRunsTest {
    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared();

    @ParameterizedTest
    @MethodSource("org.shareferry.endtoend.CapturedRuns#withDishonestMajority")
    void a_captured_run_sent_in_small_pieces_arrives_unchanged(String name) {
        COMPUTATIONS.use(name);
        new CapturedArrivals(COMPUTATIONS).assertArrives(name);
    }
}
