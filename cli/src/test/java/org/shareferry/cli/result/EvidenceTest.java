// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.seal.EnvelopeSealer;

class EvidenceTest {
    private static final MemberName P0 = MemberName.party(0);
    private static final MemberName P1 = MemberName.party(1);
    private static final Instant CREATED = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    Path folder;

    private final IdentityKey ofP0 = IdentityKey.generate();
    private final IdentityKey ofP1 = IdentityKey.generate();
    private final OpeningKey ofC0 = OpeningKey.generate();
    private Path roster;

    @BeforeEach
    void writeRoster() throws Exception {
        var members = List.of(
                new Member(P0, Optional.empty(), List.of(ofP0.publicKey())),
                new Member(P1, Optional.empty(), List.of(ofP1.publicKey())));
        roster = Files.writeString(
                folder.resolve("roster.json"), Roster.of(members).toJson());
    }

    private static DeliveryFacts facts(int count) {
        return new DeliveryFacts(
                new DeliveryId(new RunId(9, 1), 0),
                new Shape(count, 4),
                new Domain.Ring(128, 64),
                Scheme.ADDITIVE,
                0,
                7,
                MemberName.client(0),
                List.of(P0, P1),
                "spdz2k",
                true,
                true,
                1,
                0,
                Bytes.empty());
    }

    private Bytes envelope(MemberName sender, IdentityKey key, int count) throws Exception {
        try (var handOver = new EnvelopeSealer(sender, key).begin(facts(count), ofC0.sealingKey(), CREATED);
                var body = SecretBytes.takeOver(new byte[16 * count])) {
            return handOver.seal(new Place(Kind.VALUES, 0), body).encode();
        }
    }

    private Path file(Bytes... envelopes) throws Exception {
        var items = new ArrayList<>(List.of(Bytes.of("shareferry evidence v1".getBytes(StandardCharsets.US_ASCII))));
        items.addAll(List.of(envelopes));
        var out = new ByteArrayOutputStream();
        for (var item : items) {
            out.write(0x59);
            out.write(item.size() >> 8);
            out.write(item.size());
            out.write(item.toArray());
        }
        return Files.write(folder.resolve("delivery.evidence"), out.toByteArray());
    }

    private Run verify(Path file) {
        return Run.of("evidence", "verify", file, "--roster", roster);
    }

    @Test
    void valid_signatures_are_counted_with_what_they_prove() throws Exception {
        var run = verify(file(envelope(P0, ofP0, 2), envelope(P1, ofP1, 2))).succeeded();

        assertThat(run.out())
                .contains("for C0: 2 values, additive, parties P0,P1")
                .contains("P0  1 envelopes with a valid signature\n", "P1  1 envelopes with a valid signature\n")
                .contains("only the client's statement shows")
                .doesNotContain("disagree", "INVALID");
    }

    @Test
    void an_envelope_of_another_key_is_invalid_and_different_headers_are_reported() throws Exception {
        var foreign = verify(file(envelope(P0, ofP0, 2), envelope(P1, ofP0, 2)));
        var differing = verify(file(envelope(P0, ofP0, 2), envelope(P1, ofP1, 3)));

        assertThat(foreign.code()).isEqualTo(1);
        assertThat(foreign.out()).contains("P1  0 envelopes with a valid signature, 1 with an INVALID signature");
        assertThat(differing.out()).contains("The signed headers disagree");
    }

    @Test
    void an_envelope_counts_once_however_often_it_is_in_the_file() throws Exception {
        var same = envelope(P0, ofP0, 2);

        var run = verify(file(same, same, same)).succeeded();

        assertThat(run.out()).contains("P0  1 envelopes");
    }

    @Test
    void a_wrong_or_truncated_file_is_reported() throws Exception {
        var whole = file(envelope(P0, ofP0, 2));
        var half = Files.write(folder.resolve("half"), java.util.Arrays.copyOf(Files.readAllBytes(whole), 200));

        verify(roster).failedWith("is not a file of evidence");
        verify(half).failedWith("ends in the middle of an envelope");
        assertThat(verify(folder.resolve("none")).failedWith("There is no file").out())
                .isEmpty();
    }

    @Test
    void programs_get_the_number_of_valid_signatures() throws Exception {
        var file = file(envelope(P0, ofP0, 2), envelope(P1, ofP0, 2));

        var run = Run.of("evidence", "verify", file, "--roster", roster, "-o", "json");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out())
                .contains("\"recipient\":\"C0\"", "\"headersAgree\":true")
                .contains("{\"sender\":\"P1\",\"holding\":0,\"notHolding\":1}");
    }
}
