// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.webhook;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.shareferry.site.https.AnswerTooLargeException;
import org.shareferry.site.https.BoundedClient;
import org.shareferry.site.https.BoundedClient.Limits;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.settings.WebhookProperties;
import org.shareferry.site.webhook.WebhookSecret;
import org.shareferry.site.webhook.WebhookSecretException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Sends one signed request. Answers are bounded in size and time, and redirects are not followed. The files of secret
/// and trust are read for each attempt, so they can be replaced while the service runs.
@Component
class WebhookSender implements AutoCloseable {
    private static final int ANSWER_LIMIT = 64 << 10;
    private static final int SUCCESS = 2;

    private final WebhookProperties properties;
    private final JsonMapper json;
    private final Clock clock;
    private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();

    WebhookSender(WebhookProperties properties, JsonMapper json, Clock clock) {
        this.properties = properties;
        this.json = json;
        this.clock = clock;
    }

    /// @param trusted the certificates that it trusts; empty for those of the Java platform
    private record Connection(BoundedClient http, Optional<List<X509Certificate>> trusted) {}

    /// The outcome of an attempt.
    sealed interface Outcome {
        /// The receiver acknowledged the event with a status of 200 to 299.
        record Acknowledged() implements Outcome {}

        /// @param reason a sentence, always the same for the same cause
        /// @param retryAfter as the receiver wishes
        record Failed(String reason, Optional<Duration> retryAfter) implements Outcome {
            static Failed of(String reason) {
                return new Failed(reason, Optional.empty());
            }
        }
    }

    /// Makes one attempt. Only one thread calls this.
    Outcome send(WebhookEvent event) throws InterruptedException {
        try {
            var outcome = attempt(event);
            if (outcome instanceof Outcome.Failed) {
                forgetConnection();
            }
            return outcome;
        } catch (IOException e) {
            forgetConnection();
            return Outcome.Failed.of(reason(e));
        } catch (GeneralSecurityException e) {
            return Outcome.Failed.of("The file " + properties.trust() + " has no certificates that can be used now.");
        }
    }

    private Outcome attempt(WebhookEvent event) throws IOException, InterruptedException, GeneralSecurityException {
        var request = request(event);
        if (request.isEmpty()) {
            return Outcome.Failed.of("The secret file cannot be used; the doctor says why.");
        }
        var answer = http().send(request.get(), ANSWER_LIMIT);
        if (answer.statusCode() / 100 == SUCCESS) {
            return new Outcome.Acknowledged();
        }
        var retryAfter = answer.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("[0-9]{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
        return new Outcome.Failed("It answered with status " + answer.statusCode() + ".", retryAfter);
    }

    private Optional<HttpRequest.Builder> request(WebhookEvent event) {
        var now = clock.instant();
        var body = event.body(json);
        try (var secret = WebhookSecret.read(Objects.requireNonNull(properties.secretFile()))) {
            return Optional.of(
                    HttpRequest.newBuilder(URI.create(properties.receiver().orElseThrow()))
                            .header("Content-Type", "application/json")
                            .header("webhook-id", event.id())
                            .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
                            .header("webhook-signature", secret.sign(event.id(), now, body))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toArray())));
        } catch (WebhookSecretException e) {
            return Optional.empty();
        }
    }

    private BoundedClient http() throws GeneralSecurityException, IOException {
        var trusted = trusted();
        var present = connection.get();
        if (present != null && present.trusted().equals(trusted)) {
            return present.http();
        }
        forgetConnection();
        var timeout = properties.timeout();
        var fresh = new BoundedClient(tls(trusted), new Limits(timeout, timeout, timeout));
        connection.set(new Connection(fresh, trusted));
        return fresh;
    }

    /// Java does not check the dates of certificates that are trusted themselves.
    ///
    /// @return at least one certificate that is valid now; empty for those of the Java platform
    private Optional<List<X509Certificate>> trusted() throws GeneralSecurityException {
        var file = properties.trust();
        if (file == null) {
            return Optional.empty();
        }
        var now = clock.instant();
        var valid = CertificateFile.read(file) instanceof CertificateFile.Certificates read
                ? read.certificates().stream()
                        .filter(one -> !now.isBefore(one.getNotBefore().toInstant())
                                && !now.isAfter(one.getNotAfter().toInstant()))
                        .toList()
                : List.<X509Certificate>of();
        if (valid.isEmpty()) {
            throw new GeneralSecurityException("No certificate that is valid now.");
        }
        return Optional.of(valid);
    }

    private static SSLContext tls(Optional<List<X509Certificate>> trusted)
            throws GeneralSecurityException, IOException {
        var tls = SSLContext.getInstance("TLSv1.3");
        // Without trust managers those of the Java platform are used.
        tls.init(null, trusted.isEmpty() ? null : trustManagers(trusted.get()), null);
        return tls;
    }

    private static TrustManager[] trustManagers(List<X509Certificate> certificates)
            throws GeneralSecurityException, IOException {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (int i = 0; i < certificates.size(); i++) {
            trusted.setCertificateEntry("trusted-" + i, certificates.get(i));
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static String reason(IOException e) {
        return switch (e) {
            case HttpTimeoutException slow -> "It did not answer in time.";
            case AnswerTooLargeException large -> "Its answer was larger than " + (ANSWER_LIMIT >> 10) + " KiB.";
            case SSLException tls -> "The TLS handshake failed; is its certificate trusted, and valid for its host?";
            case ConnectException refused -> "Nothing listens at its address, or the name does not resolve.";
            default -> "The connection broke.";
        };
    }

    private void forgetConnection() {
        var former = connection.getAndSet(null);
        if (former != null) {
            former.http().close();
        }
    }

    /// Cancels an attempt in progress.
    @Override
    public void close() {
        forgetConnection();
    }
}
