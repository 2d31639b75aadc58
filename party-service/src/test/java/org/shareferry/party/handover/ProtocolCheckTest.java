// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.canary.CanaryPass;
import org.shareferry.site.canary.VmKind;

/// The facts of a delivery must match its protocol, also by REST.
class ProtocolCheckTest {
    private static final Domain FIELD =
            new Domain.PrimeField(BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE));

    @TempDir
    Path folder;

    private static DeliveryFacts facts(String protocol, int parties, int threshold) {
        return new DeliveryFacts(
                new DeliveryId(new RunId(1, 2), 0),
                new Shape(4, 4),
                FIELD,
                Scheme.BATCHED,
                0,
                7,
                MemberName.client(0),
                IntStream.range(0, parties).mapToObj(MemberName::party).toList(),
                protocol,
                false,
                true,
                threshold,
                0,
                Bytes.empty());
    }

    private Optional<String> objection(DeliveryFacts facts) {
        return ProtocolCheck.objection(facts, new CanaryFolder(folder));
    }

    @Test
    void a_delivery_that_matches_its_protocol_is_accepted() {
        assertThat(objection(facts("mascot", 2, 1))).isEmpty();
        assertThat(objection(facts("shamir", 3, 1))).isEmpty();
    }

    @Test
    void facts_of_another_protocol_are_refused_with_a_remedy() {
        assertThat(objection(facts("mascot", 3, 1)))
                .hasValueSatisfying(why -> assertThat(why).endsWith("or correct the parties or the threshold."));
    }

    @Test
    void an_honest_majority_protocol_needs_a_recorded_canary_run() throws Exception {
        var facts = facts("malicious-shamir", 3, 1);
        assertThat(objection(facts)).hasValueSatisfying(why -> assertThat(why).contains("shareferry canary"));

        new CanaryFolder(folder)
                .write(new CanaryPass(
                        "malicious-shamir",
                        new VmKind(FIELD, 3, 1, 1),
                        Path.of("x"),
                        Sha256.of(Bytes.empty()),
                        List.of(),
                        Instant.EPOCH));

        assertThat(objection(facts)).isEmpty();
        assertThat(objection(facts("malicious-shamir", 5, 2))).isPresent();
    }
}
