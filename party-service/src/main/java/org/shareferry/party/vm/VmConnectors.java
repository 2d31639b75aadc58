// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.util.List;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.StartupException;
import org.shareferry.site.settings.ConfiguredVms;
import org.shareferry.site.settings.PartyProperties;
import org.shareferry.site.settings.SettingsException;
import org.shareferry.site.settings.VmProperties;
import org.shareferry.site.settings.VmsProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// The connectors to all VMs of this service. They are independent of each other.
@Component
public final class VmConnectors implements SmartLifecycle {
    private final List<VmConnector> connectors;
    private volatile boolean running;

    VmConnectors(OwnMember own, PartyProperties party, VmProperties main, VmsProperties more, VmDependencies service) {
        try {
            connectors = ConfiguredVms.of(own.name(), party, main, more).stream()
                    .map(vm -> new VmConnector(vm, service))
                    .toList();
        } catch (SettingsException e) {
            throw new StartupException(e.sentence(), e);
        }
    }

    /// @return the current status of each VM
    public List<VmStatus> statuses() {
        return connectors.stream().map(VmConnector::status).toList();
    }

    @Override
    public boolean isAutoStartup() {
        return !connectors.isEmpty();
    }

    @Override
    public void start() {
        running = true;
        connectors.forEach(VmConnector::start);
    }

    /// All connectors drain concurrently, because the service is stopped after 20 s in any case.
    @Override
    public void stop() {
        running = false;
        connectors.forEach(VmConnector::beginToStop);
        connectors.forEach(VmConnector::awaitStop);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
