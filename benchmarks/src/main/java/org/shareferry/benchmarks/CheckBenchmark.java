// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.shareferry.check.Challenges;
import org.shareferry.check.ChunkCheck;
import org.shareferry.check.Combinations;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.share.ElementVector;

/// What checking costs for each value of a chunk of 4 096, and the same relation with BigInteger.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CheckBenchmark {
    private static final int VALUES = 4096;
    private static final BigInteger MASK = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    private final Domain.Ring ring = new Domain.Ring(128, 64);
    private final Domain.Ring clear = new Domain.Ring(64, 64);
    private final ElementVector batched = random(ring, 2 * VALUES + 3);
    private final ElementVector plain = random(clear, VALUES);
    private final Bytes coin = Sha256.of(Bytes.empty());
    private final Challenges challenges =
            new Challenges(SecretBytes.random(Challenges.SEED_SIZE), new DeliveryId(new RunId(1, 2), 0));
    private final BigInteger[] big = integers();

    private static ElementVector random(Domain domain, int size) {
        var vector = ElementVector.zeros(domain, size);
        vector.fillUniformly(KeyStream.of(SecretBytes.random(KeyStream.KEY_SIZE)));
        return vector;
    }

    private static BigInteger[] integers() {
        var random = new Random(1);
        var integers = new BigInteger[3 * VALUES];
        Arrays.setAll(integers, i -> new BigInteger(128, random));
        return integers;
    }

    /// The batched check, χ included.
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public boolean batched() {
        return ChunkCheck.holds(Scheme.BATCHED, batched, challenges.ofChunk(0));
    }

    /// Adding to the eight tables of committed.
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public void committed() {
        try (var combinations = new Combinations(clear, coin, VALUES)) {
            combinations.add(plain, VALUES);
        }
    }

    /// Adding up two parties' shares.
    @Benchmark
    @OperationsPerInvocation(2 * VALUES)
    public ElementVector sum() {
        batched.add(batched);
        return batched;
    }

    /// Σ χ_i y_i and Σ χ_i w_i with BigInteger, χ given.
    @Benchmark
    @OperationsPerInvocation(VALUES)
    public BigInteger batchedWithBigInteger() {
        var left = BigInteger.ZERO;
        var right = BigInteger.ZERO;
        for (int i = 0; i < VALUES; i++) {
            left = left.add(big[i].multiply(big[VALUES + i])).and(MASK);
            right = right.add(big[i].multiply(big[2 * VALUES + i])).and(MASK);
        }
        return left.add(right);
    }
}
