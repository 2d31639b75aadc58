// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import jakarta.validation.Valid;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// More VMs of this party: several programs can run on its host at the same time. Each has all the settings of
/// [VmProperties] for itself.
///
/// @param vms by their names, beside the one of `shareferry.party.vm`, which is called `main`
@Validated
@ConfigurationProperties("shareferry.party")
public record VmsProperties(@DefaultValue Map<String, @Valid VmProperties> vms) {
    public VmsProperties {
        vms = Map.copyOf(vms);
    }
}
