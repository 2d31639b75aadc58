// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.BodyKey;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Hpke;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.seal.Opening;

/// The worked example of docs/envelope-format.md is what the code does.
class WorkedExampleTest {
    private static String document = "";

    @BeforeAll
    static void read() throws IOException {
        document = Files.readString(Path.of("..", "docs", "envelope-format.md"));
    }

    private static Bytes block(String name) {
        var matcher =
                Pattern.compile("```hex " + name + "\n(.*?)```", Pattern.DOTALL).matcher(document);
        assertThat(matcher.find()).as("the block " + name).isTrue();
        return Bytes.fromHex(matcher.group(1).replaceAll("#.*", "").replaceAll("\\s", ""));
    }

    private static IdentityKey sender() throws Exception {
        return IdentityKey.fromPkcs8(SecretBytes.takeOver(Bytes.fromHex("302e020100300506032b657004220420"
                        + block("sender-seed").toHex())
                .toArray()));
    }

    private static OpeningKey recipient() throws Exception {
        return OpeningKey.fromPkcs8(SecretBytes.takeOver(Bytes.fromHex("3034020100300d060b2b0601040183e62d81c87a0420"
                        + block("recipient-seed").toHex())
                .toArray()));
    }

    private static Envelope envelope() throws Exception {
        return Envelope.of(block("header"), block("enc"), block("ciphertext"), block("signature"));
    }

    @Test
    void the_header_has_the_values_of_the_comments() throws Exception {
        var facts = new DeliveryFacts(
                DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-0"),
                new Shape(1, 1),
                new Domain.Ring(128, 64),
                Scheme.ADDITIVE,
                0,
                7,
                MemberName.client(0),
                List.of(MemberName.party(0), MemberName.party(1)),
                "spdz2k",
                true,
                true,
                1,
                0,
                Bytes.empty());
        var header = new Header(
                facts,
                new Place(Kind.VALUES, 0),
                MemberName.party(1),
                sender().publicKey().id(),
                recipient().sealingKey().id(),
                Instant.parse("2026-01-01T12:00:00Z"));

        assertThat(header.encode()).isEqualTo(block("header"));
        assertThat(Header.decode(block("header"))).isEqualTo(header);
    }

    @Test
    void the_envelope_is_signed_by_its_sender_and_opens_to_the_share() throws Exception {
        try (var key = recipient();
                var signer = sender()) {
            Opening opening;
            try (var opener = new EnvelopeOpener(1)) {
                opening = opener.open(envelope(), signer.publicKey(), key);
            }
            assertThat(opening)
                    .isInstanceOfSatisfying(
                            Opening.Opened.class,
                            opened ->
                                    assertThat(Bytes.of(opened.body().reveal())).isEqualTo(block("body")));
        }
    }

    @Test
    void the_encoding_and_the_id_are_as_described() throws Exception {
        var encoded = "a4" + "63656e63" + "590460" + block("enc").toHex()
                + "66686561646572" + "589d" + block("header").toHex()
                + "697369676e6174757265" + "5840" + block("signature").toHex()
                + "6a63697068657274657874" + "5820" + block("ciphertext").toHex();

        assertThat(envelope().encode().toHex()).isEqualTo(encoded);
        assertThat(envelope().encode().size()).isEqualTo(1415);
        assertThat(envelope().id().digest()).isEqualTo(block("envelope-id"));
        assertThat(Envelope.decode(Bytes.fromHex(encoded))).isEqualTo(envelope());
    }

    @Test
    void a_key_id_is_the_digest_of_the_key_with_its_prefix() throws Exception {
        try (var signer = sender();
                var key = recipient()) {
            var prefix = Bytes.fromHex("308204d4300d060b2b0601040183e62d81c87a038204c100");

            assertThat(signer.publicKey().id().digest()).isEqualTo(Sha256.of(block("sender-key")));
            assertThat(key.sealingKey().id().digest())
                    .isEqualTo(Sha256.begin()
                            .add(prefix)
                            .add(key.sealingKey().raw())
                            .digest());
        }
    }

    @Test
    void the_info_frames_names_key_ids_and_delivery() throws Exception {
        var header = envelope().header();
        var info = Hpke.Info.of(
                "shareferry envelope info v2",
                List.of(
                        header.sender().toBytes(),
                        header.facts().recipient().toBytes(),
                        header.senderKey().digest(),
                        header.recipientKey().digest(),
                        header.facts().id().run().toBytes(),
                        Bytes.ofWord(header.facts().id().sequence())));

        assertThat(info.value()).isEqualTo(block("info"));
        assertThat(Hpke.Info.of(
                                "shareferry body v2",
                                List.of(Bytes.ofWord(0), Bytes.ofWord(0), Sha256.of(block("header"))))
                        .value())
                .isEqualTo(block("exporter-context"));
        try (var key = recipient();
                var context = Hpke.receive(block("enc"), key, new Hpke.Info(block("info")));
                var bodyKey = context.bodyKey(new Hpke.BodyContext(0, 0, Sha256.of(block("header"))));
                var body = bodyKey.open(new BodyKey.Aad(block("header")), block("ciphertext"))) {
            assertThat(Bytes.of(body.reveal())).isEqualTo(block("body"));
        }
    }

    @Test
    void the_roster_is_written_as_shown() throws Exception {
        var matcher =
                Pattern.compile("```json roster\n(.*?)```", Pattern.DOTALL).matcher(document);
        assertThat(matcher.find()).isTrue();
        var roster = Roster.parse(matcher.group(1));

        assertThat(roster.toJson()).isEqualTo(matcher.group(1));
        try (var signer = sender()) {
            assertThat(roster.find(MemberName.party(1)).orElseThrow().identityKeys())
                    .containsExactly(signer.publicKey());
        }
    }
}
