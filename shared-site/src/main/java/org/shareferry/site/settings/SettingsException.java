// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

/// A setting is missing or malformed. The message contains the setting, where it is set, and what to do, but never
/// the value.
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    SettingsException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    SettingsException(String sentence, Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
    }

    /// @return what is wrong, for people
    public String sentence() {
        return sentence;
    }
}
