// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import static org.shareferry.doctor.Severity.FAULT;
import static org.shareferry.doctor.Severity.WARNING;

import java.util.Locale;
import org.shareferry.pem.PemFault;

/// Everything that can be wrong. docs/doctor.md is made from this list.
public enum Fault {
    SETTINGS_UNUSABLE(
            FAULT,
            "The member's application.yml is not YAML, or a setting that the service needs is missing or has the wrong form.",
            "Correct the setting it names; `shareferry init` writes complete ones."),
    MISSING_FILE(
            FAULT,
            "A file is not where the service, its settings, or MP-SPDZ look for it.",
            "Make the file, or correct the path."),
    UNREADABLE_FILE(FAULT, "A file is there, but this user may not read it.", "`chown` or `chmod` as told."),
    NO_CERTIFICATE(
            FAULT, "A file holds no certificate in PEM, or a damaged one.", "Make or copy the certificate again."),
    NO_KEY(
            FAULT,
            "A file holds no private key in PEM, or a damaged one.",
            "Put the right file there, or make key and certificate again."),
    ENCRYPTED_KEY(
            FAULT,
            "A private key is encrypted, in the form of PKCS #8 or in the older one, and a service cannot ask for a"
                    + " passphrase.",
            "`openssl pkey`, which asks for the passphrase, or make key and certificate again."),
    UNSUPPORTED_KEY(
            FAULT,
            "A private key or a certificate is of a kind, or on a curve, that TLS on the Java platform does not support,"
                    + " such as secp256k1.",
            "Make both again with EC on P-256, P-384 or P-521, RSA, Ed25519 or Ed448."),
    EXPIRED_CERTIFICATE(
            FAULT,
            "A certificate has ended. With C0's, the party dies at its server-side handshake and a Java client sees"
                    + " \"Connection reset\"; with P0's, nobody says anything.",
            "Make a new one and bring it to everybody who has a copy."),
    NOT_YET_VALID_CERTIFICATE(
            FAULT,
            "A certificate begins later than now: it was made where the clock is ahead, or the clock here is behind.",
            "Set the clock, or wait, or make the certificate again."),
    CERTIFICATE_ENDS_SOON(
            WARNING,
            "A certificate ends within days. MP-SPDZ's scripts make certificates for 30 days.",
            "Make a new one before it ends, and bring it to everybody who has a copy."),
    WRONG_COMMON_NAME(
            FAULT,
            "A certificate is another's: it has no DNS names, and its common name is not the member's name. MP-SPDZ then"
                    + " refuses C0, and takes P0 for P0 without a word.",
            "Put the right file there, or make it again with the right name."),
    WRONG_ALTERNATIVE_NAME(
            FAULT,
            "A certificate has DNS names (SAN), and they lack the member's name. They override the common name: MP-SPDZ"
                    + " refuses such a C0 even with the right one.",
            "Make it again without DNS names, or with the member's name among them."),
    KEY_OF_ANOTHER_CERTIFICATE(
            FAULT,
            "Private key and certificate do not belong together (OpenSSL: \"key values mismatch\").",
            "Put the pair back together, or make both again."),
    KEY_OPEN_TO_OTHERS(
            FAULT,
            "Others on this machine can read a private key, which must then be taken for lost.",
            "`chmod 600`, and make a new key if anyone else uses the machine."),
    OTHER_CERTIFICATE(
            FAULT,
            "Two places have different certificates under one name. With another C0.pem, the party dies at its"
                    + " server-side handshake; with another P0.pem it reads \"alert unknown ca\".",
            "Copy the file from the member whose key it belongs to, and rehash."),
    MISSING_HASH_LINK(
            FAULT,
            "OpenSSL finds a certificate by a link named after its subject's hash, and there is none.",
            "`openssl rehash FOLDER` (c_rehash does the same)."),
    STALE_HASH_LINK(
            FAULT,
            "Behind the link under which OpenSSL looks for a certificate is another certificate, or nothing.",
            "Remove the link and run `openssl rehash FOLDER`."),
    LINKS_ARE_ELSEWHERE(
            WARNING,
            "A folder has certificates but neither links nor the VM's key, so it is a copy: the VM uses another folder.",
            "Run the doctor on the VM's own folder too."),
    PORT_OPEN_TO_OTHERS(
            WARNING,
            "The VM's port for clients listens on more than loopback, as MP-SPDZ always does. It asks for no client"
                    + " certificate: whoever reaches it can pick up shares. A firewall cannot be seen from here.",
            "Close the port in the firewall for all but loopback."),
    VM_ON_ANOTHER_HOST(
            WARNING,
            "The service fetches shares from a VM on another host, so the VM's port is open to that network.",
            "Run the party-service beside its VM, or tunnel the port."),
    NO_CANARY(
            FAULT,
            "The service is to deliver under the name of a protocol with an honest majority, and no canary run of it is"
                    + " recorded. VMs of a passive protocol look the same, so the service refuses the VM with error 1021.",
            "`shareferry canary` on a machine with the MP-SPDZ that the VMs run."),
    CANARY_OF_ANOTHER_PROGRAM(
            WARNING,
            "The VM's program is not the one that the recorded canary run was made with: MP-SPDZ was built again.",
            "`shareferry canary` again."),
    CANARY_UNUSABLE(
            WARNING,
            "A record of a canary run cannot be read, so it counts for nothing.",
            "`shareferry canary` again."),
    CHAIN_BROKEN(
            WARNING,
            "tls.crt holds certificates of authorities, but between them and the member's own one is missing. Neighbours"
                    + " that pinned the member's own certificate do not need it; those that trust an authority do.",
            "Append the certificate of the authority that is named."),
    HOST_NOT_IN_CERTIFICATE(
            FAULT,
            "The roster says where neighbours reach this member, and its certificate is not for that host.",
            "Make the certificate again with `--host`, or correct the roster everywhere."),
    NEIGHBOUR_NOT_IN_TRUST(
            FAULT,
            "trust.pem has no certificate of a neighbour and no authority is named for it, so this member refuses it.",
            "`shareferry trust` with the neighbour's tls.crt."),
    WEAK_CERTIFICATE(
            FAULT,
            "A certificate, or an authority's on its way, has an RSA key of fewer than 2048 bits, or an authority signed"
                    + " it with SHA-1. Every member refuses it.",
            "Make key and certificate again, such as with `shareferry certificates`."),
    WEAK_SIGNATURE(
            WARNING,
            "A certificate in tls.crt was signed by an authority with SHA-1 or older. Only neighbours that pinned the"
                    + " member's own certificate accept it.",
            "Have the authority sign it again with SHA-256."),
    WRITABLE_BY_OTHERS(
            WARNING,
            "Others on this machine can change trust.pem, authorities.json or the roster, and so decide whom this member"
                    + " believes.",
            "`chmod go-w` the file, or its folder if it is replaced through that."),
    TRUST_UNUSABLE(
            FAULT,
            "authorities.json, or trust.pem beside it, cannot be used. A service does not start with it; one that runs goes on"
                    + " for a minute with whom it trusted before, and then only with those of them that can still be read.",
            "`shareferry trust` makes both again."),
    PIN_IS_AUTHORITY(
            WARNING,
            "trust.pem pins a certificate that says of itself that it is an authority (CA:TRUE), as `openssl req -x509`"
                    + " makes them. As a pin it issues nothing.",
            "The holder makes a certificate without CA:TRUE; an authority is named with `shareferry trust"
                    + " --authority`."),
    AUTHORITY_FOR_NOBODY(
            WARNING,
            "authorities.json names an authority for nobody who is in the roster.",
            "`shareferry trust --authority` with the members that it may issue for, or leave it out."),
    PIN_OF_NOBODY(
            WARNING,
            "trust.pem pins a certificate whose name is neither in the roster nor that of a user or monitor.",
            "Leave it out of trust.pem, or list its name where it belongs."),
    ROSTER_UNUSABLE(FAULT, "The roster does not parse.", "Copy it again from a member where it is right."),
    NOT_IN_ROSTER(FAULT, "The roster has no member of this name.", "`shareferry roster add`, at every member."),
    ROSTER_INCOMPLETE(
            FAULT,
            "The roster lacks somebody who is needed: two parties, a relay with an address, a client.",
            "`shareferry roster add`, at every member."),
    OTHER_IDENTITY_KEY(
            FAULT,
            "The roster pins another identity key for this member, so everybody refuses what it signs.",
            "Put the right key file back, or have the roster changed everywhere."),
    NAME_NOT_RESOLVED(FAULT, "A neighbour's host name has no address here.", "Correct the roster or the name service."),
    CONNECTION_REFUSED(
            FAULT,
            "Nothing listens at a neighbour's address, or a firewall says no.",
            "Start the service, or open the port."),
    CONNECTION_TIMED_OUT(
            FAULT,
            "No answer comes from a neighbour's address: a firewall drops the packets, or there is no such host.",
            "Open the way to that port."),
    NO_WAY_TO_NEIGHBOUR(
            FAULT,
            "This machine has no way to a neighbour's address: no route, a network that is down, a host that is off.",
            "Correct the address in the roster, or the network here."),
    NEIGHBOUR_CERTIFICATE_EXPIRED(
            FAULT, "A neighbour shows a certificate that has ended.", "The neighbour makes a new one."),
    NEIGHBOUR_CERTIFICATE_NOT_YET_VALID(
            FAULT, "A neighbour shows a certificate that begins later than now.", "Compare the clocks."),
    NEIGHBOUR_AUTHORITY_EXPIRED(
            FAULT,
            "Behind its own certificate a neighbour shows that of an authority, which has ended.",
            "The neighbour puts the authority's new certificate into its tls.crt."),
    NEIGHBOUR_HAS_ANOTHER_NAME(
            FAULT,
            "At a neighbour's address another member answers.",
            "Correct the address in the roster, or the neighbour's certificate."),
    NEIGHBOUR_HAS_ANOTHER_HOST(
            FAULT,
            "A neighbour's certificate is not for the host that the roster names.",
            "The neighbour makes its certificate again with `--host`, or the roster is corrected."),
    NEIGHBOUR_CERTIFICATE_NOT_TRUSTED(
            FAULT,
            "A neighbour shows a certificate that trust.pem does not vouch for.",
            "`shareferry trust` with the neighbour's tls.crt, compared by fingerprint."),
    OWN_CERTIFICATE_REFUSED(
            FAULT,
            "A neighbour refuses this member's certificate.",
            "The neighbour adds tls.crt of this member to its trust.pem and this member to its roster."),
    TLS_FAILED(FAULT, "TLS fails for another reason, such as a server without TLS 1.3.", "Look at what listens there."),
    NEIGHBOUR_FAILED(
            WARNING, "A neighbour answers, but not with what was asked for.", "Look into the log of the neighbour."),
    CLOCKS_DIFFER(
            FAULT,
            "A neighbour's clock and this one differ by more than shareferry.clock-tolerance: envelopes are refused.",
            "Let both follow a time server."),
    CLOCKS_DRIFT(
            WARNING, "A neighbour's clock and this one differ by a minute or more.", "Let both follow a time server."),
    OWN_SERVICE_SILENT(
            WARNING,
            "The member's own service does not answer at the address in the roster.",
            "Start it, and see its log."),
    OWN_SERVICE_FAILED(
            WARNING, "The member's own service answers that it failed (status 500 or more).", "See its log."),
    NO_ANNOUNCEMENT(
            WARNING,
            "The relay has no key announcement of a client, so nothing can be sealed to it.",
            "Start the client-service; the relay fetches the announcement by itself."),
    ANNOUNCEMENT_NOT_SIGNED(
            FAULT,
            "A key announcement is not signed with a key that the roster pins for the client. Nobody seals to it.",
            "Compare the rosters; if they are equal, somebody tries to plant a key."),
    KEYS_NOT_YET_VALID(FAULT, "All of a client's announced keys begin later than now.", "Compare the clocks."),
    KEYS_ENDED(
            FAULT, "All of a client's announced keys have ended.", "Start the client-service, which makes new ones."),
    KEYS_END_SOON(
            WARNING,
            "A client's last announced key ends within days.",
            "Start the client-service, which makes new ones."),
    DATABASE_NOT_WRITABLE(
            FAULT, "The service cannot write its database.", "Give the service's user the folder and the files in it."),
    DATABASE_OPEN_TO_OTHERS(
            FAULT,
            "Others on this machine can read the service's database: at a client, values and check seeds in clear.",
            "`chmod 600`; the service does so itself when it starts, if the file is its own."),
    DATABASE_DAMAGED(
            FAULT, "The database's file is not one of SQLite.", "Restore it from a backup, or correct the path."),
    DISK_FULL(FAULT, "The disk of the database has hardly any room.", "Make room."),
    DISK_FILLS(WARNING, "The disk of the database has little room.", "Make room.");

    private final Severity severity;
    private final String meaning;
    private final String mend;

    Fault(Severity severity, String meaning, String mend) {
        this.severity = severity;
        this.meaning = meaning;
        this.mend = mend;
    }

    static Fault of(PemFault fault) {
        return switch (fault) {
            case MISSING -> MISSING_FILE;
            case UNREADABLE -> UNREADABLE_FILE;
            case NO_CERTIFICATE -> NO_CERTIFICATE;
            case NO_KEY -> NO_KEY;
            case ENCRYPTED -> ENCRYPTED_KEY;
            case UNSUPPORTED -> UNSUPPORTED_KEY;
            case WRONG_PAIR -> KEY_OF_ANOTHER_CERTIFICATE;
        };
    }

    /// @return its name for machines and documents, such as `expired-certificate`
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @return how bad it is
    public Severity severity() {
        return severity;
    }

    /// @return what it means, in general
    public String meaning() {
        return meaning;
    }

    /// @return what mends it, in general
    public String mend() {
        return mend;
    }
}
