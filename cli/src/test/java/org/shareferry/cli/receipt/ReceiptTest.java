// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.cli.demo.FakeService;
import org.shareferry.cli.init.DeploymentMaker;
import org.shareferry.cli.init.Plan;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import tools.jackson.databind.json.JsonMapper;

class ReceiptTest {
    private static final MemberName P0 = MemberName.party(0);
    private static final MemberName P1 = MemberName.party(1);
    private static final MemberName C0 = MemberName.client(0);
    private static final String ID = "4c33fafb3e20a3fb9a7abeddcf53e347-0";
    private static final Instant RECEIVED = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    Path folder;

    private final IdentityKey ofClient = IdentityKey.generate();
    private Path roster;

    @BeforeEach
    void writeRoster() throws Exception {
        var members = List.of(new Member(C0, Optional.empty(), List.of(ofClient.publicKey())));
        roster = Files.writeString(
                folder.resolve("roster.json"), Roster.of(members).toJson());
    }

    private SignedReceipt receipt(int index, IdentityKey key) {
        var envelopes = Map.of(
                P0,
                new EnvelopeId(Sha256.of(Bytes.ofWord(index))),
                P1,
                new EnvelopeId(Sha256.of(Bytes.ofWord(-1 - index))));
        return SignedReceipt.sign(
                Receipt.of(
                        DeliveryId.parse(ID),
                        new Place(Kind.VALUES, index),
                        C0,
                        key.publicKey().id(),
                        RECEIVED,
                        envelopes),
                key);
    }

    private static String json(SignedReceipt receipt) {
        return "{\"receipt\":\"" + receipt.receipt().toBase64Url() + "\",\"signature\":\""
                + receipt.signature().toBase64Url() + "\"}";
    }

    private Run verify(String content, Object... more) throws Exception {
        var file = Files.writeString(folder.resolve("receipts.json"), content);
        var all = new java.util.ArrayList<Object>(List.of("receipt", "verify", file, "--roster", roster));
        all.addAll(List.of(more));
        return Run.of(all.toArray());
    }

    @Test
    void valid_receipts_are_accepted_with_what_they_prove() throws Exception {
        var run = verify("{\"receipts\":[" + json(receipt(0, ofClient)) + "," + json(receipt(1, ofClient)) + "]}")
                .succeeded();

        assertThat(run.out())
                .contains("C0 signed at 2026-01-01T12:00:00Z that it has 2 envelopes of P0, P1 for delivery " + ID)
                .contains("does not cover the content of the envelopes")
                .doesNotContain("NOT");
    }

    @Test
    void a_receipt_of_another_key_or_a_changed_one_is_invalid() throws Exception {
        var foreign = verify(json(receipt(0, IdentityKey.generate())));
        var mixed = new SignedReceipt(
                receipt(0, ofClient).receipt(), receipt(1, ofClient).signature());
        var swapped = verify(json(mixed), "-o", "json");

        assertThat(foreign.code()).isEqualTo(1);
        assertThat(foreign.out()).contains("C0 did NOT sign");
        assertThat(swapped.code()).isEqualTo(1);
        assertThat(new JsonMapper()
                        .readTree(swapped.out())
                        .path("receipts")
                        .path(0)
                        .path("holds")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void programs_get_the_envelopes_of_each_place() throws Exception {
        var run = verify(json(receipt(3, ofClient)), "-o", "json").succeeded();

        var place = new JsonMapper()
                .readTree(run.out())
                .path("receipts")
                .path(0)
                .path("places")
                .path(0);
        assertThat(place.path("index").asInt()).isEqualTo(3);
        assertThat(place.path("envelopes").path("P0").asString())
                .isEqualTo(Sha256.of(Bytes.ofWord(3)).toHex());
    }

    @Test
    void a_file_that_is_not_a_receipt_is_reported() throws Exception {
        verify("{\"receipts\":[]}").failedWith("has no receipt");
        verify("{}").failedWith("has a receipt without receipt and signature");
        verify("x").failedWith("is no file of receipts");
        verify("{\"receipt\":\"AA\",\"signature\":\"!\"}").failedWith("base64url");
        verify("{\"receipt\":\"AA\",\"signature\":\"AA\"}").failedWith("a receipt");
    }

    @Test
    void all_receipts_are_fetched_page_by_page() throws Exception {
        var plan = new Plan(folder.resolve("site"), 2, List.of(C0), "spdz2k", Optional.empty(), Optional.empty());
        var deployment = new DeploymentMaker(Clock.systemUTC()).make(plan);
        var page = "GET /v1/deliveries/" + ID + "/receipts?limit=100&after=";
        var hundred = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> "{\"receipt\":\"AA\",\"signature\":\"AA\"}")
                .collect(java.util.stream.Collectors.joining(","));
        try (var party = new FakeService(deployment, deployment.of(P1))) {
            party.answers(page + "0", 200, "{\"receipts\":[" + hundred + "]}");
            party.answers(page + "100", 200, "{\"receipts\":[" + json(receipt(0, ofClient)) + "]}");
            var file = folder.resolve("got.json");

            Run.at(
                            Instant.now(),
                            "receipt",
                            "get",
                            ID,
                            "--member",
                            "P1",
                            "--dir",
                            folder.resolve("site"),
                            "--out",
                            file)
                    .succeeded();

            assertThat(new JsonMapper()
                            .readTree(Files.readString(file))
                            .path("receipts")
                            .size())
                    .isEqualTo(101);
        }
        Run.of("receipt", "get", ID, "--member", "C0", "--dir", folder.resolve("site"))
                .failedWith("issues receipts but does not store them");
        Run.of("receipt", "get", "x", "--dir", folder.resolve("site")).failedWith("An id is 32 hex digits");
        Run.of("receipt").failedWith("receipt verify");
    }
}
