// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.neighbours;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.shareferry.crypto.Bytes;
import org.shareferry.diagnostics.certificates.CertificateCheck;
import org.shareferry.diagnostics.certificates.TlsClient;
import org.shareferry.diagnostics.certificates.TrustDecisionRecorder;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.json.PlainText;
import org.shareferry.member.MemberName;
import org.shareferry.site.MemberSite;
import org.shareferry.site.Shell;
import org.shareferry.site.https.AnswerTooLargeException;
import org.shareferry.site.https.BoundedClient;
import org.shareferry.site.https.BoundedClient.Limits;

/// Tests the connection to a neighbour step by step and reports the first failure: name resolution, TCP, TLS with
/// trust in both directions, response, clock.
public final class NeighbourCheck {
    private static final int HTTPS = 443;
    private static final Duration DRIFT = Duration.ofMinutes(1);

    /// Key announcements are much smaller.
    private static final int LARGEST_ANSWER = 1 << 20;

    private static final Set<String> REFUSALS = Set.of("certificate-missing", "certificate-expired", "member-unknown");

    private final MemberSite site;
    private final TlsClient tls;
    private final Clock clock;
    private final Duration patience;
    private final Findings findings = new Findings(Area.NEIGHBOURS);

    /// @param patience the time limit for each step
    public NeighbourCheck(MemberSite site, TlsClient tls, Clock clock, Duration patience) {
        this.site = site;
        this.tls = tls;
        this.clock = clock;
        this.patience = patience;
    }

    public List<Finding> findings() {
        return findings.list();
    }

