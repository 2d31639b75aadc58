// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.diagnostics.TestSite.C0;
import static org.shareferry.diagnostics.TestSite.fine;
import static org.shareferry.diagnostics.TestSite.only;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.diagnostics.neighbours.WebhookCheck;
import org.shareferry.site.MemberSite;

/// The webhook of a client.
class WebhookCheckTest {
    private static final String URL = "https://app.example/hook";

    @TempDir
    Path folder;

    private TestSite site;
    private Path secret;

    @BeforeEach
    void makeSite() throws Exception {
        site = new TestSite(folder, C0, 9);
        secret = Files.writeString(
                folder.resolve("webhook.secret"), "whsec_" + Base64.getEncoder().encodeToString(new byte[32]) + "\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }

    private List<Finding> examine(String url, Optional<Path> secretFile, Optional<Path> trust) {
        return WebhookCheck.examine(Optional.of(new MemberSite.Webhook(url, secretFile, trust)));
    }

    @Test
    void a_sound_webhook_has_no_fault_and_is_part_of_the_checkup() {
        var webhook = new MemberSite.Webhook(URL, Optional.of(secret), Optional.of(folder.resolve("tls.crt")));

        var findings = new Checkup(site.site(webhook), Clock.systemUTC()).files();

        fine(findings);
        assertThat(findings).extracting(Finding::area).contains(Area.WEBHOOK);
    }

    @Test
    void an_unusable_url_is_a_fault() {
        var finding =
                only(examine("http://app.example/", Optional.of(secret), Optional.empty()), Fault.WEBHOOK_UNUSABLE);

        assertThat(finding.cause()).contains("does not begin with https://").doesNotContain("app.example");
    }

    @Test
    void a_missing_or_short_secret_is_a_fault_and_its_remedy_makes_one() throws Exception {
        only(examine(URL, Optional.empty(), Optional.empty()), Fault.WEBHOOK_UNUSABLE);
        var missing = only(examine(URL, Optional.of(folder.resolve("none")), Optional.empty()), Fault.WEBHOOK_UNUSABLE);
        Files.writeString(secret, "whsec_c2hvcnQ=");
        only(examine(URL, Optional.of(secret), Optional.empty()), Fault.WEBHOOK_UNUSABLE);

        assertThat(missing.fix().orElseThrow()).contains("openssl rand -base64 32", folder + "/none");
    }

    @Test
    void a_secret_that_others_can_read_is_a_fault() throws Exception {
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-rw-rw-"));

        only(examine(URL, Optional.of(secret), Optional.empty()), Fault.KEY_OPEN_TO_OTHERS);
    }

    @Test
    void a_missing_trust_file_is_a_fault() {
        only(examine(URL, Optional.of(secret), Optional.of(folder.resolve("none"))), Fault.MISSING_FILE);
    }

    @Test
    void a_receiver_that_does_not_acknowledge_is_a_warning() {
        var findings = List.of(WebhookCheck.failing("It answered with status 500."));

        assertThat(only(findings, Fault.WEBHOOK_NOT_ACKNOWLEDGED).severity()).isEqualTo(Severity.WARNING);
    }
}
