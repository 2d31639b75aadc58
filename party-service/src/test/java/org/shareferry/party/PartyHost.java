// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.shareferry.service.fixture.FindsItsOwnFaults;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.standin.HeldPorts;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// P1's service as it is, with a relay of the test's, a clock of the test's and files of its own.
public final class PartyHost implements FindsItsOwnFaults.Running {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static {
        // Conditions are met within a second; a busy machine may take longer.
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    private final TestMembers members;
    private final RelayStub relay;
    private final HeldPorts portOfRelay;
    private final SettableClock clock = new SettableClock();
    private final List<String> settings;
    private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();
    private Optional<ConfigurableApplicationContext> context = Optional.empty();

    private PartyHost(TestMembers members, RelayStub relay, HeldPorts portOfRelay, List<String> settings) {
        this.members = members;
        this.relay = relay;
        this.portOfRelay = portOfRelay;
        this.settings = settings;
    }

    /// @param settings further properties, `name=value`
    public static PartyHost start(String... settings) throws Exception {
        var host = prepare(settings);
        host.boot();
        return host;
    }

    /// Everything but the service itself.
    static PartyHost prepare(String... settings) throws Exception {
        var folder = Files.createTempDirectory("party-service-test");
        var port = HeldPorts.inARow(1);
        var members = TestMembers.make(folder, port.first());
        var relay = new RelayStub(members, port.first());
        relay.start();
        return new PartyHost(members, relay, port, List.of(settings));
    }

    /// @param more properties, `name=value`, which count instead of those given before
    public void boot(String... more) {
        var folder = members.folder();
        var arguments = new ArrayList<>(List.of(
                "server.port=0",
                "management.server.port=0",
                "logging.structured.format.console=",
                "shareferry.member=P1",
                "shareferry.roster=" + folder.resolve("roster.json"),
                "shareferry.identity-key=" + folder.resolve("P1.identity"),
                "shareferry.users=" + TestMembers.USER,
                "shareferry.tls.certificate=" + folder.resolve("P1.crt"),
                "shareferry.tls.private-key=" + folder.resolve("P1.key"),
                "shareferry.tls.trust=" + folder.resolve("trust.pem"),
                "shareferry.party.protocol=spdz2k",
                "shareferry.party.min-backoff=20ms",
                "shareferry.party.max-backoff=200ms"));
        arguments.addAll(TestDatabase.settings(database()));
        arguments.addAll(settings);
        arguments.addAll(List.of(more));
        context = Optional.of(new SpringApplicationBuilder(PartyService.class)
                .initializers(started ->
                        ((GenericApplicationContext) started).registerBean(Clock.class, (Supplier<Clock>) () -> clock))
                .run(lastOfEachName(arguments)));
    }

    /// Spring takes a property that is given twice for a list.
    private static String[] lastOfEachName(List<String> properties) {
        var byName = new LinkedHashMap<String, String>();
        properties.forEach(property -> byName.put(property.split("=", 2)[0], "--" + property));
        return byName.values().toArray(String[]::new);
    }

    /// Begins anew with the same service: the relay is up and takes everything, and all deliveries of former tests
    /// have expired.
    public void endWhatWas() throws Exception {
        clock.advance(Duration.ofDays(8));
        relay.behave(members.announcement(TestMembers.C0, clock.instant(), Duration.ofDays(60)));
        if (context.isEmpty()) {
            boot();
        }
        Awaitility.await().pollDelay(Duration.ZERO).until(() -> {
            clock.advance(Duration.ofMinutes(16));
            return !get("/v1/deliveries?limit=200").body().toString().contains("\"held\"");
        });
    }

    public void shutDown() {
        context.ifPresent(ConfigurableApplicationContext::close);
        context = Optional.empty();
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::shutdownNow);
        shutDown();
        relay.close();
        try {
            portOfRelay.close();
            FileSystemUtils.deleteRecursively(members.folder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public TestMembers members() {
        return members;
    }

    public RelayStub relay() {
        return relay;
    }

    public SettableClock clock() {
        return clock;
    }

    public Path database() {
        return members.folder().resolve("party.db");
    }

    @Override
    public <T> T bean(Class<T> type) {
        return context.orElseThrow().getBean(type);
    }

    /// @return where the service answers
    public URI uri(String path) {
        return URI.create(
                "https://127.0.0.1:" + context.orElseThrow().getEnvironment().getProperty("local.server.port") + path);
    }

    /// @return where its management answers
    public URI management(String path) {
        return URI.create("http://127.0.0.1:" + managementPort() + path);
    }

    @Override
    public int managementPort() {
        return context.orElseThrow().getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    /// An answer whose body is read as JSON.
    public record Reply(int status, Optional<String> location, JsonNode body) {
        public String problem() {
            return body.path("type").asString("").replace("/problem-types#", "");
        }
    }

    public HttpClient client(String certificate) {
        return clients.computeIfAbsent(certificate, name -> {
            try {
                return HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(members.tls(name.isEmpty() ? Optional.empty() : Optional.of(name)))
                        .connectTimeout(Duration.ofSeconds(10))
                        .build();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    public Reply postJson(String body) throws Exception {
        return post("alice", "application/json", body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// Offers held deliveries again.
    ///
    /// @param order as JSON
    public Reply redeliver(String order) throws Exception {
        return post(
                "/v1/redeliveries",
                "alice",
                "application/json",
                order.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    public Reply post(String certificate, String type, byte[] body) throws Exception {
        return post("/v1/deliveries", certificate, type, body);
    }

    private Reply post(String path, String certificate, String type, byte[] body) throws Exception {
        return send(
                certificate,
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build());
    }

    public Reply postStream(Supplier<InputStream> body) throws Exception {
        return send(
                "alice",
                HttpRequest.newBuilder(uri("/v1/deliveries"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(body))
                        .build());
    }

    public Reply get(String path) throws Exception {
        return send(
                "alice",
                HttpRequest.newBuilder(uri(path))
                        .header("Accept", "application/json")
                        .build());
    }

    private Reply send(String certificate, HttpRequest request) throws Exception {
        var response = client(certificate).send(request, HttpResponse.BodyHandlers.ofByteArray());
        var body = response.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(response.body());
        return new Reply(response.statusCode(), response.headers().firstValue("Location"), body);
    }
}
