// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the services are made of.
final class Sources {
    private Sources() {}

    /// @return the text of each source of a service
    static List<String> main() throws IOException {
        var texts = new ArrayList<String>();
        for (var module : List.of("shared-service", "party-service", "relay-service", "client-service")) {
            var folder = Checkout.clean().folder().resolve(Path.of(module, "src", "main", "java"));
            try (var files = Files.walk(folder)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    texts.add(Files.readString(file));
                }
            }
        }
        return texts;
    }
}
