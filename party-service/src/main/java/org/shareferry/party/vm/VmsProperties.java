// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import jakarta.validation.Valid;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Further VMs of this party, if several programs run at the same time.
///
/// @param vms Further VMs, each under a name of its own and with all the settings of `shareferry.party.vm`. The VM of
///     `shareferry.party.vm` has the name `main`.
@Validated
@ConfigurationProperties("shareferry.party")
public record VmsProperties(@DefaultValue Map<String, @Valid VmProperties> vms) {
    public VmsProperties {
        vms = Map.copyOf(vms);
    }
}
