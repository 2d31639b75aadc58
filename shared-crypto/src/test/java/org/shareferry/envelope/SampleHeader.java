// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
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
public record SampleHeader(
        DeliveryId id,
        Shape shape,
        Domain domain,
        Scheme scheme,
        int precision,
        long label,
        MemberName recipient,
        List<MemberName> parties,
        String protocol,
        boolean macsChecked,
        boolean rerandomised,
        int threshold,
        int bits,
        Bytes program,
        Place place,
        MemberName sender,
        KeyId senderKey,
        KeyId recipientKey,
        Instant created) {
    /// 2^255 - 19.
    public static final Domain PRIME =
            new Domain.PrimeField(BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19)));

    public static final RunId RUN = RunId.parse("53b9abd5dfc3b9ff2723a929934da8c3");
    public static final MemberName P0 = MemberName.party(0);
    public static final MemberName P1 = MemberName.party(1);
    public static final MemberName C0 = MemberName.client(0);

    public static SampleHeader start() {
        return new SampleHeader(
                new DeliveryId(RUN, 3),
                new Shape(128, 64),
                new Domain.Ring(128, 64),
                Scheme.COMMITTED,
                16,
                7,
                C0,
                List.of(P0, P1),
                "spdz2k",
                true,
                true,
                1,
                0,
                Bytes.of(),
                new Place(Kind.VALUES, 0),
                P0,
                new KeyId(Bytes.of(new byte[32])),
                new KeyId(Bytes.of(new byte[32])),
                Instant.parse("2026-01-02T03:04:05.678Z"));
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
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader shape(Shape shape) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader domain(Domain domain) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader scheme(Scheme scheme) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader precision(int precision) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader label(long label) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader recipient(MemberName recipient) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader parties(List<MemberName> parties) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader protocol(String protocol) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader macsChecked(boolean macsChecked) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader rerandomised(boolean rerandomised) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader threshold(int threshold) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader bits(int bits) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader program(Bytes program) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader place(Place place) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader sender(MemberName sender) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader senderKey(KeyId senderKey) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader recipientKey(KeyId recipientKey) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }

    public SampleHeader created(Instant created) {
        return new SampleHeader(
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
                program,
                place,
                sender,
                senderKey,
                recipientKey,
                created);
    }
}
