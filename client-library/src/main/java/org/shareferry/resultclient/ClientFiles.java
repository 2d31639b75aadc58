// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where a client-service is, and the PEM files for asking it. The files are read when a client is opened,
/// and again when a connection fails and they have changed.
///
/// @param address such as https://localhost:8443
/// @param certificate of a user of this client
/// @param key of that certificate: PKCS #8, not encrypted
/// @param serviceCertificate the service's own; two while it changes. Those of authorities in the
///     file are skipped
public record ClientFiles(URI address, Path certificate, Path key, Path serviceCertificate) {
    public ClientFiles {
        if (!"https".equals(address.getScheme()) || address.getHost() == null) {
            throw new IllegalArgumentException("An address begins with https://, unlike " + address + ".");
        }
    }

    /// @param folder the client's own below what `shareferry init` or `demo --dir` made, such as `site/C0`
    /// @throws IOException when services.json beside the folder cannot be read or does not name the client
    public static ClientFiles ofFolder(Path folder) throws IOException {
        var home = folder.toAbsolutePath().normalize();
        var file = home.resolveSibling("services.json");
        var member = home.getFileName().toString();
        for (var service : JsonObject.parse(Files.readAllBytes(file)).objects("services")) {
            if (service.text("member").equals(member)) {
                return new ClientFiles(
                        URI.create(service.text("address")),
                        home.resolve("user.crt"),
                        home.resolve("user.key"),
                        home.resolve("tls.crt"));
            }
        }
        throw new IOException(file + " has no service of " + member + ".");
    }
}
