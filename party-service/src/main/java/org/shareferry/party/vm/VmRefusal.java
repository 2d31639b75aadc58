// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

/// Why the VM must stop its program. The numbers are words of the dialog; the module `shareferry.py` prints a
/// sentence for each. They are larger than any first word of a regular message.
enum VmRefusal {
    MAGIC(1001, "the program does not use this dialog"),
    VERSION(1002, "the dialog has a different version; update shareferry.py or this service, whichever is older"),
    PARTIES(1003, "the party's number or the number of parties differs from this service's settings"),
    DOMAIN(1004, "shares of this domain cannot be delivered"),
    SEQUENCE(1005, "the delivery's sequence number is not the next one"),
    RECIPIENT(1006, "the recipient is not a client in the roster"),
    KEY(1007, "no valid key of the recipient is known"),
    SCHEME(1008, "the scheme is unknown"),
    SIZE(1009, "count, values per chunk or precision is out of range"),
    LENGTH(1010, "a message has the wrong length"),
    MAC_SHARES(1011, "a message is twice as long as it should be: MAC shares must not leave the VM"),
    DUPLICATE(1012, "a delivery with this id was handed over before"),
    STORE(1013, "database error in the party-service"),
    COIN(1015, "a party's coin share does not match its commitment"),
    STOPPING(1016, "this service is stopping, or waited too long"),
    INPUT_REFUSED(1017, "the client refused to give inputs, or rejected the random values that mask them"),
    INPUT_LATE(1018, "the client's inputs did not arrive in time (shareferry.party.vm.input-timeout)"),
    INPUT_DIFFERS(
            1019, "parties have different answers, or the client's answer does not match the request: a member cheats"),
    INPUT_NOT_ASKED(1020, "inputs are taken that were not asked for or were already taken"),
    PROTOCOL(1021, "the VM runs a different protocol than this service is configured for"),
    INTERNAL(1099, "unexpected error in the party-service");

    private final int number;
    private final String sentence;

    VmRefusal(int number, String sentence) {
        this.number = number;
        this.sentence = sentence;
    }

    /// @return the word sent to the VM
    int number() {
        return number;
    }

    /// @return a text for the log
    String sentence() {
        return sentence;
    }
}
