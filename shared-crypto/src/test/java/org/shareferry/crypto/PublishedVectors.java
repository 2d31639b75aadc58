// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;

/// Vectors too long to stand in a test: one file for each source, which its first lines name.
final class PublishedVectors {
    private final Properties values = new Properties();

    private PublishedVectors() {}

    static PublishedVectors of(String name) throws IOException {
        var vectors = new PublishedVectors();
        var stream = PublishedVectors.class.getResourceAsStream("/vectors/" + name + ".properties");
        try (var reader = new InputStreamReader(Objects.requireNonNull(stream, name), StandardCharsets.UTF_8)) {
            vectors.values.load(reader);
        }
        return vectors;
    }

    Bytes bytes(String key) {
        return Bytes.fromHex(Objects.requireNonNull(values.getProperty(key), key));
    }

    SecretBytes secret(String key) {
        return SecretBytes.copyOf(bytes(key).toArray());
    }
}
