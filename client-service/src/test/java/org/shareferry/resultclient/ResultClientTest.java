// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.service.fixture.Certificate;
import org.shareferry.service.fixture.SettableClock;

/// The library for Java applications with a running client-service.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResultClientTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long[] VALUES = {9007199254740993L, -7, Long.MIN_VALUE, 0, Long.MAX_VALUE};
    private static final int LABEL_OF_MADE = 7;

    private final SettableClock clock = new SettableClock();
    private TestMembers members;
    private ClientHost service;
    private SealingKey key;
    private ResultClient client;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        members = new TestMembers(folder);
        members.certificate("user").write(folder, "user");
        service = ClientHost.start(members, clock);
        key = service.sealingKey(clock);
        client = ResultClient.open(files(folder.resolve("tls.crt")), ClientOptions.DEFAULT, clock);
    }

    @AfterAll
    void stop() {
        client.close();
        service.close();
    }

    private ClientFiles files(Path serviceCertificate) {
        return new ClientFiles(
                URI.create("https://localhost:" + service.port()),
                members.folder().resolve("user.crt"),
                members.folder().resolve("user.key"),
                serviceCertificate);
    }

    private TestDelivery delivered(TestDelivery made) {
        made.bundles().forEach(service::received);
        return made;
    }

    private Result delivered(Scheme scheme) throws Exception {
        return result(delivered(TestDelivery.of(members, key, scheme, VALUES)));
    }

    private Result result(TestDelivery made) throws Exception {
        var result = client.await(ResultQuery.all().withLabel(LABEL_OF_MADE).withParties("P0", "P1"), PATIENCE);
        assertThat(result.id()).isEqualTo(made.id());
        return result;
    }

    @Test
    void values_of_a_verified_result_are_exact_in_every_form() throws Exception {
        var result = delivered(Scheme.COMMITTED);

        var values = client.values(result);
        var one = new ArrayList<BigDecimal>();
        client.eachValue(result, Accept.VERIFIED_ONLY, (index, value) -> {
            assertThat(index).isEqualTo(one.size());
            one.add(value);
        });

        assertThat(result.verdict()).contains(Verdict.VERIFIED);
        assertThat(result.mostCorrupt()).hasValue(1);
        assertThat(values.toLongs()).containsExactly(VALUES);
        assertThat(values.toBigIntegers())
                .isEqualTo(LongStream.of(VALUES).mapToObj(BigInteger::valueOf).toList());
        assertThat(values.toBigDecimals())
                .isEqualTo(LongStream.of(VALUES).mapToObj(BigDecimal::valueOf).toList())
                .isEqualTo(one);
    }

    @Test
    void values_of_an_unverified_result_need_an_explicit_request() throws Exception {
        var result = delivered(Scheme.ADDITIVE);

        var refused = catchThrowableOfType(NotVerifiedException.class, () -> client.values(result));

        assertThat(refused.result()).isEqualTo(result);
        assertThat(refused).hasMessageContaining("is UNVERIFIED: ");
        assertThat(client.values(result, Accept.UNVERIFIED_TOO).toLongs()).containsExactly(VALUES);
    }

    @Test
    void a_rejected_result_gives_no_values() throws Exception {
        var made = TestDelivery.of(members, key, Scheme.BATCHED, VALUES)
                .cheatingAt(new Place(Kind.VALUES, 0), elements -> {
                    elements[0] = elements[0].add(BigInteger.ONE);
                    return elements;
                });
        var result = result(delivered(made));

        assertThat(result.verdict()).contains(Verdict.REJECTED);
        assertThat(result.reasons()).isNotEmpty();
        assertThatThrownBy(() -> client.values(result, Accept.UNVERIFIED_TOO)).isInstanceOf(NotVerifiedException.class);
    }

    @Test
    void deleted_values_throw_an_exception_that_says_when() throws Exception {
        var result = delivered(Scheme.COMMITTED);
        service.as("user").delete("/v1/results/" + result.id() + "/values");
        var again = client.results(ResultQuery.all().withLabel(LABEL_OF_MADE)).getFirst();

        var refused = catchThrowableOfType(ValuesDeletedException.class, () -> client.values(again));
        var meanwhile = catchThrowableOfType(ServiceException.class, () -> client.values(result));

        assertThat(result.ended()).contains(clock.instant());
        assertThat(result.valuesDeleted()).isEmpty();
        assertThat(again.ended()).isEqualTo(result.ended());
        assertThat(again.verdict()).contains(Verdict.VERIFIED);
        assertThat(again.valuesDeleted()).contains(clock.instant());
        assertThat(refused.result()).isEqualTo(again);
        assertThat(refused)
                .hasMessage("The values of delivery " + result.id() + " were deleted at " + clock.instant()
                        + ". Its verdict is still known: VERIFIED.");
        assertThat(meanwhile.problem()).isEqualTo("/problem-types#result-not-available");
        assertThat(meanwhile).hasMessageContaining("Its values were deleted at " + clock.instant());
    }

    @Test
    void a_deleted_delivery_throws_an_exception() throws Exception {
        var result = delivered(Scheme.COMMITTED);
        service.as("user").delete("/v1/results/" + result.id());
        var again = client.results(ResultQuery.all().withLabel(LABEL_OF_MADE)).getFirst();

        assertThat(again.isWithoutValues()).isTrue();
        assertThatThrownBy(() -> client.values(again))
                .isInstanceOf(ValuesDeletedException.class)
                .hasMessage("Delivery " + result.id() + " was deleted, with its values.");
    }

    @Test
    void values_too_large_for_memory_are_refused_and_can_be_read_one_by_one() throws Exception {
        var result = delivered(Scheme.COMMITTED);
        try (var small = ResultClient.open(
                files(members.folder().resolve("tls.crt")),
                new ClientOptions(PATIENCE, VALUES.length * 8L - 1),
                clock)) {
            var seen = new ArrayList<BigDecimal>();
            small.eachValue(result, Accept.VERIFIED_ONLY, (index, value) -> seen.add(value));

            assertThat(seen).hasSize(VALUES.length);
            assertThatThrownBy(() -> small.values(result))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("40 bytes");
        }
    }

    @Test
    void await_ends_at_its_timeout() {
        var none = ResultQuery.all().withLabel(-1);

        assertThatThrownBy(() -> client.await(none, Duration.ofMillis(1)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("label -1");
    }

    @Test
    void a_service_exception_has_the_reason() {
        var refused = catchThrowableOfType(
                ServiceException.class, () -> client.inputs().takeBack("nonsense"));

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.problem()).isEqualTo("/problem-types#not-found");
    }

    /// Asks for one result after the other.
    private static final class Collecting implements Subscriber<Result> {
        private final BlockingQueue<Result> seen = new LinkedBlockingQueue<>();
        private final BlockingQueue<Subscription> subscriptions = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> end = new LinkedBlockingQueue<>();

        @Override
        public void onSubscribe(Subscription subscription) {
            subscriptions.add(subscription);
        }

        @Override
        public void onNext(Result result) {
            seen.add(result);
        }

        @Override
        public void onError(Throwable why) {
            end.add("error: " + why);
        }

        @Override
        public void onComplete() {
            end.add("complete");
        }

        Result awaitOne(Predicate<Result> wanted) throws InterruptedException {
            var subscription = subscriptions.take();
            subscriptions.add(subscription);
            while (true) {
                subscription.request(1);
                var result = seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(result).as("a result; the end: %s", end).isNotNull();
                if (wanted.test(result)) {
                    return result;
                }
            }
        }
    }

    @Test
    void a_subscriber_gets_changes_as_requested_until_the_client_is_closed() throws Exception {
        var before = delivered(Scheme.COMMITTED);
        var subscriber = new Collecting();
        try (var own = ResultClient.open(files(members.folder().resolve("tls.crt")), ClientOptions.DEFAULT, clock)) {
            own.changesAfter(before.change()).subscribe(subscriber);
            var made = delivered(TestDelivery.of(members, key, Scheme.BATCHED, VALUES));

            var seen = subscriber.awaitOne(result -> result.verdict().isPresent());

            assertThat(seen.id()).isEqualTo(made.id());
            assertThat(seen.change()).isGreaterThan(before.change());
            assertThat(subscriber.seen).isEmpty();
        }
        assertThat(subscriber.end.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("complete");
    }

    @Test
    void a_listener_is_called_for_each_change_until_it_is_closed() throws Exception {
        var seen = new LinkedBlockingQueue<Result>();
        var failures = new LinkedBlockingQueue<Throwable>();
        try (var listening = client.listen(seen::add, failures::add)) {
            var made = delivered(TestDelivery.of(members, key, Scheme.BATCHED, VALUES));
            var result = seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            while (result != null && result.verdict().isEmpty()) {
                result = seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }

            assertThat(result).isNotNull();
            assertThat(result.id()).isEqualTo(made.id());
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void a_subscriber_that_requests_zero_items_gets_an_error() throws Exception {
        var subscriber = new Collecting();

        client.changesAfter(0).subscribe(subscriber);
        subscriber.subscriptions.take().request(0);

        assertThat(subscriber.end.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).contains("IllegalArgumentException");
    }

    @Test
    void an_input_is_stored_listed_and_deleted() throws Exception {
        var input = Input.of(
                1755, List.of("P0", "P1"), "spdz2k", 64, clock.instant().plus(Duration.ofDays(1)));
        var values = List.of(new BigDecimal("9007199254740993"), BigDecimal.valueOf(-7));

        var id = client.inputs().give(input, values).id();
        var waiting = client.inputs().waiting();
        var second = catchThrowableOfType(
                ServiceException.class, () -> client.inputs().give(input, values));
        client.inputs().takeBack(id);

        assertThat(waiting).singleElement().satisfies(one -> {
            assertThat(one.id()).isEqualTo(id);
            assertThat(one.label()).isEqualTo(1755);
            assertThat(one.count()).isEqualTo(2);
        });
        assertThat(second.problem()).isEqualTo("/problem-types#input-waits");
        assertThat(client.inputs().waiting()).isEmpty();
    }

    private OpenRequest asked(long label) throws Exception {
        clock.advance(Duration.ofSeconds(1));
        var facts = new DeliveryFacts(
                new DeliveryId(new RunId(78, label), 0),
                new Shape(2, 2),
                new Domain.Ring(128, 64),
                Scheme.INPUT,
                0,
                label,
                TestMembers.C0,
                List.of(TestMembers.P0, TestMembers.P1),
                "spdz2k",
                true,
                true,
                1,
                64,
                Bytes.empty());
        var made = delivered(TestDelivery.of(members, key, facts, clock.instant(), 11, 12));
        client.await(ResultQuery.all().withLabel(label), PATIENCE);
        return client.inputs().requests().stream()
                .filter(request -> request.id().equals(made.id()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void requests_are_answered_late_or_refused() throws Exception {
        var answered = asked(40);
        var input =
                Input.of(40, List.of("P0", "P1"), "spdz2k", 64, clock.instant().plus(Duration.ofDays(1)));
        var stored = client.inputs().give(input, List.of(BigDecimal.ONE, BigDecimal.TWO));
        client.inputs().takeBack(stored.id());
        client.inputs().answer(answered, List.of(BigDecimal.ONE, BigDecimal.TWO), Accept.VERIFIED_ONLY);
        var refused = asked(41);
        client.inputs().refuse(refused);

        assertThat(answered.reason()).isEqualTo("no-input");
        assertThat(stored.detail()).contains(answered.id());
        assertThat(stored.openRequests()).singleElement().satisfies(request -> {
            assertThat(request.id()).isEqualTo(answered.id());
            assertThat(request.reason()).isEqualTo("asked-before-input");
            assertThat(request.detail()).contains("explicit answer");
        });
        assertThat(answered.label()).isEqualTo(40);
        assertThat(answered.count()).isEqualTo(2);
        assertThat(answered.verdict()).isEqualTo(Verdict.VERIFIED);
        assertThat(client.inputs().requests()).isEmpty();
        assertThatThrownBy(() -> client.inputs().answer(refused, List.of(), Accept.VERIFIED_ONLY))
                .isInstanceOf(ServiceException.class);
    }

    @Test
    void only_the_service_s_own_certificate_is_trusted() throws Exception {
        var other = Files.writeString(
                members.folder().resolve("other.crt"), members.certificate("R0").pem());
        try (var deceived = ResultClient.open(files(other), ClientOptions.DEFAULT, clock)) {
            assertThatThrownBy(() -> deceived.results(ResultQuery.all())).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void a_pinned_certificate_is_no_authority() throws Exception {
        assertNotTrusted(members.certificate("C0").issue("C0"), members.folder().resolve("tls.crt"));
    }

    /// An authority's certificate can follow the service's own.
    @Test
    void an_authority_in_the_file_is_not_pinned() throws Exception {
        var authority = Certificate.of("authority", Certificate.Term.YEAR.authority());
        var both = Files.writeString(
                members.folder().resolve("both.crt"), members.certificate("C0").pem() + authority.pem());
        var alone = Files.writeString(members.folder().resolve("authority.crt"), authority.pem());

        assertNotTrusted(authority, both);
        try (var trusting = ResultClient.open(files(both), ClientOptions.DEFAULT, clock)) {
            assertThat(trusting.results(ResultQuery.all())).isNotNull();
        }
        assertThatThrownBy(() -> ResultClient.open(files(alone), ClientOptions.DEFAULT, clock))
                .hasMessageContaining("has only certificates of authorities");
    }

    private void assertNotTrusted(Certificate shown, Path pinned) throws Exception {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(shown.context(members.certificates())));
        server.start();
        var files = files(pinned);
        var there = new ClientFiles(
                URI.create("https://localhost:" + server.getAddress().getPort()),
                files.certificate(),
                files.key(),
                files.serviceCertificate());
        try (var deceived = ResultClient.open(there, ClientOptions.DEFAULT, clock)) {
            assertThatThrownBy(() -> deceived.results(ResultQuery.all()))
                    .isInstanceOf(SSLException.class)
                    .hasStackTraceContaining("another certificate than the one that is pinned");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_service_certificate_that_has_ended_is_not_trusted() throws Exception {
        var later = new SettableClock();
        later.advance(Duration.ofDays(1_000));
        try (var late = ResultClient.open(files(members.folder().resolve("tls.crt")), ClientOptions.DEFAULT, later)) {
            assertThatThrownBy(() -> late.results(ResultQuery.all())).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void renewed_files_are_read_again() throws Exception {
        var file = Files.writeString(
                members.folder().resolve("renewed.crt"),
                members.certificate("R0").pem());
        try (var lasting = ResultClient.open(files(file), ClientOptions.DEFAULT, clock)) {
            Files.writeString(file, members.certificate("C0").pem());

            assertThat(lasting.results(ResultQuery.all())).isNotNull();
        }
    }
}
