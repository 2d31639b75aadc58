// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.member.MemberName;

/// A header that tests change one thing at a time. The start: P0 sends the first of two chunks of 64 values
/// each to C0, scheme committed, so that most changes leave the size of the body as it is.
public final class SampleHeader implements Cloneable {
    /// 2^255 - 19.
    public static final Domain PRIME =
            new Domain.PrimeField(BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19)));

    public static final RunId RUN = RunId.parse("53b9abd5dfc3b9ff2723a929934da8c3");
    public static final MemberName P0 = MemberName.party(0);
    public static final MemberName P1 = MemberName.party(1);
    public static final MemberName C0 = MemberName.client(0);

    private DeliveryId id = new DeliveryId(RUN, 3);
    private Shape shape = new Shape(128, 64);
    private Domain domain = new Domain.Ring(128, 64);
    private Scheme scheme = Scheme.COMMITTED;
    private int precision = 16;
    private long label = 7;
    private MemberName recipient = C0;
    private List<MemberName> parties = List.of(P0, P1);
    private String protocol = "spdz2k";
    private boolean macsChecked = true;
    private boolean rerandomised = true;
    private int threshold = 1;
    private int bits = 0;
    private Bytes program = Bytes.of();
    private Place place = new Place(Kind.VALUES, 0);
    private MemberName sender = P0;
    private KeyId senderKey = new KeyId(Bytes.of(new byte[32]));
    private KeyId recipientKey = new KeyId(Bytes.of(new byte[32]));
    private Instant created = Instant.parse("2026-01-02T03:04:05.678Z");

    private SampleHeader() {}

    public static SampleHeader start() {
        return new SampleHeader();
    }

    public DeliveryFacts facts() {
        return new DeliveryFacts(
                id,
                shape,
                domain,
                scheme,
                precision,
                label,
                recipient,
                parties,
                protocol,
                macsChecked,
                rerandomised,
                threshold,
                bits,
                program);
    }

    public Header header() {
        return new Header(facts(), place, sender, senderKey, recipientKey, created);
    }

    public SampleHeader id(DeliveryId id) {
        return with(copy -> copy.id = id);
    }

    public SampleHeader shape(Shape shape) {
        return with(copy -> copy.shape = shape);
    }

    public SampleHeader domain(Domain domain) {
        return with(copy -> copy.domain = domain);
    }

    public SampleHeader scheme(Scheme scheme) {
        return with(copy -> copy.scheme = scheme);
    }

    public SampleHeader precision(int precision) {
        return with(copy -> copy.precision = precision);
    }

    public SampleHeader label(long label) {
        return with(copy -> copy.label = label);
    }

    public SampleHeader recipient(MemberName recipient) {
        return with(copy -> copy.recipient = recipient);
    }

    public SampleHeader parties(List<MemberName> parties) {
        return with(copy -> copy.parties = parties);
    }

    public SampleHeader protocol(String protocol) {
        return with(copy -> copy.protocol = protocol);
    }

    public SampleHeader macsChecked(boolean macsChecked) {
        return with(copy -> copy.macsChecked = macsChecked);
    }

    public SampleHeader rerandomised(boolean rerandomised) {
        return with(copy -> copy.rerandomised = rerandomised);
    }

    public SampleHeader threshold(int threshold) {
        return with(copy -> copy.threshold = threshold);
    }

    public SampleHeader bits(int bits) {
        return with(copy -> copy.bits = bits);
    }

    public SampleHeader program(Bytes program) {
        return with(copy -> copy.program = program);
    }

    public SampleHeader place(Place place) {
        return with(copy -> copy.place = place);
    }

    public SampleHeader sender(MemberName sender) {
        return with(copy -> copy.sender = sender);
    }

    public SampleHeader senderKey(KeyId senderKey) {
        return with(copy -> copy.senderKey = senderKey);
    }

    public SampleHeader recipientKey(KeyId recipientKey) {
        return with(copy -> copy.recipientKey = recipientKey);
    }

    public DeliveryId id() {
        return id;
    }

    public MemberName sender() {
        return sender;
    }

    public Instant created() {
        return created;
    }

    public SampleHeader created(Instant created) {
        return with(copy -> copy.created = created);
    }

    private SampleHeader with(Consumer<SampleHeader> change) {
        try {
            var copy = (SampleHeader) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
