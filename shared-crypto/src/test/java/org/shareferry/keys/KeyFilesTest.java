// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;

/// Private keys are written for their owner alone, and read only from where nobody else can have read them.
class KeyFilesTest {
    /// RFC 8410 §10.3, and the public key of §10.1.
    private static final String RFC_8410 = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """;

    private static final String RFC_8410_PUBLIC = "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";

    @TempDir
    private Path folder = Path.of(".");

    private Path file = Path.of(".");

    @BeforeEach
    void name_a_file() {
        file = folder.resolve("a.key");
    }

    @Test
    void an_identity_key_is_read_as_it_was_written() throws Exception {
        try (var key = IdentityKey.generate()) {
            KeyFiles.write(file, key);

            try (var read = KeyFiles.readIdentityKey(file)) {
                assertThat(read.publicKey()).isEqualTo(key.publicKey());
            }
        }
    }

    @Test
    void an_opening_key_is_read_as_it_was_written() throws Exception {
        try (var key = OpeningKey.generate()) {
            KeyFiles.write(file, key);

            try (var read = KeyFiles.readOpeningKey(file)) {
                assertThat(read.sealingKey()).isEqualTo(key.sealingKey());
            }
        }
    }

    @Test
    void a_key_is_written_as_the_rfc_shows_it() throws Exception {
        write(RFC_8410);
        var copy = folder.resolve("copy.key");

        try (var key = KeyFiles.readIdentityKey(file)) {
            KeyFiles.write(copy, key);
            assertThat(key.publicKey().raw().toBase64Url()).isEqualTo(RFC_8410_PUBLIC);
        }

        assertThat(copy).hasContent(RFC_8410);
    }

    @Test
    void a_key_file_is_created_for_its_owner_alone() throws Exception {
        try (var key = IdentityKey.generate()) {
            KeyFiles.write(file, key);
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void an_existing_file_is_not_changed() throws Exception {
        write(RFC_8410);

        try (var key = IdentityKey.generate()) {
            assertRefused(() -> KeyFiles.write(file, key), "already exists and is not overwritten");
        }
        assertThat(file).hasContent(RFC_8410);
    }

    @Test
    void a_key_is_not_written_through_a_link() throws Exception {
        var target = folder.resolve("target");
        Files.createSymbolicLink(file, target);

        try (var key = OpeningKey.generate()) {
            assertRefused(() -> KeyFiles.write(file, key), "already exists");
        }
        assertThat(target).doesNotExist();
    }

    @Test
    void a_key_is_not_written_into_a_folder_that_is_missing() {
        try (var key = IdentityKey.generate()) {
            assertThatThrownBy(() -> KeyFiles.write(folder.resolve("missing/a.key"), key))
                    .isInstanceOf(KeyFileException.class)
                    .hasMessageContaining("cannot be written; check that its folder exists");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw-rw-", "rw----r--", "rw-----w-"})
    void a_file_open_to_everyone_is_refused(String permissions) throws Exception {
        write(RFC_8410);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertRefused(() -> KeyFiles.readIdentityKey(file), "run `chmod 600 " + file + "`");
    }

    @Test
    void a_link_is_judged_by_what_it_leads_to() throws Exception {
        write(RFC_8410);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        var link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertThatThrownBy(() -> KeyFiles.readIdentityKey(link)).isInstanceOf(KeyFileException.class);
    }

    @Test
    void a_file_only_its_owner_can_read_is_fine_without_being_writable() throws Exception {
        write(RFC_8410);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));

        KeyFiles.readIdentityKey(file).close();
    }

    @Test
    void a_missing_file_is_said_to_be_missing() {
        assertRefused(() -> KeyFiles.readIdentityKey(file), "does not exist");
        assertRefused(() -> KeyFiles.readOpeningKey(file), "does not exist");
    }

    @Test
    void a_folder_is_no_key_file() throws Exception {
        Files.createDirectory(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));

        assertRefused(() -> KeyFiles.readIdentityKey(file), "cannot be read");
    }

    @Test
    void a_key_of_the_other_kind_is_refused_by_its_kind() throws Exception {
        try (var identity = IdentityKey.generate();
                var opening = OpeningKey.generate()) {
            var other = folder.resolve("other.key");
            KeyFiles.write(file, identity);
            KeyFiles.write(other, opening);

            assertRefused(() -> KeyFiles.readOpeningKey(file), "does not contain an X-Wing private key");
            assertThatThrownBy(() -> KeyFiles.readIdentityKey(other))
                    .isInstanceOf(KeyFileException.class)
                    .hasMessageContaining("does not contain an Ed25519 private key");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC",
                "-----BEGIN PUBLIC KEY-----\nMC4C\n-----END PUBLIC KEY-----"
            })
    void what_is_not_one_private_key_in_pem_is_refused(String content) throws Exception {
        write(content);

        assertRefused(() -> KeyFiles.readPem(file), "does not contain exactly one PEM block PRIVATE KEY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY----"
            })
    void a_block_that_is_cut_short_is_refused(String content) throws Exception {
        write(content);

        assertRefused(() -> KeyFiles.readPem(file), "is damaged: its PEM block is cut short");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMC4C\n-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMC4C\n"
                        + "-----END RSA PRIVATE KEY-----"
            })
    void an_encrypted_key_is_said_to_be_encrypted(String content) throws Exception {
        write(content);

        assertRefused(() -> KeyFiles.readPem(file), "is encrypted");
    }

    @Test
    void text_around_a_key_is_skipped_in_any_encoding() throws Exception {
        write("");
        Files.write(file, ("\uFEFFKlinik Köln:\n" + RFC_8410 + "Ende ä").getBytes(StandardCharsets.UTF_8));
        KeyFiles.readPem(file).close();

        Files.write(file, ("Schlüssel\r\n" + RFC_8410).getBytes(StandardCharsets.ISO_8859_1));
        KeyFiles.readPem(file).close();

        Files.write(file, RFC_8410.getBytes(StandardCharsets.UTF_16));
        KeyFiles.readPem(file).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "-", "=", "é", "A", "\u0000"})
    void a_damaged_file_is_refused(String damage) throws Exception {
        write(RFC_8410.replace("MC4CAQ", "MC4" + damage + "CAQ"));

        assertRefused(() -> KeyFiles.readPem(file), "is damaged: ");
    }

    @Test
    void two_keys_in_one_file_are_refused() throws Exception {
        write(RFC_8410 + RFC_8410);

        assertRefused(() -> KeyFiles.readPem(file), "does not contain exactly one PEM block");
    }

    @Test
    void a_key_cut_short_is_refused() throws Exception {
        write(RFC_8410.replace("dVhC", ""));

        assertRefused(() -> KeyFiles.readIdentityKey(file), "does not contain an Ed25519 private key");
    }

    @Test
    void a_file_too_large_for_a_key_is_refused() throws Exception {
        write("A".repeat(16 * 1024 + 1));

        assertRefused(() -> KeyFiles.readPem(file), "is too large for a private key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void any_line_ends_and_blanks_around_are_read(String lineEnd) throws Exception {
        write("\n " + RFC_8410.replace("\n", lineEnd) + "\n\n");

        try (var key = KeyFiles.readIdentityKey(file)) {
            assertThat(key.publicKey().raw().toBase64Url()).isEqualTo(RFC_8410_PUBLIC);
        }
    }

    @Test
    void no_error_contains_the_files_content() throws Exception {
        write(RFC_8410.replace("MC4CAQ", "MC4!CAQ"));

        assertThatThrownBy(() -> KeyFiles.readIdentityKey(file))
                .hasMessageNotContaining("MC4")
                .hasStackTraceContaining("KeyFileException")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("INTuctv5"));
    }

    /// The JDK's PKCS#8 of an Ed25519 key.
    @Test
    void a_key_that_the_jdk_made_is_read() throws Exception {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyFiles.writePem(file, SecretBytes.copyOf(pair.getPrivate().getEncoded()));

        try (var key = KeyFiles.readIdentityKey(file)) {
            assertThat(pair.getPublic().getEncoded())
                    .endsWith(key.publicKey().raw().toArray());
        }
    }

    @Test
    void a_key_that_openssl_made_is_read() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
        run("/usr/bin/openssl", "genpkey", "-algorithm", "ed25519", "-out", file.toString());
        var publicFile = folder.resolve("a.pub");
        run("/usr/bin/openssl", "pkey", "-in", file.toString(), "-pubout", "-out", publicFile.toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        try (var key = KeyFiles.readIdentityKey(file)) {
            var der = Base64.getDecoder().decode(Files.readAllLines(publicFile).get(1));
            assertThat(der).endsWith(key.publicKey().raw().toArray());
        }
    }

    private void write(String content) throws Exception {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }

    private void assertRefused(ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOf(KeyFileException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(why);
    }

    private static void run(String... command) throws Exception {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
