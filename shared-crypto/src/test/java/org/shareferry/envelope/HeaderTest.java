// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.shareferry.envelope.SampleHeader.P0;
import static org.shareferry.envelope.SampleHeader.P1;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.member.MemberName;

/// A header's bytes, what follows from a header, and what none can say.
class HeaderTest {
    private static final SampleHeader START = SampleHeader.start();

    /// Encoded by hand after RFC 8949 §3 and §4.2.1.
    static final String START_ENCODED = "b6" // map of 22
            + "0102" // version
            + "0250" + "ffb9c3dfd5abb953" + "c3a84d9329a92327" // run: two words, little-endian
            + "0303" // sequence
            + "0400" // kind: values
            + "0500" // index
            + "061880" // count: 128
            + "071840" // values per chunk: 64
            + "08" + "82" + "1880" + "1840" // domain: ring, 128 share bits, 64 clear bits
            + "0904" // scheme: committed
            + "0a10" // precision: 16
            + "0b07" // label
            + "0c" + "625030" // sender: P0
            + "0d" + "624330" // recipient: C0
            + "0e" + "82" + "625030" + "625031" // parties: P0, P1
            + "0f" + "66" + "7370647a326b" // protocol: spdz2k
            + "10" + "f5" // the protocol's own checks ran
            + "11" + "82" + ("5820" + "00".repeat(32)).repeat(2) // ids of the sender's and the recipient's key
            + "12" + "1b" + "0000019b7ca98f2e" // created: 1767323045678 ms
            + "13" + "f5" // shares were re-randomised
            + "14" + "01" // threshold: 1 of 2
            + "15" + "00" // bits: no input
            + "16" + "40"; // program: none

    @Test
    void a_header_is_encoded_as_written_down() throws Exception {
        assertThat(START.header().encode().toHex()).isEqualTo(START_ENCODED);
        assertThat(Header.decode(Bytes.fromHex(START_ENCODED))).isEqualTo(START.header());
    }

    @Test
    void a_prime_stands_in_the_header_as_big_endian_bytes_without_leading_zeros() throws Exception {
        // 08: key 8, 5820: 32 bytes, 7fff…ed: 2^255 - 19
        var encoded = START_ENCODED
                .replace("088218801840", "085820" + "7f" + "ff".repeat(30) + "ed")
                .replace("7370647a326b", "6d6173636f74"); // protocol: mascot

        assertThat(START.domain(SampleHeader.PRIME)
                        .protocol("mascot")
                        .header()
                        .encode()
                        .toHex())
                .isEqualTo(encoded);
        assertThat(Header.decode(Bytes.fromHex(encoded)).facts().domain()).isEqualTo(SampleHeader.PRIME);
    }

    @Test
    void a_header_states_whether_shares_were_rerandomised() throws Exception {
        var encoded = START_ENCODED.replace("13f5140115001640", "13f4140115001640");

        assertThat(START.rerandomised(false).header().encode().toHex()).isEqualTo(encoded);
        assertThat(Header.decode(Bytes.fromHex(encoded)).facts().rerandomised()).isFalse();
    }

    /// Each of the fields 19 to 22 is always there: without the last ones, with the count of fields right or not.
    @ParameterizedTest
    @CsvSource({
        "b5, 1640",
        "b4, 15001640",
        "b3, 140115001640",
        "b2, 13f5140115001640",
        "b6, 1640",
        "b6, 15001640",
        "b6, 140115001640"
    })
    void a_header_that_lacks_its_last_fields_is_malformed(String map, String missing) {
        var earlier = map + START_ENCODED.substring(2, START_ENCODED.length() - missing.length());

        assertThatThrownBy(() -> Header.decode(Bytes.fromHex(earlier))).isInstanceOf(MalformedException.class);
    }

    @Test
    void an_input_says_its_bits_and_a_program_its_digest() throws Exception {
        var digest = "a1".repeat(32);
        var encoded = START_ENCODED
                .replace("0904", "0905")
                .replace("15001640", "15" + "190100" + "16" + "5820" + digest); // bits: 256
        var input = START.scheme(Scheme.INPUT).bits(256).program(Bytes.fromHex(digest));

        assertThat(input.header().encode().toHex()).isEqualTo(encoded);
        assertThat(Header.decode(Bytes.fromHex(encoded))).isEqualTo(input.header());
    }

