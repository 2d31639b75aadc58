// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.shareferry.check.Doubt;
import org.shareferry.check.Verdict;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.share.Domains;

/// Whatever a constructor accepts is read back from its text: databases, addresses and names of scheduled work hold
/// these types as text, and a value that could be written but not read would end every list that it is in.
class StoredTextProperties {
    @Property
    void every_delivery_id_is_read_back(@ForAll long first, @ForAll long second, @ForAll long sequence) {
        readBack(() -> new DeliveryId(new RunId(first, second), sequence), DeliveryId::toString, DeliveryId::parse);
    }

    /// Numbers with as many digits as a 64-bit number can have are drawn on purpose.
    @Property
    void every_large_sequence_number_is_read_back(@ForAll("largeNumbers") long sequence) {
        readBack(() -> new DeliveryId(new RunId(7, 7), sequence), DeliveryId::toString, DeliveryId::parse);
    }

    @Provide
    Arbitrary<Long> largeNumbers() {
        return Arbitraries.longs().between(10_000_000_000_000_000L, Long.MAX_VALUE);
    }

    @Property
    void every_run_id_is_read_back(@ForAll long first, @ForAll long second) {
        readBack(() -> new RunId(first, second), RunId::toString, RunId::parse);
    }

    @Property
    void every_member_name_is_read_back(@ForAll Role role, @ForAll @IntRange(min = -2, max = 20_000) int number) {
        readBack(() -> new MemberName(role, number), MemberName::toString, MemberName::parse);
    }

    @Property
    void every_party_set_is_read_back(@ForAll("members") List<MemberName> members) {
        readBack(() -> new PartySet(members), PartySet::toString, PartySet::parse);
    }

    @Property
    void every_delivery_key_is_read_back(@ForAll long word, @ForAll("members") List<MemberName> members) {
        readBack(
                () -> new DeliveryKey(new DeliveryId(new RunId(word, word), Math.abs(word)), new PartySet(members)),
                DeliveryKey::toString,
                DeliveryKey::parse);
    }

    @Provide
    Arbitrary<List<MemberName>> members() {
        return Arbitraries.integers()
                .between(0, 255)
                .map(MemberName::party)
                .list()
                .uniqueElements()
                .ofMinSize(0)
                .ofMaxSize(256)
                .map(members -> members.stream().sorted().toList());
    }

    @Property
    void every_ring_is_read_back(@ForAll @IntRange(max = 300) int share, @ForAll @IntRange(max = 300) int clear) {
        readBack(() -> new Domain.Ring(share, clear), Domain.Ring::toString, Domain::parse);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.FIRST)
    void every_prime_field_is_read_back(@ForAll("primes") BigInteger prime) {
        readBack(() -> new Domain.PrimeField(prime), Domain.PrimeField::toString, Domain::parse);
    }

    @Provide
    Arbitrary<BigInteger> primes() {
        var drawn = Arbitraries.bigIntegers()
                .between(BigInteger.ONE, BigInteger.ONE.shiftLeft(257))
                .map(BigInteger::nextProbablePrime);
        var known = Domains.FIELDS.stream().map(field -> ((Domain.PrimeField) field).modulus());
        return Arbitraries.oneOf(drawn, Arbitraries.of(known.toList()));
    }

    @Property
    void every_kind_scheme_and_verdict_is_read_back(@ForAll Kind kind, @ForAll Scheme scheme, @ForAll Verdict verdict) {
        readBack(() -> kind, Kind::text, Kind::parse);
        readBack(() -> kind, k -> Integer.toString(k.code()), text -> Kind.ofCode(Integer.parseInt(text)));
        readBack(() -> scheme, Scheme::text, Scheme::parse);
        readBack(() -> verdict, Verdict::name, Verdict::valueOf);
    }

    /// There are few enough sets to try them all. Drawing random sets of an enum takes jqwik minutes.
    @Example
    void every_set_of_doubts_is_read_back() {
        var all = Doubt.values();
        for (long bits = 0; bits < 1L << all.length; bits++) {
            var doubts = EnumSet.noneOf(Doubt.class);
            BitSet.valueOf(new long[] {bits}).stream().forEach(i -> doubts.add(all[i]));
            readBack(() -> doubts, Doubt::join, Doubt::parse);
        }
    }

    @Property
    void every_key_id_is_read_back(@ForAll("digests") byte[] digest) {
        readBack(() -> new KeyId(Bytes.of(digest)), KeyId::toString, text -> new KeyId(Bytes.fromHex(text)));
    }

    @Provide
    Arbitrary<byte[]> digests() {
        return Arbitraries.bytes().array(byte[].class).ofSize(32);
    }

    /// What the constructor refuses is not stored.
    private static <T> void readBack(Supplier<T> make, Function<T, String> write, Function<String, ?> read) {
        constructed(make)
                .forEach(value -> assertThat(read.apply(write.apply(value))).isEqualTo(value));
    }

    private static <T> Stream<T> constructed(Supplier<T> make) {
        try {
            return Optional.of(make.get()).stream();
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }
}
