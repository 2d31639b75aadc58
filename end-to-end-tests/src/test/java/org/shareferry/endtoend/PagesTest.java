// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.endtoend.Computations.freshRun;
import static org.shareferry.endtoend.Computations.receiving;
import static org.shareferry.standin.FaultInjection.NO_FAULTS;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.Shape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The pages of the three services in Debian's Chromium, with the certificate of their people. Each page is
/// loaded once and then only looked at ([Tab]). They run alone: Chromium breaks requests off with
/// ERR_NETWORK_CHANGED while tests beside them make and remove networks of containers. With
/// `-Dshareferry.write-docs=true` the pictures of the documents are made.
@Tag("slow")
@EnabledIfSystemProperty(
        named = "shareferry.browser",
        matches = "true",
        disabledReason = "in .ci/run and with -Dit.test=PagesTest -Dshareferry.browser=true: it must run alone")
@EnabledIf(value = "hasChromium", disabledReason = "there is no chromium: apt-get install chromium")
class PagesTest {
    /// The least integer above 2^53 that a double cannot have.
    private static final String EXACT = "9007199254740993";

    private static final String LABEL = "9007199254740995";
    private static final Path IMAGES =
            Path.of("..", "docs", "images").toAbsolutePath().normalize();

    @RegisterExtension
    static final Computations COMPUTATIONS = new Computations(2);

    @TempDir
    static Path temporary;

    private static Chromium chromium;
    private static SplitDelivery verified;
    private static SplitDelivery unverified;
    private static SplitDelivery rejected;

    static boolean hasChromium() {
        return Chromium.executable().isPresent();
    }

    @BeforeAll
    static void deliver() throws Exception {
        setDefaultAssertionTimeout(60_000);
        chromium = new Chromium(COMPUTATIONS.site());
        // Enough for several pages of values and for a plot that shows something.
        var values = IntStream.range(0, 250)
                .mapToObj(i -> Long.toString(Math.round(1e15 * Math.sin(i / 20.0))))
                .collect(Collectors.toCollection(ArrayList::new));
        values.set(120, EXACT);
        values.set(121, "-9223372036854775808");
        verified = split("batched", LABEL, values);
        unverified = split("additive", "1755", List.of("4"));
        rejected = split("batched", "1756", List.of("1", "2", "3"));
        for (var delivery : List.of(verified, unverified, rejected)) {
            if (delivery.equals(rejected)) {
                falsify(delivery.of("P1"));
            }
            handOver(delivery, "P0");
            handOver(delivery, "P1");
            COMPUTATIONS.site().awaitResult(delivery.id());
        }
    }

    @AfterAll
    static void quit() {
        chromium.close();
    }

    /// Shares of a delivery for both parties.
    ///
    /// @param folder with a file for each party
    private record SplitDelivery(String id, Path folder) {
        Path of(String party) {
            return folder.resolve(party + ".handover.json");
        }
    }

    private static SplitDelivery split(String scheme, String label, List<String> values) throws IOException {
        var folder = Files.createTempDirectory(temporary, "shares");
        var arguments = new ArrayList<Object>(List.of("split", "--out", folder, "--scheme", scheme, "--label", label));
        if (!scheme.equals("additive")) {
            arguments.add("--macs-checked");
        }
        arguments.add("--values=" + String.join(",", values));
        Site.shareferry(arguments.toArray());
        var delivery = JsonMapper.shared().readTree(Files.readString(folder.resolve("P0.handover.json")));
        return new SplitDelivery(delivery.get("id").asString(), folder);
    }

    private static void handOver(SplitDelivery delivery, String party) {
        assertThat(COMPUTATIONS.site().post(party, "/v1/deliveries", delivery.of(party)))
                .isEqualTo(202);
    }

    /// The lowest bit of the first value.
    private static void falsify(Path handOver) throws IOException {
        var content = (ObjectNode) JsonMapper.shared().readTree(Files.readString(handOver));
        var chunk = (ObjectNode) content.get("chunks").get(0);
        var elements = Base64.getUrlDecoder().decode(chunk.get("elements").asString());
        elements[0] ^= 1;
        chunk.put("elements", Base64.getUrlEncoder().withoutPadding().encodeToString(elements));
        Files.write(handOver, JsonMapper.shared().writeValueAsBytes(content));
    }

    private static void picture(Tab tab, String name) throws IOException {
        if (Boolean.getBoolean("shareferry.write-docs")) {
            Files.createDirectories(IMAGES);
            tab.screenshot(IMAGES.resolve(name + ".png"));
        }
    }

