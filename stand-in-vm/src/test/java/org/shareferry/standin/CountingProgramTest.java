// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.check.Challenges;
import org.shareferry.check.ChunkCheck;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.share.ElementVector;

class CountingProgramTest {
    private static final RunId RUN = new RunId(3, 4);
    private static final Shape SHAPE = new Shape(11, 4);

    static Stream<Arguments> programs() {
        var domains = List.of(
                new Domain.Ring(128, 64),
                new Domain.Ring(112, 64),
                new Domain.Ring(64, 64),
                new Domain.PrimeField(new BigInteger("170141183460469231731687303715885907969")));
        return domains.stream()
                .flatMap(domain -> Stream.of(Scheme.values())
                        .filter(scheme -> scheme != Scheme.INPUT)
                        .map(scheme -> Arguments.of(domain, scheme)));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void the_shares_of_three_parties_sum_to_0_1_2_and_so_on(Domain domain, Scheme scheme) throws Exception {
        var outputs = outputs(domain, scheme);

        var values = new ArrayList<BigInteger>();
        for (int chunk = 0; chunk < SHAPE.chunkCount(); chunk++) {
            int index = chunk;
            var sum = sum(domain, outputs, output -> output.elements(index));
            for (int i = 0; i < sum.size(); i += scheme.elementsPerValue()) {
                values.add(sum.signed(i));
            }
        }

        assertThat(values).extracting(BigInteger::intValueExact).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void the_elements_after_the_values_fit_the_scheme(Domain domain, Scheme scheme) throws Exception {
        var outputs = outputs(domain, scheme);
        if (scheme.isCommitted()) {
            assertThat(sum(domain, outputs, output -> output.checkElements(0)).size())
                    .isZero();
            assertThat(sum(domain, outputs, output -> output.checkElements(2)).size())
                    .isEqualTo(Scheme.MASKS);
            return;
        }

        try (var challenges = new Challenges(SecretBytes.random(Challenges.SEED_SIZE), new DeliveryId(RUN, 0))) {
            for (int chunk = 0; chunk < SHAPE.chunkCount(); chunk++) {
                int index = chunk;
                var elements = sum(
                        domain,
                        outputs,
                        output -> SecretBytes.join(output.elements(index), output.checkElements(index)));

                assertThat(ChunkCheck.holds(scheme, elements, challenges.ofChunk(chunk)))
                        .isTrue();
            }
        }
    }

    private static List<Output> outputs(Domain domain, Scheme scheme) {
        return Stream.of(0, 1, 2)
                .map(party -> new CountingProgram(domain, RUN, party, 3, scheme, List.of(SHAPE)))
                .map(program -> program.outputs().getFirst())
                .toList();
    }

    private static ElementVector sum(Domain domain, List<Output> outputs, Function<Output, SecretBytes> part)
            throws Exception {
        var sum = ElementVector.zeros(domain, 0);
        for (var output : outputs) {
            try (var encoded = part.apply(output)) {
                var share = ElementVector.decode(domain, encoded);
                if (sum.size() == 0) {
                    sum = share;
                } else {
                    sum.add(share);
                }
            }
        }
        return sum;
    }
}
