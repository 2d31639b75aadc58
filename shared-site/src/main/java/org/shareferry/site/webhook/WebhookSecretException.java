// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.webhook;

/// The file with a webhook's secret cannot be used. The message never contains the file's content.
public final class WebhookSecretException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    WebhookSecretException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    /// @return what is wrong, without the name of the file
    public String sentence() {
        return sentence;
    }
}
