// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.KeyFiles;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.pem.CertifiedKey;

/// A deployment of P0, P1, R0 and C0 with keys and certificates made on the spot, and a few certificates with
/// faults.
public final class TestMembers {
    public static final MemberName P0 = MemberName.party(0);
    public static final MemberName P1 = MemberName.party(1);
    public static final MemberName R0 = MemberName.parse("R0");
    public static final MemberName C0 = MemberName.client(0);
    /// A person of P1's.
    public static final String USER = "alice";
    /// In everyone's trust, but in nobody's roster.
    public static final String STRANGER = "mallory";
    /// P1's name in a certificate that ended yesterday.
    public static final String EXPIRED = "expired-certificate";

    private final Path folder;
    private final Map<MemberName, IdentityKey> identities = new TreeMap<>();
    private final Map<String, Tls> certificates = new TreeMap<>();
    private final OpeningKey clientKey = OpeningKey.generate();

    private record Tls(KeyPair keys, X509Certificate certificate) {}

    private TestMembers(Path folder) {
        this.folder = folder;
    }

    /// @param relay the relay's port
    public static TestMembers make(Path folder, int relay) throws Exception {
        var members = new TestMembers(folder);
        for (var name : List.of(P0, P1, R0, C0)) {
            members.identities.put(name, IdentityKey.generate());
            members.certificates.put(name.toString(), certificate(name.toString(), Duration.ofDays(365)));
        }
        members.certificates.put(USER, certificate(USER, Duration.ofDays(365)));
        members.certificates.put(STRANGER, certificate(STRANGER, Duration.ofDays(365)));
        members.certificates.put(EXPIRED, certificate(P1.toString(), Duration.ofDays(-1)));
        members.writeFiles(relay);
        return members;
    }

    private static Tls certificate(String name, Duration validity)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var keys = generator.generateKeyPair();
        var subject = new X500Name("CN=" + name);
        var builder = new JcaX509v3CertificateBuilder(
                subject,
                BigInteger.valueOf(new SecureRandom().nextLong() & Long.MAX_VALUE),
                Date.from(Instant.now().minus(Duration.ofDays(30))),
                Date.from(Instant.now().plus(validity)),
                subject,
                keys.getPublic());
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        }));
        var signed = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
        return new Tls(keys, new JcaX509CertificateConverter().getCertificate(signed));
    }

    private void writeFiles(int relay) throws IOException, KeyFileException, GeneralSecurityException {
        Files.writeString(folder.resolve("roster.json"), roster(relay).toJson());
        KeyFiles.write(folder.resolve("P1.identity"), identity(P1));
        KeyFiles.write(folder.resolve("P0.identity"), identity(P0));
        var trust = new StringBuilder();
        for (var entry : certificates.entrySet()) {
            var pem = pem("CERTIFICATE", entry.getValue().certificate().getEncoded());
            trust.append(pem);
            Files.writeString(folder.resolve(entry.getKey() + ".crt"), pem);
            Files.writeString(
                    folder.resolve(entry.getKey() + ".key"),
                    pem("PRIVATE KEY", entry.getValue().keys().getPrivate().getEncoded()));
        }
        Files.writeString(folder.resolve("trust.pem"), trust);
    }

    private Roster roster(int relay) {
        var members = new ArrayList<Member>();
        identities.forEach((name, key) -> members.add(new Member(
                name,
                name.equals(R0) ? Optional.of(URI.create("https://127.0.0.1:" + relay)) : Optional.empty(),
                List.of(key.publicKey()))));
        return Roster.of(members);
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    public Path folder() {
        return folder;
    }

    public IdentityKey identity(MemberName name) {
        return Objects.requireNonNull(identities.get(name));
    }

    public OpeningKey clientKey() {
        return clientKey;
    }

    /// @return C0's announcement of its one key, signed by whom the test wants
    public SignedKeyAnnouncement announcement(MemberName signer, Instant issued, Duration validity) {
        var key = identity(signer);
        var keys = List.of(
                new AnnouncedKey(clientKey.sealingKey(), issued.minus(Duration.ofHours(1)), issued.plus(validity)));
        return SignedKeyAnnouncement.sign(
                new KeyAnnouncement(C0, key.publicKey().id(), issued, keys), key);
    }

    /// @return C0's announcement of these keys
    public SignedKeyAnnouncement announcement(Instant issued, OpeningKey... keys) {
        var announced = new ArrayList<AnnouncedKey>();
        for (var key : keys) {
            announced.add(new AnnouncedKey(
                    key.sealingKey(), issued.minus(Duration.ofHours(1)), issued.plus(Duration.ofDays(60))));
        }
        return SignedKeyAnnouncement.sign(
                new KeyAnnouncement(C0, identity(C0).publicKey().id(), issued, announced), identity(C0));
    }

    /// @param name whose certificate to present; nothing to present none
    public SSLContext tls(Optional<String> name) throws GeneralSecurityException, IOException {
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        for (var entry : certificates.entrySet()) {
            trust.setCertificateEntry(entry.getKey(), entry.getValue().certificate());
        }
        var trustManagers = TrustManagerFactory.getInstance("PKIX");
        trustManagers.init(trust);
        var shown = name.map(certificates::get)
                .map(own -> new CertifiedKey.Usable(
                                List.of(own.certificate()), own.keys().getPrivate())
                        .keyManagers())
                .orElse(new KeyManager[0]);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(shown, trustManagers.getTrustManagers(), null);
        return context;
    }
}
