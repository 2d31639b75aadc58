// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.finding;

import static org.shareferry.diagnostics.finding.Severity.FAULT;
import static org.shareferry.diagnostics.finding.Severity.WARNING;

import java.util.Locale;
import org.shareferry.site.pem.PemFault;

/// All faults that the doctor can find. The table in docs/doctor.md is generated from this list.
public enum Fault {
    SETTINGS_UNUSABLE(
            FAULT,
            "The member's application.yml is not valid YAML, or its service does not start with a setting: it is missing,"
                    + " wrong, contradicts another one, or is set by an old name.",
            "Correct the named setting; `shareferry init` writes complete files."),
    MISSING_FILE(
            FAULT,
            "A file is missing where the service, its settings, or MP-SPDZ expect it.",
            "Create the file, or correct the path."),
    UNREADABLE_FILE(FAULT, "A file exists, but this user may not read it.", "Run the printed `chown` or `chmod`."),
    NO_CERTIFICATE(
            FAULT, "A file contains no certificate in PEM, or a damaged one.", "Create or copy the certificate again."),
    NO_KEY(
            FAULT,
            "A file contains no private key in PEM, or a damaged one.",
            "Put the right file there, or create key and certificate again."),
    ENCRYPTED_KEY(
            FAULT,
            "A private key is encrypted, in PKCS #8 or the older format, and a service cannot ask for a passphrase.",
            "Decrypt it with `openssl pkey`, which asks for the passphrase, or create key and certificate again."),
    UNSUPPORTED_KEY(
            FAULT,
            "A private key or a certificate is of a kind, or on a curve, that TLS on the Java platform does not support,"
                    + " such as secp256k1.",
            "Create both again with EC on P-256, P-384 or P-521, RSA, Ed25519 or Ed448."),
    EXPIRED_CERTIFICATE(
            FAULT,
            "A certificate has expired. With C0's, the party aborts at its server-side handshake and a Java client"
                    + " sees \"Connection reset\"; with P0's, there is no error message.",
            "Create a new one, and replace all copies."),
    NOT_YET_VALID_CERTIFICATE(
            FAULT,
            "A certificate is not valid yet: it was created where the clock is ahead, or the clock here is behind.",
            "Correct the clock, wait, or create the certificate again."),
    CERTIFICATE_ENDS_SOON(
            WARNING,
            "A certificate expires within days. MP-SPDZ's scripts create certificates for 30 days.",
            "Create a new one before it expires, and replace all copies."),
    WRONG_COMMON_NAME(
            FAULT,
            "A certificate is for another name: it has no DNS names, and its common name is not the member's name."
                    + " MP-SPDZ then refuses C0, but accepts P0 without an error.",
            "Put the right file there, or create it again with the right name."),
    WRONG_ALTERNATIVE_NAME(
            FAULT,
            "A certificate has DNS names (SAN) without the member's name. They override the common name: MP-SPDZ"
                    + " refuses such a C0 even if its common name is right.",
            "Create it again without DNS names, or with the member's name among them."),
    KEY_OF_ANOTHER_CERTIFICATE(
            FAULT,
            "Private key and certificate do not match (OpenSSL: \"key values mismatch\").",
            "Restore the matching file, or create both again."),
    KEY_OPEN_TO_OTHERS(
            FAULT,
            "Other users of this machine can read a private key, so it may be compromised.",
            "`chmod 600`, and create a new key if anyone else uses the machine."),
    OTHER_CERTIFICATE(
            FAULT,
            "Two places have different certificates with the same name. With a different C0.pem, the party aborts"
                    + " at its server-side handshake; with a different P0.pem it gets \"alert unknown ca\".",
            "Copy the file from the member that has its key, and rehash."),
    MISSING_HASH_LINK(
            FAULT,
            "OpenSSL finds a certificate by a link named after its subject's hash, and this link is missing.",
            "`openssl rehash FOLDER` (c_rehash does the same)."),
    STALE_HASH_LINK(
            FAULT,
            "The link by which OpenSSL finds a certificate leads to another certificate, or to nothing.",
            "Remove the link and run `openssl rehash FOLDER`."),
    LINKS_ARE_ELSEWHERE(
            WARNING,
            "A folder has certificates but neither links nor the VM's key. It is a copy; the VM uses another folder.",
            "Run the doctor on the VM's own folder too."),
    VM_CERTIFICATE_MAY_SIGN_OTHERS(
            WARNING,
            "A certificate in the VM's folder whose key is elsewhere may sign others, as those of MP-SPDZ's setup-ssl.sh"
                    + " and setup-clients.sh may. Its owner can pose as any party towards this VM.",
            "That party runs `shareferry vm-certificates --renew` and sends its new certificate;"
                    + " `shareferry vm-certificates` installs it. Delete other files with such a certificate."),
    UNEXPECTED_VM_CERTIFICATE(
            WARNING,
            "VMs trust a certificate in the folder that is not the certificate of one party or client in its P<i>.pem"
                    + " or C<i>.pem: a further one in such a file, one with a second name, or one that only a hash link"
                    + " or a file named like one contains. Its owner can pose as whom it names.",
            "Install the file again with one certificate for one name, or delete it, and run `openssl rehash FOLDER`."),
    PORT_OPEN_TO_OTHERS(
            WARNING,
            "The VM's client port listens on more than loopback, as always with MP-SPDZ. It does not authenticate"
                    + " clients: anyone who can reach it can take shares. The doctor cannot see firewalls.",
            "Close the port in the firewall except for loopback."),
    VM_ON_ANOTHER_HOST(
            WARNING,
            "The service gets shares from a VM on another host, so the VM's port is open to the network.",
            "Run the party-service beside its VM, or tunnel the port."),
    NO_CANARY(
            FAULT,
            "The service is configured for a protocol with an honest majority, and there is no record of a canary"
                    + " run. VMs of passive protocols look the same, so the service refuses the VM with error 1021.",
            "Run `shareferry canary` on a machine with the MP-SPDZ of the VMs."),
    CANARY_OF_ANOTHER_PROGRAM(
            WARNING,
            "The VM's executable differs from that of the recorded canary run: MP-SPDZ was rebuilt.",
            "Run `shareferry canary` again."),
    CANARY_UNUSABLE(
            WARNING, "A record of a canary run cannot be read and is ignored.", "Run `shareferry canary` again."),
    CHAIN_BROKEN(
            WARNING,
            "tls.crt contains certificates of authorities, but one between them and the member's own certificate is"
                    + " missing. Neighbours that trust an authority need it; those that pinned the member's own"
                    + " certificate do not.",
            "Append the certificate of the named authority."),
    HOST_NOT_IN_CERTIFICATE(
            FAULT,
            "The member's certificate is not for the host in its roster address.",
            "Create the certificate again with `--host`, or correct the roster at every member."),
    NEIGHBOUR_NOT_IN_TRUST(
            FAULT,
            "trust.pem has no certificate of a neighbour, and no authority is named for it, so this member refuses it.",
            "`shareferry trust` with the neighbour's tls.crt."),
    WEAK_CERTIFICATE(
            FAULT,
            "A certificate in the chain has an RSA key with fewer than 2048 bits, or was signed with SHA-1 by an"
                    + " authority. Every member refuses it.",
            "Create key and certificate again, for example with `shareferry certificates`."),
    WEAK_SIGNATURE(
            WARNING,
            "An authority signed a certificate in tls.crt with SHA-1 or older. Only neighbours that pinned the"
                    + " member's own certificate accept it.",
            "Have the authority sign it again with SHA-256."),
    WRITABLE_BY_OTHERS(
            WARNING,
            "Other users of this machine can change trust.pem, authorities.json or the roster, and so decide whom"
                    + " this member trusts.",
            "`chmod go-w` the file, or its folder if that is writable by others."),
    TRUST_UNUSABLE(
            FAULT,
            "authorities.json or trust.pem is unusable. A service does not start with it. A running service keeps"
                    + " its previous trust for a minute, and then only those entries that can still be read.",
            "Create both again with `shareferry trust`."),
    PIN_IS_AUTHORITY(
            WARNING,
            "trust.pem pins a certificate of an authority (CA:TRUE), such as `openssl req -x509` creates. A pin"
                    + " cannot issue certificates.",
            "The holder should create a certificate without CA:TRUE. Use `shareferry trust --authority` for an"
                    + " authority."),
    AUTHORITY_FOR_NOBODY(
            WARNING,
            "authorities.json names an authority only for members that are not in the roster.",
            "`shareferry trust --authority` with the members that it may issue for, or remove it."),
    PIN_OF_NOBODY(
            WARNING,
            "trust.pem pins a certificate whose name is neither in the roster nor that of a user or monitor.",
            "Remove it from trust.pem, or add its name to the roster, shareferry.users or shareferry.monitors."),
    ROSTER_UNUSABLE(FAULT, "The roster is malformed.", "Copy it again from another member."),
    NOT_IN_ROSTER(FAULT, "The roster has no member of this name.", "`shareferry roster add`, at every member."),
    ROSTER_INCOMPLETE(
            FAULT,
            "The roster lacks a required member: two parties, a relay with an address, a client.",
            "`shareferry roster add`, at every member."),
    OTHER_IDENTITY_KEY(
            FAULT,
            "The roster pins a different identity key for this member, so all others refuse its signatures.",
            "Restore the right key file, or change the roster at every member."),
    NAME_NOT_RESOLVED(FAULT, "A neighbour's host name does not resolve.", "Correct the roster or the name service."),
    CONNECTION_REFUSED(
            FAULT,
            "Nothing listens at a neighbour's address, or a firewall refuses the connection.",
            "Start the service, or open the port."),
    CONNECTION_TIMED_OUT(
            FAULT,
            "A neighbour's address does not respond: a firewall drops the packets, or the host does not exist.",
            "Open that port in the firewalls."),
    NO_WAY_TO_NEIGHBOUR(
            FAULT,
            "A neighbour's address is unreachable: no route, the network is down, or the host is off.",
            "Correct the address in the roster, or the network here."),
    NEIGHBOUR_CERTIFICATE_EXPIRED(
            FAULT, "A neighbour's certificate has expired.", "The neighbour must create a new one."),
    NEIGHBOUR_CERTIFICATE_NOT_YET_VALID(FAULT, "A neighbour's certificate is not valid yet.", "Compare the clocks."),
    NEIGHBOUR_AUTHORITY_EXPIRED(
            FAULT,
            "The certificate of an authority in a neighbour's chain has expired.",
            "The neighbour must put the authority's new certificate into its tls.crt."),
    NEIGHBOUR_HAS_ANOTHER_NAME(
            FAULT,
            "Another member responds at a neighbour's address.",
            "Correct the address in the roster, or the neighbour's certificate."),
    NEIGHBOUR_HAS_ANOTHER_HOST(
            FAULT,
            "A neighbour's certificate is not for the host in the roster.",
            "The neighbour must create its certificate again with `--host`, or the roster must be corrected."),
    NEIGHBOUR_CERTIFICATE_NOT_TRUSTED(
            FAULT,
            "This member does not trust a neighbour's certificate.",
            "`shareferry trust` with the neighbour's tls.crt, compared by fingerprint."),
    OWN_CERTIFICATE_REFUSED(
            FAULT,
            "A neighbour refuses this member's certificate.",
            "The neighbour must add this member's tls.crt to its trust.pem, and this member to its roster."),
    TLS_FAILED(
            FAULT,
            "The TLS handshake fails for another reason, such as a server without TLS 1.3.",
            "Check which program listens there."),
    NEIGHBOUR_FAILED(WARNING, "A neighbour's response is not the expected one.", "See the neighbour's log."),
    CLOCKS_DIFFER(
            FAULT,
            "A neighbour's clock and this one differ by more than shareferry.clock-tolerance: envelopes are"
                    + " refused.",
            "Synchronise both with a time server."),
    CLOCKS_DRIFT(
            WARNING,
            "A neighbour's clock and this one differ by a minute or more.",
            "Synchronise both with a time server."),
    OWN_SERVICE_SILENT(
            WARNING,
            "The member's own service does not respond at the address in the roster.",
            "Start it, and see its log."),
    OWN_SERVICE_FAILED(
            WARNING,
            "The member's own service responds with an internal error (status 500 or higher).",
            "See its log."),
    NO_ANNOUNCEMENT(
            WARNING,
            "The relay has no key announcement of a client, so nothing can be sealed to it.",
            "Start the client-service; the relay fetches the announcement automatically."),
    ANNOUNCEMENT_NOT_SIGNED(
            FAULT,
            "A key announcement is not signed with the key that the roster pins for the client. It is ignored.",
            "Compare the rosters. If they are equal, someone tries to forge a key."),
    KEYS_NOT_YET_VALID(FAULT, "None of a client's announced keys is valid yet.", "Compare the clocks."),
    KEYS_ENDED(
            FAULT,
            "All of a client's announced keys have expired.",
            "Start the client-service, which creates new ones."),
    KEYS_END_SOON(
            WARNING,
            "A client's last announced key expires within days.",
            "Start the client-service, which creates new ones."),
    WEBHOOK_UNUSABLE(
            FAULT,
            "The URL or the secret file of a client's webhook cannot be used, so nothing is sent.",
            "Correct the setting, or make the secret again as docs/webhook.md says."),
    WEBHOOK_NOT_ACKNOWLEDGED(
            WARNING,
            "The receiver of a client's webhook does not acknowledge: it is down, refuses the signature, or its"
                    + " certificate is not trusted.",
            "See the receiver's log. The service tries again until `shareferry.client.webhook.give-up-after`."),
    DATABASE_NOT_WRITABLE(
            FAULT,
            "The service cannot write its database.",
            "Make the service's user the owner of the folder and its files."),
    DATABASE_OPEN_TO_OTHERS(
            FAULT,
            "Other users of this machine can read the service's database, at a client with unencrypted values and"
                    + " check seeds.",
            "`chmod 600`; the service does this at its start if it owns the file."),
    DATABASE_DAMAGED(
            FAULT, "The database file is not an SQLite file.", "Restore it from a backup, or correct the path."),
    DISK_FULL(FAULT, "The disk of the database is almost full.", "Free some space."),
    DISK_FILLS(WARNING, "The disk of the database has little space left.", "Free some space.");

    private final Severity severity;
    private final String meaning;
    private final String fix;

    Fault(Severity severity, String meaning, String fix) {
        this.severity = severity;
        this.meaning = meaning;
        this.fix = fix;
    }

    public static Fault of(PemFault fault) {
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

    /// @return its name in JSON and documents, such as `expired-certificate`
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @return the severity
    public Severity severity() {
        return severity;
    }

    /// @return a general description
    public String meaning() {
        return meaning;
    }

    /// @return the general remedy
    public String fix() {
        return fix;
    }
}
