// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.crypto.SigningContext;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Shape;
import org.shareferry.input.InputStatement.Answer;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;

/// A client's answer binds everything that was asked, and is believed only with the client's signature.
class InputStatementTest {
    /// RFC 8032 §7.1 TEST 1.
    private static final IdentityKey CLIENT =
            identity("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    private static final IdentityKey OTHER = IdentityKey.generate();
    private static final MemberName C0 = MemberName.client(0);
    private static final Bytes MASKED = Bytes.fromHex("1532547698badcfefaffffffffffffff");
    private static final Roster ROSTER = Roster.of(List.of(member("C0", CLIENT), member("C1", OTHER)));

    /// A worked example, computed apart from this code; also the fuzzer's.
    static final String ENCODED =
            "b001010250ffb9c3dfd5abb953c3a84d9329a9232703000462433005826250306250310682188018400702080209000a"
                    + "080b18400c5820a433c0e457121c798d0dd6ba30f6c2add4257730056a740b65394bbbfa2b95090d000e58204125c2c02a1aadd595f9"
                    + "bf7e305cd14d3167dc3b10b0801cdb151a00d44119340f582006e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b"
                    + "792fa9101b0000019b796dd600";

    private static final String SIGNATURE =
            "1dbe112ad43dbef0b67635a8924389523ee9214097139d3cf1838fbfbbbaef501147e1714f2fc0e59863f88e"
                    + "028f41dc335c95dd0eea8638ff0fd98405470e04";

    private static InputStatement example() {
        return new InputStatement(
                DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-0"),
                C0,
                PartySet.parse("P0,P1"),
                new Domain.Ring(128, 64),
                new Shape(2, 2),
                0,
                8,
                64,
                Sha256.of(Bytes.ascii("closing words")),
                Answer.GIVEN,
                Sha256.of(MASKED),
                CLIENT.publicKey().id(),
                Instant.parse("2026-01-01T12:00:00Z"));
    }

    private static IdentityKey identity(String seed) {
        try {
            return IdentityKey.fromPkcs8(SecretBytes.copyOf(
                    Bytes.fromHex("302e020100300506032b657004220420" + seed).toArray()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Member member(String name, IdentityKey key) {
        return new Member(MemberName.parse(name), Optional.empty(), List.of(key.publicKey()));
    }

    @Test
    void the_worked_example_is_reproduced() throws Exception {
        var statement = example();

        assertThat(statement.encode().toHex()).isEqualTo(ENCODED);
        assertThat(InputStatement.decode(Bytes.fromHex(ENCODED))).isEqualTo(statement);
        assertThat(statement.digest().toHex())
                .isEqualTo("3ea3b4b5cccb64579febe33093029cfd3b17b24ef95d7bee5bd1c39486dfed0d");
        assertThat(SignedInputStatement.sign(statement, CLIENT).signature().toHex())
                .isEqualTo(SIGNATURE);
    }

    @Test
    void the_clients_statement_is_accepted() throws Exception {
        assertThat(new SignedInputStatement(Bytes.fromHex(ENCODED), Bytes.fromHex(SIGNATURE)).verify(ROSTER))
                .contains(example());
    }

    /// Each field of the encoding once changed, the rest as it was.
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the run,               ffb9c3dfd5abb953, feb9c3dfd5abb953",
        "the sequence number,   03000462, 03010462",
        "the client,            624330, 624331",
        "the parties,           826250306250310682, 826250306250320682",
        "the domain,            1880184007, 1880182007",
        "the count,             07020802, 07010802",
        "the values in a chunk, 07020802, 07020801",
        "the precision,         0900, 0901",
        "the label,             0a08, 0a09",
        "the bits,              0b1840, 0b1820",
        "the closing words,     a433c0e4, a433c0e5",
        "the inputs,            4125c2c0, 4125c2c1",
        "the signer,            06e3fd8f, 07e3fd8f",
        "the time,              9b796dd600, 9b796dd601"
    })
    void a_changed_statement_is_not_accepted(String what, String original, String replacement) throws Exception {
        assertThat(ENCODED).as(what).contains(original);
        var changed = Bytes.fromHex(ENCODED.replaceFirst(original, replacement));

        var statement = InputStatement.decode(changed);

        assertThat(statement).isNotEqualTo(example());
        assertThat(statement.digest()).isNotEqualTo(example().digest());
        assertThat(new SignedInputStatement(changed, Bytes.fromHex(SIGNATURE)).verify(ROSTER))
                .isEmpty();
    }

    @Test
    void a_statement_signed_for_another_purpose_or_by_another_member_is_not_accepted() throws Exception {
        var bytes = Bytes.fromHex(ENCODED);

        for (var purpose : SigningContext.values()) {
            var signed = new SignedInputStatement(bytes, CLIENT.sign(purpose, List.of(bytes)));
            assertThat(signed.verify(ROSTER).isPresent()).as(purpose.name()).isEqualTo(purpose == SigningContext.INPUT);
        }
        assertThat(new SignedInputStatement(bytes, OTHER.sign(SigningContext.INPUT, List.of(bytes))).verify(ROSTER))
                .isEmpty();
    }

    @Test
    void a_statement_is_signed_only_by_the_client_that_it_names() {
        assertThatThrownBy(() -> SignedInputStatement.sign(example(), OTHER))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_refusal_names_neither_closing_words_nor_inputs() throws Exception {
        var given = example();
        var refused = answer(given, InputStatement.NOTHING, InputStatement.NOTHING);

        assertThat(InputStatement.decode(refused.encode())).isEqualTo(refused);
        assertThatThrownBy(() -> answer(given, given.closing(), InputStatement.NOTHING))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> answer(given, InputStatement.NOTHING, given.masked()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static InputStatement answer(InputStatement of, Bytes closing, Bytes masked) {
        return new InputStatement(
                of.request(),
                of.client(),
                of.parties(),
                of.domain(),
                of.shape(),
                of.precision(),
                of.label(),
                of.bits(),
                closing,
                Answer.REFUSED,
                masked,
                of.signer(),
                of.created());
    }

    static Stream<UnaryOperator<String>> malformed() {
        return Stream.of(
                hex -> hex.replaceFirst("b00101", "b00102"),
                hex -> hex.replaceFirst("0d00", "0d02"),
                hex -> hex.replaceFirst("0d00", "0d01"),
                hex -> hex.replaceFirst("0b1840", "0b00"),
                hex -> hex.replaceFirst("0b1840", "0b190101"),
                hex -> hex.replaceFirst("0900", "09190100"),
                hex -> hex.replaceFirst("0462433005", "0462503005"),
                hex -> hex.replaceFirst("625030625031", "625031625030"),
                hex -> hex.replaceFirst("82188018400702", "8118800702"),
                hex -> hex.replaceFirst("0a08", "0a1808"),
                hex -> hex.replaceFirst("0a08", ""),
                hex -> hex + "00",
                hex -> hex.substring(0, hex.length() - 2));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void another_encoding_is_refused(UnaryOperator<String> change) {
        var changed = change.apply(ENCODED);

        assertThat(changed).isNotEqualTo(ENCODED);
        assertThatThrownBy(() -> InputStatement.decode(Bytes.fromHex(changed))).isInstanceOf(MalformedException.class);
    }

    @Test
    void a_prime_field_s_modulus_is_bound_too() throws Exception {
        var one = example();
        var field = new InputStatement(
                one.request(),
                one.client(),
                one.parties(),
                Domain.parse("prime 65537"),
                one.shape(),
                one.precision(),
                one.label(),
                one.bits(),
                one.closing(),
                one.answer(),
                one.masked(),
                new KeyId(one.signer().digest()),
                one.created().plusNanos(1));

        assertThat(field.encode().toHex()).contains("0643010001");
        assertThat(InputStatement.decode(field.encode())).isEqualTo(field);
    }
}
