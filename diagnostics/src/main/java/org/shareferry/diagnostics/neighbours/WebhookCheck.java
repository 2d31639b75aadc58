// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.neighbours;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.diagnostics.storage.FileAccess;
import org.shareferry.site.MemberSite;
import org.shareferry.site.Shell;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.webhook.WebhookAddress;
import org.shareferry.site.webhook.WebhookSecret;
import org.shareferry.site.webhook.WebhookSecretException;

/// Checks the settings of a client's webhook, without sending anything.
public final class WebhookCheck {
    private static final String PREFIX = "shareferry.client.webhook.";

    private final MemberSite.Webhook webhook;
    private final Findings findings = new Findings(Area.WEBHOOK);

    public WebhookCheck(MemberSite.Webhook webhook) {
        this.webhook = webhook;
    }

    /// @param reason why the last attempt failed, as a sentence
    /// @return the finding of a running service whose receiver does not acknowledge
    public static Finding failing(String reason) {
        return Finding.of(
                Area.WEBHOOK,
                "receiver",
                Fault.WEBHOOK_NOT_ACKNOWLEDGED,
                "The receiver does not acknowledge. " + reason + " It is tried again.",
                "curl -v \"$URL\" # see docs/webhook.md; $URL is " + PREFIX + "url");
    }

    List<Finding> examine() {
        WebhookAddress.objection(webhook.url())
                .ifPresentOrElse(
                        why -> findings.add(
                                PREFIX + "url",
                                Fault.WEBHOOK_UNUSABLE,
                                "The URL " + why + ", so nothing is sent.",
                                "\"${EDITOR:-vi}\" application.yml # correct " + PREFIX + "url"),
                        () -> findings.fine(PREFIX + "url", "can be used"));
        secret();
        webhook.trust().ifPresent(this::trust);
        return findings.list();
    }

    private void secret() {
        if (webhook.secretFile().isEmpty()) {
            findings.add(
                    PREFIX + "secret-file",
                    Fault.WEBHOOK_UNUSABLE,
                    "It is not set, so nothing is sent.",
                    "\"${EDITOR:-vi}\" application.yml # set " + PREFIX + "secret-file");
            return;
        }
        var file = webhook.secretFile().get();
        var exposure = FileAccess.exposure(file);
        if (exposure.isPresent()) {
            findings.add(
                    file.toString(),
                    Fault.KEY_OPEN_TO_OTHERS,
                    "The webhook's secret is accessible to " + exposure.get() + ", so nothing is sent.",
                    "chmod 600 " + Shell.word(file));
            return;
        }
        try (var secret = WebhookSecret.read(file)) {
            findings.fine(file.toString(), "is the webhook's secret");
        } catch (WebhookSecretException e) {
            findings.add(
                    file.toString(),
                    Fault.WEBHOOK_UNUSABLE,
                    "The webhook's secret cannot be used, so nothing is sent. " + e.sentence(),
                    renew(file));
        }
    }

    private static String renew(Path file) {
        var aside = Files.exists(file) ? "mv " + Shell.word(file) + " " + Shell.word(file + ".old") + " && " : "";
        return aside + "(umask 077 && echo \"whsec_$(openssl rand -base64 32)\" >" + Shell.word(file)
                + ") # and give the receiver a copy";
    }

    private void trust(Path file) {
        switch (CertificateFile.read(file)) {
            case CertificateFile.Certificates read ->
                findings.fine(file.toString(), "has certificates that the webhook trusts");
            case CertificateFile.Unusable unusable ->
                findings.add(
                        file.toString(),
                        Fault.of(unusable.fault()),
                        "The webhook trusts nobody, so nothing is sent. " + unusable.why(),
                        "cp RECEIVER.crt " + Shell.word(file) + " # from the receiver, or remove " + PREFIX + "trust");
        }
    }

    /// @return what is checked, if the site has a webhook
    public static List<Finding> examine(Optional<MemberSite.Webhook> webhook) {
        return webhook.map(found -> new WebhookCheck(found).examine()).orElse(List.of());
    }
}
