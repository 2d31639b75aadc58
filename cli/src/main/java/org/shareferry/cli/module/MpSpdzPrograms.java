// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.module;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The sources for MP-SPDZ that this program hands out.
public final class MpSpdzPrograms {
    /// What programs import.
    public static final String MODULE = "shareferry.py";

    /// A program that shows whether VMs notice a party that cheats.
    public static final String CANARY = "shareferry_canary.mpc";

    private MpSpdzPrograms() {}

    /// @param name one of the above
    /// @return its source
    public static String read(String name) {
        try (var in = MpSpdzPrograms.class.getResourceAsStream("/mpspdz/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the program's own archive");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
