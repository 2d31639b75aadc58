// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

/// Why the VM is told to stop its program. The numbers are words of the dialog; the module `shareferry.py`
/// turns each into a sentence. They begin above every word that an honest message can have in first place.
enum VmRefusal {
    MAGIC(1001, "the program does not speak this dialog"),
    VERSION(1002, "the dialog has another version; update shareferry.py or this service, whichever is older"),
    PARTIES(1003, "the party's number or the number of parties is not what this service is configured for"),
    DOMAIN(1004, "shares of this domain cannot be delivered"),
    SEQUENCE(1005, "the delivery's sequence number is not the next one"),
    RECIPIENT(1006, "the recipient is not a client in the roster"),
    KEY(1007, "no valid key of the recipient is known"),
    SCHEME(1008, "the scheme is not known"),
    SIZE(1009, "count, values per chunk or precision is out of range"),
    LENGTH(1010, "a message has another length than its place in the dialog"),
    MAC_SHARES(1011, "a message is twice as long as it should be: MAC shares must not leave the VM"),
    DUPLICATE(1012, "a delivery of this id was handed over before"),
    STORE(1013, "the database did not take it"),
    COIN(1015, "a party's coin share does not match its commitment"),
    STOPPING(1016, "this service is stopping, or waited too long"),
    INPUT_REFUSED(1017, "the client refused to give inputs, or rejected the random values that would hide them"),
    INPUT_LATE(1018, "the client's inputs did not come in time (shareferry.party.vm.input-timeout)"),
    INPUT_DIFFERS(
            1019,
            "parties hold different answers, or the client's answer is not one to what was asked: someone cheats"),
    INPUT_NOT_ASKED(1020, "inputs are taken that were not asked for, or were taken before"),
    PROTOCOL(1021, "the VM runs another protocol than this service is configured for"),
    INTERNAL(1099, "this service failed");

    private final int number;
    private final String sentence;

    VmRefusal(int number, String sentence) {
        this.number = number;
        this.sentence = sentence;
    }

    /// @return the word that the VM is told
    int number() {
        return number;
    }

    /// @return for our log
    String sentence() {
        return sentence;
    }
}