    private static com.microsoft.playwright.assertions.LocatorAssertions expect(Locator locator) {
        return PlaywrightAssertions.assertThat(locator);
    }

    /// In TLS 1.3 the server refuses after the handshake, so the browser may see the connection close first.
    @ParameterizedTest
    @ValueSource(strings = {"P0", "R0", "C0"})
    void without_a_client_certificate_there_is_no_page(String member) {
        assertThat(chromium.openWithoutCertificate(member))
                .containsPattern("net::ERR_(BAD_SSL_CLIENT_AUTH_CERT|SOCKET_NOT_CONNECTED|CONNECTION_(CLOSED|RESET))");
    }

    @Test
    void every_digit_of_values_and_labels_is_shown() throws Exception {
        try (var tab = chromium.open("C0", "")) {
            expect(tab.row(LABEL)).containsText("VERIFIED");
            expect(tab.row(LABEL)).containsText("Every check held.");
            expect(tab.row("1755")).containsText("UNVERIFIED");
            expect(tab.row("1756")).containsText("REJECTED");
            tab.row(LABEL).getByText(verified.id()).click();

            expect(tab.main()).containsText("Verified, even if all parties but one cheat.");
            expect(tab.main()).containsText("Max" + EXACT);
            expect(tab.main()).containsText("Min-9223372036854775808");
            picture(tab, "client-result");
            tab.button("Later").click();
            expect(tab.row(EXACT)).containsText("120");
            expect(tab.row("-9223372036854775808")).containsText("121");
            assertThat(tab.main().locator("svg.plot rect").all()).hasSizeGreaterThan(20);
            assertThat(tab.main().locator("svg.plot path").getAttribute("d").split("L"))
                    .hasSize(250);
        }
    }

    @Test
    void results_are_found_by_verdict_label_and_time() {
        try (var tab = chromium.open("C0", "")) {
            expect(tab.row("1755")).isVisible();

            tab.page().getByLabel("Verdict").selectOption("REJECTED");
            expect(tab.row("1755")).isHidden();
            expect(tab.row("1756")).isVisible();
            tab.page().getByLabel("Verdict").selectOption("any");
            tab.page().getByLabel("Label").fill(LABEL);
            tab.page().keyboard().press("Enter");
            expect(tab.row("1756")).isHidden();
            expect(tab.row(verified.id())).isVisible();
            tab.page().getByLabel("Label").fill("");
            tab.page().getByLabel("Changed since").fill("2100-01-01T00:00");
            tab.page().keyboard().press("Enter");
            expect(tab.main()).containsText("No result is here that the filters let through.");
        }
    }

    @Test
    void an_answer_to_older_filters_that_comes_late_is_not_shown() {
        try (var tab = chromium.open("C0", "")) {
            expect(tab.row("1756")).isVisible();
            var older = new CompletableFuture<Route>();
            tab.page().route(url -> url.contains("verdict=VERIFIED"), older::complete);
            tab.page().getByLabel("Verdict").selectOption("VERIFIED");
            tab.page().waitForCondition(older::isDone);
            tab.page().getByLabel("Verdict").selectOption("REJECTED");
            expect(tab.row("1755")).isHidden();

            tab.page()
                    .waitForResponse(
                            url -> url.url().contains("verdict=VERIFIED"),
                            () -> older.join().resume());
            tab.page().waitForTimeout(200);

            expect(tab.row("1756")).isVisible();
            expect(tab.row("1755")).isHidden();
        }
    }

    @Test
    void each_format_can_be_downloaded() throws Exception {
        try (var tab = chromium.open("C0", "#/result/" + verified.id() + "/P0,P1")) {
            var csv = new String(tab.download(tab.link("CSV")), StandardCharsets.US_ASCII);
            var json = JsonMapper.shared().readTree(tab.download(tab.link("JSON")));
            var npy = tab.download(tab.link("NumPy (npy)"));
            var raw = tab.download(tab.link("raw integers"));

            assertThat(csv.lines()).hasSize(251).contains("120," + EXACT);
            assertThat(json.at("/values/120").isString()).isTrue();
            assertThat(json.at("/values/120").asString()).isEqualTo(EXACT);
            assertThat(json.at("/label").asString()).isEqualTo(LABEL);
            assertThat(new String(npy, 1, 5, StandardCharsets.US_ASCII)).isEqualTo("NUMPY");
            assertThat(raw).hasSize(250 * Long.BYTES);
        }
    }

