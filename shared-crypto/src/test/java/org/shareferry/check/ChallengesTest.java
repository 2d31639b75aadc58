// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;

class ChallengesTest {
    private static final DeliveryId DELIVERY = new DeliveryId(new RunId(1, 2), 0);

    private static String first(byte seed, DeliveryId delivery, int chunk) {
        var content = new byte[Challenges.SEED_SIZE];
        content[0] = seed;
        try (var challenges = new Challenges(SecretBytes.takeOver(content), delivery)) {
            var bytes = new byte[32];
            challenges.ofChunk(chunk).next(bytes);
            return HexFormat.of().formatHex(bytes);
        }
    }

    @Test
    void a_repeated_check_has_the_same_challenges() {
        assertThat(first((byte) 1, DELIVERY, 0)).isEqualTo(first((byte) 1, DELIVERY, 0));
    }

    @Test
    void seed_delivery_and_chunk_each_change_the_challenges() {
        var all = new ArrayList<String>();
        all.add(first((byte) 1, DELIVERY, 0));
        all.add(first((byte) 2, DELIVERY, 0));
        all.add(first((byte) 1, DELIVERY, 1));
        all.add(first((byte) 1, new DeliveryId(DELIVERY.run(), 1), 0));
        all.add(first((byte) 1, new DeliveryId(new RunId(1, 3), 0), 0));
        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void a_seed_of_another_size_is_refused() {
        assertThatThrownBy(() -> new Challenges(SecretBytes.random(16), DELIVERY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
