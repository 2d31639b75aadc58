// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import java.math.BigInteger;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;

/// The attack that the verdict must not answer.
final class Probe {
    private Probe() {}

    /// @return a delivery in which P1 adds 2^127 to the first r. The check holds exactly if the first value is even
    static TestDelivery of(TestMembers members, SealingKey key, long... values) {
        return TestDelivery.of(members, key, Scheme.TRIPLE, values).cheatingAt(new Place(Kind.VALUES, 0), shares -> {
            var shifted = shares.clone();
            shifted[1] = shifted[1].add(BigInteger.ONE.shiftLeft(127));
            return shifted;
        });
    }
}