    /// Passive protocols have none, in whatever domain; the honest-majority ones in rings without spare bits have.
    @Test
    void only_protocols_with_own_checks_can_report_them() {
        var ring = START.domain(new Domain.Ring(64, 64));

        assertThat(ring.protocol("ps-rep-ring").header().facts().macsChecked()).isTrue();
        assertThat(ring.protocol("rep4-ring").header().facts().macsChecked()).isTrue();
        assertRefused(ring.protocol("semi2k"));
        assertRefused(ring.protocol("replicated-ring"));
        assertRefused(START.domain(SampleHeader.PRIME).protocol("shamir"));
        assertThat(ring.protocol("semi2k").macsChecked(false).header().facts().macsChecked())
                .isFalse();
    }

    @Test
    void a_protocol_that_does_not_compute_in_the_domain_is_malformed() {
        var mascotInARing = START_ENCODED.replace("7370647a326b", "6d6173636f74");

        assertThatThrownBy(() -> Header.decode(Bytes.fromHex(mascotInARing))).isInstanceOf(MalformedException.class);
        assertRefused(START.domain(SampleHeader.PRIME));
        assertRefused(START.domain(new Domain.Ring(103, 64)));
    }

    @Test
    void a_negative_label_is_a_negative_integer() {
        assertThat(START.label(-1).header().encode().toHex()).isEqualTo(START_ENCODED.replace("0b070c", "0b200c"));
    }

    @Test
    void a_creation_time_counts_to_the_millisecond() {
        assertThat(START.created(Instant.parse("2026-01-02T03:04:05.678999Z")).header())
                .isEqualTo(START.header());
    }

    /// Elements, then bytes: for a delivery of 5 values in chunks of 2 the last chunk has 1.
    @ParameterizedTest
    @CsvSource({
        // ring 104/64: 13 bytes an element
        "ADDITIVE, VALUES, 0, 2, 26",
        "ADDITIVE, VALUES, 2, 1, 13",
        "TRIPLE, VALUES, 0, 6, 78",
        "QUINTUPLE, VALUES, 0, 10, 130",
        // r, v and u follow in every chunk
        "BATCHED, VALUES, 0, 7, 91",
        "BATCHED, VALUES, 2, 5, 65",
        // of a ring only the clear bits travel in committed: 8 bytes an element; 64 masks follow in the last chunk
        "COMMITTED, VALUES, 0, 2, 16",
        "COMMITTED, VALUES, 2, 65, 520",
        // input is as committed
        "INPUT, VALUES, 0, 2, 16",
        "INPUT, VALUES, 2, 65, 520",
        "INPUT, CLOSING, 0, 0, 654",
        // 83: array of 3; twice 82 5820 32 5820 32: 69 bytes; 590200 and 512 bytes
        "COMMITTED, CLOSING, 0, 0, 654"
    })
    void sizes_follow_from_scheme_and_place(Scheme scheme, Kind kind, int index, int elements, int bytes) {
        var header = START.shape(new Shape(5, 2))
                .domain(new Domain.Ring(104, 64))
                .scheme(scheme)
                .bits(scheme == Scheme.INPUT ? 64 : 0)
                .place(new Place(kind, index))
                .header();

        assertThat(header.elements()).isEqualTo(elements);
        assertThat(header.bodySize()).isEqualTo(bytes);
    }

    /// 65 536 values of five elements of 16 bytes, from three parties, are 15 MiB.
    @Test
    void a_chunk_is_no_larger_than_what_a_client_takes_from_all_parties_at_once() {
        var largest = START.shape(new Shape(100_000, 65_536)).scheme(Scheme.QUINTUPLE);
        var three = List.of(MemberName.party(0), MemberName.party(1), MemberName.party(2));
        var four = List.of(MemberName.party(0), MemberName.party(1), MemberName.party(2), MemberName.party(3));

        assertThat(largest.parties(three).facts().parties()).hasSize(3);
        assertThatIllegalArgumentException()
                .isThrownBy(largest.parties(four)::facts)
                .withMessageContaining("at most 15728640 bytes together");
    }

    /// 65 536 values of 16 bytes and, behind those of the last chunk, 64 masks: 15 parties' are 15 MiB without the
    /// masks.
    @Test
    void elements_after_the_values_count_in_the_size_of_a_chunk() {
        var fifteen = IntStream.range(0, 15).mapToObj(MemberName::party).toList();
        var committed = START.domain(new Domain.Ring(192, 128)).parties(fifteen);

        assertThat(committed.shape(new Shape(65_600, 65_536)).facts().parties()).hasSize(15);
        assertThatIllegalArgumentException()
                .isThrownBy(committed.shape(new Shape(65_536, 65_536))::facts)
                .withMessageContaining("at most 15728640 bytes together");
        assertThatIllegalArgumentException()
                .isThrownBy(committed.shape(new Shape(2 * 65_536, 65_536))::facts)
                .withMessageContaining("at most 15728640 bytes together");
    }

