// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.file.BoundedFile;
import org.shareferry.keys.PrivateFile;

/// Signs what a webhook sends, as Standard Webhooks 1.0.0 describes
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): HMAC-SHA-256 over
/// `ID.TIMESTAMP.BODY`, in base64 after `v1,`.
public final class WebhookSecret implements AutoCloseable {
    /// The fewest bytes of a secret.
    public static final int FEWEST = 32;

    private static final int MOST = 64;
    private static final int LARGEST_FILE = 1_024;
    private static final int MOST_KEYS = 2;
    private static final String PREFIX = "whsec_";
    private static final String HMAC = "HmacSHA256";

    private final List<SecretBytes> keys;

    /// @param keys one, or two while one replaces the other; closed with this
    WebhookSecret(List<SecretBytes> keys) {
        this.keys = List.copyOf(keys);
    }

    /// Reads a file with a secret on each line: `whsec_` and 32 to 64 bytes in base64. With two, requests have a
    /// signature of each.
    ///
    /// @return the secret; the caller closes it
    /// @throws WebhookSecretException when the file is unreadable, readable by others, or contains anything else
    public static WebhookSecret read(Path file) throws WebhookSecretException {
        byte[] content;
        try {
            var exposure = PrivateFile.exposure(file);
            if (exposure.isPresent()) {
                throw new WebhookSecretException("It is accessible to " + exposure.get() + ".");
            }
            content = BoundedFile.read(file, LARGEST_FILE);
        } catch (IOException e) {
            throw new WebhookSecretException("It is missing, unreadable or too large.");
        }
        try {
            return parse(content);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static WebhookSecret parse(byte[] content) throws WebhookSecretException {
        var lines = new String(content, StandardCharsets.ISO_8859_1)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.isEmpty() || lines.size() > MOST_KEYS) {
            throw new WebhookSecretException("It must have one line, or two while a secret is replaced.");
        }
        var keys = new ArrayList<SecretBytes>();
        for (var line : lines) {
            keys.add(key(line));
        }
        return new WebhookSecret(keys);
    }

    private static SecretBytes key(String line) throws WebhookSecretException {
        if (!line.startsWith(PREFIX)) {
            throw new WebhookSecretException("A line must begin with " + PREFIX + ", followed by base64.");
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(line.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            throw new WebhookSecretException("What follows " + PREFIX + " must be base64.");
        }
        if (key.length < FEWEST || key.length > MOST) {
            throw new WebhookSecretException(
                    "A secret must have " + FEWEST + " to " + MOST + " bytes; this one has " + key.length + ".");
        }
        return SecretBytes.takeOver(key);
    }

    /// @param id of the message, the same in each attempt
    /// @param time of the attempt
    /// @param body exactly as it is sent
    /// @return the value of the header `webhook-signature`
    public String sign(String id, Instant time, Bytes body) {
        var head = (id + "." + time.getEpochSecond() + ".").getBytes(StandardCharsets.US_ASCII);
        return keys.stream().map(key -> "v1," + signature(key, head, body)).collect(Collectors.joining(" "));
    }

    private static String signature(SecretBytes key, byte[] head, Bytes body) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key.reveal(), HMAC));
            mac.update(head);
            return Base64.getEncoder().encodeToString(mac.doFinal(body.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA-256.", e);
        }
    }

    @Override
    public void close() {
        keys.forEach(SecretBytes::close);
    }
}
