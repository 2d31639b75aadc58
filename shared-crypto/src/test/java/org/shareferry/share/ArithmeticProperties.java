// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.shareferry.delivery.Domain;

/// All arithmetic against BigInteger, in every domain, with the edges of limbs and moduli drawn often.
class ArithmeticProperties {
    record Operands(Domain domain, BigInteger a, BigInteger b, BigInteger c) {}

    @Provide
    Arbitrary<Operands> operands() {
        var domains = Arbitraries.of(
                Stream.concat(Domains.RINGS.stream(), Domains.FIELDS.stream()).toList());
        return domains.flatMap(domain -> Combinators.combine(element(domain), element(domain), element(domain))
                .as((a, b, c) -> new Operands(domain, a, b, c)));
    }

    private static Arbitrary<BigInteger> element(Domain domain) {
        var order = Domains.order(domain);
        var edges = Stream.of(0, 1, 63, 64, 65, 127, 128, 192)
                .flatMap(bit -> Stream.of(-1, 0, 1)
                        .map(step -> BigInteger.ONE.shiftLeft(bit).add(BigInteger.valueOf(step))))
                .flatMap(edge -> Stream.of(edge.mod(order), edge.negate().mod(order)))
                .toList();
        return Arbitraries.oneOf(
                Arbitraries.bigIntegers().between(BigInteger.ZERO, order.subtract(BigInteger.ONE)),
                Arbitraries.of(edges));
    }

    @Property(tries = 3000)
    void sums_are_those_of_integers(@ForAll("operands") Operands x) {
        var vector = Domains.of(x.domain(), x.a(), x.b(), x.c());
        vector.add(Domains.of(x.domain(), x.b(), x.c(), x.a()));

        assertThat(Domains.integer(vector, 0)).isEqualTo(x.a().add(x.b()).mod(Domains.order(x.domain())));
        assertThat(Domains.integer(vector, 1)).isEqualTo(x.b().add(x.c()).mod(Domains.order(x.domain())));
        assertThat(Domains.integer(vector, 2)).isEqualTo(x.c().add(x.a()).mod(Domains.order(x.domain())));
    }

    @Property(tries = 3000)
    void differences_are_those_of_integers(@ForAll("operands") Operands x) {
        var vector = Domains.of(x.domain(), x.a(), x.b());
        vector.subtract(Domains.of(x.domain(), x.b(), x.a()));

        assertThat(Domains.integer(vector, 0)).isEqualTo(x.a().subtract(x.b()).mod(Domains.order(x.domain())));
        assertThat(Domains.integer(vector, 1)).isEqualTo(x.b().subtract(x.a()).mod(Domains.order(x.domain())));
    }

    @Property(tries = 3000)
    void products_are_those_of_integers(@ForAll("operands") Operands x) {
        var factors = Domains.of(x.domain(), x.a(), x.b());
        var product = factors.zerosAlike(1);

        product.setProduct(0, factors, 0, factors, 1);

        assertThat(Domains.integer(product, 0)).isEqualTo(x.a().multiply(x.b()).mod(Domains.order(x.domain())));
    }

    @Property
    void what_is_encoded_decodes(@ForAll("operands") Operands x) throws Exception {
        var vector = Domains.of(x.domain(), x.a(), x.b(), x.c());
        try (var encoded = vector.encode()) {
            assertThat(encoded.size()).isEqualTo(3 * x.domain().elementBytes());
            var decoded = ElementVector.decode(x.domain(), encoded);
            for (int i = 0; i < 3; i++) {
                assertThat(decoded.isEqualAt(i, vector, i)).isTrue();
            }
        }
    }

    @Property
    void a_value_is_the_integer_nearest_to_zero(@ForAll("operands") Operands x) {
        var order = x.domain() instanceof Domain.Ring ring
                ? BigInteger.ONE.shiftLeft(ring.clearBits())
                : Domains.order(x.domain());
        var low = x.a().mod(order);
        var expected = low.compareTo(order.subtract(low)) < 0 ? low : low.subtract(order);

        var value = Domains.of(x.domain(), x.a()).signed(0);

        assertThat(value).isEqualTo(expected);
    }

    @Property
    void truncating_keeps_the_low_bits(@ForAll("operands") Operands x) {
        if (x.domain() instanceof Domain.Ring ring) {
            var low = Domains.of(ring, x.a(), x.b()).truncate(new Domain.Ring(ring.clearBits(), ring.clearBits()));
            assertThat(Domains.integer(low, 1)).isEqualTo(x.b().mod(BigInteger.ONE.shiftLeft(ring.clearBits())));
        }
    }

    @Property
    void a_raw_value_reads_back_as_the_number(@ForAll("operands") Operands x) {
        var decoded = new DecodedValues(x.domain(), 0);
        var vector = Domains.of(x.domain(), x.a(), x.b(), x.c());

        var raw = decoded.toRaw(vector, 1, vector.size());

        for (int i = 0; i < 3; i++) {
            assertThat(decoded.number(raw, i).toBigIntegerExact()).isEqualTo(vector.signed(i));
        }
    }
}
