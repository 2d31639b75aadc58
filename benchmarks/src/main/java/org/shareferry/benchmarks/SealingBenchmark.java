// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
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
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.seal.EnvelopeSealer;
import org.shareferry.seal.Opening;

/// Sealing and opening a chunk of 4 096 batched values (128 KiB), and AES-256-GCM alone on as many bytes.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SealingBenchmark {
    private static final MemberName P1 = MemberName.party(1);

    private final IdentityKey identity = IdentityKey.generate();
    private final OpeningKey opening = OpeningKey.generate();
    private final EnvelopeSealer sealer = new EnvelopeSealer(P1, identity);
    private final EnvelopeOpener opener = new EnvelopeOpener(EnvelopeOpener.DEFAULT_KEPT);
    private final Header header = header();
    private final SecretBytes body = SecretBytes.random(header.bodySize());
    private final SecretBytes key = SecretBytes.random(32);
    private Envelope envelope = seal();
    private byte nonce;

    private Header header() {
        var facts = new DeliveryFacts(
                new DeliveryId(new RunId(1, 2), 0),
                new Shape(4096, 4096),
                new Domain.Ring(128, 64),
                Scheme.BATCHED,
                0,
                0,
                MemberName.client(0),
                List.of(MemberName.party(0), P1),
                "spdz2k",
                true,
                true,
                1,
                0,
                Bytes.empty());
        return new Header(
                facts,
                new Place(Kind.VALUES, 0),
                P1,
                identity.publicKey().id(),
                opening.sealingKey().id(),
                Instant.EPOCH);
    }

    /// Makes what [#open] opens.
    @Setup
    public void prepare() {
        envelope = seal();
    }

    /// Agrees on a key, seals and signs, as for a delivery of one chunk.
    @Benchmark
    public Envelope seal() {
        try {
            try (var handOver = sealer.begin(header.facts(), opening.sealingKey(), header.created())) {
                return handOver.seal(header.place(), body);
            }
        } catch (CryptoException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Verifies and opens.
    @Benchmark
    public Opening open() {
        return opener.open(envelope, identity.publicKey(), opening);
    }

    /// What the cipher alone costs: the JDK's, in one call.
    @Benchmark
    public byte[] cipherAlone() throws Exception {
        var iv = new byte[12];
        iv[0] = nonce++;
        iv[1] = (byte) System.nanoTime();
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.reveal(), "AES"), new GCMParameterSpec(128, iv));
        return cipher.doFinal(body.reveal());
    }
}
