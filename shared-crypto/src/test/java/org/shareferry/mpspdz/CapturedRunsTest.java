// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.check.Challenges;
import org.shareferry.check.CheckResult;
import org.shareferry.check.ChunkCheck;
import org.shareferry.check.ClosingWords;
import org.shareferry.check.Coin;
import org.shareferry.check.CoinStretch;
import org.shareferry.check.CommittedCheck;
import org.shareferry.check.VerdictPolicy;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.share.DecodedValues;
import org.shareferry.share.ElementVector;
import org.shareferry.share.ZeroShares;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every captured run of MP-SPDZ comes out as its expected.json says: parsed, re-randomised with the run's
/// own pairwise keys, added up, checked and decoded.
class CapturedRunsTest {
    private static final VerdictPolicy DISTRUSTING = new VerdictPolicy(Set.of("spdz2k", "mascot"), Set.of(), 1);
    private static final VerdictPolicy TRUSTING =
            new VerdictPolicy(Protocol.activelySecure(), Protocol.secureWithHonestMajority(), 1);

    private static final List<String> NAMES = List.of(
            "additive-10",
            "triple-10",
            "quintuple-10",
            "batched-10",
            "batched-1",
            "committed-10",
            "committed-1000",
            "semi2k-additive-6",
            "mascot-batched-6",
            "mascot-committed-6",
            "ps-rep-ring-committed-10",
            "ps-rep-ring-batched-10",
            "malicious-shamir-committed-10",
            "malicious-shamir-batched-10",
            "replicated-ring-committed-10",
            "shamir-committed-10");

    static Stream<String> names() {
        return NAMES.stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_captured_run_reconstructs_to_what_is_expected(String name) throws Exception {
        var expected =
                JsonMapper.shared().readTree(resource(name, "expected.json").toArray());
        var dialogs = dialogs(name, expected.get("parties").asInt());

        for (int i = 0; i < expected.get("deliveries").size(); i++) {
            var wanted = expected.get("deliveries").get(i);
            var delivery = dialogs.getFirst().deliveries().get(i);
            assertThat(delivery.id()).hasToString(wanted.get("id").asString());
            assertThat(delivery.label()).isEqualTo(wanted.get("label").asLong());
            assertThat(delivery.scheme().text()).isEqualTo(wanted.get("scheme").asString());
            assertThat(delivery.precision()).isEqualTo(wanted.get("precision").asInt());
            assertThat(delivery.shape().valuesPerChunk())
                    .isEqualTo(wanted.get("chunk").asInt());

            var result = delivery.scheme() == Scheme.COMMITTED ? committed(dialogs, i) : chunked(dialogs, i);

            var verdict = wanted.get("verdict").asString();
            var facts = facts(dialogs, i, expected, name);
            assertThat(DISTRUSTING.judge(facts, result.held())).hasToString(verdict);
            assertThat(TRUSTING.judge(facts, result.held()))
                    .hasToString(wanted.path("verdictIfMajorityTrusted").asString(verdict));
            var numbers = new ArrayList<BigDecimal>();
            wanted.get("values").forEach(value -> numbers.add(value.asDecimal()));
            assertThat(result.values())
                    .usingElementComparator(BigDecimal::compareTo)
                    .isEqualTo(numbers);
        }
    }

    private record Result(CheckResult held, List<BigDecimal> values) {}

    private static String protocol(JsonNode expected, String name) {
        if (expected.has("protocol")) {
            return expected.get("protocol").asString();
        }
        return name.startsWith("mascot") ? "mascot" : name.startsWith("semi2k") ? "semi2k" : "spdz2k";
    }

    private static DeliveryFacts facts(List<CapturedDialog> dialogs, int index, JsonNode expected, String name) {
        var protocol = protocol(expected, name);
        var dialog = dialogs.getFirst();
        var delivery = dialog.deliveries().get(index);
        return new DeliveryFacts(
                delivery.id(),
                delivery.shape(),
                dialog.domain(),
                delivery.scheme(),
                delivery.precision(),
                delivery.label(),
                delivery.recipient(),
                dialogs.stream().map(CapturedDialog::party).toList(),
                protocol,
                Protocol.named(protocol).orElseThrow().hasOwnChecks(),
                true,
                expected.path("threshold").asInt(dialogs.size() - 1),
                0,
                Bytes.empty());
    }

    private static Result chunked(List<CapturedDialog> dialogs, int index) throws Exception {
        var dialog = dialogs.getFirst();
        var delivery = dialog.deliveries().get(index);
        var values = new ArrayList<BigDecimal>();
        boolean holds = true;
        try (var challenges = new Challenges(SecretBytes.random(Challenges.SEED_SIZE), delivery.id())) {
            for (int c = 0; c < delivery.shape().chunkCount(); c++) {
                var sum = sum(dialogs, index, dialog.domain(), c);
                holds &= ChunkCheck.holds(delivery.scheme(), sum, challenges.ofChunk(c));
                decode(dialog.domain(), delivery, c, sum, values);
            }
        }
        return new Result(holds ? CheckResult.HELD : CheckResult.FAILED, values);
    }

    private static Result committed(List<CapturedDialog> dialogs, int index) throws Exception {
        var dialog = dialogs.getFirst();
        var delivery = dialog.deliveries().get(index);
        var domain = Scheme.COMMITTED.elementDomain(dialog.domain());
        var digests = new ArrayList<Bytes>();
        var shares = new ArrayList<Bytes>();
        for (var other : dialogs) {
            var part = other.deliveries().get(index).committed().orElseThrow();
            // In the captures D is the hash of the raw share messages, masks included.
            var hash = Sha256.begin();
            other.deliveries().get(index).chunks().forEach(chunk -> hash.add(chunk.elements()));
            assertThat(hash.add(part.masks()).digest()).isEqualTo(part.digest());
            try (var share = SecretBytes.takeOver(part.coinShare().toArray())) {
                assertThat(Coin.commitment(delivery.id(), other.party().number(), part.digest(), share))
                        .isEqualTo(part.commitment());
            }
            digests.add(part.digest());
            shares.add(part.coinShare());
        }
        var part = delivery.committed().orElseThrow();
        assertStretched(delivery, Coin.toss(delivery.id(), digests, shares), part);
        var words = new ClosingWords(digests, shares, part.combinations());
        var values = new ArrayList<BigDecimal>();
        var closings = dialogs.stream().map(d -> words).toList();
        try (var check = CommittedCheck.begin(
                        delivery.id(), domain, delivery.shape().count(), digests, closings)
                .orElseThrow()) {
            ElementVector last = ElementVector.zeros(domain, 0);
            for (int c = 0; c < delivery.shape().chunkCount(); c++) {
                last = sum(dialogs, index, domain, c);
                check.add(last, delivery.shape().valuesInChunk(c));
                decode(dialog.domain(), delivery, c, last, values);
            }
            return new Result(check.holds(last) ? CheckResult.HELD : CheckResult.FAILED, values);
        }
    }

    private static void assertStretched(CapturedDialog.Delivery delivery, Bytes coin, CapturedDialog.Committed part) {
        var stretch = new CoinStretch(coin, delivery.shape().count());
        var offsets = new ArrayList<Long>();
        for (long row = 0; row < CoinStretch.rows(delivery.shape().count()); row++) {
            for (int offset : stretch.nextOffsets()) {
                offsets.add((long) offset);
            }
        }
        assertThat(offsets).isEqualTo(part.offsets());
        assertThat(stretch.bits()).containsExactly(part.bits().toArray(Long[]::new));
    }

    /// The chunk's elements, then its tail or, in the last chunk of committed, the masks.
    private static SecretBytes content(CapturedDialog.Delivery delivery, int chunk) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(delivery.chunks().get(chunk).elements().reveal());
        delivery.chunks().get(chunk).tail().ifPresent(tail -> content.writeBytes(tail.reveal()));
        if (chunk == delivery.shape().chunkCount() - 1) {
            delivery.committed()
                    .ifPresent(last -> content.writeBytes(last.masks().reveal()));
        }
        return SecretBytes.takeOver(content.toByteArray());
    }