    /// What stands there is run as it stands there, where the page says.
    @Test
    void the_commands_of_a_result_fetch_exactly_this_result() throws Exception {
        try (var tab = chromium.open("C0", "#/result/" + verified.id() + "/P0,P1")) {
            var curl = lines(tab, "curl");
            var python = lines(tab, "Python");
            var java = lines(tab, "Java");

            assertThat(JsonMapper.shared()
                            .readTree(run("sh", "-c", "curl -sS" + curl.substring("curl".length())))
                            .at("/values/120")
                            .asString())
                    .isEqualTo(EXACT);
            assertThat(run("python3", "-c", python)).startsWith("VERIFIED [").contains(", " + EXACT + ", ");
            var program = temporary.resolve("Lines.java");
            var asked = "System.console().readPassword(\"Password of user.p12: \")";
            assertThat(java).contains(asked);
            Files.writeString(
                    program,
                    "void main() throws Exception {\n" + java.replace(asked, "\"shareferry\".toCharArray()")
                            + "\nIO.println(values.get(120));\n}\n");
            assertThat(run(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            program.toString()))
                    .isEqualTo("VERIFIED\n" + EXACT + "\n");
        }
    }

    private static String lines(Tab tab, String language) {
        tab.unfold(language);
        return tab.main().locator("pre[aria-label=" + language + "]").textContent();
    }

