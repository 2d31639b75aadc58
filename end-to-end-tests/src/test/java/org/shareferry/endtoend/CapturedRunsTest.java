// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Protocols that are secure as long as one of two parties is honest, and their passive forms. This class and
/// [CapturedHonestMajorityTest] are the only ones of this module that are not tagged slow.
class CapturedRunsTest {
    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared(3);

    @ParameterizedTest
    @MethodSource("org.shareferry.endtoend.CapturedRuns#withDishonestMajority")
    void a_captured_run_arrives_as_it_must_though_every_byte_comes_alone(String name) {
        COMPUTATIONS.use(name);
        new CapturedArrivals(COMPUTATIONS).assertArrives(name);
    }
}