    /// Sums what the parties send of one chunk, each re-randomised as its service would.
    private static ElementVector sum(List<CapturedDialog> dialogs, int index, Domain elementDomain, int chunk)
            throws Exception {
        ElementVector sum = null;
        for (var dialog : dialogs) {
            var delivery = dialog.deliveries().get(index);
            var shares = ElementVector.decode(dialog.domain(), content(delivery, chunk));
            if (elementDomain instanceof Domain.Ring ring) {
                shares = shares.truncate(ring);
            }
            new ZeroShares(dialog.keys(), delivery.id(), delivery.recipient())
                    .addTo(shares, new Place(Kind.VALUES, chunk));
            if (sum == null) {
                sum = shares;
            } else {
                sum.add(shares);
            }
        }
        return Objects.requireNonNull(sum);
    }

    private static void decode(
            Domain domain, CapturedDialog.Delivery delivery, int chunk, ElementVector sum, List<BigDecimal> values) {
        var decoded = new DecodedValues(domain, delivery.precision());
        int stride = delivery.scheme().elementsPerValue();
        int count = delivery.shape().valuesInChunk(chunk);
        var raw = decoded.toRaw(sum, stride, count);
        for (int i = 0; i < count; i++) {
            values.add(decoded.number(raw, i));
        }
    }

    private static List<CapturedDialog> dialogs(String name, int parties) throws Exception {
        var dialogs = new ArrayList<CapturedDialog>();
        for (int p = 0; p < parties; p++) {
            var dialog = CapturedDialog.parse("P" + p + ".dialog", resource(name, "P" + p + ".dialog"));
            assertThat(dialog.party()).isEqualTo(MemberName.party(p));
            dialogs.add(dialog);
        }
        return dialogs;
    }

    static Bytes resource(String name, String file) {
        try (var stream = CapturedRunsTest.class.getResourceAsStream("/mpspdz/" + name + "/" + file)) {
            return Bytes.of(Objects.requireNonNull(stream).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String name) {
        return JsonMapper.shared().readTree(resource(name, "expected.json").toArray());
    }
}