    /// Runs a program in the folder of C0.
    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(command)
                .directory(COMPUTATIONS.site().home("C0").toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void a_rejected_delivery_shows_why_and_no_value_and_its_evidence_verifies() throws Exception {
        try (var tab = chromium.open("C0", "#/result/" + rejected.id() + "/P0,P1")) {
            expect(tab.main()).containsText("A check failed. No value is shown.");
            expect(tab.page().getByLabel("Reasons").locator("li")).not().hasCount(0);
            assertThat(tab.main().locator("#values").all()).isEmpty();
            picture(tab, "client-rejected");

            var evidence = temporary.resolve("evidence");
            Files.write(evidence, tab.download(tab.link("Download the evidence")));

            assertThat(Site.shareferry(
                            "evidence",
                            "verify",
                            evidence,
                            "--roster",
                            COMPUTATIONS.site().home("C0").resolveSibling("roster.json")))
                    .contains("Delivery " + rejected.id() + " for C0", "P1  1 envelopes with a valid signature");
        }
    }

    @Test
    void all_pages_show_the_arrival_of_a_missing_envelope_without_a_reload() throws Exception {
        var late = split("batched", "1757", List.of("1", EXACT));
        try (var client = chromium.open("C0", "");
                var relay = chromium.open("R0", "");
                var party = chromium.open("P0", "")) {
            expect(client.row(verified.id())).isVisible();

            handOver(late, "P0");
            expect(party.row(late.id())).containsText("Waits for envelopes of other parties.");
            expect(relay.row(late.id())).containsText("P1 missing for ");
            expect(relay.row(late.id())).containsText("0 of 1 received");
            expect(client.row(late.id())).containsText("P1 missing for ");
            expect(client.row(late.id())).containsText("0 of 1 bundles");
            picture(client, "client-results");
            picture(relay, "relay-deliveries");

            handOver(late, "P1");
            expect(client.row("1757", "VERIFIED")).isVisible();
            expect(party.row(late.id())).containsText("1 sealed, 1 submitted, 1 received");
            expect(relay.row(late.id())).isHidden();
            relay.unfold("Ended deliveries");
            expect(relay.row(late.id())).containsText("1 of 1 received");
            assertThat(JsonMapper.shared()
                            .readTree(party.download(party.link("Receipts of " + late.id())))
                            .get("receipts"))
                    .hasSize(1);
            expect(client.row("1757", "VERIFIED")).containsText("Every check held.");
            client.row("1757", "VERIFIED").getByText(late.id()).click();
            expect(client.row(EXACT)).isVisible();
        }
    }

    @Test
    void the_relay_shows_the_timeline_of_a_delivery_and_repeats_it_after_a_confirmation() throws Exception {
        try (var tab = chromium.open("R0", "#/delivery/" + verified.id() + "/P0,P1")) {
            expect(tab.row("P1")).containsText("Envelopes stored: 1");
            expect(tab.row("Bundles received, with receipts: 1")).isVisible();
            picture(tab, "relay-delivery");
            assertThat(JsonMapper.shared()
                            .readTree(tab.download(tab.link("Download the receipts")))
                            .get("receipts"))
                    .hasSize(1);

            tab.page().onceDialog(com.microsoft.playwright.Dialog::dismiss);
            tab.button("Deliver again").click();
            assertThat(tab.page().locator("#notice").textContent()).doesNotContain("again");
            tab.page().onceDialog(com.microsoft.playwright.Dialog::accept);
            tab.button("Deliver again").click();
            expect(tab.page().locator("#notice")).hasText("Bundles offered again: 1.");
            var fresh = tab.page().locator("#fresh").textContent();
            expect(tab.page().locator("#fresh")).not().hasText(fresh);
            expect(tab.page().locator("#notice")).hasText("Bundles offered again: 1.");
            assertThat(tab.page().content()).doesNotContain("VERIFIED", EXACT);
        }
    }

    @Test
    void the_relay_shows_the_state_of_clients_parties_certificates_and_keys() throws Exception {
        try (var tab = chromium.open("R0", "#/members")) {
            expect(tab.row("C0")).containsText("yes");
            expect(tab.row("P1")).containsText(" ago");
            expect(tab.row("P1")).containsText("of 20.0 GB");
            picture(tab, "relay-members");
        }
        try (var tab = chromium.open("R0", "#/doctor")) {
            expect(tab.row("tls.crt").first()).isVisible();
            expect(tab.row("opening key of C0")).containsText("in ");
        }
    }

    @Test
    void the_pages_of_party_and_client_show_a_request_for_inputs() throws Exception {
        var run = freshRun();
        var programs = receiving(Protocol.SPDZ2K, 2, Computations.RING, run, List.of(new Shape(2, 2)), 64);
        try (var party = chromium.open("P0", "");
                var client = chromium.open("C0", "#/inputs");
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            expect(party.main()).containsText("Statewaiting");
            var endings = executor.submit(() -> COMPUTATIONS.run(programs, NO_FAULTS, NO_FAULTS));

            expect(party.main()).containsText("Stateconnected");
            expect(party.main()).containsText("2 of C0 with label 8");
            expect(client.row(run.toString())).containsText("No input is waiting for this label and these parties.");
            picture(party, "party");
            picture(client, "client-inputs");

            assertThat(COMPUTATIONS.inputs().answer(new DeliveryId(run, 0), List.of("5", EXACT)))
                    .isEqualTo(204);
            expect(client.row(run.toString())).isHidden();
            client.link("Results").click();
            expect(client.row(run + "-1")).containsText("VERIFIED");
            client.row(run + "-1").getByText(run + "-1").click();
            expect(client.row(EXACT)).isVisible();
            expect(party.main()).containsText("Statewaiting");
            assertThat(endings.get()).hasSize(2);
        }
    }

    static Stream<List<String>> pages() {
        return Stream.of(
                List.of("C0", ""),
                List.of("C0", "#/result/" + verified.id() + "/P0,P1"),
                List.of("C0", "#/result/" + rejected.id() + "/P0,P1"),
                List.of("C0", "#/inputs"),
                List.of("C0", "#/doctor"),
                List.of("R0", ""),
                List.of("R0", "#/delivery/" + verified.id() + "/P0,P1"),
                List.of("R0", "#/members"),
                List.of("R0", "#/doctor"),
                List.of("P0", ""),
                List.of("P0", "#/doctor"));
    }

    @Test
    void all_pages_are_accessible_in_both_colour_schemes_and_fit_a_phone() {
        for (var place : pages().toList()) {
            try (var tab = chromium.open(place.getFirst(), place.getLast())) {
                tab.main().locator("h2").first().waitFor();
                expect(tab.page().locator("#state")).containsText("Doctor:");
                assertThat(tab.barriers()).as("light " + place).isEmpty();
                tab.prefer(ColorScheme.DARK);
                assertThat(tab.barriers()).as("dark " + place).isEmpty();
                tab.resize(Chromium.PHONE);
                assertThat(tab.overflow()).as("phone " + place).isZero();
            }
        }
    }

    @Test
    void the_keyboard_reaches_what_the_mouse_does() {
        try (var tab = chromium.open("C0", "")) {
            expect(tab.row(verified.id())).isVisible();
            assertThat(tab.tabulated(17))
                    .startsWith("Skip to the content", "Results", "Inputs", "Doctor", "API")
                    .contains("verdict", "label", "since", "Results, the newest first");
            tab.link(verified.id()).focus();
            tab.page().keyboard().press("Enter");
            expect(tab.button("Later")).isVisible();
            assertThat(tab.tabulated(20))
                    .contains("CSV", "JSON", "NumPy (npy)", "raw integers", "Later", "curl", "Java");
        }
        try (var tab = chromium.open("R0", "#/delivery/" + verified.id() + "/P0,P1")) {
            expect(tab.button("Deliver again")).isVisible();
            assertThat(tab.tabulated(12)).contains("Members", "Timeline", "Download the receipts", "Deliver again");
        }
    }
}
