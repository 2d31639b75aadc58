// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.standin.PlayerData;

/// Certificate files of MP-SPDZ in the forms that occur.
class VmIdentityTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeParty() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
        new PlayerData(folder).make("P0", Instant.now());
    }

    private void client(String algorithm) throws Exception {
        openssl("req -x509 -nodes -newkey " + algorithm + " -keyout C0.key -out C0.pem -days 30 -subj /CN=C0");
    }

    private void openssl(String arguments) throws Exception {
        var process = new ProcessBuilder(("/usr/bin/openssl " + arguments).split(" "))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(arguments).isZero();
    }

    private VmIdentity identity() {
        return new VmIdentity(folder, Optional.of(0), 0, Clock.systemUTC());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ed448", "rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-384"})
    void keys_that_the_doctor_accepts_are_accepted(String algorithm) throws Exception {
        client(algorithm);

        assertThat(identity().socketFactory()).isNotNull();
    }

    @Test
    void text_around_certificates_can_have_any_encoding() throws Exception {
        client("rsa:2048");
        for (var name : new String[] {"P0.pem", "C0.pem"}) {
            var file = folder.resolve(name);
            var text = "# Universität\r\n" + Files.readString(file).replace("\n", "\r\n");
            Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        }

        assertThat(identity().socketFactory()).isNotNull();
    }

    @Test
    void an_unusable_key_is_explained() throws Exception {
        client("rsa:2048");
        openssl("rsa -in C0.key -traditional -aes256 -passout pass:secret -out C0.key");
        assertThatThrownBy(() -> identity().socketFactory()).hasMessageContaining("is encrypted");

        client("ec -pkeyopt ec_paramgen_curve:secp256k1");
        assertThatThrownBy(() -> identity().socketFactory()).hasMessageContaining("on the curve secp256k1");
    }
}
