// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.member.MemberName;

/// The properties of a hand-over before its chunks.
///
/// @param threshold t, if given
/// @param program the digest of the program, 32 bytes, if given
/// @param parties the parties, if given
/// @param pairwiseKeys empty if not given
record HandOverHead(
        DeliveryId id,
        MemberName recipient,
        Domain domain,
        Scheme scheme,
        int precision,
        long label,
        Shape shape,
        boolean macsChecked,
        Optional<Long> threshold,
        Optional<Bytes> program,
        Optional<List<MemberName>> parties,
        List<PairKey> pairwiseKeys)
        implements AutoCloseable {

    /// The two keys shared with one other party.
    record PairKey(MemberName party, SecretBytes made, SecretBytes received) implements AutoCloseable {
        @Override
        public void close() {
            made.close();
            received.close();
        }
    }

    HandOverHead {
        pairwiseKeys = List.copyOf(pairwiseKeys);
    }

    @Override
    public void close() {
        pairwiseKeys.forEach(PairKey::close);
    }
}
