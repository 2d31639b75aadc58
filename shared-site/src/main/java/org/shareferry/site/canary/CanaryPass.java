// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.canary;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.mpspdz.Specification;

/// The record of a passed canary run: all VMs noticed that the parties computed with different values.
///
/// @param protocol its MP-SPDZ name
/// @param kind of the VMs
/// @param binary the VMs' executable
/// @param binaryDigest SHA-256 of the executable
/// @param options of every VM's command line
/// @param tested the time of the run
public record CanaryPass(
        String protocol, VmKind kind, Path binary, Bytes binaryDigest, List<String> options, Instant tested) {
    private static final int BUFFER = 1 << 16;

    public CanaryPass {
        options = List.copyOf(options);
        if (binaryDigest.size() != Sha256.SIZE) {
            throw new IllegalArgumentException("A SHA-256 must have " + Sha256.SIZE + " bytes.");
        }
    }

    /// @param binary an executable that is readable
    /// @return its SHA-256
    public static Bytes digest(Path binary) {
        var hash = Sha256.begin();
        try (var in = Files.newInputStream(binary)) {
            var buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                hash.add(buffer, 0, read);
            }
            return hash.digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return the content of the file
    String text() {
        var properties = new Properties();
        properties.setProperty("protocol", protocol);
        properties.setProperty(
                "specification", Specification.encode(kind.domain()).toHex());
        properties.setProperty("parties", Integer.toString(kind.parties()));
        properties.setProperty("threshold", Long.toString(kind.threshold()));
        properties.setProperty("elements-in-share", Integer.toString(kind.elementsInShare()));
        properties.setProperty("binary", binary.toString());
        properties.setProperty("binary-sha256", binaryDigest.toHex());
        properties.setProperty("options", String.join("\n", options));
        properties.setProperty("tested", tested.toString());
        var text = new StringWriter();
        try {
            properties.store(text, "A passed canary run, written by shareferry canary");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /// @param text from [#text]
    /// @throws MalformedException when something is missing or malformed
    static CanaryPass parse(String text) throws MalformedException {
        var properties = new Properties();
        try {
            properties.load(new StringReader(text));
            var options = value(properties, "options");
            return new CanaryPass(
                    value(properties, "protocol"),
                    new VmKind(
                            Specification.parse(Bytes.fromHex(value(properties, "specification"))),
                            Integer.parseInt(value(properties, "parties")),
                            Long.parseLong(value(properties, "threshold")),
                            Integer.parseInt(value(properties, "elements-in-share"))),
                    Path.of(value(properties, "binary")),
                    Bytes.fromHex(value(properties, "binary-sha256")),
                    options.isEmpty() ? List.of() : List.of(options.split("\n", -1)),
                    Instant.parse(value(properties, "tested")));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new MalformedException("It is not a record of shareferry canary.");
        }
    }

    private static String value(Properties properties, String name) {
        var value = properties.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException(name);
        }
        return value;
    }
}
