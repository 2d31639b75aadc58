// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.standin.Ending.Acknowledged;
import org.shareferry.standin.Faults;

/// From the VMs of captured runs to the values at the client, through the real services as processes. The one class of
/// this module that is not tagged slow.
class CapturedRunsTest {
    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared();

    @ParameterizedTest
    @MethodSource("org.shareferry.endtoend.CapturedRuns#names")
    void a_captured_run_arrives_as_it_must_though_every_byte_comes_alone(String name) {
        COMPUTATIONS.use(name);

        var endings = COMPUTATIONS.run(CapturedRuns.programs(name), Faults.oneByteAtATime(), Faults.oneByteAtATime());

        assertThat(endings).containsOnly(new Acknowledged(2));
        for (var expected : CapturedRuns.expected(name)) {
            var result = COMPUTATIONS.site().awaitResult(expected.get("id").asString());
            assertThat(result.get("verdict")).isEqualTo(expected.get("verdict"));
            assertThat(result.get("values")).isEqualTo(expected.get("values"));
        }
    }
}
