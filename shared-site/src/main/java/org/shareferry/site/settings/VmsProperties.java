// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import jakarta.validation.Valid;
import java.util.Map;
import java.util.regex.Pattern;
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
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    public VmsProperties {
        vms = Map.copyOf(vms);
        vms.forEach(VmsProperties::require);
    }

    private static void require(String name, VmProperties vm) {
        if (name.equals(ConfiguredVm.MAIN) || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "shareferry.party.vms contains a VM named \"" + name + "\". A name must be"
                            + " up to 32 lower-case letters, digits and hyphens, and not \"main\", which is the VM of"
                            + " shareferry.party.vm.");
        }
        if (!vm.isConfigured()) {
            throw new IllegalArgumentException(ConfiguredVm.setting(name, "port")
                    + " is not set: set it to the port that the program passes to connect(), or remove this VM.");
        }
    }
}
