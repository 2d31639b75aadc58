// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortsTest {
    /// Nearly all of the ports from which free ones are taken are VMs' here.
    @Test
    void free_ports_are_never_those_of_vms() throws Exception {
        var vms = IntStream.range(20_000, 31_000).boxed().collect(Collectors.toSet());
        var taken = new ArrayList<Integer>();

        Ports.take(Optional.empty(), 20, vms).forEachRemaining(taken::add);

        assertThat(taken).hasSize(20).doesNotHaveDuplicates().doesNotContainAnyElementsOf(vms);
    }
}
