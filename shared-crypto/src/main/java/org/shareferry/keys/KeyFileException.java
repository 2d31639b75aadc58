// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

/// A key file that cannot be used. Its text is written by this project: what is wrong, where, and what to do;
/// it names the file and never its content.
public final class KeyFileException extends Exception {
    private static final long serialVersionUID = 1L;

    KeyFileException(String what) {
        super(what);
    }

    KeyFileException(String what, Throwable cause) {
        super(what, cause);
    }
}
