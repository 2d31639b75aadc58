// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.shareferry.party.handover.HandOvers;
import org.shareferry.party.input.InputAnswers;
import org.shareferry.party.outbox.SeenRuns;
import org.shareferry.service.member.RosterFile;
import org.shareferry.site.canary.CanaryFolder;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/// The components that all VMs of this service share.
/// @param events publishes that a VM listens
@Component
record VmDependencies(
        HandOvers handOvers,
        InputAnswers answers,
        SeenRuns runs,
        RosterFile roster,
        CanaryFolder canary,
        Clock clock,
        MeterRegistry meters,
        ApplicationEventPublisher events) {}
