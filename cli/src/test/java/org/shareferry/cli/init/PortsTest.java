// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.shareferry.cli.CommandException;
import org.shareferry.standin.HeldPorts;

class PortsTest {
    /// Nearly all of the ports from which free ones are taken are VMs' here.
    @Test
    void free_ports_are_never_those_of_vms() throws Exception {
        var vms = IntStream.range(20_000, 31_000).boxed().collect(Collectors.toSet());
        var taken = new ArrayList<Integer>();

        Ports.take(Optional.empty(), 20, vms).forEachRemaining(taken::add);

        assertThat(taken).hasSize(20).doesNotHaveDuplicates().doesNotContainAnyElementsOf(vms);
    }

    @Test
    void a_port_that_another_program_has_bound_is_not_free_even_if_it_does_not_listen_yet() throws Exception {
        try (var held = HeldPorts.inARow(1)) {
            var vms = IntStream.range(20_000, 32_000)
                    .filter(port -> port != held.first())
                    .boxed()
                    .collect(Collectors.toSet());

            assertThatThrownBy(() -> Ports.take(Optional.empty(), 1, vms)).isInstanceOf(CommandException.class);
        }
    }
}
