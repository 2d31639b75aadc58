// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.Bundle;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.service.work.TryAgainException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Brings bundles to clients that can be dialled. Every try sends the same bytes; no transaction is open
/// meanwhile.
@Component
class Pusher {
    private static final Logger LOG = LoggerFactory.getLogger(Pusher.class);

    private final Bundles bundles;
    private final Receipts receipts;
    private final Neighbours neighbours;
    private final RosterFile roster;
    private final CBORMapper cbor;
    private final MeterRegistry meters;

    Pusher(
            Bundles bundles,
            Receipts receipts,
            Neighbours neighbours,
            RosterFile roster,
            CBORMapper cbor,
            MeterRegistry meters) {
        this.bundles = bundles;
        this.receipts = receipts;
        this.neighbours = neighbours;
        this.roster = roster;
        this.cbor = cbor;
        this.meters = meters;
    }

    void push(BundleKey key) {
        try (var ignored = MDC.putCloseable("delivery", key.delivery().toString());
                var alsoIgnored = MDC.putCloseable("chunk", key.place().toString())) {
            var bundle = bundles.waiting(key);
            if (bundle.isPresent() && !isPulled(recipient(bundle.get()))) {
                push(key, bundle.get());
            }
        }
    }

    private static MemberName recipient(Bundle bundle) {
        return bundle.envelopes().getFirst().header().facts().recipient();
    }

    /// A client without an address comes for its bundles itself.
    private boolean isPulled(MemberName client) {
        return roster.find(client).filter(member -> member.address().isEmpty()).isPresent();
    }

    private void push(BundleKey key, Bundle bundle) {
        var client = recipient(bundle);
        var answer = meters.timer("shareferry.bundles.push")
                .record(() -> neighbours.post(client, "/v1/bundles", bundle.encode()));
        switch (answer) {
            case Answer.Accepted(int status, Bytes body) -> keepReceipt(key, client, body);
            case Answer.Refused refused -> {
                bundles.refuse(key, refused.problem().toString(), refused.detail(), client.toString());
                meters.counter("shareferry.bundles.refused").increment();
                LOG.warn("{} refused a bundle: {} {}", client, refused.problem(), refused.detail());
            }
            case Answer.Unavailable(String reason, var after) -> throw new TryAgainException(reason, after);
            case null -> throw new IllegalStateException("A neighbour gives some answer.");
        }
    }

    private void keepReceipt(BundleKey key, MemberName client, Bytes body) {
        SignedReceipt receipt;
        try {
            receipt = cbor.readValue(body.toArray(), SignedReceipt.class);
        } catch (JacksonException e) {
            throw new TryAgainException(client + " answered with something that is not a receipt", Optional.empty());
        }
        if (receipts.verify(client, receipt).filter(key::equals).isEmpty()) {
            throw new TryAgainException(client + " gave a receipt that is not to be believed", Optional.empty());
        }
        bundles.delivered(key, receipt);
        meters.counter("shareferry.bundles.delivered").increment();
        LOG.info("A bundle was delivered");
    }
}
