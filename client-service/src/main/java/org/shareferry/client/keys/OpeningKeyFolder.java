// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.KeyFiles;
import org.shareferry.service.member.StartupException;
import org.shareferry.site.settings.ClientProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The private opening keys, one file each, named after the key's id.
@Component
class OpeningKeyFolder {
    private static final Logger LOG = LoggerFactory.getLogger(OpeningKeyFolder.class);
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.pem");

    private final Path folder;

    OpeningKeyFolder(ClientProperties properties) {
        this.folder = properties.keys();
        make();
    }

    private void make() {
        try {
            var attributes = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, attributes);
            }
        } catch (IOException e) {
            throw new StartupException(
                    "The folder " + folder + " for opening keys cannot be created; correct shareferry.client.keys"
                            + " or its permissions.",
                    e);
        }
    }

    private Path file(KeyId id) {
        return folder.resolve(id + ".pem");
    }

    /// @return the key; the caller closes it
    OpeningKey read(KeyId id) throws KeyFileException {
        var key = KeyFiles.readOpeningKey(file(id));
        if (!key.sealingKey().id().equals(id)) {
            key.close();
            throw new StartupException(
                    file(id) + " contains a different key than its name says; restore it from a backup.");
        }
        return key;
    }

    void write(OpeningKey key) {
        try {
            KeyFiles.write(file(key.sealingKey().id()), key);
        } catch (KeyFileException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    /// @return whether it existed
    boolean delete(KeyId id) {
        try {
            return Files.deleteIfExists(file(id));
        } catch (IOException e) {
            LOG.warn(
                    "The file {} of an expired or revoked opening key cannot be deleted; delete it manually.",
                    file(id));
            return false;
        }
    }

    /// @return the ids in file names; other files are ignored
    List<KeyId> ids() {
        var ids = new ArrayList<KeyId>();
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                var name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    ids.add(new KeyId(Bytes.fromHex(name.group(1))));
                }
            }
        } catch (IOException e) {
            throw new StartupException("The folder " + folder + " of opening keys cannot be read; check its owner.", e);
        }
        return ids;
    }
}
