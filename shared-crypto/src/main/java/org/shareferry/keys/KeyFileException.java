// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

/// A key file is unusable. The message says what is wrong, where, and what to do, and never contains the file's
/// content.
public final class KeyFileException extends Exception {
    private static final long serialVersionUID = 1L;

    KeyFileException(String what) {
        super(what);
    }

    KeyFileException(String what, Throwable cause) {
        super(what, cause);
    }
}
