// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.shareferry.cli.CommandException;
import org.shareferry.delivery.Scheme;
import org.shareferry.share.ElementVector;

/// How fast cryptography alone is: every core of this process seals, verifies, opens and checks all the time.
///
/// @param deliveries of one value by two parties, batched, in a second on all cores
/// @param chunks of [#CHUNK] values by two parties, committed, in a second on all cores
/// @param batchedValues of two parties, batched, in large chunks, in a second on all cores
/// @param oneEnvelope seconds that one core takes to seal, verify and open one envelope of a small delivery
/// @param cores how many
record Floor(double deliveries, double chunks, double batchedValues, double oneEnvelope, int cores) {
    static final int CHUNK = 16_384;
    private static final int BATCHED_CHUNK = 10_000;
    private static final int PARTIES = 2;

    /// @param seconds how long each of the three parts is measured; as long again each warms up
    static Floor measure(double seconds) throws CommandException, InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        double deliveries = perSecond(cores, Scheme.BATCHED, 1, seconds);
        double chunks = perSecond(cores, Scheme.COMMITTED, CHUNK, seconds);
        double batched = perSecond(cores, Scheme.BATCHED, BATCHED_CHUNK, seconds) * BATCHED_CHUNK;
        return new Floor(deliveries, chunks, batched, cores / deliveries / PARTIES, cores);
    }

    /// @return seconds of all cores for one delivery of one value by so many parties
    double secondsPerDelivery(int parties) {
        return oneEnvelope * parties / cores;
    }

    /// @return seconds of one core for this many values of two parties
    double processorSeconds(long values) {
        return (double) values / CHUNK / chunks * cores;
    }

    private static double perSecond(int cores, Scheme scheme, int values, double seconds)
            throws CommandException, InterruptedException {
        double sum = 0;
        try (var threads = Executors.newFixedThreadPool(cores)) {
            List<Future<Double>> all = new ArrayList<>();
            for (int core = 0; core < cores; core++) {
                all.add(threads.submit(() -> {
                    var cryptography = new Cryptography(scheme, values);
                    perSecond(cryptography, seconds);
                    return perSecond(cryptography, seconds);
                }));
            }
            for (var one : all) {
                sum += one.get();
            }
        } catch (ExecutionException e) {
            throw new CommandException("The floor cannot be measured; run it with --verbose.", e);
        }
        return sum;
    }

    private static double perSecond(Cryptography cryptography, double seconds) {
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        int done = 0;
        while (System.nanoTime() < end) {
            delivery(cryptography);
            done++;
        }
        return done / ((System.nanoTime() - begin) / 1e9);
    }

    private static void delivery(Cryptography cryptography) {
        for (int party = 1; party < PARTIES; party++) {
            open(cryptography).close();
        }
        try (var elements = open(cryptography)) {
            cryptography.check(elements);
        }
    }

    private static ElementVector open(Cryptography cryptography) {
        var envelope = cryptography.seal();
        cryptography.verify(envelope);
        return cryptography.open(envelope);
    }
}