    @ParameterizedTest
    @CsvSource({
        "ADDITIVE, CLOSING, 0",
        "BATCHED, CLOSING, 0",
        "BATCHED, VALUES, 2",
        "ADDITIVE, VALUES, 2",
        "COMMITTED, VALUES, 2147483647"
    })
    void a_place_outside_the_delivery_is_refused(Scheme scheme, Kind kind, int index) {
        assertRefused(START.scheme(scheme).place(new Place(kind, index)));
    }

    @Test
    void a_sender_outside_of_the_parties_is_refused() {
        assertRefused(START.sender(MemberName.party(2)));
        assertRefused(START.sender(MemberName.client(0)));
    }

    @Test
    void a_time_before_1970_is_refused() {
        assertRefused(START.created(Instant.ofEpochMilli(-1)));
    }

    static Stream<Named<UnaryOperator<SampleHeader>>> nonsense() {
        return Stream.of(
                Named.of("negative precision", h -> h.precision(-1)),
                Named.of("precision of more than a byte", h -> h.precision(256)),
                Named.of("a party as recipient", h -> h.recipient(P0)),
                Named.of("the relay as recipient", h -> h.recipient(MemberName.parse("R0"))),
                Named.of("no parties", h -> h.parties(List.of())),
                Named.of("one party", h -> h.parties(List.of(P0))),
                Named.of("a party twice", h -> h.parties(List.of(P0, P0))),
                Named.of("parties not ascending", h -> h.parties(List.of(P1, P0))),
                Named.of("a client among the parties", h -> h.parties(List.of(P0, MemberName.client(1)))),
                Named.of("party 256", h -> h.parties(List.of(P0, MemberName.party(256)))),
                Named.of(
                        "257 parties",
                        h -> h.parties(IntStream.rangeClosed(0, 256)
                                .mapToObj(MemberName::party)
                                .toList())),
                Named.of("no protocol", h -> h.protocol("")),
                Named.of("a protocol of 41 characters", h -> h.protocol("a".repeat(41))),
                Named.of("a protocol with capitals", h -> h.protocol("Spdz2k")),
                Named.of("a protocol that begins with a hyphen", h -> h.protocol("-a")),
                Named.of("a protocol with a line break", h -> h.protocol("spdz2k\n")),
                Named.of("checks of a protocol that has none", h -> h.protocol("semi2k")),
                Named.of("a negative threshold", h -> h.threshold(-1)),
                Named.of("a threshold of all parties", h -> h.threshold(2)),
                Named.of("bits of a delivery", h -> h.bits(64)),
                Named.of("an input without bits", h -> h.scheme(Scheme.INPUT)),
                Named.of(
                        "an input of negative bits", h -> h.scheme(Scheme.INPUT).bits(-1)),
                Named.of("an input of 257 bits", h -> h.scheme(Scheme.INPUT).bits(257)),
                Named.of("a program of 31 bytes", h -> h.program(Bytes.of(new byte[31]))),
                Named.of("a program of 33 bytes", h -> h.program(Bytes.of(new byte[33]))));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void contradictory_facts_are_refused(UnaryOperator<SampleHeader> change) {
        var changed = change.apply(START);

        assertThatThrownBy(changed::facts).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void values_at_the_limits_are_allowed() {
        var parties = IntStream.range(0, 256).mapToObj(MemberName::party).toList();
        var limit = START.precision(255)
                .parties(parties)
                .protocol("a".repeat(40))
                .label(Long.MIN_VALUE)
                .id(new DeliveryId(SampleHeader.RUN, DeliveryId.MAX_SEQUENCE))
                .created(Instant.EPOCH);

        assertThat(limit.header().facts().parties()).hasSize(256);
    }

    @Test
    void an_envelope_id_has_32_bytes() {
        assertThatThrownBy(() -> new EnvelopeId(Bytes.of(new byte[33]))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_bundle_is_not_empty() {
        assertThatThrownBy(() -> new Bundle(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(SampleHeader sample) {
        assertThatThrownBy(sample::header).isInstanceOf(IllegalArgumentException.class);
    }
}
