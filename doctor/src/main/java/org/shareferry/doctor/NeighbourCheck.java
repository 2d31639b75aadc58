// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.shareferry.member.MemberName;

/// Goes the way to a neighbour step by step, and tells at which it ends and why: name, TCP, TLS in both
/// directions of trust, answer, clock.
final class NeighbourCheck {
    private static final int HTTPS = 443;
    private static final Duration DRIFT = Duration.ofMinutes(1);
    private static final Set<String> REFUSALS = Set.of("certificate-missing", "certificate-expired", "member-unknown");

    private final Site site;
    private final TlsClient tls;
    private final Clock clock;
    private final Duration patience;
    private final Findings findings = new Findings(Area.NEIGHBOURS);

    /// @param patience how long each step may take
    NeighbourCheck(Site site, TlsClient tls, Clock clock, Duration patience) {
        this.site = site;
        this.tls = tls;
        this.clock = clock;
        this.patience = patience;
    }

    List<Finding> findings() {
        return findings.list();
    }

    /// @param path what to ask for
    /// @return the answer, if the whole way is open; its status may be any
    Optional<HttpResponse<String>> ask(MemberName neighbour, URI address, String path) {
        var checked = neighbour + " at " + address.getHost() + ":" + port(address);
        if (!isResolved(checked, address) || !isReached(checked, neighbour, address)) {
            return Optional.empty();
        }
        var judge = tls.judge(neighbour, clock.instant());
        try (var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(tls.context(judge))
                .sslParameters(new SSLParameters(null, new String[] {"TLSv1.3"}))
                .build()) {
            var request = HttpRequest.newBuilder(address.resolve(path))
                    .header("Accept", "application/json, application/problem+json;q=0.9")
                    .timeout(patience.multipliedBy(2))
                    .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return judged(checked, neighbour, answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (IOException e) {
            broken(checked, neighbour, judge.verdict(), e);
            return Optional.empty();
        }
    }

    private static int port(URI address) {
        return address.getPort() == -1 ? HTTPS : address.getPort();
    }

    private boolean isResolved(String checked, URI address) {
        try {
            InetAddress.getAllByName(address.getHost());
            return true;
        } catch (UnknownHostException e) {
            findings.add(
                    checked,
                    Fault.NAME_NOT_RESOLVED,
                    "The host name " + address.getHost() + " has no address here.",
                    "getent hosts " + Shell.word(address.getHost())
                            + " # correct it in the roster, or add it to /etc/hosts");
            return false;
        }
    }

    private boolean isReached(String checked, MemberName neighbour, URI address) {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.getHost(), port(address)), Math.toIntExact(patience.toMillis()));
            return true;
        } catch (IOException e) {
            unreached(checked, neighbour, address, e);
            return false;
        }
    }

    private void unreached(String checked, MemberName neighbour, URI address, IOException why) {
        switch (why) {
            case ConnectException refused ->
                findings.add(
                        checked,
                        Fault.CONNECTION_REFUSED,
                        "The connection is refused: nothing listens there, or a firewall says no.",
                        Shell.start(neighbour) + "; if it runs already, let the port through the firewall");
            case SocketTimeoutException silent ->
                findings.add(
                        checked,
                        Fault.CONNECTION_TIMED_OUT,
                        "No answer within " + CertificateCheck.seconds(patience)
                                + ": a firewall drops the packets, or there is no such host.",
                        "nc -vz -w 5 " + Shell.word(address.getHost()) + " " + port(address)
                                + " # open this way in the firewalls of both sites");
            default ->
                findings.add(
                        checked,
                        Fault.NO_WAY_TO_NEIGHBOUR,
                        "From here no way leads to " + address.getHost() + " (the system says: "
                                + String.valueOf(why.getMessage()).replaceAll("\\p{Cntrl}", " ") + ").",
                        "ip route get " + Shell.word(address.getHost())
                                + " # correct the address in the roster, or the network here");
        }
    }

    private void broken(String checked, MemberName neighbour, Judge.Verdict verdict, IOException failure) {
        if (verdict.fault().isPresent()) {
            findings.add(
                    checked,
                    verdict.fault().get(),
                    verdict.why(),
                    mendTheirs(verdict.fault().get(), neighbour));
            return;
        }
        var alert = alert(failure);
        if (alert.isPresent() && isAboutCertificates(alert.get())) {
            ownRefused(checked, neighbour, "It refuses our certificate (TLS alert " + alert.get() + ").");
        } else if (failure instanceof HttpTimeoutException) {
            findings.add(
                    checked,
                    Fault.NEIGHBOUR_FAILED,
                    "It accepts connections and then gives no answer.",
                    "shareferry doctor # at " + neighbour);
        } else if (verdict.isAccepted()) {
            ownRefused(
                    checked,
                    neighbour,
                    "It breaks the connection off after we accepted its certificate, so it probably refuses ours.");
        } else {
            findings.add(
                    checked,
                    Fault.TLS_FAILED,
                    "TLS 1.3 does not come about"
                            + alert.map(text -> " (alert " + text + ")").orElse("") + ".",
                    "openssl s_client -tls1_3 -connect " + checked.substring(checked.lastIndexOf(' ') + 1));
        }
    }

    private static Optional<String> alert(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            var text = String.valueOf(cause.getMessage());
            int at = text.indexOf("Received fatal alert: ");
            if (cause instanceof SSLException && at >= 0) {
                return Optional.of(
                        text.substring(at + "Received fatal alert: ".length()).replaceAll("[^a-z_]", ""));
            }
        }
        return Optional.empty();
    }

    private static boolean isAboutCertificates(String alert) {
        return alert.contains("certificate") || alert.equals("unknown_ca") || alert.equals("access_denied");
    }

    private void ownRefused(String checked, MemberName neighbour, String cause) {
        findings.add(
                checked,
                Fault.OWN_CERTIFICATE_REFUSED,
                cause,
                "shareferry trust --out trust.pem trust.pem " + site.member() + ".crt # at " + neighbour + ", with "
                        + site.tls().certificate() + " of here as " + site.member() + ".crt");
    }

    private String mendTheirs(Fault fault, MemberName neighbour) {
        var trust = Shell.word(site.tls().trust());
        return switch (fault) {
            case NEIGHBOUR_CERTIFICATE_NOT_TRUSTED ->
                "shareferry trust --out " + trust + " " + trust + " " + neighbour + ".crt # with the tls.crt that "
                        + neighbour + " uses now, fingerprint compared by phone";
            case NEIGHBOUR_CERTIFICATE_NOT_YET_VALID -> "timedatectl status # here and at " + neighbour;
            case NEIGHBOUR_HAS_ANOTHER_NAME ->
                "shareferry roster show --roster " + Shell.word(site.roster()) + " # is the address that of "
                        + neighbour + "?";
            default -> "shareferry doctor # at " + neighbour + ": it prints the commands that make its tls.crt again";
        };
    }

    private Optional<HttpResponse<String>> judged(String checked, MemberName neighbour, HttpResponse<String> answer) {
        skew(checked, answer);
        var refusal = REFUSALS.stream()
                .filter(type -> answer.body().contains("urn:shareferry:problem:" + type + "\""))
                .findFirst();
        if (answer.statusCode() >= 400 && refusal.isPresent()) {
            refused(checked, neighbour, refusal.get());
            return Optional.empty();
        }
        findings.fine(checked, "reached; each trusts the other's certificate");
        return Optional.of(answer);
    }

    private void refused(String checked, MemberName neighbour, String problem) {
        var cause = "It refuses our certificate (" + problem.replace('-', ' ') + ").";
        if (problem.equals("member-unknown")) {
            findings.add(
                    checked,
                    Fault.OWN_CERTIFICATE_REFUSED,
                    cause,
                    "shareferry roster add --roster ROSTER " + site.member() + ".member.json # at " + neighbour);
        } else {
            ownRefused(checked, neighbour, cause);
        }
    }

    private void skew(String checked, HttpResponse<String> answer) {
        var date = answer.headers().firstValue("Date").flatMap(NeighbourCheck::parse);
        if (date.isEmpty()) {
            return;
        }
        var skew = Duration.between(clock.instant(), date.get().toInstant());
        if (skew.abs().compareTo(DRIFT) < 0) {
            findings.fine(checked + " clock", "differs by " + skew.abs().toSeconds() + " s");
            return;
        }
        findings.add(
                checked + " clock",
                skew.abs().compareTo(site.clockTolerance()) > 0 ? Fault.CLOCKS_DIFFER : Fault.CLOCKS_DRIFT,
                "Its clock is " + CertificateCheck.span(skew.abs()) + (skew.isNegative() ? " behind" : " ahead of")
                        + " ours.",
                "timedatectl set-ntp true # here and there, whichever is wrong");
    }

    private static Optional<ZonedDateTime> parse(String date) {
        try {
            return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
