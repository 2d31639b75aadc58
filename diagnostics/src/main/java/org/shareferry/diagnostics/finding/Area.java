// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.finding;

/// The subject of a finding.
public enum Area {
    SETTINGS("settings"),
    MPSPDZ_FOLDER("MP-SPDZ folder"),
    VM_PORT("VM port"),
    PROTOCOL("protocol"),
    CERTIFICATES("certificates"),
    ROSTER("roster"),
    NEIGHBOURS("neighbours"),
    KEYS("clients' keys"),
    WEBHOOK("webhook"),
    STORAGE("storage");

    private final String text;

    Area(String text) {
        this.text = text;
    }

    /// @return a text for people
    public String text() {
        return text;
    }
}
