// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.crypto.engines.DESedeEngine;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.bc.BcPKCS12MacCalculatorBuilder;
import org.bouncycastle.pkcs.bc.BcPKCS12PBEOutputEncryptorBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS12SafeBagBuilder;

/// How certificate and key are encrypted in a PKCS #12 file (RFC 7292), which browsers import. The password is known to
/// whoever may read the file, so what protects the key are the file's permissions in either form.
public enum Pkcs12Form {
    /// AES-256 and HMAC with SHA-256, as Java writes it. Firefox, Chromium and Windows read it.
    CURRENT {
        @Override
        byte[] encode(TlsIdentity identity, char[] password) throws GeneralSecurityException, IOException {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(NAME, identity.key(), password, new Certificate[] {identity.certificate()});
            try (var content = new ByteArrayOutputStream()) {
                store.store(content, password);
                return content.toByteArray();
            }
        }
    },

    /// Triple DES and HMAC with SHA-1: the keychain of macOS reads no other.
    OLDER {
        @Override
        byte[] encode(TlsIdentity identity, char[] password) throws GeneralSecurityException, IOException {
            try {
                var key = named(new JcaPKCS12SafeBagBuilder(identity.key(), tripleDes(password)), identity);
                var certificate = named(new JcaPKCS12SafeBagBuilder(identity.certificate()), identity);
                return new PKCS12PfxPduBuilder()
                        .addData(key)
                        .addEncryptedData(tripleDes(password), new PKCS12SafeBag[] {certificate})
                        .build(new BcPKCS12MacCalculatorBuilder().setIterationCount(ITERATIONS), password)
                        .getEncoded();
            } catch (PKCSException e) {
                throw new GeneralSecurityException(e);
            }
        }
    };

    private static final String NAME = "user";
    private static final int ITERATIONS = 2048;

    /// @param password for the importing program
    /// @return the content of the file
    abstract byte[] encode(TlsIdentity identity, char[] password) throws GeneralSecurityException, IOException;

    private static OutputEncryptor tripleDes(char[] password) {
        return new BcPKCS12PBEOutputEncryptorBuilder(
                        PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC,
                        CBCBlockCipher.newInstance(new DESedeEngine()))
                .setIterationCount(ITERATIONS)
                .build(password);
    }

    /// The identifier tells the importing program that key and certificate belong together.
    private static PKCS12SafeBag named(PKCS12SafeBagBuilder bag, TlsIdentity identity) throws GeneralSecurityException {
        var identifier = new JcaX509ExtensionUtils()
                .createSubjectKeyIdentifier(identity.certificate().getPublicKey());
        return bag.addBagAttribute(PKCS12SafeBag.friendlyNameAttribute, new DERBMPString(NAME))
                .addBagAttribute(PKCS12SafeBag.localKeyIdAttribute, identifier)
                .build();
    }
}