    /// @param path to request
    /// @return the response with any status, if the connection works
    public Optional<HttpResponse<Bytes>> ask(MemberName neighbour, URI address, String path) {
        var checked = neighbour + " at " + address.getHost() + ":" + port(address);
        var proxy = BoundedClient.proxy(address);
        if (!isReached(checked, neighbour, proxy.orElse(dialled(address)), proxy.isPresent())) {
            return Optional.empty();
        }
        var verdict = new TrustDecisionRecorder();
        var limits = new Limits(patience, patience.multipliedBy(2), patience.multipliedBy(4));
        try (var http = new BoundedClient(tls.context(neighbour, clock, verdict), limits)) {
            var request = HttpRequest.newBuilder(address.resolve(path))
                    .header("Accept", "application/json, application/problem+json;q=0.9");
            return judged(checked, neighbour, http.send(request, LARGEST_ANSWER));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (IOException e) {
            if (proxy.isPresent() && !(e instanceof SSLException) && !verdict.isAccepted()) {
                notLetThrough(checked, proxy.get(), address, e);
            } else {
                broken(checked, neighbour, verdict, e);
            }
            return Optional.empty();
        }
    }

    /// @return the body as text
    public static String text(HttpResponse<Bytes> answer) {
        return new String(answer.body().toArray(), StandardCharsets.UTF_8);
    }

    private static int port(URI address) {
        return address.getPort() == -1 ? HTTPS : address.getPort();
    }

    private static InetSocketAddress dialled(URI address) {
        return InetSocketAddress.createUnresolved(address.getHost(), port(address));
    }

    /// @param first the address to connect to: the neighbour or a proxy
    private boolean isReached(String checked, MemberName neighbour, InetSocketAddress first, boolean isProxy) {
        var who = isProxy ? "the proxy " + first.getHostString() + " (https.proxyHost)" : first.getHostString();
        try (var socket = new Socket()) {
            var resolved = new InetSocketAddress(first.getHostString(), first.getPort());
            socket.connect(resolved, Math.toIntExact(patience.toMillis()));
            return true;
        } catch (UnknownHostException e) {
            findings.add(
                    checked,
                    Fault.NAME_NOT_RESOLVED,
                    "The host name " + who + " does not resolve.",
                    "getent hosts " + Shell.word(first.getHostString())
                            + (isProxy
                                    ? " # correct https.proxyHost, with which Java is started"
                                    : " # correct it in the roster, or add it to /etc/hosts"));
        } catch (ConnectException e) {
            findings.add(
                    checked,
                    Fault.CONNECTION_REFUSED,
                    isProxy
                            ? "Nothing listens at " + who + ", or a firewall refuses the connection."
                            : "Connection refused: nothing listens there, or a firewall refuses it.",
                    isProxy
                            ? "nc -vz " + Shell.word(first.getHostString()) + " " + first.getPort()
                            : Shell.start(neighbour) + "; if it is running, open the port in the firewall");
        } catch (IOException e) {
            unreached(checked, first, who, e);
        }
        return false;
    }

    private void unreached(String checked, InetSocketAddress first, String who, IOException why) {
        var host = Shell.word(first.getHostString());
        if (why instanceof SocketTimeoutException) {
            findings.add(
                    checked,
                    Fault.CONNECTION_TIMED_OUT,
                    "No response from " + who + " within " + CertificateCheck.seconds(patience)
                            + ": a firewall drops the packets, or the host does not exist.",
                    "nc -vz -w 5 " + host + " " + first.getPort() + " # open this port in the firewalls of both sites");
        } else {
            findings.add(
                    checked,
                    Fault.NO_WAY_TO_NEIGHBOUR,
                    who + " is unreachable from here (" + said(why) + ").",
                    "ip route get " + host + " # correct the address in the roster, or the network here");
        }
    }

    private void notLetThrough(String checked, InetSocketAddress proxy, URI address, IOException why) {
        var through = proxy.getHostString() + ":" + proxy.getPort();
        findings.add(
                checked,
                Fault.NO_WAY_TO_NEIGHBOUR,
                "The proxy " + through + " (https.proxyHost) refuses the connection (" + said(why) + ").",
                "curl -v -x http://" + through + " " + Shell.word(address.toString())
                        + " # allow CONNECT to this port in the proxy, or exclude the host (http.nonProxyHosts)");
    }

    private static String said(IOException why) {
        return "the system says: " + PlainText.of(String.valueOf(why.getMessage()));
    }

    private void broken(String checked, MemberName neighbour, TrustDecisionRecorder verdict, IOException failure) {
        var refusal = verdict.refusal();
        var otherHost = verdict.otherHost(failure);
        if (refusal.isPresent()) {
            theirs(
                    checked,
                    neighbour,
                    TrustDecisionRecorder.fault(refusal.get()),
                    refusal.get().why());
            return;
        }
        if (otherHost.isPresent()) {
            theirs(
                    checked,
                    neighbour,
                    Fault.NEIGHBOUR_HAS_ANOTHER_HOST,
                    "Its certificate is not for the host in the roster: " + otherHost.get());
            return;
        }
        var alert = alert(failure);
        if (alert.isPresent() && isAboutCertificates(alert.get())) {
            ownRefused(checked, neighbour, "It refuses this member's certificate (TLS alert " + alert.get() + ").");
        } else if (failure instanceof HttpTimeoutException) {
            failed(checked, neighbour, "It accepts connections but does not complete a response.");
        } else if (failure instanceof AnswerTooLargeException) {
            failed(checked, neighbour, "Its response is too large.");
        } else if (verdict.isAccepted()) {
            ownRefused(
                    checked,
                    neighbour,
                    "It closes the connection after its certificate was accepted, so it probably refuses this"
                            + " member's certificate.");
        } else {
            findings.add(
                    checked,
                    Fault.TLS_FAILED,
                    "The TLS 1.3 handshake failed ("
                            + alert.map(text -> "alert " + text).orElseGet(() -> reason(failure)) + ").",
                    "openssl s_client -tls1_3 -connect " + checked.substring(checked.lastIndexOf(' ') + 1));
        }
    }

    private void theirs(String checked, MemberName neighbour, Fault fault, String why) {
        findings.add(checked, fault, why, neighbourFix(fault, neighbour));
    }

    private void failed(String checked, MemberName neighbour, String cause) {
        findings.add(checked, Fault.NEIGHBOUR_FAILED, cause, "shareferry doctor # at " + neighbour);
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

    /// @return the message of the first cause, such as "Connection reset"
    private static String reason(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "Java reports: " + PlainText.of(String.valueOf(cause.getMessage()));
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

    private String neighbourFix(Fault fault, MemberName neighbour) {
        var trust = Shell.word(site.tls().trust());
        return switch (fault) {
            case NEIGHBOUR_CERTIFICATE_NOT_TRUSTED ->
                "shareferry trust --out " + trust + " " + trust + " " + neighbour + ".crt # with the tls.crt that "
                        + neighbour + " uses now, fingerprint compared by phone";
            case NEIGHBOUR_CERTIFICATE_NOT_YET_VALID -> "timedatectl status # here and at " + neighbour;
            case NEIGHBOUR_HAS_ANOTHER_NAME ->
                "shareferry roster show --roster " + Shell.word(site.roster()) + " # is the address that of "
                        + neighbour + "?";
            default -> "shareferry doctor # at " + neighbour + ": it prints the commands to create its tls.crt again";
        };
    }

    private Optional<HttpResponse<Bytes>> judged(String checked, MemberName neighbour, HttpResponse<Bytes> answer) {
        skew(checked, answer);
        var body = text(answer);
        var refusal = REFUSALS.stream()
                .filter(type -> body.contains("/problem-types#" + type + "\""))
                .findFirst();
        if (answer.statusCode() >= 400 && refusal.isPresent()) {
            refused(checked, neighbour, refusal.get());
            return Optional.empty();
        }
        findings.fine(checked, "reachable; both trust each other's certificates");
        return Optional.of(answer);
    }

    private void refused(String checked, MemberName neighbour, String problem) {
        var cause = "It refuses this member's certificate (" + problem.replace('-', ' ') + ").";
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

    private void skew(String checked, HttpResponse<Bytes> answer) {
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
                        + " this one.",
                "timedatectl set-ntp true # on the machine whose clock is wrong");
    }

    private static Optional<ZonedDateTime> parse(String date) {
        try {
            return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
