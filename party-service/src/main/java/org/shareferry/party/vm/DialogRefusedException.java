// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

/// Ends a dialog: the VM gets the refusal and stops its program.
final class DialogRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final VmRefusal why;

    DialogRefusedException(VmRefusal why) {
        this(why, why.sentence());
    }

    /// @param detail for the log; lengths and names, never an element
    DialogRefusedException(VmRefusal why, String detail) {
        super(detail);
        this.why = why;
    }

    VmRefusal why() {
        return why;
    }
}
