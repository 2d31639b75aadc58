// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.envelope.Header;
import org.shareferry.envelope.SampleHeader;

/// A sealer seals only what belongs together.
class EnvelopeSealerTest {
    private static final IdentityKey IDENTITY = IdentityKey.generate();
    private static final IdentityKey OTHER_IDENTITY = IdentityKey.generate();
    private static final OpeningKey RECIPIENT = OpeningKey.generate();
    private static final OpeningKey OTHER_RECIPIENT = OpeningKey.generate();
    private static final SampleHeader START = SampleHeader.start()
            .senderKey(IDENTITY.publicKey().id())
            .recipientKey(RECIPIENT.sealingKey().id());

    private final EnvelopeSealer sealer = new EnvelopeSealer(SampleHeader.P0, IDENTITY);

    @Test
    void a_header_of_another_sender_is_not_sealed() {
        assertRefused(START.sender(SampleHeader.P1).header());
    }

    @Test
    void a_header_naming_another_sender_key_is_not_sealed() {
        assertRefused(START.senderKey(OTHER_IDENTITY.publicKey().id()).header());
    }

    @Test
    void a_header_naming_another_recipient_key_is_not_sealed() {
        assertRefused(START.recipientKey(OTHER_RECIPIENT.sealingKey().id()).header());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void a_body_of_another_size_is_not_sealed(int difference) {
        var header = START.header();
        var body = SecretBytes.copyOf(new byte[header.bodySize() + difference]);

        assertThatThrownBy(() -> sealer.seal(header, RECIPIENT.sealingKey(), body))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("size");
    }

    @Test
    void sealing_leaves_the_body_open_and_as_it_was() throws Exception {
        var header = START.header();
        var body = SecretBytes.random(header.bodySize());
        var before = SecretBytes.copyOf(body.reveal());

        sealer.seal(header, RECIPIENT.sealingKey(), body);

        assertThat(body).isEqualTo(before);
    }

    @Test
    void nothing_of_an_opening_prints_the_body() throws Exception {
        var header = START.header();
        var envelope = sealer.seal(header, RECIPIENT.sealingKey(), SecretBytes.copyOf(new byte[header.bodySize()]));

        assertThat(EnvelopeOpener.open(envelope, IDENTITY.publicKey(), RECIPIENT))
                .hasToString("Opened[body=[redacted]]");
        assertThat(envelope.toString())
                .isEqualTo("envelope " + envelope.id() + " of P0 for 53b9abd5dfc3b9ff2723a929934da8c3-3 values 0");
    }

    private void assertRefused(Header header) {
        var body = SecretBytes.copyOf(new byte[header.bodySize()]);

        assertThatThrownBy(() -> sealer.seal(header, RECIPIENT.sealingKey(), body))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not name");
    }
}
